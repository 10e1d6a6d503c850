// The list of documents to search in closes when one is chosen with the mouse: it covers the box in
// which the question is written then.
import { toBox } from "./conversation.js";

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("#scope [role=option]")) return;
  document.activeElement?.blur();
  toBox();
});
