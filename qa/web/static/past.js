// The list of past conversations, which this browser keeps: open one, delete one, delete them all.
import { language, make } from "./base.js";
import { id, reopen, whenNew } from "./conversation.js";
import { clear, isOurs, list, remove } from "./history.js";

const WORDS = {
  es: {
    history: "Historial",
    kept: "Se guarda solo en este navegador.",
    none: "Todavía no hay conversaciones.",
    close: "Cerrar",
    remove: "Borrar la conversación",
    all: "Borrar todo",
    sure: "¿Borrar todas las conversaciones? No se pueden recuperar.",
    yes: "Sí, borrar todo",
    no: "No",
    open: "abierta",
  },
  en: {
    history: "History",
    kept: "Kept in this browser only.",
    none: "There are no conversations yet.",
    close: "Close",
    remove: "Delete the conversation",
    all: "Delete all",
    sure: "Delete all conversations? They cannot be brought back.",
    yes: "Yes, delete all",
    no: "No",
    open: "open",
  },
};
const words = () => WORDS[language()];

let dialog = null;
let asking = false; // whether to delete all

const button = (text, name, act) => {
  const element = make("button", text, `qa-button ${name}`);
  element.type = "button";
  element.addEventListener("click", act);
  return element;
};

const cross = (name, act) => {
  const element = button("×", "quiet icon", act);
  element.setAttribute("aria-label", name);
  return element;
};

const when = (date) =>
  new Date(date).toLocaleString(document.documentElement.lang || language(), {
    dateStyle: "medium",
    timeStyle: "short",
  });

const forget = (conversation) => {
  remove(conversation.id);
  if (conversation.id === id()) whenNew();
};

const entry = (conversation, index) => {
  const item = make("li");
  const opens = make("button", "", "past");
  opens.type = "button";
  opens.append(make("span", conversation.title, "title"));
  const isOpen = conversation.id === id();
  const said = [when(conversation.date), isOpen && words().open].filter(Boolean).join(" · ");
  opens.append(make("span", said, "qa-soft"));
  if (isOpen) opens.setAttribute("aria-current", "true");
  opens.addEventListener("click", () => {
    dialog.close();
    if (!isOpen) reopen(conversation.id);
  });
  const deletes = cross(`${words().remove}: ${conversation.title.slice(0, 100)}`, () => {
    forget(conversation);
    draw();
    const left = dialog.querySelectorAll("li .icon");
    (left[Math.min(index, left.length - 1)] ?? dialog.querySelector(".icon")).focus();
  });
  item.append(opens, deletes);
  return item;
};

const ending = () => {
  const foot = make("div", "", "foot");
  if (!asking) {
    foot.append(
      button(words().all, "danger", () => {
        asking = true;
        draw();
        dialog.querySelector(".foot .quiet").focus();
      }),
    );
    return foot;
  }
  const answered = (sure) => () => {
    asking = false;
    if (sure) {
      clear();
      whenNew();
    }
    draw();
    dialog.querySelector(sure ? ".icon" : ".foot button").focus();
  };
  const both = make("div", "", "both");
  both.append(button(words().no, "quiet", answered(false)));
  both.append(button(words().yes, "danger", answered(true)));
  foot.append(make("p", words().sure), both);
  foot.setAttribute("role", "alert");
  return foot;
};

const draw = () => {
  const all = list();
  const head = make("div", "", "head");
  const title = make("h2", words().history, "qa-title");
  title.id = "past-title";
  head.append(title, cross(words().close, () => dialog.close()));
  const parts = [head, make("p", all.length ? words().kept : words().none, "qa-soft")];
  if (all.length) {
    const items = make("ul");
    items.append(...all.map(entry));
    parts.push(items, ending());
  }
  dialog.replaceChildren(...parts);
};

const show = () => {
  if (!dialog) {
    dialog = make("dialog", "", "qa-dialog");
    dialog.id = "history-list";
    dialog.setAttribute("aria-labelledby", "past-title");
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close(); // beside it
    });
    document.body.append(dialog);
  }
  asking = false;
  draw();
  dialog.showModal();
};

window.addEventListener("storage", (event) => {
  if (dialog?.open && isOurs(event)) draw();
});

// The button stands before that for a new conversation.
export const addHistory = () => {
  const fresh = document.getElementById("new");
  if (!fresh || document.getElementById("history")) return;
  const opens = button(words().history, "quiet", show);
  opens.id = "history";
  fresh.before(opens);
};
