// A citation's page as a picture, with the quoted words boxed; its file; a link to it.
import { ROOT, copyText, language, make } from "./base.js";

const WORDS = {
  es: {
    show: "Cómo se muestra",
    page: "Página",
    text: "Texto",
    link: "Copiar enlace",
    copied: "Copiado",
    uncopied: "Copia esta dirección",
    open: "Abrir original",
    download: "Descargar",
    container: "Descargar {name}",
    newTab: "se abre en otra pestaña",
    pages: "{page} de {pages}",
    before: "Página anterior",
    after: "Página siguiente",
    hits: "Cita {hit} de {hits}",
    beforeHit: "Cita anterior",
    afterHit: "Cita siguiente",
    larger: "Ampliar",
    smaller: "Reducir",
    fit: "Ajustar",
    picture: "Página {page} de {title}",
    sheet: "Página del documento",
    quote: "Palabras citadas",
    opening: "Abriendo la página…",
    searching: "Buscando las palabras en el escaneo…",
    unboxed: "Las palabras no se pudieron señalar en la página; están en «Texto».",
    partly: "Una parte de las palabras no se pudo señalar en la página; están en «Texto».",
    gone: "El archivo ya no está donde se leyó; aquí está su texto, como se leyó.",
    changed: "El archivo ha cambiado desde que se leyó; aquí está el texto de entonces.",
    locked: "El archivo tiene contraseña; aquí está su texto, como se leyó.",
    busy: "Muchas páginas se abren a la vez; aquí está el texto. Vuelve a intentarlo en «Página».",
    slow: "La página tarda demasiado en dibujarse; aquí está su texto.",
    unreadable: "La página no se puede mostrar como imagen; aquí está su texto.",
    lost: "No hay conexión con el servidor; aquí está el texto.",
  },
  en: {
    show: "How it is shown",
    page: "Page",
    text: "Text",
    link: "Copy link",
    copied: "Copied",
    uncopied: "Copy this address",
    open: "Open original",
    download: "Download",
    container: "Download {name}",
    newTab: "opens in a new tab",
    pages: "{page} of {pages}",
    before: "Previous page",
    after: "Next page",
    hits: "Citation {hit} of {hits}",
    beforeHit: "Previous citation",
    afterHit: "Next citation",
    larger: "Zoom in",
    smaller: "Zoom out",
    fit: "Fit",
    picture: "Page {page} of {title}",
    sheet: "Page of the document",
    quote: "Quoted words",
    opening: "Opening the page…",
    searching: "Looking for the words in the scan…",
    unboxed: "The words could not be marked on the page; they are under “Text”.",
    partly: "Some of the words could not be marked on the page; they are under “Text”.",
    gone: "The file is no longer where it was read; here is its text, as it was read.",
    changed: "The file has changed since it was read; here is the text of that time.",
    locked: "The file has a password; here is its text, as it was read.",
    busy: "Many pages are being opened at once; here is the text. Try again under “Page”.",
    slow: "The page takes too long to be drawn; here is its text.",
    unreadable: "The page cannot be shown as a picture; here is its text.",
    lost: "There is no connection to the server; here is the text.",
  },
};
const words = () => WORDS[language()];
const said = (name, values) =>
  words()[name].replace(/\{(\w+)\}/g, (_, key) => String(values[key]));

const ZOOMS = [1, 1.5, 2, 3];
const A4 = 1.414; // a page's height by its width, until it is known
const FOUND = 0.5; // of the letters of a quote: with fewer, none are boxed
const RETRIED = new Set(["busy", "lost"]); // what may go well the next time

let preferred = "page"; // what a person chose last, for the sources after it too

const button = (text, label, action) => {
  const element = make("button", text);
  element.type = "button";
  if (label) element.setAttribute("aria-label", label);
  element.addEventListener("click", action);
  return element;
};

const group = (name, ...children) => {
  const element = make("div", "", name);
  element.append(...children);
  return element;
};

const addressOf = (path, hash, values = {}) =>
  `${ROOT}${path}?${new URLSearchParams({ link: hash, ...values })}`;

