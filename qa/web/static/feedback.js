// Under each answer: right or wrong, and why. The server keeps it in a file of the operator's.
import { ROOT, language, make } from "./base.js";
import { turns } from "./conversation.js";
import { collection } from "./guide.js";

const WORDS = {
  es: {
    group: "Valora esta respuesta",
    good: "Esto está bien",
    bad: "Esto está mal",
    comment: "¿Por qué? (opcional)",
    send: "Enviar",
    thanks: "Gracias.",
    sent: "Gracias por el comentario.",
    gone: "Esta respuesta ya no se puede valorar: vuelve a preguntar.",
    lost: "No se pudo guardar; vuelve a intentarlo.",
  },
  en: {
    group: "Rate this answer",
    good: "This is right",
    bad: "This is wrong",
    comment: "Why? (optional)",
    send: "Send",
    thanks: "Thank you.",
    sent: "Thank you for the comment.",
    gone: "This answer can no longer be rated: ask again.",
    lost: "It could not be saved; please try again.",
  },
};
const LONGEST = 2000; // characters of a comment

const bars = new Map(); // what stands under an answer, by its record
let isOn = null; // a promise of whether ratings are kept here

const asksWhether = async () => {
  try {
    const response = await fetch(`${ROOT}feedback`);
    return response.ok && (await response.json()).on;
  } catch {
    return false;
  }
};

const save = async (question, record, verdict, comment) => {
  const words = WORDS[language()];
  try {
    const response = await fetch(`${ROOT}feedback`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ question, record, verdict, comment, collection: collection() }),
    });
    if (response.ok) return comment ? words.sent : words.thanks;
    return response.status === 404 ? words.gone : words.lost;
  } catch {
    return words.lost;
  }
};

const bar = (question, record) => {
  const words = WORDS[language()];
  const element = make("div", "", "rating");
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", words.group);
  const said = make("span", "", "said");
  said.setAttribute("role", "status");
  const form = make("form", "", "why");
  form.hidden = true;
  const label = make("label", words.comment);
  const box = make("input", "", "qa-input");
  box.type = "text";
  box.maxLength = LONGEST;
  label.append(box);
  const send = make("button", words.send, "qa-button");
  form.append(label, send);
  const buttons = ["good", "bad"].map((verdict) => {
    const button = make("button", words[verdict], "qa-button quiet");
    button.type = "button";
    button.value = verdict;
    button.setAttribute("aria-pressed", "false");
    return button;
  });
  let verdict = "";
  const rate = async (chosen, comment) => {
    const result = await save(question, record, chosen, comment);
    said.textContent = result;
    const kept = [words.thanks, words.sent].includes(result);
    if (!kept) return;
    verdict = chosen;
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.value === verdict));
    }
    form.hidden = Boolean(comment);
    if (chosen === "bad" && !comment) box.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  };
  for (const button of buttons) button.addEventListener("click", () => rate(button.value, ""));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (box.value.trim()) rate(verdict, box.value.trim());
  });
  element.append(...buttons, said, form);
  return element;
};

export const rateable = async () => {
  isOn ??= asksWhether();
  if (!(await isOn)) return;
  const rows = document.querySelectorAll("#chat .bot-row:not([hidden])");
  rows.forEach((row, number) => {
    const [question, record] = turns()[number] ?? [];
    const content = row.querySelector(".message-content");
    const shown = content?.querySelector(".rating");
    const wanted = record && row.querySelector("a[href^='#cite-']") ? record : null;
    if (wanted && !bars.has(wanted)) bars.set(wanted, bar(question, wanted));
    const right = wanted && bars.get(wanted);
    if (shown && shown !== right) shown.remove();
    if (right && !content.contains(right)) content.insertBefore(right, content.querySelector(".follow"));
  });
};
