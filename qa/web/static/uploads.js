// Adding documents: chosen or dropped files, how far each is, and what became of it.
import { ROOT, language, make } from "./base.js";
import { ask, button, post, words } from "./library.js";

const AT_ONCE = 2; // files that are sent at the same time
const LOOK = 700; // milliseconds between two looks at the indexing
const MOST = 400; // files in one request

let collection = () => "";
let changed = () => {}; // called when the list has changed
let items = []; // { file, name, same, state, progress, note, request }
let looking = false;
let indexing = null; // how far it is, or null
const panel = make("section", "", "uploads qa-panel");
const open = (item) => ["waiting", "uploading", "pending"].includes(item.state);
const body = (more) => ({ collection: collection(), ...more });

// Drawing

const note = (item) => {
  if (item.state === "uploading") return `${words().uploading} · ${Math.round(100 * item.progress)} %`;
  return item.note ?? words()[item.state] ?? "";
};

const row = (item) => {
  const line = make("li", "", item.state);
  const about = make("div", "", "about");
  about.append(make("strong", item.name), make("span", note(item), "note qa-soft"));
  line.append(about);
  if (item.state === "uploading") {
    const bar = make("progress");
    bar.max = 1;
    bar.value = item.progress;
    bar.setAttribute("aria-label", `${words().uploading}: ${item.name}`);
    line.append(bar);
  }
  if (open(item)) {
    const stop = button(words().cancel, "qa-button quiet", () => cancel([item]));
    stop.setAttribute("aria-label", `${words().cancel}: ${item.name}`);
    line.append(stop);
  }
  return line;
};

const heading = () => {
  const head = make("div", "", "head");
  const busy = items.some(open) || indexing;
  const title = make("h2", busy ? words().adding : words().done, "qa-title");
  head.append(title);
  if (indexing) {
    const said = indexing.phase === "waiting" ? words().locked : words().indexing(indexing.files, indexing.of);
    const bar = make("progress");
    bar.max = 1;
    if (indexing.share) bar.value = indexing.share;
    bar.setAttribute("aria-label", said);
    head.append(make("span", said, "note qa-soft"), bar);
  }
  if (items.some(open)) head.append(button(words().cancelAll, "qa-button quiet", () => cancel(items.filter(open))));
  else if (!busy) head.append(button(words().close, "qa-button quiet", clear));
  return head;
};

const draw = () => {
  panel.hidden = !items.length && !indexing;
  if (panel.hidden) return panel.replaceChildren();
  const focused = panel.contains(document.activeElement) && document.activeElement.textContent;
  const list = make("ul");
  list.append(...items.map(row));
  const said = make("p", "", "qa-hidden");
  said.setAttribute("role", "status");
  if (!items.some(open) && !indexing) said.textContent = items.map((one) => `${one.name}: ${note(one)}`).join(". ");
  panel.replaceChildren(heading(), list, said);
  if (focused) [...panel.querySelectorAll("button")].find((one) => one.textContent === focused)?.focus();
};

const clear = () => {
  items = [];
  draw();
  document.querySelector(".choose")?.focus();
};

// Sending

const sent = (item) =>
  new Promise((resolve) => {
    const xhr = (item.request = new XMLHttpRequest());
    const asked = new URLSearchParams(body({ name: item.name, same: item.same, lang: language() }));
    const end = (state, said) => {
      item.state = state;
      item.note = said;
      resolve();
    };
    xhr.upload.addEventListener("progress", (event) => {
      item.progress = event.total ? event.loaded / event.total : 0;
      draw();
    });
    xhr.addEventListener("load", () => {
      let answer = {};
      try {
        answer = JSON.parse(xhr.responseText);
      } catch {
        // what is said below holds
      }
      if (xhr.status !== 200) return end("failed", answer.error ?? words().lost);
      item.name = answer.name;
      end("pending");
    });
    xhr.addEventListener("error", () => end("failed", words().lost));
    xhr.addEventListener("abort", () => end("canceled"));
    xhr.open("PUT", `${ROOT}documents/file?${asked}`);
    xhr.setRequestHeader("Content-Type", "application/octet-stream");
    xhr.send(item.file);
  });

const send = async () => {
  while (items.filter((item) => item.state === "uploading").length < AT_ONCE) {
    const item = items.find((one) => one.state === "waiting");
    if (!item) return;
    item.state = "uploading";
    item.progress = 0;
    draw();
    sent(item).then(() => {
      draw();
      send();
      if (item.state === "pending") look();
    });
  }
};

const decide = async (existing) => {
  if (!existing.length) return "keep";
  const named = existing.slice(0, 8).map((item) => item.name);
  const more = existing.length > named.length ? "…" : "";
  const title = existing.length === 1 ? words().sameOne : words().sameMany;
  return ask(title, [named.join(", ") + more, words().sameHow], [
    [words().keep, "keep", "primary"],
    [words().replace, "replace", ""],
    [words().skip, null, ""],
  ]);
};

