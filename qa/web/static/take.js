// A conversation to take along: as a file, or on paper.
import { ROOT, language, make } from "./base.js";
import { turns } from "./conversation.js";

const WORDS = {
  es: {
    save: "Guardar",
    docx: "Word (.docx)",
    html: "Página web (.html)",
    md: "Markdown (.md)",
    print: "Imprimir",
    lost: "No se pudo guardar: vuelve a intentarlo.",
  },
  en: {
    save: "Save",
    docx: "Word (.docx)",
    html: "Web page (.html)",
    md: "Markdown (.md)",
    print: "Print",
    lost: "It could not be saved: please try again.",
  },
};
const words = () => WORDS[language()];
const FORMATS = ["docx", "html", "md"];

const download = (blob, name) => {
  const link = make("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};

const save = async (format, note) => {
  note.textContent = "";
  try {
    const response = await fetch(`${ROOT}export`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ format, language: language(), conversation: JSON.stringify(turns()) }),
    });
    if (!response.ok) {
      const { error } = await response.json();
      note.textContent = error ?? words().lost;
      return;
    }
    const named = response.headers.get("Content-Disposition") ?? "";
    download(await response.blob(), named.match(/filename="([^"]+)"/)?.[1] ?? `qa.${format}`);
  } catch {
    note.textContent = words().lost;
  }
};

const choice = (text, act, menu) => {
  const button = make("button", text, "qa-button quiet");
  button.type = "button";
  button.addEventListener("click", () => {
    menu.open = false;
    menu.querySelector("summary").focus();
    act();
  });
  return button;
};

const build = () => {
  const menu = make("details", "", "qa-menu save");
  menu.append(make("summary", words().save, "qa-button quiet"));
  const note = make("p", "", "qa-soft note");
  note.setAttribute("role", "status");
  const choices = make("div", "", "qa-panel choices");
  choices.append(
    ...FORMATS.map((format) => choice(words()[format], () => save(format, note), menu)),
    choice(words().print, () => window.print(), menu),
  );
  menu.append(choices);
  return [note, menu];
};

// The control is there while there is something to take along.
export const addTake = () => {
  const place = document.getElementById("take");
  if (!place) return;
  if (!place.querySelector(".save")) place.replaceChildren(...build());
  place.classList.toggle("shown", turns().some(([, record]) => record));
};

// On paper nothing is folded.
let unfolded = [];
window.addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("#chat details:not([open])")];
  unfolded.forEach((one) => (one.open = true));
});
window.addEventListener("afterprint", () => unfolded.forEach((one) => (one.open = false)));
