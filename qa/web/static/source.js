// The panel with the source of a citation, beside the conversation.
import { ROOT, WIDE, language, make } from "./base.js";

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
  },
};
const words = () => WORDS[language()];

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

const paragraph = (pieces) => {
  const element = make("p");
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
  if (!mark) return;
  side.scrollTop = 0;
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
    const address = `${ROOT}source?link=${encodeURIComponent(link.hash)}`;
    const response = await fetch(address);
    if (response.status === 404) throw new Error(words().gone);
    if (response.status === 409) throw new Error(words().changed);
    if (!response.ok) throw new Error(words().lost);
    const source = await response.json();
    const heading = make("h2");
    heading.append(make("span", link.textContent, "number"), " ", source.title);
    const quoted = make("div", "", "quoted");
    quoted.append(...source.paragraphs.map(paragraph));
    children = [heading, make("p", place(source), "place"), quoted];
    if (source.cut) children.push(make("p", words().cut, "cut"));
  } catch (error) {
    const known = [words().gone, words().changed, words().lost].includes(error.message);
    children = [make("p", known ? error.message : words().lost)];
  }
  if (mine !== request) return;
  const panel = show(link, children);
  if (asked) panel.focus({ preventScroll: true });
  scrollToQuote(panel);
};

// A message that is drawn again has new links: the one whose source is open stays marked.
export const remark = () => {
  if (!current || current.isConnected) return;
  const again = document.querySelectorAll(`#chat a[href="${current.hash}"]`);
  current = again[again.length - 1] ?? current;
  current.setAttribute("aria-current", "true");
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && current) close();
});
