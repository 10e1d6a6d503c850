// The page of documents: the list, its filters, a document to read, and taking one out.
import { ROOT, heading, language, make } from "./base.js";
import { ask, button, dialog, post, request, words } from "./library.js";
import { addSettings } from "./settings.js";
import { adding, look } from "./uploads.js";

const STATES = ["indexed", "changed", "gone", "no_text", "failed", "skipped"];
const COLUMNS = ["name", "state", "date", "size"];
const FILTERS = ["q", "folder", "state", "since", "until", "sort", "descending", "offset", "collection"];
const TYPING = 250; // milliseconds without a key, after which it is searched

const wanted = Object.fromEntries(
  FILTERS.map((name) => [name, new URLSearchParams(location.search).get(name) ?? ""]),
);
let asked = 0; // only the latest answer is shown
let fields = {};
let view = {}; // the parts of the page that change

const bytes = (size) => {
  const units = ["B", "kB", "MB", "GB"];
  let place = 0;
  while (size >= 1000 && place < 3) {
    size /= 1000;
    place += 1;
  }
  return `${size.toLocaleString(language(), { maximumFractionDigits: size < 10 && place ? 1 : 0 })} ${units[place]}`;
};

const day = (date) =>
  new Date(`${date}T12:00:00`).toLocaleDateString(language(), { day: "numeric", month: "short", year: "numeric" });

const query = (more) => {
  const asking = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...wanted, ...more })) if (value) asking.set(name, value);
  return asking;
};

const folderName = (folder) => folder.replace(/^@added/, words().added);

// One row

const asking = (entry) => {
  const link = make("a", words().only, "only qa-link");
  const address = new URLSearchParams({ in: entry.id });
  if (wanted.collection) address.set("collection", wanted.collection);
  link.href = `${ROOT}?${address}`;
  link.setAttribute("aria-label", `${words().only}: ${entry.title ?? entry.name}`);
  return link;
};

const named = (entry) => {
  const cell = make("td", "", "name");
  const title = entry.title ?? entry.name;
  if (entry.id) {
    const opener = button(title, "open", () => read(entry));
    opener.title = entry.name;
    cell.append(opener);
  } else cell.append(make("span", title, "closed"));
  const where = [entry.title && entry.name, folderName(entry.folder)].filter(Boolean).join(" · ");
  if (where) cell.append(make("small", where));
  return cell;
};

const stated = (entry) => {
  const cell = make("td", "", "state");
  cell.append(make("span", words().states[entry.state], `badge ${entry.state}`));
  const counts = [];
  if (entry.id) counts.push(words().passages(entry.passages));
  if (entry.inside) counts.push(words().inside(entry.inside));
  if (counts.length) cell.append(" ", make("span", counts.join(" · "), "counts"));
  for (const reason of entry.reasons) cell.append(make("small", reason));
  return cell;
};

const row = (entry, changeable) => {
  const line = make("tr");
  const date = make("td", entry.day ? day(entry.day) : "", "date");
  if (entry.day && !entry.date) date.append(make("small", words().ofFile));
  const acts = make("td", "", "acts");
  if (entry.id) acts.append(asking(entry));
  if (changeable && entry.key) {
    const out = button(words().remove, "qa-button quiet", () => remove(entry));
    out.setAttribute("aria-label", `${words().remove}: ${entry.title ?? entry.name}`);
    acts.append(out);
  }
  line.append(named(entry), stated(entry), date, make("td", entry.size === null ? "" : bytes(entry.size), "size"), acts);
  return line;
};

// The list

const header = () => {
  const line = make("tr");
  for (const column of COLUMNS) {
    const cell = make("th");
    cell.scope = "col";
    const sorted = (wanted.sort || "name") === column;
    if (sorted) cell.setAttribute("aria-sort", wanted.descending ? "descending" : "ascending");
    cell.append(
      button(words()[column], "sort", () => {
        wanted.descending = sorted && !wanted.descending ? "true" : "";
        wanted.sort = column;
        show({ offset: "" }).then(() => view.table.querySelectorAll(".sort")[COLUMNS.indexOf(column)]?.focus());
      }),
    );
    line.append(cell);
  }
  const acts = make("th");
  acts.scope = "col";
  acts.append(make("span", words().actions, "qa-hidden"));
  line.append(acts);
  return line;
};

