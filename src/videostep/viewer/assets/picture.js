// The keyframe in view with its boxes, what is seen in it, and the strip of all keyframes.

const FEW_BOXES = 12; // up to this many, every box carries its name
const PICTURE_HIGH_PX = 350; // at most, so that timeline and graph stay near
const FEW_FACTS = 10; // as many are named in the line below the picture

function drawPicture() {
  const { scene, keyframe } = view;
  const at = scene.keyframes.indexOf(keyframe);
  const where = `${scene.clipName(keyframe.clip.id)} of ${scene.clips.length}`;
  byId("picture-caption").textContent =
    `${where}, at ${formatTime(keyframe.time_s)}; stands for ${formatSpan(keyframe.covers_s)}`;
  byId("picture-tools").replaceChildren(
    turnButton("Previous keyframe", "‹", scene.keyframes[at - 1]), turnButton("Next keyframe", "›", scene.keyframes[at + 1]));
  const { width_px: widthPx, height_px: heightPx } = scene.graph.video;
  place(byId("frame"), { "max-width": `${Math.min(620, (PICTURE_HIGH_PX * widthPx) / heightPx)}px` });
  byId("frame").replaceChildren(pictureOf(scene, keyframe), boxesOf(scene, keyframe, byId("frame").clientWidth || 500));
  byId("seen").replaceChildren(...seenList(scene, keyframe));
  for (const thumb of byId("filmstrip").querySelectorAll(".thumb")) {
    const chosen = thumb.dataset.keyframe === keyframe.id;
    thumb.setAttribute("aria-pressed", String(chosen));
    if (chosen) scrollInside(byId("filmstrip"), thumb);
  }
  drawEvidenceLine();
}

function turnButton(label, sign, target) {
  return el("button", { type: "button", "aria-label": label, disabled: !target, click: () => showKeyframe(target) }, sign);
}

function pictureOf(scene, keyframe) {
  const source = scene.pictures[keyframe.id];
  const { width_px: widthPx, height_px: heightPx } = scene.graph.video;
  const missing = () => place(el("div", { class: "no-picture" }, "picture missing"), { "aspect-ratio": `${widthPx} / ${heightPx}` });
  if (!source) return missing();
  const image = el("img", {
    src: source, alt: `Keyframe at ${formatTime(keyframe.time_s)}`, width: widthPx, height: heightPx, decoding: "async",
    loading: "lazy", error: () => image.replaceWith(missing()),
  });
  return image;
}

/** An SVG over the picture; `shownPx` is the picture's width on the screen, 0: no names. */
function boxesOf(scene, keyframe, shownPx) {
  const { width_px: widthPx, height_px: heightPx } = scene.graph.video;
  const size = { width: 1000, height: (1000 * heightPx) / widthPx };
  const boxes = scene.boxesIn(keyframe.id);
  const unit = shownPx ? 1000 / shownPx : 0;
  const crowded = boxes.length > FEW_BOXES ? " crowded" : "";
  const overlay = svg("svg", { viewBox: `0 0 1000 ${size.height}`, class: `boxes${crowded}`, "aria-hidden": "true" });
  for (const { object, xyxy } of boxes) overlay.append(boxOf(scene, object, xyxy, size, unit));
  return overlay;
}

function boxOf(scene, object, [x1, y1, x2, y2], { width, height }, unit) {
  const box = svg("rect", { class: "box", x: x1 * width, y: y1 * height, width: (x2 - x1) * width, height: (y2 - y1) * height });
  const group = svg("g", { class: `boxed ${object.kind}` }, box);
  if (unit) group.append(nameTag(scene.names.get(object.id), x1 * width, y1 * height, unit, width));
  return pointable(group, object.id);
}

