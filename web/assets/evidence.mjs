// Draws the pages of a PDF with marks over the words that something was read from. The text below says the same to who has no scripts,
// and stays a button away.
const root = document.getElementById("evidence");
const data = JSON.parse(document.getElementById("evidence-data").textContent);
const $ = (selector) => root.querySelector(selector);
const sheet = $(".sheet"), pane = $(".pages"), text = document.getElementById("evidence-text"), failed = $(".state.failed");
const ruler = document.createElement("canvas").getContext("2d");
const SVG = "http://www.w3.org/2000/svg";
let book, at = data.page, zoom = 0, task;

const width = (s) => {
  ruler.font = "20px Arial, Helvetica, sans-serif";
  return ruler.measureText(s).width;
};
const letters = (s) => s.normalize("NFKC").replace(/\s+/g, "");

// What stretch of x a part of a piece of text takes, in proportion to its width in a usual typeface.
function stretch(x0, x1, before, words, after) {
  const all = width(before + words + after) || 1;
  const from = x0 + ((x1 - x0) * width(before)) / all;
  return [from, from + ((x1 - x0) * width(words)) / all];
}

// The pieces that the page writes, where they stand from its top left.
async function pieces(page, view) {
  const { items } = await page.getTextContent();
  return items.filter((i) => i.str?.trim()).map((i) => {
    const [x, y] = view.convertToViewportPoint(i.transform[4], i.transform[5]);
    return { str: i.str, x, y, width: i.width };
  });
}

// Where in its line the words of a box stand: by the letters of the page's own pieces where these are the line's, and by the line as a whole
// where they are not.
function parts(box, all) {
  const [x0, y0, x1, y1] = box.bbox;
  const mine = all.filter((i) => i.y >= y0 - 1 && i.y <= y1 + 1 && i.x >= x0 - 3 && i.x + i.width <= x1 + 3).sort((a, b) => a.x - b.x);
  const line = letters(box.before + box.words + box.after);
  if (mine.map((i) => letters(i.str)).join("") !== line) return [stretch(x0, x1, box.before, box.words, box.after)];
  const from = letters(box.before).length, to = from + letters(box.words).length;
  const out = [];
  let n = 0;
  for (const i of mine) {
    let first = -1, last = 0, k = 0;
    for (const c of i.str) {
      const l = letters(c).length;
      if (l && n < to && n + l > from) {
        if (first < 0) first = k;
        last = k + c.length;
      }
      n += l;
      k += c.length;
    }
    if (first < 0) continue;
    const [a, b] = stretch(i.x, i.x + i.width, i.str.slice(0, first), i.str.slice(first, last), i.str.slice(last));
    const before = out.at(-1);
    if (before && a - before[1] < y1 - y0) before[1] = b;
    else out.push([a, b]);
  }
  return out;
}

async function marks(page, view) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${view.width} ${view.height}`);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const all = await pieces(page, view);
  for (const box of data.boxes.filter((b) => b.page === page.pageNumber)) {
    const [, top, , bottom] = box.bbox;
    for (const [from, to] of parts(box, all)) {
      const r = document.createElementNS(SVG, "rect");
      for (const [name, value] of Object.entries({ x: from - 1.5, y: top - 1.5, width: Math.max(4, to - from + 3), height: bottom - top + 3, rx: 2 })) r.setAttribute(name, value);
      if (box.asked) r.setAttribute("class", "asked");
      svg.append(r);
    }
  }
  return svg;
}

async function draw(follow) {
  task?.cancel();
  const page = await book.getPage(at);
  const natural = page.getViewport({ scale: 1 });
  const fit = Math.max(200, pane.clientWidth - 2) / natural.width;
  zoom ||= Math.min(2, Math.max(1, 0.85 / fit)); // letters large enough to read, also on a phone
  const view = page.getViewport({ scale: fit * zoom });
  const dense = Math.min(window.devicePixelRatio || 1, 2, 4000 / view.width, 4000 / view.height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.floor(view.width * dense);
  canvas.height = Math.floor(view.height * dense);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", sheet.dataset.label.replace("#", at));
  const drawn = page.render({ canvas, viewport: view, transform: dense === 1 ? null : [dense, 0, 0, dense, 0, 0], annotationMode: 0 });
  task = drawn;
  let over;
  try {
    [over] = await Promise.all([marks(page, natural), drawn.promise]);
  } catch (e) {
    if (e.name === "RenderingCancelledException") return;
    throw e;
  }
  sheet.style.width = `${view.width}px`;
  sheet.style.height = `${view.height}px`;
  sheet.replaceChildren(canvas, over);
  $(".where").textContent = $(".where").dataset.text.replace("#", at).replace("#", book.numPages);
  $("[data-do=back]").disabled = at <= 1;
  $("[data-do=next]").disabled = at >= book.numPages;
  $("[data-do=out]").disabled = zoom <= 0.5;
  $("[data-do=in]").disabled = zoom >= 4;
  root.dataset.drawn = at;
  const mark = follow && sheet.querySelector(".asked");
  if (mark) {
    const m = mark.getBoundingClientRect(), p = pane.getBoundingClientRect();
    pane.scrollBy({ left: m.left - p.left - p.width / 3, top: m.top - p.top - p.height / 3, behavior: "instant" });
  }
}

function fail(e) {
  if (e?.name === "RenderingCancelledException") return;
  failed.hidden = false;
  pane.hidden = true;
  show("text");
}

function show(which) {
  for (const b of root.querySelectorAll("[data-view]")) b.setAttribute("aria-pressed", String(b.dataset.view === which));
  text.hidden = which !== "text";
  $(".drawn").hidden = which === "text" && failed.hidden;
}

const steps = {
  back: () => (at = Math.max(1, at - 1)),
  next: () => (at = Math.min(book.numPages, at + 1)),
  in: () => (zoom = Math.min(4, zoom * 1.25)),
  out: () => (zoom = Math.max(0.5, zoom / 1.25)),
};
function act(name) {
  if (!book || !steps[name]) return;
  const was = at;
  steps[name]();
  if (at !== was) pane.scrollTo(0, 0);
  draw(false).catch(fail);
}
root.addEventListener("click", (e) => {
  const b = e.target.closest("button");
  if (b?.dataset.view) {
    show(b.dataset.view);
    if (b.dataset.view === "text") document.querySelector("mark.asked")?.scrollIntoView({ block: "center" });
    else if (book) draw(true).catch(fail);
  } else if (b?.dataset.do) act(b.dataset.do);
});
pane.addEventListener("keydown", (e) => {
  const name = { "+": "in", "=": "in", "-": "out", n: "next", p: "back" }[e.key];
  if (!name || e.ctrlKey || e.metaKey || e.altKey) return;
  e.preventDefault();
  act(name);
});
let waiting;
window.addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => book && !pane.hidden && draw(false).catch(fail), 150);
});

root.hidden = false;
show("page");
try {
  const pdfjs = await import(data.engine);
  pdfjs.GlobalWorkerOptions.workerSrc = data.worker;
  const answer = await fetch(data.file, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  book = await pdfjs.getDocument({
    data: await answer.arrayBuffer(), standardFontDataUrl: data.fonts, useSystemFonts: false, useWasm: false, enableXfa: false, isEvalSupported: false, stopAtErrors: false, verbosity: 0,
  }).promise;
  at = Math.min(at, book.numPages);
  await draw(true);
} catch (e) {
  fail(e);
}
