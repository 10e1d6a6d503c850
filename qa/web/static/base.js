// What the scripts of the page share. Whatever comes from a document or from a person goes into the
// page as text (textContent), never as markup.

// The page may stand under a path of its own behind a proxy.
export const ROOT = new URL("../../", import.meta.url);

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

// The words of a Markdown file's heading, without its signs; of other text nothing.
export const heading = (text) => text.match(/^#{1,6}\s+(\S.*)$/)?.[1];

// Puts text where it can be pasted from; whether it could. On plain http a browser offers no
// clipboard but to a selection.
export const copyText = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const holder = make("textarea");
    const before = document.activeElement;
    holder.value = text;
    holder.readOnly = true; // no keyboard comes up on a phone
    holder.setAttribute("aria-hidden", "true");
    holder.style.cssText = "position: fixed; top: 0; opacity: 0";
    document.body.append(holder);
    holder.select();
    const copied = document.execCommand("copy");
    holder.remove();
    before?.focus({ preventScroll: true });
    return copied;
  }
};
