// Building elements. Whatever comes from data becomes a text node or an attribute value, never markup.

const SVG = "http://www.w3.org/2000/svg";

const byId = (id) => document.getElementById(id);

function el(tag, props, ...children) {
  return dress(document.createElement(tag), props, children);
}

function svg(tag, props, ...children) {
  return dress(document.createElementNS(SVG, tag), props, children);
}

function dress(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  put(node, ...children);
  return node;
}

/** Appends what is there: a browser would write an absent child out as a word. */
function put(node, ...children) {
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
}

/** Sets position by CSSOM: the page's policy forbids style attributes. */
function place(node, styles) {
  for (const [name, value] of Object.entries(styles)) node.style.setProperty(name, value);
  return node;
}

const ruler = document.createElement("canvas").getContext("2d");
const typeface = getComputedStyle(document.body).fontFamily;

/** Width in pixels of one line of text in the page's own typeface. */
function textWidth(text, sizePx, weight = 400) {
  ruler.font = `${weight} ${sizePx}px ${typeface}`;
  return ruler.measureText(text).width;
}

/** Breaks a text into lines that fit; at most `maxLines`, the last one shortened. */
function wrapText(text, widthPx, sizePx, maxLines) {
  const lines = [];
  for (const word of text.split(/\s+/)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && textWidth(longer, sizePx) <= widthPx) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  const kept = lines.slice(0, maxLines).map((line) => cutText(line, widthPx, sizePx));
  if (lines.length > maxLines) kept[maxLines - 1] = cutText(`${kept[maxLines - 1]} …`, widthPx, sizePx);
  return kept;
}

function cutText(text, widthPx, sizePx) {
  if (textWidth(text, sizePx) <= widthPx) return text;
  let kept = text.replace(/ …$/, "");
  while (kept.length > 1 && textWidth(`${kept}…`, sizePx) > widthPx) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}

/** Arrow keys move the focus within a group that is one stop of the Tab key. */
function rove(group, selector) {
  const items = () => [...group.querySelectorAll(selector)];
  const settle = (chosen) => items().forEach((item) => item.setAttribute("tabindex", item === chosen ? "0" : "-1"));
  settle(items()[0]);
  group.addEventListener("focusin", (event) => event.target.matches(selector) && settle(event.target));
  group.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const all = items();
    const at = all.indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    all[Math.min(all.length - 1, Math.max(0, at + step))].focus();
  };
}

/** Scrolls a box, and nothing around it, until a part of it is in view. */
function scrollInside(box, part) {
  const [inner, outer] = [part.getBoundingClientRect(), box.getBoundingClientRect()];
  if (inner.top < outer.top + 40 || inner.bottom > outer.bottom) box.scrollTop += inner.top - outer.top - 60;
  if (inner.left < outer.left || inner.right > outer.right) box.scrollLeft += inner.left - outer.left - 40;
}

/** Changes the page so that a part of it stays where it was on the screen; `find` is asked before and after. */
function keepInPlace(box, find, change) {
  const before = find()?.getBoundingClientRect().top;
  change();
  const after = find()?.getBoundingClientRect().top;
  if (before === undefined || after === undefined) return;
  const scroller = box.scrollHeight > box.clientHeight ? box : document.scrollingElement;
  scroller.scrollTop += after - before;
}

const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** Seconds as a viewer reads them: `4.2 s`, from a minute on `1:04.2`. */
function formatTime(timeS, digits = 1) {
  if (timeS < 60) return `${timeS.toFixed(digits)} s`;
  const minutes = Math.floor(timeS / 60);
  const seconds = (timeS - minutes * 60).toFixed(digits).padStart(digits ? 3 + digits : 2, "0");
  return minutes < 60 ? `${minutes}:${seconds}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${seconds}`;
}

function formatSpan([startS, endS]) {
  return endS < 60 ? `${startS.toFixed(1)}–${endS.toFixed(1)} s` : `${formatTime(startS)} – ${formatTime(endS)}`;
}
