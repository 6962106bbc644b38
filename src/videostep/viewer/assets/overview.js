// The page's head: totals, how the questions divide, drops, errors, and the choice of a video.

const TOTALS = [
  ["videos", "video", "videos"], ["clips", "scene", "scenes"], ["objects", "thing", "things"],
  ["attributes", "attribute", "attributes"], ["relations", "relation", "relations"], ["motions", "motion", "motions"],
  ["references", "same-thing link", "same-thing links"], ["samples", "question", "questions"],
];

function drawOverview() {
  const { totals, samples, not_confirmed: notConfirmed, drops, refinement, errors, settings } = view.run;
  const dropped = drops.reduce((sum, drop) => sum + drop.count, 0);
  const figures = TOTALS.map(([key, one, many]) => figure(totals[key] ?? 0, one, many, key));
  byId("totals").append(...figures, figure(dropped, "dropped", "dropped", "dropped"), figure(errors.length, "error", "errors", "errors"));
  if (errors.length) byId("errors").append(errorList(errors));
  put(byId("breakdown-body"),
    bars("Steps", samples.steps.map(([steps, count]) => [plural(Number(steps), "step"), count])),
    bars("Form", samples.structure),
    bars("Asks about", samples.semantics),
    bars("Time phrase", samples.temporal),
    notConfirmed ? notConfirmedList(notConfirmed) : null,
    dropList(drops, dropped),
    refinement ? refinementNote(refinement) : null,
    settings ? foldable("Settings of this run", el("pre", {}, settings)) : null,
  );
}

function figure(count, one, many, key) {
  return el("div", { class: `figure ${key}-total` }, el("dt", {}, count === 1 ? one : many), el("dd", {}, count.toLocaleString("en")));
}

function foldable(title, ...body) {
  return el("details", { class: "wide" }, el("summary", {}, title), ...body);
}

function bars(title, rows) {
  const most = Math.max(1, ...rows.map(([, count]) => count));
  const body = rows.map(([name, count]) => el("li", {},
    el("span", { class: "bar-name" }, name),
    el("span", { class: "bar-rule" }, place(el("span", {}), { width: `${(100 * count) / most}%` })),
    el("span", { class: "bar-count" }, count.toLocaleString("en"))));
  return el("section", { class: "bars" }, el("h3", {}, title), rows.length ? el("ul", {}, body) : el("p", { class: "quiet" }, "none"));
}

function dropList(drops, total) {
  const items = drops.map((drop) => el("li", {}, el("details", {},
    el("summary", {}, el("span", { class: "drop-count" }, drop.count.toLocaleString("en")), drop.reason,
      el("span", { class: "quiet" }, ` · ${drop.stage}`)),
    el("ul", {}, drop.examples.map(({ question, reason }) => el("li", {}, question, reason ? ` – ${reason}` : ""))))));
  return el("section", { class: "wide" },
    el("h3", {}, `Dropped: ${plural(total, "question")}`),
    el("p", { class: "quiet" }, total ? "Each was made and then not kept, for one of these reasons." : "Nothing was dropped."),
    el("ul", { class: "drops" }, items));
}

/** What the parser was told, or took for seen, and did not keep: it stands in no graph. */
function notConfirmedList({ kinds, reasons }) {
  const total = Object.values(kinds).reduce((sum, count) => sum + count, 0);
  const items = Object.entries(reasons).map(([reason, count]) => el("li", {},
    el("span", { class: "drop-count" }, count.toLocaleString("en")), reason));
  return el("section", { class: "wide not-confirmed" },
    el("h3", {}, `Not confirmed: ${plural(total, "graph element")}`),
    el("p", { class: "quiet" }, total ? "Said of a scene or taken for seen, and not kept, for one of these reasons." : "All that was said was kept."),
    el("ul", { class: "drops" }, items));
}

function refinementNote({ refined_by: refinedBy, parts, refused }) {
  const rates = Object.entries(parts).map(([part, { accepted, refused: not }]) =>
    `${accepted.toLocaleString("en")} of ${plural(accepted + not, part)} in other words`);
  const checks = Object.entries(refused).map(([check, count]) => el("li", {},
    el("span", { class: "drop-count" }, count.toLocaleString("en")), check));
  return el("section", { class: "wide refinement" },
    el("h3", {}, `Refined by ${refinedBy}`),
    el("p", { class: "quiet" }, `Taken, since they mean the same: ${rates.join(", ")}.${checks.length ? " The others failed a check:" : ""}`),
    el("ul", { class: "drops" }, checks));
}

function errorList(errors) {
  const items = errors.map((error) => el("li", {},
    el("strong", {}, error.path), ` (${error.stage}, ${error.severity}): ${error.reason}`,
    error.remedy ? el("span", { class: "quiet" }, ` – ${error.remedy}`) : null));
  return el("details", { class: "errors", open: errors.length <= 5 },
    el("summary", {}, `${plural(errors.length, "thing")} went wrong; the rest of the run went on`), el("ul", {}, items));
}

function drawPicker() {
  const { videos } = view.run;
  const number = view.scene.number;
  const { path, duration_s: durationS, counts } = videos[number];
  const { width_px: widthPx, height_px: heightPx } = view.scene.graph.video;
  const title = (video) => `${fileName(video.path)} · ${plural(video.counts.samples, "question")}`;
  const choice = el("select", { "aria-label": "Video", change: (event) => goToVideo(Number(event.target.value)) },
    videos.map((video, at) => el("option", { value: at, selected: at === number }, title(video))));
  const turn = (step, label, sign) => el("button", {
    type: "button", "aria-label": label, disabled: !videos[number + step], click: () => goToVideo(number + step),
  }, sign);
  const facts = [formatTime(durationS), `${widthPx} × ${heightPx}`, plural(counts.clips, "scene"), plural(counts.objects, "thing"),
    plural(counts.relations, "relation"), plural(counts.motions, "motion"), plural(counts.samples, "question")];
  byId("picker").replaceChildren(
    videos.length > 1 ? turn(-1, "Previous video", "‹") : "",
    videos.length > 1 ? choice : el("strong", {}, fileName(path)),
    videos.length > 1 ? turn(1, "Next video", "›") : "",
    el("span", { class: "facts", title: path }, facts.join("  ·  ")),
    hiddenVideos(),
  );
}

/** Says how many videos are counted above and have no part in this page, which would be too large for a browser. */
function hiddenVideos() {
  const { totals, videos } = view.run;
  const hidden = totals.videos - videos.length;
  return hidden ? el("span", { class: "quiet hidden-videos" }, `${plural(hidden, "more video")} counted above, not shown in this page`) : "";
}

function goToVideo(number) {
  openVideo(number);
  rememberPlace();
}

const fileName = (path) => path.split("/").at(-1) || path;
