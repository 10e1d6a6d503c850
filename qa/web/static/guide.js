// What may be asked: questions to begin with, and after an answer. The same question in all
// documents, where those that were chosen do not say.
import { ROOT, language, make } from "./base.js";
import { ask, isBusy, turns } from "./conversation.js";

const WORDS = {
  es: { follow: "También puedes preguntar" },
  en: { follow: "You may also ask" },
};

const known = new Map(); // questions to begin with, by language and collection
const after = new Map(); // questions that may follow, by the record of the answer
let looking = null; // what looks for those of the last answer

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export const collection = () => new URLSearchParams(location.search).get("collection");

const chip = (question, name) => {
  const button = make("button", question, name); // a click on .example asks
  button.type = "button";
  return button;
};

// Questions to begin with

const made = async (wanted) => {
  const query = new URLSearchParams({ language: language(), collection: collection() ?? "" });
  for (let wait = 400; wait < 20_000; wait *= 1.3) {
    try {
      const response = await fetch(`${ROOT}suggestions?${query}`);
      const { questions, ready } = response.ok ? await response.json() : {};
      if (ready) return questions;
    } catch {
      // The server is away: try again.
    }
    await sleep(wait);
  }
  known.delete(wanted);
  return [];
};

const begin = async () => {
  const wanted = `${language()} ${collection() ?? ""}`;
  const list = () => document.getElementById("examples");
  if (!list() || list().dataset.of === wanted) return;
  list().dataset.of = wanted;
  if (!known.has(wanted)) known.set(wanted, made(wanted));
  const questions = await known.get(wanted);
  if (list()?.dataset.of !== wanted) return;
  list().replaceChildren(...questions.map((question) => chip(question, "example")));
};

// Questions that may follow

const found = async (question, record, signal) => {
  const before = turns().map(([asked]) => asked);
  const body = { question, record, before, language: language() };
  try {
    const response = await fetch(`${ROOT}follow`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...body, collection: collection() }),
      signal,
    });
    return response.ok ? (await response.json()).questions : [];
  } catch {
    return [];
  }
};

const row = (questions) => {
  const list = make("div", "", "follow qa-chips");
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", WORDS[language()].follow);
  list.append(make("p", WORDS[language()].follow, "qa-soft"));
  list.append(...questions.map((question) => chip(question, "example qa-chip")));
  return list;
};

const follow = async () => {
  const rows = document.querySelectorAll("#chat .bot-row:not([hidden])");
  const last = rows[rows.length - 1];
  const [question, record] = turns().at(-1) ?? [];
  const answered = !isBusy() && record && last?.querySelector("a[href='#copy']");
  for (const list of document.querySelectorAll("#chat .follow")) {
    if (!answered || !last.contains(list)) list.remove();
  }
  if (!answered) {
    looking?.abort();
    looking = null;
    return;
  }
  if (!after.has(record)) {
    looking?.abort();
    looking = new AbortController();
    after.set(record, []);
    const { signal } = looking;
    const questions = await found(question, record, signal);
    if (signal.aborted) after.delete(record);
    else after.set(record, questions);
    if (!signal.aborted) follow();
  } else if (after.get(record).length && !last.querySelector(".follow")) {
    last.querySelector(".message-content")?.append(row(after.get(record)));
  }
};

// In all documents

const everywhere = async (link) => {
  const rows = [...document.querySelectorAll("#chat .bot-row:not([hidden])")];
  const question = turns()[rows.indexOf(link.closest(".bot-row"))]?.[0];
  if (!question || isBusy()) return;
  document.getElementById("everywhere").click();
  const isChosen = () => document.querySelector("#scope .token");
  for (let tries = 0; isChosen() && tries < 100; tries += 1) await sleep(50);
  ask(question);
};

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.("#chat a[href^='#']");
    if (link?.hash === "#everywhere") everywhere(link);
    else if (link?.hash === "#documents") location.assign(`${ROOT}documents`);
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

export const guide = () => {
  begin();
  follow();
};
