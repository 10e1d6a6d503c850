// Runs before all else, and before anything is painted, so that the page begins in the language and
// the colours that were chosen. Not a module: those run too late.
(() => {
  const root = document.documentElement;

  // The server has decided; Gradio would go by the browser's languages.
  const { lang } = root;
  if (!navigator.language.startsWith(lang)) {
    Object.defineProperty(navigator, "language", { get: () => lang });
    Object.defineProperty(navigator, "languages", { get: () => [lang] });
  }

  // Gradio's dark colours are a class, which it sets by the system's colours: chosen ones go first.
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
    for (const element of [root, document.body]) element?.classList.toggle("dark", dark);
  };
  const watcher = new MutationObserver(paint);
  system.addEventListener("change", paint);
  watcher.observe(root, { attributes: true, attributeFilter: ["data-theme"] });
  new MutationObserver((_, begin) => {
    if (!document.body) return;
    begin.disconnect();
    watcher.observe(document.body, { attributes: true, attributeFilter: ["class"] });
    paint();
  }).observe(root, { childList: true });
  paint();
})();
