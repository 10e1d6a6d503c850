// What the scripts of the page share. Whatever comes from a document or from a person goes into the
// page as text (textContent), never as markup.

// The page may stand under a path of its own behind a proxy.
export const ROOT = new URL("../", import.meta.url);

// There is room for two columns.
export const WIDE = window.matchMedia("(min-width: 900px)");

export const language = () =>
  (document.documentElement.lang || navigator.language).startsWith("es") ? "es" : "en";

export const make = (tag, text, name) => {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  if (name) element.className = name;
  return element;
};
