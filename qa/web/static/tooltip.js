// The quote of a citation beside its number, for the mouse and the keyboard; not on touch.
import { make } from "./base.js";
import { sourceOf } from "./source.js";

const DELAY = 250; // ms of rest on a number
const LONGEST = 320; // characters

const quotes = new Map(); // by hash
const bubble = make("div", "", "tooltip");
bubble.id = "citation-quote";
bubble.setAttribute("role", "tooltip");
bubble.hidden = true;

let shown = null; // the link whose quote is shown
let waiting = 0;

const shortened = (text) =>
  text.length <= LONGEST ? text : `${text.slice(0, text.lastIndexOf(" ", LONGEST))}…`;

const quoteOf = async (hash) => {
  if (!quotes.has(hash)) {
    const { paragraphs } = await sourceOf(hash);
    const lines = paragraphs.map((pieces) =>
      pieces.filter(({ kind }) => kind !== "context").map(({ text }) => text).join(""),
    );
    quotes.set(hash, shortened(lines.filter(Boolean).join(" ").replace(/\s+/g, " ")));
  }
  return quotes.get(hash);
};

const hide = () => {
  clearTimeout(waiting);
  shown?.removeAttribute("aria-describedby");
  shown = null;
  bubble.hidden = true;
};

const show = async (link) => {
  let quote;
  try {
    quote = await quoteOf(link.hash);
  } catch {
    return; // the panel says why
  }
  if (link !== shown || !link.isConnected) return;
  bubble.textContent = quote;
  if (!bubble.isConnected) (document.querySelector("main") ?? document.body).append(bubble);
  bubble.hidden = false;
  link.setAttribute("aria-describedby", bubble.id);
  const mark = link.getBoundingClientRect();
  const { width, height } = bubble.getBoundingClientRect();
  const left = Math.min(mark.left - 12, document.documentElement.clientWidth - width - 8);
  bubble.style.left = `${Math.max(8, left)}px`;
  bubble.style.top = `${mark.top > height + 12 ? mark.top - height - 6 : mark.bottom + 6}px`;
};

const begin = (event, delay) => {
  const link = event.target.closest?.("#chat a[href^='#cite-']");
  if (!link || link === shown) return;
  hide();
  shown = link;
  waiting = setTimeout(() => show(link), delay);
};

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "mouse") begin(event, DELAY);
});
document.addEventListener("pointerout", (event) => {
  // It stays while the mouse is on it.
  const next = event.relatedTarget;
  if (shown && next !== bubble && !shown.contains(next)) {
    if (event.target === bubble || shown.contains(event.target)) hide();
  }
});
document.addEventListener("focusin", (event) => {
  if (event.target.matches?.(":focus-visible")) begin(event, 0);
});
document.addEventListener("focusout", hide);
document.addEventListener("scroll", hide, { capture: true, passive: true });
document.addEventListener("click", hide, true);
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || bubble.hidden) return;
    event.stopPropagation(); // the panel stays open
    hide();
  },
  true,
);
