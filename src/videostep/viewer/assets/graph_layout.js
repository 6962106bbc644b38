// Where everything of the graph stands: one panel a scene, one row a thing, relations as arcs at the left.
// Nothing here is random and nothing depends on the screen but the width: the same graph looks the same.

const ROW_PX = 24;
const GAP_PX = 7;
const TEXT_PX = 12;
const SMALL_PX = 11;
const PANEL_GAP_PX = 26;
const PANEL_MIN_PX = 330;
const PAD_PX = 14;
const NOTE_PX = 30; // below the last thing, for a line on what is not shown
const ARC_ROOM_PX = 78; // left of the things, for arcs of the lowest level and their names
const ARC_STEP_PX = 24; // more for each further level, as far as the panel allows

function layoutGraph(scene, clips, things, widthPx) {
  const free = (widthPx - PANEL_GAP_PX * (clips.length - 1)) / clips.length;
  const panelPx = Math.floor(Math.max(Math.min(PANEL_MIN_PX, widthPx), free));
  const panels = clips.map((clip, at) => {
    const objects = things.filter((object) => object.clip === clip.id);
    return layoutPanel(scene, clip, objects, at * (panelPx + PANEL_GAP_PX), panelPx);
  });
  const rows = new Map(panels.flatMap((panel) => panel.rows.map((row) => [row.object.id, row])));
  const references = scene.graph.references
    .filter((edge) => edge.objects.every((id) => rows.has(id)))
    .map((edge) => ({ edge, path: referencePath(...edge.objects.map((id) => rows.get(id))) }));
  const height = Math.max(...panels.map((panel) => panel.height));
  return { panels, references, height, width: clips.length * (panelPx + PANEL_GAP_PX) - PANEL_GAP_PX };
}

function layoutPanel(scene, clip, objects, x, width) {
  const order = orderRows(scene, objects);
  const arcs = levelArcs(scene, order);
  const deepest = Math.max(0, ...arcs.map((arc) => arc.level));
  const gutter = arcs.length ? Math.min(width * 0.42, ARC_ROOM_PX + ARC_STEP_PX * deepest) : 26;
  const lines = wrapText(clip.event.description, width - 2 * PAD_PX - 18, TEXT_PX, 3);
  const event = { id: clip.event.id, x: x + PAD_PX, y: 34, width: width - 2 * PAD_PX, height: 12 + 16 * lines.length, lines };
  const rows = layoutRows(scene, order, x + gutter, x + width - PAD_PX, event.y + event.height + 20);
  const byObject = new Map(rows.map((row) => [row.object.id, row]));
  return {
    clip, x, width, event, rows,
    hidden: scene.graph.objects.filter((object) => object.clip === clip.id).length - rows.length,
    height: Math.max(event.y + event.height + 20, ...rows.map((row) => row.bottom)) + NOTE_PX,
    arcs: nameArcs(arcs.map((arc) => arcShape(arc, byObject, x, gutter, deepest))),
    ties: clip.event.participants.filter((id) => byObject.has(id)).map((id) => tie(event, byObject.get(id))),
  };
}

/** Things joined by relations stand near each other: breadth first from the most joined one. */
function orderRows(scene, objects) {
  const inClip = new Set(objects.map((object) => object.id));
  const next = new Map(objects.map((object) => [object.id, []]));
  for (const { subject, object } of scene.graph.relations) {
    if (!inClip.has(subject) || !inClip.has(object)) continue;
    next.get(subject).push(object);
    next.get(object).push(subject);
  }
  const starts = [...objects].sort((a, b) => next.get(b.id).length - next.get(a.id).length);
  const ordered = new Set();
  for (const start of starts) {
    const queue = [start.id];
    for (const id of queue) {
      if (ordered.has(id)) continue;
      ordered.add(id);
      queue.push(...next.get(id));
    }
  }
  return [...ordered].map((id) => scene.object(id));
}