const pager = ({ offset, step, total }) => {
  const turn = (label, to) => {
    const turner = button(label, "qa-button quiet", async () => {
      await show({ offset: to ? String(to) : "" });
      view.count.scrollIntoView({ block: "start" });
    });
    turner.disabled = to < 0 || to >= total;
    return turner;
  };
  if (total <= step) return [];
  const range = make("span", words().range(offset + 1, Math.min(offset + step, total), total));
  return [turn(words().previous, offset - step), range, turn(words().next, offset + step)];
};

const options = (select, choices, chosen) => {
  select.replaceChildren(
    ...choices.map(([value, label]) => {
      const option = make("option", label);
      option.value = value;
      option.selected = value === chosen;
      return option;
    }),
  );
};

const choosers = ({ folders, states, collections, collection }) => {
  const every = folders.includes(wanted.folder) || !wanted.folder ? folders : [wanted.folder, ...folders];
  options(fields.folder, [["", words().anyFolder], ...every.map((one) => [one, folderName(one)])], wanted.folder);
  const count = (state) => (states[state] && state !== "indexed" ? ` (${states[state]})` : "");
  options(
    fields.state,
    [["", words().anyState], ...STATES.map((one) => [one, words().states[one] + count(one)])],
    wanted.state,
  );
  wanted.collection = collection === collections[0] ? "" : collection; // the first needs no name
  fields.collection.parentElement.hidden = collections.length === 1;
  options(fields.collection, collections.map((one) => [one, one]), collection);
  view.back.href = wanted.collection ? `${ROOT}?${new URLSearchParams({ collection })}` : ROOT.href;
};

const show = async (more = {}) => {
  Object.assign(wanted, more);
  const mine = ++asked;
  history.replaceState(null, "", `?${query()}`.replace(/^\?$/, location.pathname));
  let found;
  try {
    found = await request(`list?${query({ lang: language() })}`);
  } catch (error) {
    if (mine === asked) view.count.textContent = error.message;
    return;
  }
  if (mine !== asked) return;
  choosers(found);
  const filtered = ["q", "folder", "state", "since", "until"].some((name) => wanted[name]);
  view.clear.hidden = !filtered;
  view.count.textContent = filtered
    ? words().of(found.total, found.whole)
    : words().files(found.whole);
  const rows = make("tbody");
  rows.append(...found.entries.map((entry) => row(entry, found.changeable)));
  const head = make("thead");
  head.append(header());
  view.table.replaceChildren(head, rows);
  view.table.hidden = !found.total;
  view.none.textContent = found.total ? "" : filtered ? words().none : words().empty;
  view.pager.replaceChildren(...pager(found));
  if (found.changeable && !view.adding.firstChild) {
    view.adding.append(...adding(() => wanted.collection, () => show()));
  }
  if (found.changeable && found.running) look();
};

// A document to read

// Of a Markdown file: a heading without its signs, a table's row as its cells.
const shown = (text, title) => {
  if (heading(text)) return heading(text) === title ? [] : [make("p", heading(text), "head")];
  if (!/^\|.*\|$/.test(text)) return [make("p", text)];
  if (/^[|:\s-]+$/.test(text)) return []; // the line under a table's header
  return [make("p", text.split("|").map((cell) => cell.trim()).filter(Boolean).join(" · "))];
};