/** A name above the box, or inside it where there is no room above; never out of the picture. */
function nameTag(name, x, y, unit, width) {
  const [high, wide] = [17 * unit, (textWidth(name, 11.5, 600) + 10) * unit];
  const left = Math.max(0, Math.min(x, width - wide));
  const top = y > high ? y - high : y;
  return svg("g", { class: "tag" },
    svg("rect", { x: left, y: top, width: wide, height: high, rx: 3 * unit }),
    svg("text", { x: left + 5 * unit, y: top + 12.5 * unit, "font-size": 11.5 * unit }, name));
}

/** What the graph says of the time that this keyframe stands for. */
function seenList(scene, keyframe) {
  const now = (item) => (item.spans_s ?? [item.span_s]).some((span) => overlaps(span, keyframe.covers_s));
  const objects = scene.graph.objects.filter((object) => object.clip === keyframe.clip.id && now(object));
  const rows = objects.map((object) => {
    const looks = scene.attributesOf(object.id).filter(now).map(attributeWords);
    const does = scene.motionsOf(object.id).filter(now).map((motion) => motion.predicate);
    const stands = scene.relationsFrom(object.id).filter(now).map((edge) => `${edge.predicate} ${scene.names.get(edge.object)}`);
    const said = [...looks, ...does, ...stands].join(", ");
    return pointable(el("li", { class: object.kind }, el("strong", {}, scene.names.get(object.id)), said ? ` ${said}` : ""), object.id);
  });
  return [el("p", { class: "event-line" }, keyframe.clip.event.description), el("ul", {}, rows)];
}

function drawFilmstrip() {
  const { scene } = view;
  const groups = scene.clips.map((clip) => el("div", { class: "strip-clip" },
    el("span", { class: "strip-name" }, `${scene.clipName(clip.id)} · ${formatSpan(clip.span_s)}`),
    el("div", { class: "strip-row" }, clip.keyframes.map((keyframe) => thumbOf(scene, scene.keyframe(keyframe.id))))));
  byId("filmstrip").replaceChildren(...groups);
  rove(byId("filmstrip"), ".thumb");
}

function thumbOf(scene, keyframe) {
  return el("button", {
    class: "thumb", type: "button", "data-keyframe": keyframe.id, click: () => showKeyframe(keyframe),
    "aria-label": `Keyframe at ${formatTime(keyframe.time_s)}`,
  }, pictureOf(scene, keyframe), boxesOf(scene, keyframe, 0));
}

/** Says in words what the chosen question or step rests on. */
function drawEvidenceLine() {
  const { ids, spans } = evidence();
  const line = byId("evidence-line");
  line.hidden = !view.sample;
  if (!view.sample) return;
  const isFact = (id) => ids.size === 1 || view.scene.elements.get(id)?.kind !== "object";
  const said = [...ids].filter(isFact).map((id) => view.scene.words(id));
  const facts = said.length > FEW_FACTS ? `${said.slice(0, FEW_FACTS).join("; ")}; and ${said.length - FEW_FACTS} more` : said.join("; ");
  const times = joinSpans(spans).slice(0, 4).map(formatSpan).join(", ");
  const what = view.step === null ? "Rests on" : `Step ${view.step + 1} rests on`;
  line.replaceChildren(el("strong", {}, `${what}: `), facts || "nothing that the graph names", times ? ` (${times})` : "", outOfView(ids));
}

/** Evidence of this scene that was seen at another moment than the picture's. */
function outOfView(ids) {
  const { scene, keyframe } = view;
  const boxed = new Set(scene.boxesIn(keyframe.id).map(({ object }) => object.id));
  const unseen = [...new Set([...ids].flatMap((id) => (scene.elements.get(id)?.kind === "event" ? [] : scene.objectsOf(id))))]
    .filter((id) => scene.object(id)?.clip === keyframe.clip.id && !boxed.has(id));
  const names = unseen.map((id) => scene.names.get(id)).join(", ");
  return names ? el("span", { class: "aside" }, ` Not in sight at this very moment: ${names}.`) : "";
}