const ask = async (address) => {
  let response;
  try {
    response = await fetch(address);
  } catch {
    return { reason: "lost" };
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  return { reason: answer.reason in words() ? answer.reason : "unreadable" };
};

const copyLink = (hash) => {
  const address = new URL(`c/${hash.slice("#cite-".length)}`, ROOT).href;
  const copying = button(words().link, "", async () => {
    if (!(await copyText(address))) {
      window.prompt(words().uncopied, address);
      return;
    }
    copying.textContent = words().copied;
    setTimeout(() => (copying.textContent = words().link), 1500);
  });
  copying.className = "copy-link";
  copying.setAttribute("aria-live", "polite");
  return copying;
};

const fileLink = (text, address) => {
  const element = make("a", text);
  element.href = address;
  element.target = "_blank";
  element.rel = "noopener";
  element.append(make("span", ` (${words().newTab})`, "qa-hidden"));
  return element;
};

const fileLinks = (hash, { file: { name, whole }, page }) => {
  const keep = addressOf("original", hash, { download: true });
  if (whole) return [fileLink(said("container", { name }), keep)];
  const download = fileLink(words().download, keep);
  if (!name.toLowerCase().endsWith(".pdf")) return [download];
  const address = addressOf("original", hash);
  return [fileLink(words().open, page ? `${address}#page=${page}` : address), download];
};

// The picture of one page at a time, with boxes over it.
class Sheet {
  constructor(hash, title, failed, others) {
    Object.assign(this, { hash, title, failed, others, number: 0, zoom: 0, view: null });
    this.element = make("div", "", "sheet");
    this.count = make("span", "", "count");
    this.count.setAttribute("aria-live", "polite");
    this.paper = make("div", "", "paper");
    this.image = make("img");
    this.image.addEventListener("load", () => this.loaded());
    this.image.addEventListener("error", () => this.broken());
    this.image.addEventListener("click", (event) => this.clicked(event));
    this.boxes = make("div", "", "boxes");
    this.boxes.setAttribute("aria-hidden", "true"); // their words are in the text
    this.paper.append(this.image, this.boxes);
    this.frame = group("frame", this.paper);
    this.frame.tabIndex = 0; // so that it scrolls by the keyboard
    this.frame.setAttribute("role", "group");
    this.frame.setAttribute("aria-label", words().sheet);
    this.ratio(A4);
    this.element.append(this.bar(), this.frame);
    this.element.addEventListener("cited", () => this.view && this.drawHits());
  }

  bar() {
    const step = (text, label, action) => button(text, label, action);
    this.before = step("‹", words().before, () => this.turn(this.number - 1));
    this.after = step("›", words().after, () => this.turn(this.number + 1));
    this.hit = make("span", "", "count");
    this.beforeHit = step("‹", words().beforeHit, () => this.toHit(-1));
    this.afterHit = step("›", words().afterHit, () => this.toHit(1));
    this.hits = group("hits", this.beforeHit, this.hit, this.afterHit);
    this.hits.hidden = true;
    this.smaller = step("−", words().smaller, () => this.setZoom(this.zoom - 1));
    this.fit = step(words().fit, "", () => this.setZoom(0));
    this.larger = step("+", words().larger, () => this.setZoom(this.zoom + 1));
    const pages = group("pages", this.before, this.count, this.after);
    return group("bar", pages, this.hits, group("zoom", this.smaller, this.fit, this.larger));
  }

  // What /view answers: boxes, and how many pages there are.
  set(view) {
    this.view = view;
    const marked = view.boxes.map((box) => box.page);
    this.marked = [...new Set(marked)].sort((a, b) => a - b);
    this.ratio(view.ratio);
    this.turn(this.marked[0] ?? view.page);
  }

  // Boxes that came later, as OCR's do.
  mark(boxes) {
    this.view.boxes = boxes;
    this.marked = [...new Set(boxes.map((box) => box.page))].sort((a, b) => a - b);
    if (boxes.length && !this.marked.includes(this.number)) this.turn(this.marked[0]);
    else this.draw();
  }

  turn(number) {
    if (number < 1 || number > this.view.pages) return;
    this.number = number;
    this.image.alt = said("picture", { page: number, title: this.title });
    this.load();
    this.draw();
  }

  load() {
    const shown = this.frame.clientWidth || 600;
    const pixels = Math.round(shown * ZOOMS[this.zoom] * Math.min(2, window.devicePixelRatio));
    const address = addressOf("page", this.hash, { number: this.number, pixels });
    if (this.image.getAttribute("src") === address) return;
    this.paper.classList.add("waiting");
    this.image.src = address;
  }

  loaded() {
    this.paper.classList.remove("waiting");
    this.ratio(this.image.naturalHeight / this.image.naturalWidth);
  }

  async broken() {
    const { reason } = await ask(this.image.src);
    this.failed(reason ?? "lost");
  }

  // Known before the picture comes, so that nothing jumps.
  ratio(ratio) {
    this.image.width = 1000;
    this.image.height = Math.round(1000 * ratio);
  }

  draw() {
    this.count.textContent = said("pages", { page: this.number, pages: this.view.pages });
    this.before.disabled = this.number <= 1;
    this.after.disabled = this.number >= this.view.pages;
    this.boxes.replaceChildren(
      ...this.view.boxes.filter((box) => box.page === this.number).map((box) => {
        const mark = make("span", "", box.kind);
        for (const side of ["left", "top", "width", "height"]) {
          mark.style[side] = `${100 * box[side]}%`;
        }
        return mark;
      }),
    );
    this.drawHits();
    this.drawZoom();
    this.toBox();
  }

  drawZoom() {
    this.paper.style.width = `${100 * ZOOMS[this.zoom]}%`;
    this.paper.classList.toggle("large", this.zoom > 0);
    this.smaller.disabled = this.zoom === 0;
    this.larger.disabled = this.zoom === ZOOMS.length - 1;
    this.fit.disabled = this.zoom === 0;
  }

  setZoom(zoom) {
    this.zoom = Math.max(0, Math.min(ZOOMS.length - 1, zoom));
    this.drawZoom();
    this.load();
    this.toBox();
  }

  // The page is made larger where it is clicked on, and small again.
  clicked({ offsetX, offsetY }) {
    const { width, height } = this.image.getBoundingClientRect();
    this.setZoom(this.zoom ? 0 : 2);
    if (!this.zoom) return;
    this.frame.scrollTo(
      (offsetX / width) * this.paper.clientWidth - this.frame.clientWidth / 2,
      (offsetY / height) * this.paper.clientHeight - this.frame.clientHeight / 2,
    );
  }

  toBox() {
    const { clientHeight, clientWidth } = this.frame;
    const quote = this.boxes.querySelector(".quote");
    const mark = this.boxes.querySelector(".answer") ?? quote;
    this.frame.scrollTop = mark ? mark.offsetTop - clientHeight / 3 : 0;
    if (!mark) return;
    // From the quote's left edge, where the words that answer are in sight then.
    const left = quote.offsetLeft - 16;
    const right = mark.offsetLeft + mark.offsetWidth;
    this.frame.scrollLeft = right < left + clientWidth ? left : right - clientWidth + 16;
  }

  // The answer's other citations of this document, and the pages over which this one goes.
  drawHits() {
    const { links, at } = this.others();
    const here = Math.max(0, this.marked.findLastIndex((page) => page <= this.number));
    const hit = at + here;
    const hits = links.length - 1 + Math.max(1, this.marked.length);
    this.hits.hidden = hits < 2;
    const text = said("hits", { hit: hit + 1, hits });
    // Whatever changes in the page asks for this again.
    if (this.hit.textContent !== text) this.hit.textContent = text;
    this.beforeHit.disabled = hit === 0;
    this.afterHit.disabled = hit === hits - 1;
  }

  toHit(step) {
    const { links, at, open } = this.others();
    const before = this.marked.filter((page) => page < this.number);
    const page = step < 0 ? before.at(-1) : this.marked.find((one) => one > this.number);
    if (page) this.turn(page);
    else if (links[at + step]) open(links[at + step]);
  }
}

// The tools for a source, and its page, beside `text`, the element with its text: what stands
// between the heading and the text. `others` gives the answer's citations of the same document now,
// where this one is among them, and what opens another one; "cited" says that there may be more.
export const viewer = (hash, source, text, others = () => ({ links: [], at: 0 })) => {
  const notice = make("p", "", "notice");
  notice.setAttribute("role", "status");
  const links = source.file ? fileLinks(hash, source) : [];
  const tools = group("tools", group("actions", copyLink(hash), ...links));
  if (!source.file?.pages) return [tools, notice];

  let began = false;
  const toggles = ["page", "text"].map((mode) =>
    button(words()[mode], "", () => {
      preferred = mode;
      show(mode);
    }),
  );
  const say = (name) => (notice.textContent = name ? words()[name] : "");
  const show = (mode) => {
    sheet.element.hidden = mode !== "page";
    text.hidden = mode === "page";
    toggles.forEach((one, at) => one.setAttribute("aria-pressed", (mode === "page") === (at === 0)));
    if (mode === "page") begin();
    text.dispatchEvent(new CustomEvent("shown", { bubbles: true }));
  };
  const fail = (reason) => {
    began = false;
    show("text");
    say(reason);
    if (reason === "gone" || reason === "changed") links.forEach((link) => link.remove());
    if (!RETRIED.has(reason)) toggle.remove();
  };
  const begin = async () => {
    if (began) {
      if (sheet.view) sheet.draw();
      return;
    }
    began = true;
    say("opening");
    const view = await ask(addressOf("view", hash));
    if (view.reason) return fail(view.reason);
    if (view.share < FOUND) view.boxes = [];
    sheet.set(view);
    if (!view.scan || view.share >= FOUND) return say(verdict(view));
    say("searching");
    const read = await ask(addressOf("view", hash, { ocr: true }));
    if (read.reason || read.share < FOUND) return say("unboxed");
    sheet.mark(read.boxes);
    say("");
  };
  const verdict = ({ share }) => (share < FOUND ? "unboxed" : share < 0.95 ? "partly" : "");
  const sheet = new Sheet(hash, source.title, fail, others);
  // Who cannot see the picture is read the words that it marks.
  const marked = [...text.querySelectorAll("mark")].map((mark) => mark.textContent);
  sheet.element.prepend(make("p", `${words().quote}: ${marked.join(" ")}`, "qa-hidden"));
  const toggle = group("toggle", ...toggles);
  toggle.setAttribute("role", "group");
  toggle.setAttribute("aria-label", words().show);
  tools.prepend(toggle);
  show(preferred);
  return [tools, notice, sheet.element];
};
