// A citation that was opened by its permanent link: its source, large.
import { ROOT, make } from "./base.js";
import { contents, sourceOf } from "./source.js";

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
