// How well the questions are answered by who never saw a video.

const WANTED_POINTS = 10; // the most that a closed question's words may give away, above luck
const KIND_NAMES = { binary: "yes or no", choice: "one of several", open: "open" };
const GUESSERS = [
  ["blind luck", "one over the number of answers to choose from; an open question leaves nothing to draw from"],
  ["always alike", "always the most frequent answer or, of several choices, always the one at the same place"],
  ["question only", "a model that learned from other videos' questions which words go with which answers; what it has above luck, the words give away"],
  ["caption only", "a rule that is told one sentence about each scene and answers with what stands there word for word"],
];

function drawControls() {
  const { controls } = view.run;
  if (!controls.samples) return;
  byId("controls").hidden = false;
  byId("controls").open = controls.kinds.some(isGivenAway);
  put(byId("controls-body"),
    el("p", { class: "verdict" }, verdict(controls)),
    controls.of_samples ? el("p", { class: "quiet" }, drawnWords(controls)) : null,
    groupsTable("The answer is", controls.kinds, ({ name }) => KIND_NAMES[name]),
    el("p", { class: "quiet" }, "Small figures say where a share lies in 95 of 100 draws of as many videos from these."),
    el("dl", { class: "guessers" }, GUESSERS.map(([name, words]) => el("div", {}, el("dt", {}, name), el("dd", {}, words)))),
    foldable("By type of question", groupsTable("Type", controls.types, ({ name }) => name)),
    el("h3", {}, "Without the inner steps"),
    el("p", { class: "quiet" }, "Who reads only the outermost words of a question, and guesses among the things that fit them, is right this often. Where only one thing fits, the inner steps are not needed at all."),
    floorTable(controls.floors),
    el("p", { class: "twins" }, twinWords(controls)),
  );
}

const percent = (share) => `${Math.round(100 * share)} %`;
const hasLuck = (group) => group.chance !== undefined;
const points = (share, group) => 100 * (share - group.chance);
/** Whether it is so many points above luck, and no accident of few videos. */
const isGivenAway = (group) => hasLuck(group) && group.words?.interval
  && points(group.words.value, group) > WANTED_POINTS && points(group.words.interval[0], group) > 0;
const isSurelyKept = (group) => group.words.interval && points(group.words.interval[1], group) <= WANTED_POINTS;

function drawnWords({ samples, videos, of_samples: all }) {
  return `Measured on ${plural(samples, "question")} of ${plural(videos, "video")}, drawn from all ${all.toLocaleString("en")} questions, whole videos at a time.`;
}

/** What the question-only model means for this data set, in a few words. */
function verdict({ kinds, videos }) {
  const closed = kinds.filter((kind) => hasLuck(kind) && kind.words);
  if (videos < 2) return "Whether words give answers away shows on the questions of other videos, and there is only one: it cannot be measured here.";
  if (!closed.length) return "How much the words of closed questions give away cannot be measured here: it takes such questions of two videos.";
  const shares = closed.map((kind) => `${percent(kind.words.value)} where the answer is ${KIND_NAMES[kind.name]} (luck: ${percent(kind.chance)})`);
  const reading = `Who knows nothing but the words of the questions is right in ${shares.join(", and in ")}.`;
  const given = closed.filter(isGivenAway).map((kind) => KIND_NAMES[kind.name]);
  if (!given.length && closed.every(isSurelyKept)) return `${reading} The words give little away.`;
  if (!given.length) return `${reading} There are too few questions, or videos, to say for sure that the words give no more than ${WANTED_POINTS} points away.`;
  return `${reading} Where it is ${given.join(" and where it is ")}, that is more than ${WANTED_POINTS} points above luck: the words give answers away. Balancing could not drop enough such questions, or was not told to; more videos help.`;
}

function groupsTable(title, groups, name) {
  const rows = groups.map((group) => el("tr", { class: isGivenAway(group) ? "given-away" : null },
    el("th", { scope: "row" }, name(group)),
    el("td", {}, group.samples.toLocaleString("en")),
    el("td", {}, hasLuck(group) ? percent(group.chance) : "–"),
    ...["frequent", "words", "captions"].map((key) => el("td", { class: key }, rate(group[key]))),
    el("td", {}, `${group.answers.toLocaleString("en")} `, el("small", {}, `${group.entropy_bits.toFixed(1)} bits`))));
  return table([title, "questions", ...GUESSERS.map(([guesser]) => guesser), "different answers"], rows);
}

function floorTable(floors) {
  const rows = floors.map(({ steps, samples, floor, single }) => el("tr", {},
    el("th", { scope: "row" }, steps === "1" ? "1 step" : steps === "2" ? "2 steps" : "3 steps and more"),
    el("td", {}, samples.toLocaleString("en")), el("td", {}, rate(floor)), el("td", {}, `${single.toLocaleString("en")} `, el("small", {}, percent(single / samples)))));
  return table(["Length", "questions", "right by guessing", "only one thing fits"], rows);
}

/** A share, and where it would lie for other videos of the same kind. */
function rate(value) {
  if (!value) return el("small", {}, "not measurable");
  const [low, high] = value.interval ?? [];
  return [percent(value.value), value.interval ? el("small", {}, ` ${Math.round(100 * low)}–${Math.round(100 * high)}`) : null];
}

function table(heads, rows) {
  return el("div", { class: "table", tabindex: "0", role: "group", "aria-label": heads[0] },
    el("table", {}, el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))), el("tbody", {}, rows)));
}

function twinWords({ longer, twins }) {
  if (!longer) return "No question has two steps or more.";
  if (!twins) return `None of ${plural(longer, "question")} of two steps and more has a twin: the same outermost words and another answer, so that the inner steps decide.`;
  return `${twins.toLocaleString("en")} of ${plural(longer, "question")} of two steps and more (${percent(twins / longer)}) have a twin: the same outermost words and another answer, so that the inner steps decide.`;
}