/** Short arcs inside long ones: an arc's level is the lowest that no arc over the same rows has. */
function levelArcs(scene, order) {
  const rank = new Map(order.map((object, at) => [object.id, at]));
  const arcs = scene.graph.relations
    .filter((edge) => rank.has(edge.subject) && rank.has(edge.object))
    .map((edge) => {
      const ends = [rank.get(edge.subject), rank.get(edge.object)];
      return { edge, from: Math.min(...ends), to: Math.max(...ends), level: 0 };
    })
    .sort((a, b) => a.to - a.from - (b.to - b.from));
  arcs.forEach((arc, at) => {
    const taken = new Set(arcs.slice(0, at).filter((other) => other.from < arc.to && arc.from < other.to).map((other) => other.level));
    while (taken.has(arc.level)) arc.level += 1;
  });
  return arcs;
}

/** A thing's node, then its motions and attributes, wrapped at the panel's right edge. */
function layoutRows(scene, order, left, right, top) {
  let y = top;
  return order.map((object) => {
    const width = textWidth(scene.names.get(object.id), TEXT_PX, 600) + 30;
    const row = { object, x: left, y: y + ROW_PX / 2, width, chips: [] };
    let x = left + width + 10;
    for (const chip of chipsOf(scene, object)) {
      const room = right - left - 16;
      const text = cutText(chip.text, room - 14, SMALL_PX);
      const wide = textWidth(text, SMALL_PX) + 14;
      if (x + wide > right && x > left + 16) [x, y] = [left + 16, y + ROW_PX];
      row.chips.push({ ...chip, text, x, y: y + ROW_PX / 2, width: wide });
      x += wide + 8;
    }
    y += ROW_PX + GAP_PX;
    const last = row.chips.findLast((chip) => chip.y === row.y);
    return { ...row, bottom: y - GAP_PX, right: last ? last.x + last.width : left + width };
  });
}

function chipsOf(scene, object) {
  const motions = scene.motionsOf(object.id).map((motion) => ({ kind: "motion", id: motion.id, text: motion.predicate }));
  const looks = scene.attributesOf(object.id).map((attribute) => ({ kind: "attribute", id: attribute.id, text: attributeWords(attribute) }));
  return [...looks, ...motions];
}

function arcShape({ edge, level }, rows, panelX, gutter, deepest) {
  const [subject, object] = [rows.get(edge.subject), rows.get(edge.object)];
  const depth = 26 + Math.max(4, (gutter - ARC_ROOM_PX) / Math.max(1, deepest)) * level;
  const x = subject.x;
  const down = object.y > subject.y ? 4 : -4;
  const [y1, y2] = [subject.y + down, object.y - down];
  const width = textWidth(edge.predicate, SMALL_PX);
  const nameX = Math.max(panelX + 6 + width / 2, x - depth);
  return {
    edge, tipX: x, tipY: y2,
    path: `M ${x} ${y1} C ${x - depth * 1.33} ${y1}, ${x - depth * 1.33} ${y2}, ${x - 5} ${y2}`,
    name: { x: nameX, y: (y1 + y2) / 2, width, shown: true },
  };
}

/** Names that would cover an earlier one wait until their edge is pointed at. */
function nameArcs(arcs) {
  const shown = [];
  for (const { name } of arcs) {
    name.shown = shown.every((other) => Math.abs(other.y - name.y) > 12 || Math.abs(other.x - name.x) > (other.width + name.width) / 2 + 4);
    if (name.shown) shown.push(name);
  }
  return arcs;
}

/** From the event's box down along the things to one of its participants. */
function tie(event, row) {
  const x = row.x - 9;
  return { id: event.id, path: `M ${x} ${event.y + event.height} V ${row.y - 5} Q ${x} ${row.y}, ${x + 5} ${row.y} H ${row.x}` };
}

function referencePath(a, b) {
  const [first, second] = a.x <= b.x ? [a, b] : [b, a];
  const [x1, x2] = [first.right + 3, second.x];
  const bend = Math.min(120, (x2 - x1) / 2);
  return `M ${x1} ${first.y} C ${x1 + bend} ${first.y}, ${x2 - bend} ${second.y}, ${x2} ${second.y}`;
}
