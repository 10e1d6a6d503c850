// What Gradio says by itself, in the language of the page.
import { language } from "./base.js";

const LOST = "Connection to the server was lost. Attempting reconnection...";
const BUSY = "This application is currently busy. Please try again.";
const FAILED = ["An error occurred.", "An Unexpected Error Occurred!", "Connection errored out."];

const WORDS = {
  es: {
    lost: "Se perdió la conexión con el servidor. Se intenta de nuevo; lo que escribiste se queda.",
    busy: "El servidor está ocupado: vuelve a intentarlo en un momento.",
    failed: "Algo falló al responder; vuelve a intentarlo.",
    close: "Cerrar",
    Error: "Error",
    Warning: "Aviso",
    Info: "Información",
    Success: "Hecho",
  },
  en: {
    lost: "The connection to the server was lost. Trying again; what you wrote stays.",
    busy: "The server is busy: try again in a moment.",
    failed: "Something failed while answering; please try again.",
    close: "Close",
    Error: "Error",
    Warning: "Warning",
    Info: "Information",
    Success: "Done",
  },
};

const said = (text) => {
  const words = WORDS[language()];
  if (text === LOST) return words.lost;
  if (text === BUSY) return words.busy;
  if (FAILED.includes(text)) return words.failed;
  return words[text];
};

export const translate = () => {
  for (const toast of document.querySelectorAll("[data-testid='toast-body']")) {
    const walker = document.createTreeWalker(toast, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = said(walker.currentNode.data.trim());
      if (text && text !== walker.currentNode.data) walker.currentNode.data = text;
    }
    const { close } = WORDS[language()];
    toast.querySelector("[data-testid='toast-close']")?.setAttribute("aria-label", close);
  }
};
