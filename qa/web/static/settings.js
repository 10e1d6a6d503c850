// The menu on top for the language and the colours. Both last, in a cookie: the server has to know
// them before the page begins.
import { ROOT, language, make } from "./base.js";

const WORDS = {
  es: {
    settings: "Idioma y apariencia",
    language: "Idioma",
    theme: "Apariencia",
    system: "Del sistema",
    light: "Clara",
    dark: "Oscura",
  },
  en: {
    settings: "Language and appearance",
    language: "Language",
    theme: "Appearance",
    system: "System",
    light: "Light",
    dark: "Dark",
  },
};
const LANGUAGES = { es: "Español", en: "English" };
const YEAR = 365 * 24 * 3600;

const root = document.documentElement;

const keep = (name, value) => {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  const age = value ? YEAR : 0;
  document.cookie = `${name}=${value}; Path=${ROOT.pathname}; Max-Age=${age}; SameSite=Lax${secure}`;
};

const speak = (chosen) => {
  keep("qa_language", chosen);
  if (chosen !== language()) location.reload();
};

const colour = (chosen) => {
  keep("qa_theme", chosen === "system" ? "" : chosen);
  if (chosen === "system") delete root.dataset.theme;
  else root.dataset.theme = chosen;
};

const group = (name, choices, current, choose) => {
  const element = make("div", "", "group");
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", name);
  element.append(make("p", name, "qa-soft"));
  const row = make("div", "", "qa-chips");
  for (const [value, text] of Object.entries(choices)) {
    const button = make("button", text, "qa-chip");
    button.type = "button";
    if (choices === LANGUAGES) button.lang = value;
    button.setAttribute("aria-pressed", value === current());
    button.addEventListener("click", () => {
      choose(value);
      for (const one of row.children) one.setAttribute("aria-pressed", one === button);
    });
    row.append(button);
  }
  element.append(row);
  return element;
};

const menu = () => {
  const words = WORDS[language()];
  const { system, light, dark } = words;
  const element = make("details", "", "qa-menu");
  const summary = make("summary", "", "qa-button quiet");
  const code = language().toUpperCase();
  summary.setAttribute("aria-label", `${code} · ${words.settings}`);
  summary.title = words.settings;
  summary.append(make("span", code), make("span", "", "half"));
  const panel = make("div", "", "qa-panel");
  panel.append(
    group(words.language, LANGUAGES, language, speak),
    group(words.theme, { system, light, dark }, () => root.dataset.theme ?? "system", colour),
  );
  element.append(summary, panel);
  return element;
};

// Any menu closes with Escape, and with a click or a focus elsewhere.
const shut = (event) => {
  for (const open of document.querySelectorAll("details.qa-menu[open]")) {
    const inside = open.contains(event.target);
    const escapes = event.type === "keydown";
    if (escapes || !inside) open.open = false;
    if (escapes && inside) {
      open.querySelector("summary").focus();
      event.stopImmediatePropagation(); // it closes nothing else
    }
  }
};
document.addEventListener("click", shut);
document.addEventListener("focusin", shut);
document.addEventListener("keydown", (event) => event.key === "Escape" && shut(event));

// Gradio draws the empty place for it some time after this script has run.
export const addSettings = () => {
  const place = document.getElementById("settings");
  if (place && !place.querySelector(".qa-menu")) place.append(menu());
};
