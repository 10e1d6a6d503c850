// On the line on top: the collection that is asked, which stands in the page's address.
import { ROOT, make } from "./base.js";
import { request, words } from "./library.js";

const chosen = new URLSearchParams(location.search).get("collection") ?? "";

// The address of a page that asks this collection; without a name it is the first one.
const addressOf = (page, name, first) =>
  name === first ? `${ROOT}${page}` : `${ROOT}${page}?${new URLSearchParams({ collection: name })}`;

const fill = async (place) => {
  let collections;
  try {
    ({ collections } = await request("collections"));
  } catch {
    delete place.dataset.filled; // once more after the page's next change
    return;
  }
  const [first] = collections;
  const select = make("select", "", "qa-input");
  select.setAttribute("aria-label", words().collection);
  const known = collections.includes(chosen || first);
  for (const name of known ? collections : ["", ...collections]) {
    const option = make("option", name);
    option.value = name;
    option.selected = known ? name === (chosen || first) : !name;
    select.append(option);
  }
  select.addEventListener("change", () => location.assign(addressOf("", select.value, first)));
  place.replaceChildren(select);
};

// Gradio draws the place some time after this script has run.
export const addChooser = () => {
  const place = document.getElementById("collection");
  if (place && !place.dataset.filled) {
    place.dataset.filled = "true";
    fill(place);
  }
  const library = document.getElementById("library");
  if (library && chosen) library.href = addressOf("documents", chosen, "");
};
