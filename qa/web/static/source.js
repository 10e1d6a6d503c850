// The panel with the source of a citation, beside the conversation.
import { ROOT, WIDE, heading, language, make } from "./base.js";
import { viewer } from "./viewer.js";

const WORDS = {
  es: {
    source: "Fuente",
    page: "página",
    sheet: "hoja",
    ocr: "leído por OCR",
    paragraph: "párrafo",
    close: "Cerrar",
    gone: "Este documento ya no está en el índice.",
    changed: "Este documento ha cambiado desde esta respuesta; vuelve a preguntar.",
    cut: "Recortado: el documento sigue donde hay puntos suspensivos.",
    lost: "No se pudo abrir la fuente; vuelve a intentarlo.",
    table: "Tabla",
  },
  en: {
    source: "Source",
    page: "page",
    sheet: "sheet",
    ocr: "read by OCR",
    paragraph: "paragraph",
    close: "Close",
    gone: "This document is no longer in the index.",
    changed: "This document has changed since this answer; please ask again.",
    cut: "Shortened: the document goes on where there is an ellipsis.",
    lost: "The source could not be opened; please try again.",
    table: "Table",
  },
};
const words = () => WORDS[language()];

// The address of a citation on a page of its own.
export const pageOf = (hash) => new URL(`c/${hash.slice("#cite-".length)}`, ROOT).href;

// A citation's link that was opened in another tab.
if (window.location.hash.startsWith("#cite-")) window.location.replace(pageOf(window.location.hash));

let current = null; // the link whose source is shown
let request = 0; // only the latest one asked for is shown

const printed = ({ page, page_label: label }) =>
  label ? `${label} (${words().sheet} ${page})` : `${page}`;

const place = (source) =>
  [
    source.name,
    source.page && `${words().page} ${printed(source)}`,
    `${words().paragraph} ${source.paragraph}`,
    source.ocr && words().ocr,
  ]
    .filter(Boolean)
    .join(" · ");

const filled = (element, pieces) => {
  let mark = null;
  for (const { kind, text } of pieces) {
    if (kind === "context") {
      mark = null;
      element.append(text);
      continue;
    }
    if (!mark) element.append((mark = make("mark")));
    mark.append(kind === "answer" ? make("strong", text) : text);
  }
  return element;
};

// A heading of a Markdown file is shown as one; quoted words stay as they are.
const paragraph = (pieces) => {
  const [first, ...rest] = pieces;
  const head = first?.kind === "context" && heading(first.text);
  if (!head) return filled(make("p"), pieces);
  return filled(make("p", "", "head"), [{ ...first, text: head }, ...rest]);
};

const table = ({ rows, header_rows: header, gap }) => {
  const frame = make("div", "", "table");
  frame.tabIndex = 0; // so that it scrolls by the keyboard
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", words().table);
  const element = make("table");
  const [head, body] = [make("thead"), make("tbody")];
  const width = Math.max(...rows.map((row) => row.length));
  rows.forEach((row, at) => {
    const line = make("tr");
    for (let column = 0; column < width; column += 1) {
      const cell = make(at < header ? "th" : "td");
      if (at < header) cell.scope = "col";
      line.append(filled(cell, row[column] ?? []));
    }
    if (line.querySelector("mark")) line.className = "cited";
    (at < header ? head : body).append(line);
  });
  if (gap) {
    const cell = make("td", "⋯", "gap");
    cell.colSpan = width;
    const line = make("tr");
    line.append(cell);
    body.prepend(line);
  }
  if (header) element.append(head);
  element.append(body);
  frame.append(element);
  return frame;
};

// The paragraphs, and instead of those that are rows their table.
const blocks = ({ paragraphs, tables }) => {
  const shown = [];
  for (let at = 0; at < paragraphs.length; at += 1) {
    const found = tables.find(({ first }) => first === at);
    shown.push(found ? table(found) : paragraph(paragraphs[at]));
    if (found) at = found.last - 1;
  }
  return shown;
};

