// The graph as a drawing: things, their attributes, and the four kinds of edges told apart.

const LEGEND = [
  ["dynamic", "moving thing"], ["static", "still thing"], ["attribute", "attribute"], ["relation", "relation"],
  ["motion", "motion"], ["reference", "the same thing again"], ["event", "event of the scene"],
];

function drawLegend() {
  byId("legend").replaceChildren(...LEGEND.map(([kind, words]) => el("li", {}, legendSign(kind), words)));
}

function legendSign(kind) {
  const sign = svg("svg", { width: 26, height: 14, viewBox: "0 0 26 14", class: `sign ${kind}`, "aria-hidden": "true" });
  const rounding = { dynamic: 5.5, static: 2 }[kind];
  if (rounding) sign.append(svg("rect", { class: `node ${kind}`, x: 2, y: 1.5, width: 22, height: 11, rx: rounding }));
  else if (kind === "attribute") sign.append(svg("rect", { class: "chip", x: 4, y: 2.5, width: 18, height: 9, rx: 4.5 }));
  else sign.append(svg("path", { class: `edge ${kind}`, d: "M 1 7 H 24" }));
  if (kind === "relation" || kind === "motion") sign.append(arrowTip(25, 7, kind));
  return sign;
}

function drawGraph() {
  const { scene } = view;
  const canvas = byId("canvas");
  const plan = layoutGraph(scene, shownClips(), shownThings(), Math.max(280, canvas.clientWidth - 2));
  const drawing = svg("svg", { width: plan.width, height: plan.height, viewBox: `0 0 ${plan.width} ${plan.height}` });
  drawing.append(...plan.panels.map((panel) => panelFrame(scene, panel, plan.height)));
  drawing.append(...plan.references.map(({ edge, path }) => edgeOf("reference", edge.id, path)));
  for (const panel of plan.panels) drawing.append(panelBody(scene, panel));
  canvas.replaceChildren(drawing);
  rove(canvas, ".thing-node");
}

function panelFrame(scene, { clip, x, width }, height) {
  const title = svg("text", { class: "panel-title", x: x + PAD_PX, y: 22 }, `${scene.clipName(clip.id)} · ${formatSpan(clip.span_s)}`);
  return svg("g", {}, svg("rect", { class: "panel", x: x + 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 10 }), title);
}

function panelBody(scene, panel) {
  return svg("g", {},
    panel.ties.map(({ id, path }) => edgeOf("event", id, path)),
    eventNode(panel.event),
    panel.rows.map((row) => threadOf(row)),
    panel.arcs.map(arcOf),
    panel.rows.flatMap((row) => row.chips.map(chipNode)),
    panel.rows.map((row) => thingNode(scene, row)),
    panelNote(panel));
}

/** Says what a panel does not show. */
function panelNote({ rows, hidden, event, height }) {
  const words = hidden ? `${plural(hidden, "thing")} not shown` : rows.length ? "" : "nothing was recognised here";
  return words ? svg("text", { class: "panel-note", x: event.x, y: height - 12 }, words) : null;
}

function edgeOf(kind, id, path) {
  // The invisible, broader path makes a thin line easy to point at.
  const paths = [svg("path", { class: "reach", d: path }), svg("path", { class: `edge ${kind}`, d: path })];
  return titled(pointable(svg("g", { class: "joined" }, paths), id), id);
}

function titled(node, id) {
  const spans = view.scene.spansOf(id).slice(0, 3).map(formatSpan).join(", ");
  node.prepend(svg("title", {}, spans ? `${view.scene.words(id)} (${spans})` : view.scene.words(id)));
  return node;
}

function arcOf({ edge, path, tipX, tipY, name }) {
  const arc = edgeOf("relation", edge.id, path);
  arc.append(arrowTip(tipX, tipY, "relation"),
    svg("text", { class: name.shown ? "edge-name" : "edge-name waiting", x: name.x, y: name.y + 4, "text-anchor": "middle" }, edge.predicate));
  return arc;
}

function arrowTip(x, y, kind) {
  return svg("path", { class: `tip ${kind}`, d: `M ${x} ${y} l -7 -3.6 v 7.2 z` });
}

function eventNode({ id, x, y, width, height, lines }) {
  const text = lines.map((line, at) => svg("text", { x: x + 9, y: y + 18 + 16 * at }, line));
  return titled(pointable(svg("g", { class: "event-node" }, svg("rect", { x, y, width, height, rx: 6 }), text), id), id);
}

/** The thin line on which a thing's attributes and motions hang; it ends at each and goes on behind it. */
function threadOf({ x, y, width, chips }) {
  const pieces = chips.map((chip, at) => {
    const before = chips[at - 1];
    if (before?.y === chip.y) return `M ${before.x + before.width} ${chip.y} H ${chip.x}`;
    return chip.y === y ? `M ${x + width} ${y} H ${chip.x}` : `M ${x + 8} ${(before?.y ?? y) + 12} V ${chip.y} H ${chip.x}`;
  });
  return svg("path", { class: "thread", d: pieces.join(" ") || null });
}

function chipNode({ id, kind, text, x, y, width }) {
  const node = svg("g", { class: kind === "motion" ? "motion-edge" : "attribute-node" });
  if (kind === "motion") {
    node.append(svg("rect", { class: "backing", x, y: y - 10, width, height: 20 }),
      svg("path", { class: "edge motion", d: `M ${x} ${y + 7} H ${x + width - 5}` }), arrowTip(x + width, y + 7, "motion"),
      svg("text", { x: x + 4, y: y + 2 }, text));
  } else {
    node.append(svg("rect", { class: "chip", x, y: y - 9, width, height: 18, rx: 9 }), svg("text", { x: x + 7, y: y + 4 }, text));
  }
  return titled(pointable(node, id), id);
}

function thingNode(scene, { object, x, y, width }) {
  const name = scene.names.get(object.id);
  const facts = scene.touching.get(object.id).map((id) => scene.words(id)).join("; ");
  const node = svg("g", { class: `thing-node ${object.kind}`, tabindex: "-1", role: "img", "aria-label": `${name}, ${object.kind}. ${facts}` },
    svg("rect", { class: `node ${object.kind}`, x, y: y - 11, width, height: 22, rx: object.kind === "dynamic" ? 11 : 4 }),
    svg("circle", { class: `dot ${object.kind}`, cx: x + 12, cy: y, r: 3.5 }),
    svg("text", { x: x + 21, y: y + 4 }, name));
  return titled(pointable(node, object.id), object.id);
}
