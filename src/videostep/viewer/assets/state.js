// What the page shows now, and the few ways in which that changes.

const MANY_THINGS = 60; // beyond this, timeline and graph start with one scene instead of all
const TOO_MANY_THINGS = 400; // beyond this, all scenes at once would be slow and unreadable
const CROWD = 24; // beyond this, a chosen question shows only the things that it is about

const view = {
  run: null, // the summary block
  scene: null, // the open video
  keyframe: null,
  sample: null,
  step: null, // index into the sample's steps, null: all of them
  allClips: true,
  allThings: false, // also while a question is chosen in a crowd
  hot: null, // id of the element under the pointer or the focus
};

const samplesOf = memo((number) => readBlock(`samples-${number}`).map((sample) => ({ ...sample, videoNumber: number })));

function memo(make) {
  const made = new Map();
  return (key) => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key);
  };
}

function openVideo(number) {
  view.scene = new Scene(number);
  view.keyframe = view.scene.richestKeyframe();
  [view.sample, view.step, view.hot] = [null, null, null];
  view.allClips = view.scene.graph.objects.length <= MANY_THINGS;
  drawPicker();
  drawFilmstrip();
  drawSamples();
  drawAll();
}

/** Chooses a sample (and one of its steps), opening its video if need be; null: none. */
function chooseSample(sample, step = null) {
  if (sample && sample.videoNumber !== view.scene.number) openVideo(sample.videoNumber);
  [view.sample, view.step] = [sample, step];
  const { ids, spans } = evidence();
  view.keyframe = view.scene.bestKeyframe(ids, spans) ?? view.keyframe;
  drawCards();
  drawAll();
  revealEvidence();
  rememberPlace();
}

function showKeyframe(keyframe) {
  view.keyframe = keyframe;
  drawAll();
}

function showAllClips(all) {
  view.allClips = all;
  drawAll();
}

function showAllThings(all) {
  view.allThings = all;
  drawAll();
  revealEvidence();
}

/** The ids and times on which the chosen sample, or its chosen step, rests. */
function evidence() {
  const steps = view.sample?.steps ?? [];
  const chosen = view.step === null ? steps : steps.slice(view.step, view.step + 1);
  return {
    ids: new Set(chosen.flatMap((step) => step.evidence)),
    spans: chosen.flatMap((step) => step.spans_s),
  };
}

/** The clips that timeline and graph show. */
function shownClips() {
  const { scene } = view;
  if (view.allClips) return scene.clips;
  const ids = new Set([...evidence().ids].flatMap((id) => scene.clipsOf(id)));
  ids.add(view.keyframe.clip.id);
  return scene.clips.filter((clip) => ids.has(clip.id));
}

/** Whether so much is shown that a question's evidence would be lost in it. */
function isCrowded() {
  const clips = new Set(shownClips().map((clip) => clip.id));
  return view.scene.graph.objects.filter((object) => clips.has(object.clip)).length > CROWD;
}

/** The things that timeline and graph show: those of the shown clips, in a crowd only the question's. */
function shownThings() {
  const { scene } = view;
  const clips = new Set(shownClips().map((clip) => clip.id));
  const all = scene.graph.objects.filter((object) => clips.has(object.clip));
  const about = new Set([...evidence().ids].flatMap((id) => scene.objectsOf(id)));
  if (view.allThings || !about.size || !isCrowded()) return all;
  return all.filter((object) => about.has(object.id));
}

/** Points at an element: it and what it is joined to stand out everywhere. */
function point(id) {
  if (id === view.hot) return;
  view.hot = id;
  paint();
}

function drawAll() {
  drawPicture();
  drawTimeline();
  drawGraph();
  paint();
}

/** Marks every drawn element: `lit` is evidence of the chosen question, `hot` is being pointed at. */
function paint() {
  const { ids } = evidence();
  const lit = new Set(ids);
  for (const id of ids) {
    if (view.scene.elements.get(id)?.kind !== "event") view.scene.objectsOf(id).forEach((object) => lit.add(object));
  }
  const hot = view.hot ? view.scene.neighbourhood(view.hot) : new Set();
  const main = byId("main");
  main.classList.toggle("has-lit", lit.size > 0);
  main.classList.toggle("has-hot", hot.size > 0);
  for (const node of main.querySelectorAll("[data-id]")) {
    node.classList.toggle("lit", lit.has(node.dataset.id));
    node.classList.toggle("hot", hot.has(node.dataset.id));
  }
}

/** Makes an element answer to pointer and focus. */
function pointable(node, id) {
  node.dataset.id = id;
  node.addEventListener("pointerenter", () => point(id));
  node.addEventListener("pointerleave", () => point(null));
  node.addEventListener("focus", () => point(id));
  node.addEventListener("blur", () => point(null));
  return node;
}

/** Keeps the open question in the address, so that a link leads back to it. */
function rememberPlace() {
  const { id } = view.run.videos[view.scene.number];
  const place = new URLSearchParams({ video: id, ...(view.sample ? { sample: view.sample.id } : {}) });
  history.replaceState(null, "", `#${place}`);
}

/** Opens what the address names; unknown names open the first video. */
function recallPlace() {
  const place = new URLSearchParams(location.hash.slice(1));
  const number = Math.max(0, view.run.videos.findIndex((video) => video.id === place.get("video")));
  openVideo(number);
  const sample = samplesOf(number).find(({ id }) => id === place.get("sample"));
  return sample ?? null;
}