export const add = async (files) => {
  const chosen = [...files];
  for (let start = 0; start < chosen.length; start += MOST) {
    const some = chosen.slice(start, start + MOST);
    const fresh = some.map((file) => ({ file, name: file.name, same: "keep", state: "waiting" }));
    try {
      const { files: checked } = await post("check", body({ files: some.map((one) => [one.name, one.size]) }));
      const existing = [];
      fresh.forEach((item, place) => {
        const { name, exists, problem } = checked[place];
        item.name = name;
        if (problem) Object.assign(item, { state: "failed", note: problem });
        else if (exists) existing.push(item);
      });
      const same = await decide(existing);
      for (const item of existing) Object.assign(item, same ? { same } : { state: "canceled" });
    } catch (error) {
      for (const item of fresh) Object.assign(item, { state: "failed", note: error.message });
    }
    items.push(...fresh);
  }
  draw();
  send();
};

// Indexing

const settle = (item, outcome) => {
  if (outcome.state === "pending") return;
  if (outcome.state === "indexed") {
    const parts = [words().states.indexed, words().passages(outcome.passages)];
    if (outcome.inside) parts.push(words().inside(outcome.inside));
    item.note = [parts.join(" · "), ...outcome.reasons].join(". ");
    item.state = "indexed";
  } else {
    item.state = outcome.state === "gone" ? "canceled" : "failed";
    if (item.state === "failed") item.note = [words().states[outcome.state], ...outcome.reasons].join(": ");
  }
};

export const look = async () => {
  if (looking) return;
  looking = true;
  for (let tries = 0; tries < 3; ) {
    const pending = items.filter((item) => item.state === "pending").slice(0, MOST);
    try {
      const now = await post("progress", body({ names: pending.map((item) => item.name) }));
      tries = 0;
      for (const item of pending) {
        settle(item, now.outcomes[item.name]);
        if (now.phase === "failed" && item.state === "pending") Object.assign(item, { state: "failed", note: now.error });
      }
      indexing = now.running ? now : null;
      draw();
      if (!now.running && !items.some((item) => item.state === "pending")) break;
    } catch (error) {
      if (++tries === 3) for (const item of pending) Object.assign(item, { state: "failed", note: error.message });
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
  looking = false;
  indexing = null;
  draw();
  changed();
};

const cancel = async (some) => {
  const pending = some.filter((item) => item.state === "pending");
  for (const item of some) {
    if (item.state === "uploading") item.request.abort();
    else if (item.state === "waiting") item.state = "canceled";
  }
  draw();
  if (!pending.length) return;
  try {
    await post("cancel", body({ names: pending.map((item) => item.name) }));
  } catch (error) {
    for (const item of pending) item.note = error.message;
  }
  look();
};

// The place for choosing and dropping files, and below it what is being added.

const filesOf = async (entry) => {
  if (entry.isFile) return [await new Promise((resolve, fail) => entry.file(resolve, fail))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, fail) => reader.readEntries(resolve, fail));
    if (!some.length) return found;
    for (const inner of some) if (!inner.name.startsWith(".")) found.push(...(await filesOf(inner)));
  }
};

const dropped = async (transfer) => {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  return (await Promise.all(entries.map(filesOf))).flat();
};

const catchDrops = () => {
  const holds = (event) => event.dataTransfer?.types.includes("Files");
  const dropping = (on) => document.body.classList.toggle("dropping", on);
  document.addEventListener("dragover", (event) => {
    if (!holds(event)) return;
    event.preventDefault();
    dropping(true);
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) dropping(false);
  });
  document.addEventListener("drop", async (event) => {
    if (!holds(event)) return;
    event.preventDefault();
    dropping(false);
    add(await dropped(event.dataTransfer));
  });
};

export const adding = (collectionNow, onChange) => {
  collection = collectionNow;
  changed = onChange;
  const area = make("section", "", "adding");
  const input = make("input");
  input.type = "file";
  input.multiple = true;
  input.hidden = true;
  input.addEventListener("change", () => {
    add(input.files);
    input.value = "";
  });
  const choose = button(words().choose, "choose qa-button primary", () => input.click());
  area.append(choose, make("p", words().drop, "qa-soft"), input);
  const over = make("div", words().dropping, "over");
  over.setAttribute("aria-hidden", "true");
  catchDrops();
  window.addEventListener("beforeunload", (event) => {
    if (items.some((item) => ["waiting", "uploading"].includes(item.state))) event.preventDefault();
  });
  draw();
  return [area, panel, over];
};
