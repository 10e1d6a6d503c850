// What a screen reader says: an answer once, when it has ended, and not each piece of it.
import { language, make } from "./base.js";

const WORDS = {
  es: { conversation: "Conversación", reading: "Buscando la respuesta…", all: "Todos los documentos" },
  en: { conversation: "Conversation", reading: "Looking for the answer…", all: "All documents" },
};

const status = make("div", "", "qa-hidden");
status.setAttribute("role", "status");

let busy = false;

export const announce = () => {
  const words = WORDS[language()];
  const log = document.querySelector("#chat [role='log']");
  if (log && log.getAttribute("aria-live") !== "off") {
    log.setAttribute("aria-live", "off");
    log.setAttribute("aria-label", words.conversation);
    log.before(status);
  }
  const scope = document.querySelector("#scope input");
  if (scope && !scope.placeholder) scope.placeholder = words.all;
  const stops = document.querySelector("#question .stop-button") !== null;
  if (stops === busy) return;
  busy = stops;
  const answers = document.querySelectorAll("#chat .bot-row .message-content");
  status.textContent = busy ? words.reading : (answers[answers.length - 1]?.innerText ?? "");
};