const read = (entry) =>
  dialog(entry.title ?? entry.name, "reading", (box, end) => {
    const text = make("div", "", "text");
    text.tabIndex = 0;
    text.setAttribute("role", "region");
    text.setAttribute("aria-label", entry.title ?? entry.name);
    let page = null;
    const bring = async (offset) => {
      text.querySelector(".more")?.remove();
      try {
        const asking = query({ id: entry.id, offset: String(offset), collection: wanted.collection });
        const part = await request(`text?${asking}`);
        for (const paragraph of part.paragraphs) {
          if (paragraph.page && paragraph.page !== page) text.append(make("h3", `${words().page} ${paragraph.page}`));
          page = paragraph.page;
          text.append(...shown(paragraph.text, entry.title));
        }
        if (part.next !== null) text.append(button(words().more, "more qa-button", () => bring(part.next)));
      } catch (error) {
        text.append(make("p", error.message));
      }
    };
    const foot = make("div", "", "buttons");
    const close = button(words().close, "qa-button", () => end(null));
    close.autofocus = true;
    foot.append(asking(entry), close);
    box.append(text, foot);
    bring(0);
  });

// Taking one out

const remove = async (entry) => {
  const title = entry.title ?? entry.name;
  let what = words().removeFolder;
  if (!entry.id) what = words().removeFile;
  else if (entry.container) what = words().removeInside(entry.container);
  else if (entry.uploaded) what = words().removeAdded;
  else if (entry.size === null) what = words().removeProgram;
  const sure = await ask(words().removeTitle(title), [what], [
    [words().cancel, false, ""],
    [words().remove, true, "danger"],
  ]);
  if (!sure) return;
  try {
    await post("remove", { collection: wanted.collection, keys: [entry.key] });
    await show();
    view.said.textContent = words().removed(title);
  } catch (error) {
    await ask(error.message, [], [[words().close, null, "primary"]]);
  }
  view.count.focus();
};

// The page

const field = (name, label, element) => {
  const whole = make("label", label, `qa-field ${name}`);
  whole.append(element);
  fields[name] = element;
  const change = () => show({ [name]: element.value, offset: "" });
  if (name === "q") {
    element.placeholder = words().phrase;
    let typing;
    element.addEventListener("input", () => {
      clearTimeout(typing);
      typing = setTimeout(change, TYPING);
    });
  } else element.addEventListener("change", change);
  return whole;
};

const input = (type, value) => {
  const element = make("input");
  element.type = type;
  element.value = value;
  return element;
};

const filters = () => {
  const bar = make("form", "", "filters");
  bar.setAttribute("role", "search");
  bar.addEventListener("submit", (event) => event.preventDefault());
  const search = input("search", wanted.q);
  bar.append(
    field("q", words().search, search),
    field("folder", words().folder, make("select")),
    field("state", words().state, make("select")),
    field("since", words().since, input("date", wanted.since)),
    field("until", words().until, input("date", wanted.until)),
  );
  view.clear = button(words().clear, "qa-button quiet", () => {
    for (const name of ["q", "since", "until"]) fields[name].value = "";
    show({ q: "", folder: "", state: "", since: "", until: "", offset: "" });
    fields.q.focus();
  });
  bar.append(view.clear);
  return bar;
};

const build = () => {
  document.title = words().title;
  const top = make("header");
  const collection = make("select");
  view.back = make("a", words().back, "back qa-button");
  view.back.href = ROOT.href;
  const chooser = field("collection", words().collection, collection);
  collection.addEventListener("change", () => show({ folder: "", offset: "" }));
  const settings = make("div");
  settings.id = "settings";
  top.append(make("h1", words().title), chooser, view.back, settings);
  view.adding = make("div");
  view.count = make("p", "", "count qa-soft");
  view.count.tabIndex = -1;
  view.count.setAttribute("role", "status");
  view.said = make("p", "", "said qa-note");
  view.said.setAttribute("role", "status");
  view.table = make("table");
  view.none = make("p", "", "none");
  view.pager = make("nav", "", "pager");
  view.pager.setAttribute("aria-label", words().title);
  document.querySelector("main").append(
    top, view.adding, filters(), view.count, view.said, view.table, view.none, view.pager,
  );
};

build();
addSettings();
show();
