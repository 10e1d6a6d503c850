// The conversation: opens the sources of its citations, keeps what is new in sight, copies answers.
import "./dates.js";
import { WIDE, copyText, language } from "./base.js";
import { addChooser } from "./chooser.js";
import { hasChanged, hear, lose, turns } from "./conversation.js";
import { dress } from "./dress.js";
import { addPencils } from "./edit.js";
import { rateable } from "./feedback.js";
import { guide } from "./guide.js";
import { addHistory } from "./past.js";
import "./scope.js";
import { open, remark } from "./source.js";
import { addTake } from "./take.js";
import "./tooltip.js";

const WORDS = {
  es: { copy: "Copiar respuesta", copied: "Copiado" },
  en: { copy: "Copy answer", copied: "Copied" },
};

let following = false; // whether the newest question is kept in sight
const seen = new Set(); // first citations that have been opened by themselves

const copy = async (link) => {
  const message = link.closest(".message-content");
  const text = message.cloneNode(true);
  text.querySelectorAll('a[href="#copy"]').forEach((one) => one.remove());
  text.querySelectorAll(".follow, .rating").forEach((one) => one.remove());
  const lines = [...text.querySelectorAll("p")].map((p) => p.textContent.trim());
  if (!(await copyText(lines.filter(Boolean).join("\n")))) return;
  link.dataset.copied = "true";
  link.textContent = WORDS[language()].copied;
  setTimeout(() => {
    delete link.dataset.copied;
    nameCopies();
  }, 1500);
};

// In the page's language, as the controls beside it; an answer is in that of its question.
const nameCopies = () => {
  const { copy: name } = WORDS[language()];
  for (const link of document.querySelectorAll("#chat a[href='#copy']:not([data-copied])")) {
    if (link.textContent !== name) link.textContent = name;
  }
};

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.("a[href^='#']");
    // Another tab, which opens the citation on a page of its own.
    if (link && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
    if (link?.hash.startsWith("#cite-")) open(link, true);
    else if (link?.hash === "#copy") copy(link);
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

for (const scrolling of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  document.addEventListener(scrolling, () => (following = false), { passive: true });
}

// A new question is kept in sight while its answer grows, until the reader scrolls. The first
// citation of an answer opens by itself where there is room beside the conversation.
const look = () => {
  hear();
  lose();
  addHistory();
  addTake();
  addPencils((number) => turns()[number]?.[0]);
  addChooser();
  guide();
  rateable();
  nameCopies();
  dress();
  // Gradio labels each message with its Markdown, which is not what should be read aloud.
  for (const message of document.querySelectorAll("#chat [data-testid][aria-label]")) {
    message.removeAttribute("aria-label");
  }
  remark();
  if (hasChanged()) following = true;
  const asked = document.querySelectorAll("#chat .user-row:not([hidden])");
  if (following && asked.length) asked[asked.length - 1].scrollIntoView({ block: "start" });
  const answers = document.querySelectorAll("#chat .bot-row");
  const last = answers[answers.length - 1];
  // Only an answer can be copied: the closest passages of "the documents do not say" stay closed.
  const first = last?.querySelector("a[href='#copy']") && last.querySelector("a[href^='#cite-']");
  const key = first && `${answers.length} ${first.hash}`;
  if (first && !seen.has(key)) {
    seen.add(key);
    if (WIDE.matches) open(first, false);
  }
  if (!answers.length) seen.clear();
};

let waiting = false;
const soon = () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    look();
  });
};
new MutationObserver(soon).observe(document.documentElement, { childList: true, subtree: true });
soon(); // the page may be there already
