// Starts the page.

/** Brings the lit parts of timeline and graph into view inside their own scroll boxes. */
function revealEvidence() {
  if (!view.sample) return;
  for (const box of [byId("lanes"), byId("canvas")]) {
    const lit = box.querySelector(".lane .lit, svg .lit");
    if (!lit) continue;
    const [inner, outer] = [lit.getBoundingClientRect(), box.getBoundingClientRect()];
    if (inner.top < outer.top + 40 || inner.bottom > outer.bottom) box.scrollTop += inner.top - outer.top - 60;
    if (inner.left < outer.left || inner.right > outer.right) box.scrollLeft += inner.left - outer.left - 40;
  }
}

function start() {
  view.run = readBlock("run");
  drawOverview();
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
