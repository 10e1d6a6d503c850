// The conversation of this page: asks, hears what becomes of it, and keeps it in the browser.
//
// The server keeps no conversation. With each question it gets all that went before, and gives back
// a record of the answer; it shows an earlier conversation from its records alone. Of a question it
// tells the page through a hidden box; what is written in the question box is never its to change.
import { WIDE, make } from "./base.js";
import { belongTo, fresh, load, remember, remembered, save } from "./history.js";
import { close } from "./source.js";

const LARGEST = 700_000; // bytes of what is sent with a question; the server takes a million

let current = fresh();
let running = null; // the question that is being answered, and the turns before it was asked
let number = 0;
let last = ""; // what the server told last
let isNew = false; // what is shown is another question or conversation, and has to be seen

const box = () => document.querySelector("#question textarea");
const find = (selector) => document.querySelector(`#chat ${selector}`);

const fill = (area, text) => {
  area.value = text;
  area.dispatchEvent(new Event("input", { bubbles: true }));
};
const send = (id, text) => fill(document.querySelector(`#${id} textarea`), text);

// Gradio hears nothing until it has begun, and loses what is asked while an earlier conversation is
// fetched: what is pressed before is pressed then.
let held = null; // a button, and what is sent with it
let isReady = false;
let shown = 0; // notices that stood there when it was asked for
let showing = ""; // the number of the conversation that is being fetched
const press = (id, texts = {}) => {
  if (!isReady || (showing && id === "ask")) {
    held = [id, texts];
    return;
  }
  for (const [name, text] of Object.entries(texts)) send(name, text);
  document.getElementById(id).click();
};
const release = () => {
  const [id, texts] = held ?? [];
  held = null;
  if (id) press(id, texts);
};
const begun = (owner) => {
  isReady = true;
  belongTo(owner);
  if (running) keep();
  start();
  release();
};

export const isBusy = () => running !== null;
export const turns = () => current.turns;
export const id = () => current.id;

// Whether there is something else to be seen than when this was asked before.
export const hasChanged = () => {
  const was = isNew;
  isNew = false;
  return was;
};

// The end of a conversation that can be sent.
const fitting = (turns) => {
  const encoder = new TextEncoder();
  let room = LARGEST;
  const first = turns.findLastIndex((turn) => {
    room -= encoder.encode(JSON.stringify(JSON.stringify(turn))).length;
    return room < 0;
  });
  return turns.slice(first + 1);
};

const keep = () => {
  if (!isReady) return; // it is not known whose it is
  save(current);
  remember("open", current.turns.length ? current.id : "");
};

// The question is in the conversation at once; the server's first words take its place.
const pend = (question, from) => {
  const rows = [...document.querySelectorAll("#chat .message-row")];
  const asked = rows.filter((row) => row.classList.contains("user-row"))[from];
  if (asked) rows.slice(rows.indexOf(asked)).forEach((row) => (row.hidden = true));
  const row = make("div", "", "message-row user-row pending");
  const bubble = make("div", "", "user message");
  bubble.append(make("div", question, "message-content"));
  row.append(bubble);
  document.getElementById("chat").append(row);
};

const unpend = () => {
  find(".pending")?.remove();
  document.querySelectorAll("#chat .message-row[hidden]").forEach((row) => (row.hidden = false));
};

// Ask a question after the first ones of the conversation (`from`: after how many), without those
// that came then. False while another one is being answered.
export const ask = (question, from = current.turns.length) => {
  if (running) return false;
  const focused = document.activeElement;
  close();
  focused?.focus?.({ preventScroll: true });
  const past = fitting(current.turns.slice(0, from));
  running = { number: `${++number}`, question, before: current.turns, toasts: toasts() };
  current.turns = [...past, [question, ""]];
  keep();
  pend(question, from);
  isNew = true;
  press("ask", { asked: question, past: JSON.stringify(past), number: running.number });
  return true;
};

// Show the conversation as it is kept; what is being answered is given up.
const show = () => {
  running = null;
  unpend();
  current.turns = fitting(current.turns);
  if (held?.[0] === "ask") held = null;
  showing = `${++number}`;
  shown = toasts();
  press("show", { past: JSON.stringify(current.turns), number: showing });
};

const failed = () => {
  current.turns = running.before;
  keep();
  if (!box().value.trim()) fill(box(), running.question);
};

// Gradio tells in a toast that the server cannot be reached, or what it refuses. Without a word of
// an answer the question is given back.
const toasts = () => document.querySelectorAll(".toast-body.error").length;
export const lose = () => {
  if (showing && toasts() > shown) {
    showing = "";
    held = null;
  }
  if (!running || toasts() <= running.toasts) return;
  if (find(".pending")) failed();
  unpend();
  running = null;
};

// Read what the server tells.
export const hear = () => {
  const area = document.querySelector("#told textarea");
  if (!area || area.value === last) return;
  last = area.value;
  const told = last ? JSON.parse(last) : {};
  if (!isReady) begun(told.owner);
  if (showing && told.number === showing) {
    showing = "";
    release();
  }
  if (!running || told.number !== running.number) return;
  unpend();
  if (told.state === "failed") failed();
  else if (told.record) {
    current.turns.at(-1)[1] = told.record;
    keep();
  }
  if (told.state !== "answering") running = null;
};

// Give up the question that is being answered: what was found so far stays.
export const stop = show;

// What follows is a question. On a phone the keyboard would cover the page.
export const toBox = () => {
  if (WIDE.matches) box().focus({ preventScroll: true });
};

// Begin anew; it is the button for a new conversation that empties the page.
export const whenNew = () => press("new");

const begin = () => {
  running = held = null;
  unpend();
  close();
  current = fresh();
  keep();
  toBox();
};

export const reopen = (id) => {
  const kept = load(id);
  if (!kept) return;
  close();
  current = kept;
  isNew = true;
  remember("open", id);
  show();
  toBox();
};

const submit = () => {
  const question = box().value;
  if (!isReady && !question) return; // what was written before the page was loaded comes yet
  if (ask(question)) fill(box(), "");
};

document.addEventListener(
  "keydown",
  (event) => {
    if (event.target !== box() || event.key !== "Enter" || event.isComposing) return;
    event.stopPropagation(); // Gradio would ask by itself, or not let a new line in
    if (event.shiftKey) return;
    event.preventDefault();
    submit();
  },
  true,
);

document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.("button");
    if (button?.matches("#question .submit-button")) submit();
    else if (button?.matches("#question .stop-button")) stop();
    else if (button?.matches(".example")) ask(button.textContent.trim());
    else if (button?.id === "new") begin();
  },
  true,
);

document.addEventListener("input", (event) => {
  if (event.target === box()) remember("draft", box().value);
});

// What the page was opened for: a question in its address, which is asked once, or what was open
// when it was loaded again.
const start = () => {
  const address = new URL(location.href);
  const question = address.searchParams.get("q")?.trim();
  if (address.searchParams.has("q")) {
    address.searchParams.delete("q");
    history.replaceState(history.state, "", address);
  }
  if (remembered("draft") && !box().value) fill(box(), remembered("draft"));
  if (running) return; // somebody was faster
  if (question) ask(question);
  else if (remembered("open")) reopen(remembered("open"));
};
