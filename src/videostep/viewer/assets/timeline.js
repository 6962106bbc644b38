// The timeline: scenes and their events on top, then a lane for each thing, then one for each relation.

const BAR_TEXT_PX = 10.5; // a motion's words stand in its bar where they fit whole

function drawTimeline() {
  const { scene, keyframe } = view;
  const clips = shownClips();
  const span = [clips[0].span_s[0], clips.at(-1).span_s[1]];
  const scale = (timeS) => (100 * (timeS - span[0])) / Math.max(1e-9, span[1] - span[0]);
  const objects = shownThings();
  const ids = new Set(objects.map((object) => object.id));
  const relations = scene.graph.relations.filter((edge) => ids.has(edge.subject) && ids.has(edge.object));
  byId("lanes").replaceChildren(
    el("div", { class: "lanes-body" },
      axis(span, scale), sceneLane(clips, scale),
      [...Map.groupBy(objects, (object) => scene.names.get(object.id))].map(([name, same]) => thingLane(scene, name, same, scale)),
      relations.length ? el("p", { class: "lane-group" }, "relations") : null,
      relations.map((edge) => relationLane(scene, edge, scale)),
      marks(keyframe, clips, scale)));
  byId("lanes").onclick = (event) => showMoment(event, span);
  drawScope();
}

/** A click brings the keyframe of that moment into view. */
function showMoment(event, [startS, endS]) {
  const track = event.target.closest(".lane-track")?.getBoundingClientRect();
  if (track) showKeyframe(view.scene.keyframeAt(startS + ((event.clientX - track.left) / track.width) * (endS - startS)));
}

/** Which scenes and things timeline and graph show; a choice stands there only where there is one. */
function drawScope() {
  const { scene } = view;
  const tooMany = scene.graph.objects.length > TOO_MANY_THINGS;
  const choice = (name, chosen, choose, disabled = false) =>
    el("button", { type: "button", "aria-pressed": String(chosen), disabled, click: choose }, name);
  const scenes = [
    choice("all scenes", view.allClips, () => showAllClips(true), tooMany),
    choice("this scene", !view.allClips, () => showAllClips(false)),
  ];
  const things = [
    choice("all things", view.allThings, () => showAllThings(true)),
    choice("the question's", !view.allThings, () => showAllThings(false)),
  ];
  byId("scope").replaceChildren(
    el("span", { class: "choice" }, scene.clips.length > 1 ? scenes : []),
    el("span", { class: "choice" }, view.sample && isCrowded() ? things : []));
}

/** A lane: its name at the left, its bars on a track whose 0..100 % is the time shown. */
function lane(kind, name, bars) {
  return el("div", { class: `lane ${kind}` }, el("span", { class: "lane-name", title: name }, name), el("div", { class: "lane-track" }, bars));
}

function bar(kind, id, [startS, endS], scale, words = "") {
  const left = Math.max(0, scale(startS));
  const width = Math.min(100, scale(endS)) - left;
  const trackPx = 0.8 * byId("lanes").clientWidth;
  const fits = kind === "event" || textWidth(words, BAR_TEXT_PX) + 10 < (width / 100) * trackPx;
  const node = el("span", { class: `bar ${kind}`, title: `${view.scene.words(id)}, ${formatSpan([startS, endS])}` }, fits ? words : "");
  return pointable(place(node, { left: `${left}%`, width: `max(3px, ${width}%)` }), id);
}

function axis([startS, endS], scale) {
  const stepS = [0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800].find((s) => (endS - startS) / s <= 8) ?? 3600;
  const ticks = [];
  for (let at = Math.ceil(startS / stepS - 1e-6); at * stepS < endS; at += 1) {
    ticks.push(place(el("span", { class: "tick" }, formatTime(at * stepS, stepS < 1 ? 1 : 0)), { left: `${scale(at * stepS)}%` }));
  }
  return lane("axis", "", ticks);
}

function sceneLane(clips, scale) {
  return lane("scenes", "scenes", clips.map(({ event }) => bar("event", event.id, event.span_s, scale, event.description)));
}

/** One thing in all its scenes: when it was seen, its motions on top, its attributes as thin lines below. */
function thingLane(scene, name, objects, scale) {
  const ids = new Set(objects.map((object) => object.id));
  const seen = objects.flatMap((object) => object.spans_s.map((span) => bar(`seen ${object.kind}`, object.id, span, scale)));
  const motions = objects.flatMap(({ id }) => scene.motionsOf(id))
    .map((motion) => bar("motion", motion.id, motion.span_s, scale, motion.predicate));
  const looks = objects.flatMap(({ id }) => scene.attributesOf(id))
    .flatMap((attribute) => attribute.spans_s.map((span) => bar("look", attribute.id, span, scale)));
  const again = scene.graph.references.filter((edge) => edge.objects.every((id) => ids.has(id)))
    .map((edge) => bar("reference", edge.id, gapBetween(...edge.objects.map((id) => scene.object(id))), scale));
  const row = lane("thing", name, [...again, ...seen, ...motions, ...looks]);
  row.firstChild.addEventListener("pointerenter", () => point(objects[0].id));
  row.firstChild.addEventListener("pointerleave", () => point(null));
  return row;
}

/** From where one of two things was last seen to where the later one is first seen. */
function gapBetween(a, b) {
  const [first, second] = a.spans_s[0][0] <= b.spans_s[0][0] ? [a, b] : [b, a];
  const endS = first.spans_s.at(-1)[1];
  return [endS, Math.max(endS, second.spans_s[0][0])];
}

function relationLane(scene, edge, scale) {
  const row = lane("relation-lane", scene.words(edge.id), edge.spans_s.map((span) => bar("relation", edge.id, span, scale)));
  pointable(row.firstChild, edge.id);
  return row;
}

function joinSpans(spans) {
  const joined = [];
  for (const [startS, endS] of [...spans].sort((a, b) => a[0] - b[0])) {
    if (joined.length && startS <= joined.at(-1)[1]) joined.at(-1)[1] = Math.max(joined.at(-1)[1], endS);
    else joined.push([startS, endS]);
  }
  return joined;
}

/** Across all lanes: cuts, the time of the picture in view, and the times of the evidence. */
function marks(keyframe, clips, scale) {
  const across = (kind, left, width = 0) => place(el("span", { class: kind }), { left: `${left}%`, width: `${width}%` });
  const bands = joinSpans(evidence().spans)
    .map(([startS, endS]) => across("band", scale(startS), scale(endS) - scale(startS)));
  const cuts = clips.slice(1).map((clip) => across("cut", scale(clip.span_s[0])));
  return el("div", { class: "marks", "aria-hidden": "true" }, bands, cuts, across("cursor", scale(keyframe.time_s)));
}
