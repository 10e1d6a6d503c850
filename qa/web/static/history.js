// What this browser keeps of conversations, and nobody else does: a list of questions, each with
// the record of its answer that only the server reads.
//
// A conversation is { id, title, date, version, turns: [[question, record], ...] }. Each is kept
// under a key of its own, so that two pages that are open at the same time write only their own.
import { ROOT } from "./base.js";

const MOST = 100; // conversations
const LARGEST = 3_500_000; // characters of all of them: a browser gives some five million
// Other pages of the same host keep their own, and so does each collection.
const collection = new URLSearchParams(location.search).get("collection");
const begin = `qa ${ROOT.pathname}${collection ? `?${encodeURIComponent(collection)}` : ""} `;
let prefix = begin;
// Whoever logs in here finds their own conversations, and not those of who did before.
export const belongTo = (owner) => (prefix = `${begin}${owner}${owner && " "}`);

// Storage may be forbidden, or full: then this page remembers as long as it is open.
const store = (name) => {
  try {
    const storage = window[name];
    storage.getItem("");
    return storage;
  } catch {
    const kept = new Map();
    return {
      get length() {
        return kept.size;
      },
      key: (index) => [...kept.keys()][index],
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => kept.set(key, value),
      removeItem: (key) => kept.delete(key),
    };
  }
};
const local = store("localStorage");
const page = store("sessionStorage");

const unique = () => crypto.getRandomValues(new Uint32Array(2)).join("-"); // also on plain http

const parse = (text) => {
  try {
    const kept = JSON.parse(text);
    return Array.isArray(kept?.turns) && kept.turns.length ? kept : null;
  } catch {
    return null;
  }
};

// The number of spaces tells the keys of one owner from those of nobody.
const isKey = (key) => key?.startsWith(prefix) && !key.slice(prefix.length).includes(" ");
const keys = () =>
  Array.from({ length: local.length }, (_, index) => local.key(index)).filter(isKey);

export const fresh = () => ({ id: unique(), turns: [] });

export const load = (id) => parse(local.getItem(prefix + id));

// All conversations, the newest first.
export const list = () =>
  keys()
    .map((key) => parse(local.getItem(key)))
    .filter(Boolean)
    .sort((one, other) => other.date.localeCompare(one.date));

export const remove = (id) => local.removeItem(prefix + id);

export const clear = () => keys().forEach((key) => local.removeItem(key));

const write = (key, text) => {
  const oldest = () => list().at(-1);
  const others = () => keys().filter((one) => one !== key);
  const size = () => others().reduce((sum, one) => sum + local.getItem(one).length, text.length);
  local.removeItem(key);
  while (others().length && (others().length >= MOST || size() > LARGEST)) remove(oldest().id);
  for (;;) {
    try {
      local.setItem(key, text);
      return;
    } catch {
      if (!others().length) return; // nothing is left to make room
      remove(oldest().id);
    }
  }
};

// Keep a conversation as it is now. One that another page has gone on with meanwhile stays as it
// is: this one becomes another.
export const save = (conversation) => {
  const kept = load(conversation.id);
  if (kept && kept.version !== conversation.version) conversation.id = unique();
  if (!conversation.turns.length) {
    remove(conversation.id);
    return;
  }
  conversation.title = conversation.turns[0][0];
  conversation.date = new Date().toISOString();
  conversation.version = unique();
  write(prefix + conversation.id, JSON.stringify(conversation));
};

// Whether an event of the storage is about what is kept here.
export const isOurs = (event) => event.key === null || isKey(event.key);

// What this page alone remembers, also when it is loaded again: the conversation that is open, and
// what is written in the question box.
export const remember = (name, value) => {
  try {
    page.setItem(prefix + name, value);
  } catch {
    // It is full: what is on the screen stays there.
  }
};

export const remembered = (name) => page.getItem(prefix + name) ?? "";
