// What the parts of the documents page share: its words, its requests, and its dialogs.
import { ROOT, language, make } from "./base.js";

const WORDS = {
  es: {
    title: "Documentos",
    back: "Volver a preguntar",
    collection: "Colección",
    search: "Buscar por nombre, título o carpeta",
    phrase: "o «una frase exacta»",
    folder: "Carpeta",
    anyFolder: "Todas las carpetas",
    added: "Añadidos en esta página",
    state: "Estado",
    anyState: "Todos los estados",
    since: "Desde",
    until: "Hasta",
    clear: "Quitar filtros",
    name: "Documento",
    date: "Fecha",
    size: "Tamaño",
    actions: "Acciones",
    ofFile: "del archivo",
    states: {
      indexed: "Indexado",
      changed: "Cambió después de indexarse",
      gone: "Su archivo ya no está",
      no_text: "Sin texto",
      failed: "No se leyó",
      skipped: "No es un documento",
    },
    passages: (n) => (n === 1 ? "1 pasaje" : `${n.toLocaleString("es")} pasajes`),
    files: (n) => (n === 1 ? "1 archivo" : `${n.toLocaleString("es")} archivos`),
    of: (n, m) => `${n.toLocaleString("es")} de ${m.toLocaleString("es")}`,
    inside: (n) => (n === 1 ? "con 1 documento dentro" : `con ${n.toLocaleString("es")} documentos dentro`),
    range: (from, to, all) =>
      `${from.toLocaleString("es")}–${to.toLocaleString("es")} de ${all.toLocaleString("es")}`,
    previous: "Anteriores",
    next: "Siguientes",
    none: "Aquí no hay ningún documento así.",
    empty: "Todavía no hay documentos.",
    only: "Preguntar solo a este",
    remove: "Quitar",
    open: (title) => `Leer ${title}`,
    lost: "No se pudo preguntar al servidor; vuelve a intentarlo.",
    close: "Cerrar",
    more: "Seguir leyendo",
    page: "Página",
    add: "Añadir documentos",
    choose: "Elegir archivos",
    drop: "o suéltalos en la página: PDF, Word, Excel, correo, texto o un ZIP, de hasta 200 MB cada uno.",
    dropping: "Suelta los archivos para añadirlos",
    adding: "Añadiendo",
    done: "Añadidos",
    waiting: "En espera",
    uploading: "Subiendo",
    pending: "Subido; se está indexando",
    canceled: "Cancelado",
    locked: "Otro proceso escribe en el índice; se sigue en cuanto termine.",
    indexing: (files, of) => (of ? `Indexando: ${files} de ${of}` : "Indexando…"),
    cancel: "Cancelar",
    cancelAll: "Cancelar todo",
    skip: "No añadir",
    replace: "Reemplazar",
    keep: "Conservar los dos",
    sameOne: "Ya hay un archivo con este nombre",
    sameMany: "Ya hay archivos con estos nombres",
    sameHow: "Si conservas los dos, el nuevo lleva un número.",
    removeTitle: (title) => `¿Quitar «${title}»?`,
    removeAdded: "Se quita del índice, y su archivo, que se añadió en esta página, se borra.",
    removeFolder:
      "Se quita del índice. Su archivo se queda donde está, y el próximo qa index de su carpeta lo vuelve a añadir.",
    removeProgram: "Se quita del índice. Lo añadió un programa, que puede volver a añadirlo.",
    removeInside: (outer) => `Está dentro de ${outer}: se quita ese archivo entero, con todo lo que contiene.`,
    removeFile: "No está en el índice; su archivo, que se añadió en esta página, se borra.",
    removed: (title) => `«${title}» se ha quitado.`,
  },
  en: {
    title: "Documents",
    back: "Back to asking",
    collection: "Collection",
    search: "Search by name, title or folder",
    phrase: "or “an exact phrase”",
    folder: "Folder",
    anyFolder: "All folders",
    added: "Added on this page",
    state: "State",
    anyState: "All states",
    since: "From",
    until: "To",
    clear: "Clear filters",
    name: "Document",
    date: "Date",
    size: "Size",
    actions: "Actions",
    ofFile: "of the file",
    states: {
      indexed: "Indexed",
      changed: "Changed since it was indexed",
      gone: "Its file is gone",
      no_text: "No text",
      failed: "Not read",
      skipped: "Not a document",
    },
    passages: (n) => (n === 1 ? "1 passage" : `${n.toLocaleString("en")} passages`),
    files: (n) => (n === 1 ? "1 file" : `${n.toLocaleString("en")} files`),
    of: (n, m) => `${n.toLocaleString("en")} of ${m.toLocaleString("en")}`,
    inside: (n) => (n === 1 ? "with 1 document inside" : `with ${n.toLocaleString("en")} documents inside`),
    range: (from, to, all) =>
      `${from.toLocaleString("en")}–${to.toLocaleString("en")} of ${all.toLocaleString("en")}`,
    previous: "Previous",
    next: "Next",
    none: "There is no such document here.",
    empty: "There are no documents yet.",
    only: "Ask only this one",
    remove: "Remove",
    open: (title) => `Read ${title}`,
    lost: "The server could not be asked; please try again.",
    close: "Close",
    more: "Read on",
    page: "Page",
    add: "Add documents",
    choose: "Choose files",
    drop: "or drop them on the page: PDF, Word, Excel, mail, text or a ZIP, of up to 200 MB each.",
    dropping: "Drop the files to add them",
    adding: "Adding",
    done: "Added",
    waiting: "Waiting",
    uploading: "Uploading",
    pending: "Uploaded; being indexed",
    canceled: "Cancelled",
    locked: "Another process is writing to the index; this goes on as soon as it ends.",
    indexing: (files, of) => (of ? `Indexing: ${files} of ${of}` : "Indexing…"),
    cancel: "Cancel",
    cancelAll: "Cancel all",
    skip: "Do not add",
    replace: "Replace",
    keep: "Keep both",
    sameOne: "There is a file of this name already",
    sameMany: "There are files of these names already",
    sameHow: "If you keep both, the new one gets a number.",
    removeTitle: (title) => `Remove “${title}”?`,
    removeAdded: "It is removed from the index, and its file, which was added on this page, is deleted.",
    removeFolder:
      "It is removed from the index. Its file stays where it is, and the next qa index of its folder adds it again.",
    removeProgram: "It is removed from the index. A program added it, and may add it again.",
    removeInside: (outer) => `It is inside of ${outer}: that whole file is removed, with all that it holds.`,
    removeFile: "It is not in the index; its file, which was added on this page, is deleted.",
    removed: (title) => `“${title}” was removed.`,
  },
};
export const words = () => WORDS[language()];

