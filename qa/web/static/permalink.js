// A citation that was opened by its permanent link: its source, large.
import { ROOT, make } from "./base.js";
import { contents, sourceOf } from "./source.js";

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const paint = () => document.documentElement.classList.toggle("dark", dark.matches);
dark.addEventListener("change", paint);
paint();

const hash = `#cite-${window.location.pathname.slice(new URL("c/", ROOT).pathname.length)}`;
const panel = document.getElementById("source");
try {
  const source = await sourceOf(hash);
  panel.replaceChildren(...contents(hash, source, ""));
  document.title = `${source.title} · qa`;
  panel.querySelector("mark")?.scrollIntoView({ block: "center" });
} catch (error) {
  panel.replaceChildren(make("p", error.message));
}