// What a source is shown as; `label` is its number in the answer, if it has one.
export const contents = (hash, source, label, others) => {
  const title = make("h2");
  if (label) title.append(make("span", label, "number"), " ");
  title.append(source.title);
  const quoted = make("div", "", "quoted");
  quoted.append(...blocks(source));
  if (source.cut) quoted.append(make("p", words().cut, "cut"));
  return [title, make("p", place(source), "place"), ...viewer(hash, source, quoted, others), quoted];
};

// The source that a link's hash names; throws a sentence where there is none.
export const sourceOf = async (hash) => {
  const response = await fetch(`${ROOT}source?link=${encodeURIComponent(hash)}`).catch(() => null);
  if (response?.status === 404) throw new Error(words().gone);
  if (response?.status === 409) throw new Error(words().changed);
  if (!response?.ok) throw new Error(words().lost);
  return response.json();
};

const documentOf = (hash) => hash.split(".", 1)[0];

// A message that is drawn again has new links: the one that stands in the place of this one.
const living = (link) =>
  link.isConnected
    ? link
    : ([...document.querySelectorAll(`#chat a[href="${link.hash}"]`)].at(-1) ?? link);

// The citations of the same document in the same answer, each once.
const others = (link) => {
  const all = link.closest(".message-content")?.querySelectorAll("a[href^='#cite-']") ?? [];
  const links = [];
  for (const one of [...all]) {
    const same = documentOf(one.hash) === documentOf(link.hash);
    if (same && !links.some(({ hash }) => hash === one.hash)) links.push(one);
  }
  const at = links.findIndex(({ hash }) => hash === link.hash);
  return { links: links.length ? links : [link], at: Math.max(0, at), open: (one) => open(one, false) };
};

export const close = () => {
  document.getElementById("source")?.replaceChildren();
  current?.removeAttribute("aria-current");
  if (current?.isConnected) current.focus({ preventScroll: WIDE.matches });
  current = null;
};

const show = (link, children) => {
  const panel = document.getElementById("source");
  const button = make("button", "×", "close");
  button.type = "button";
  button.setAttribute("aria-label", words().close);
  button.addEventListener("click", close);
  panel.tabIndex = -1;
  panel.setAttribute("role", "region");
  panel.setAttribute("aria-label", `${words().source} ${link.textContent}`);
  panel.replaceChildren(button, ...children);
  current?.removeAttribute("aria-current");
  current = link;
  link.setAttribute("aria-current", "true");
  return panel;
};

const scrollToQuote = (panel) => {
  const side = document.getElementById("side");
  const mark = panel.querySelector("mark");
  side.scrollTop = 0;
  if (!mark?.offsetParent) return; // the page is shown, not the text
  const quote = mark.getBoundingClientRect();
  const box = side.getBoundingClientRect();
  // With the title in sight, where the quote is in sight as well.
  if (quote.bottom > box.bottom) side.scrollTop = quote.top - box.top - side.clientHeight / 3;
};

// `asked`: a person followed the link, so the focus moves to what it opens.
export const open = async (link, asked) => {
  const mine = ++request;
  if (link === current) {
    const shown = document.getElementById("source");
    if (asked) shown.focus({ preventScroll: true });
    scrollToQuote(shown);
    return;
  }
  let children;
  try {
    const source = await sourceOf(link.hash);
    if (mine !== request) return;
    link = living(link); // meanwhile the answer may have ended
    children = contents(link.hash, source, link.textContent, () => others(living(link)));
  } catch (error) {
    children = [make("p", error.message)];
  }
  if (mine !== request) return;
  const panel = show(link, children);
  if (asked) panel.focus({ preventScroll: true });
  scrollToQuote(panel);
};

// A message that is drawn again has new links: the one whose source is open stays marked.
export const remark = () => {
  if (!current) return;
  if (!current.isConnected) {
    current = living(current);
    current.setAttribute("aria-current", "true");
  }
  document.querySelector("#source .sheet")?.dispatchEvent(new Event("cited"));
};

// The text takes the place of the page.
document.addEventListener("shown", (event) => {
  const panel = event.target.closest("#source");
  if (panel) scrollToQuote(panel);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && current) close();
});
