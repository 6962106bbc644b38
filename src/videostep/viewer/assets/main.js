// Starts the page.

/** Brings the first lit part of timeline and graph into view inside their own scroll boxes. */
function revealEvidence() {
  if (!view.sample) return;
  for (const box of [byId("lanes"), byId("canvas")]) {
    const lit = box.querySelector(".lane .lit, svg .lit");
    if (lit) scrollInside(box, lit);
  }
}

function start() {
  view.run = readBlock("run");
  drawOverview();
  drawControls();
  drawLegend();
  if (!view.run.videos.length) {
    byId("picker").replaceChildren(el("span", { class: "quiet" }, "No video of this run has a graph."));
    return;
  }
  byId("main").hidden = false;
  const sample = recallPlace();
  if (sample) chooseSample(sample);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && view.sample) chooseSample(null);
  });
  let width = document.body.clientWidth;
  new ResizeObserver(() => {
    if (document.body.clientWidth === width) return;
    width = document.body.clientWidth;
    drawAll();
  }).observe(document.body);
}

start();
