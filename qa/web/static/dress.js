// What Gradio draws, finished: the menu on top, names and notices in the page's language, and what
// a screen reader says. Called after each change of the page.
import { announce } from "./announce.js";
import { addSettings } from "./settings.js";
import { translate } from "./toasts.js";

export const dress = () => {
  addSettings();
  announce();
  translate();
};