// The answer of a route, as JSON; an error has the sentence that is to be shown.
export const request = async (name, options) => {
  let answer;
  let response;
  try {
    response = await fetch(`${ROOT}documents/${name}`, options);
    answer = await response.json();
  } catch {
    throw new Error(words().lost);
  }
  if (!response.ok) throw new Error(typeof answer.error === "string" ? answer.error : words().lost);
  return answer;
};

export const post = (name, body) =>
  request(name, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ lang: language(), ...body }),
  });

export const button = (label, name, act) => {
  const element = make("button", label, name);
  element.type = "button";
  element.addEventListener("click", act);
  return element;
};

// Shows a dialog; `fill` gets it and a function that closes it with a value, which is returned.
export const dialog = (title, name, fill) =>
  new Promise((resolve) => {
    const box = make("dialog", "", `qa-dialog ${name}`);
    const heading = make("h2", title, "qa-title");
    heading.id = "dialog-title";
    box.setAttribute("aria-labelledby", heading.id);
    box.append(heading);
    let result = null;
    const end = (value) => {
      result = value;
      box.close();
    };
    fill(box, end);
    box.addEventListener("close", () => {
      box.remove();
      resolve(result);
    });
    document.body.append(box);
    box.showModal();
  });

// A question with a few answers: [label, value, class]. The first answer has the focus; Escape is null.
export const ask = (title, texts, answers) =>
  dialog(title, "question", (box, end) => {
    box.append(...texts.map((text) => make("p", text, "qa-soft")));
    const row = make("div", "", "buttons");
    row.append(...answers.map(([label, value, name]) => button(label, `qa-button ${name}`, () => end(value))));
    box.append(row);
    row.firstChild.autofocus = true;
  });
