// The fold with the dates says whether it is open; Gradio's does not.
const tell = (event) => {
  const button = event.target.closest?.("#dates > button");
  if (!button) return;
  requestAnimationFrame(() =>
    button.setAttribute("aria-expanded", String(button.classList.contains("open"))),
  );
};

document.addEventListener("focusin", tell);
document.addEventListener("click", tell);
