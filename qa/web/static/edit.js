// A question of the conversation can be changed and asked again; what came after it is dropped.
import { language, make } from "./base.js";
import { ask, isBusy } from "./conversation.js";

const WORDS = {
  es: {
    edit: "Editar la pregunta",
    again: "Preguntar de nuevo",
    cancel: "Cancelar",
    dropped: "Lo que sigue en la conversación se quita.",
  },
  en: {
    edit: "Edit the question",
    again: "Ask again",
    cancel: "Cancel",
    dropped: "What follows in the conversation is removed.",
  },
};
const words = () => WORDS[language()];

const rows = () => [...document.querySelectorAll("#chat .user-row:not(.pending)")];

const finish = (row) => {
  row.querySelector(".edit").remove();
  row.classList.remove("editing");
};

const form = (row, question, number) => {
  const element = make("form", "", "edit");
  const area = make("textarea", "", "qa-input");
  area.value = question;
  area.rows = Math.min(6, Math.max(2, Math.ceil(question.length / 60)));
  area.setAttribute("aria-label", words().edit);
  const again = make("button", words().again, "qa-button primary");
  const cancel = make("button", words().cancel, "qa-button quiet");
  cancel.type = "button";
  const leave = () => {
    finish(row);
    row.querySelector(".pencil")?.focus();
  };
  cancel.addEventListener("click", leave);
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    else if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    else if (event.target === area) element.requestSubmit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isBusy() || !area.value.trim()) return; // nothing is asked: the question stays as it was
    finish(row);
    ask(area.value, number);
    document.querySelector("#question textarea").focus({ preventScroll: true });
  });
  const last = number === rows().length - 1;
  const buttons = make("div", "", "both");
  buttons.append(cancel, again);
  element.append(area, ...(last ? [] : [make("p", words().dropped, "qa-soft")]), buttons);
  return element;
};

const pencil = (question) => {
  const button = make("button", "", "qa-button quiet icon pencil");
  button.type = "button";
  button.setAttribute("aria-label", `${words().edit}: ${question.slice(0, 100)}`);
  button.title = words().edit;
  button.addEventListener("click", () => {
    const row = button.closest(".user-row");
    const number = rows().indexOf(row);
    row.classList.add("editing");
    row.append(form(row, questionOf(number) ?? question, number));
    row.querySelector("textarea").focus();
  });
  return button;
};

let questionOf = () => undefined;

// Each question gets its button; `of` gives the words of one, by its number.
export const addPencils = (of) => {
  questionOf = of;
  const busy = isBusy();
  rows().forEach((row, number) => {
    const had = row.querySelector(".pencil");
    const question = of(number) ?? row.textContent.trim();
    if (had && (busy || had.dataset.question !== question)) had.remove();
    if (row.classList.contains("editing") && busy) finish(row);
    if (busy || row.querySelector(".pencil")) return;
    const button = pencil(question);
    button.dataset.question = question;
    row.prepend(button);
  });
};
