// The questions: filters, cards, and the steps that point at their evidence.

const CARDS_AT_A_TIME = 25;
const WORDY_ANSWER = 20; // a longer answer stands below its question, characters

const wanted = { steps: "", structure: "", semantics: "", temporal: "", text: "", everywhere: false };
let matching = [];
let shownCards = CARDS_AT_A_TIME;

const FILTERS = [
  ["steps", "Steps", (sample) => String(sample.n_steps), (steps) => plural(Number(steps), "step")],
  ["structure", "Form", (sample) => sample.type.structure, String],
  ["semantics", "Asks about", (sample) => sample.type.semantics, String],
  ["temporal", "Time phrase", (sample) => sample.type.temporal, (phrase) => (phrase === "none" ? "no time phrase" : phrase)],
];

function candidates() {
  if (!wanted.everywhere) return samplesOf(view.scene.number);
  return view.run.videos.flatMap((_, number) => samplesOf(number));
}

function drawSamples() {
  drawFilters();
  refilter();
}

function refilter() {
  const words = wanted.text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (sample) => FILTERS.every(([key, , valueOf]) => !wanted[key] || valueOf(sample) === wanted[key]);
  matching = candidates().filter((sample) => fits(sample) && words.every((word) => haystack(sample).includes(word)));
  shownCards = CARDS_AT_A_TIME;
  drawCards();
}

const haystacks = new WeakMap();

function haystack(sample) {
  if (!haystacks.has(sample)) {
    const steps = sample.steps.flatMap((step) => [step.sub_question, step.sub_answer, step.text]);
    haystacks.set(sample, [sample.question, sample.answer, ...steps].join("\n").toLowerCase());
  }
  return haystacks.get(sample);
}

function drawFilters() {
  const all = candidates();
  const menus = FILTERS.map(([key, name, valueOf, words]) => {
    const counts = Map.groupBy(all, valueOf);
    if (wanted[key] && !counts.has(wanted[key])) wanted[key] = "";
    const options = [...counts.keys()].sort().map((value) =>
      el("option", { value, selected: wanted[key] === value }, `${words(value)} (${counts.get(value).length})`));
    return el("select", { "aria-label": name, name: key, change: (event) => want(key, event.target.value) },
      el("option", { value: "" }, `${name}: any`), options);
  });
  const search = el("input", { type: "search", placeholder: "Search the words", "aria-label": "Search the words", value: wanted.text,
    input: (event) => want("text", event.target.value) });
  const everywhere = el("label", {}, el("input", { type: "checkbox", checked: wanted.everywhere,
    change: (event) => { wanted.everywhere = event.target.checked; drawSamples(); } }), " in all videos");
  byId("filters").replaceChildren(search, ...menus, view.run.videos.length > 1 ? everywhere : "");
  byId("filters").onsubmit = (event) => event.preventDefault();
}

function want(key, value) {
  wanted[key] = value;
  refilter();
}

function drawCards() {
  const total = candidates().length;
  const some = matching.length < total ? `${matching.length.toLocaleString("en")} of ` : "";
  byId("questions-count").textContent = some + plural(total, "question");
  const at = matching.indexOf(view.sample);
  shownCards = Math.max(shownCards, at + 1);
  const cards = matching.slice(0, shownCards).map(card);
  const why = total ? "No question fits these filters." : "No question was made from this video.";
  byId("cards").replaceChildren(...(cards.length ? cards : [el("li", { class: "quiet" }, why)]));
  byId("more").hidden = matching.length <= shownCards;
  byId("more").onclick = () => { shownCards += CARDS_AT_A_TIME; drawCards(); };
}

function card(sample) {
  const open = sample === view.sample;
  const wordy = sample.answer.length > WORDY_ANSWER ? " wordy" : "";
  const head = el("button", { type: "button", class: `card-head${wordy}`, "aria-expanded": String(open), click: () => toggleCard(sample) },
    el("span", { class: "question" }, sample.question), el("span", { class: "answer" }, sample.answer), tagsOf(sample));
  return el("li", { class: open ? "card open" : "card", "data-sample": sample.id }, head, open ? cardBody(sample) : null);
}

function toggleCard(sample) {
  keepInPlace(byId("questions"), () => cardOf(sample), () => chooseSample(sample === view.sample ? null : sample));
  cardOf(sample)?.querySelector(".card-head").focus({ preventScroll: true });
}

const cardOf = (sample) => [...byId("cards").children].find((node) => node.dataset.sample === sample.id);

function tagsOf(sample) {
  const { structure, semantics, temporal } = sample.type;
  const tags = [plural(sample.n_steps, "step"), structure, semantics, ...(temporal === "none" ? [] : [temporal])];
  if (wanted.everywhere) tags.push(fileName(view.run.videos[sample.videoNumber].path));
  return el("span", { class: "tags" }, tags.map((tag) => el("span", {}, tag)));
}

function cardBody(sample) {
  return el("div", { class: "card-body" },
    sample.choices ? el("p", { class: "choices" }, `Choices: ${sample.choices.join(", ")}`) : null,
    el("ol", { class: "steps" }, sample.steps.map((step, at) => el("li", {}, stepButton(sample, step, at)))),
    el("p", { class: "rationale" }, el("strong", {}, "Rationale. "), sample.rationale),
    el("p", { class: "quiet" }, trustWords(sample)),
    el("details", {}, el("summary", {}, "Program"), el("pre", {}, sample.program)));
}

function stepButton(sample, step, at) {
  const chosen = view.step === at;
  return el("button", { type: "button", class: "step", "aria-pressed": String(chosen), click: () => toggleStep(sample, at) },
    el("span", { class: "step-question" }, step.sub_question, " ", el("strong", {}, step.sub_answer)),
    el("span", { class: "step-text" }, step.text),
    step.spans_s.length ? el("span", { class: "step-time" }, step.spans_s.slice(0, 3).map(formatSpan).join(", ")) : null);
}

function toggleStep(sample, at) {
  keepInPlace(byId("questions"), () => cardOf(sample), () => chooseSample(sample, view.step === at ? null : at));
  cardOf(sample)?.querySelectorAll(".step")[at]?.focus({ preventScroll: true });
}

const CHECK_WORDS = { pass: "passed", fail: "failed", skipped: "not needed" };

function trustWords(sample) {
  const checks = Object.values(sample.checks ?? {});
  const count = (wanted) => checks.filter((check) => check === wanted).length;
  return [`confidence ${sample.confidence.toFixed(2)}`, `${plural(sample.outer_candidates, "candidate")} before the description`,
    ...["pass", "fail", "skipped"].filter(count).map((kind) => `${plural(count(kind), "check")} ${CHECK_WORDS[kind]}`)].join(" · ");
}
