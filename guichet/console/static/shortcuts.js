// Keys: every element with data-key can be reached by its keys, one after the other, while nobody is typing.
const SWITCH = "guichet-shortcuts";
const PATIENCE = 1200;
let typed = "";
let last = 0;

const isOn = () => localStorage.getItem(SWITCH) !== "off";
const isTyping = (at) => at.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

function act(element) {
  if (element.matches("input, textarea, select, details, section")) {
    if (element instanceof HTMLDetailsElement) element.open = true;
    element.focus();
    element.scrollIntoView({ block: "center" });
  } else {
    element.click();
  }
}

async function showHelp(link) {
  const page = new DOMParser().parseFromString(await (await fetch(link.href)).text(), "text/html");
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", page.querySelector("h1").textContent);
  dialog.append(...page.querySelector("main").children);
  const close = document.createElement("button");
  close.textContent = document.documentElement.lang === "fr" ? "Fermer" : "Close";
  close.addEventListener("click", () => dialog.close());
  dialog.append(close);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  offerSwitch(dialog);
  dialog.showModal();
}

function offerSwitch(within) {
  const form = within.querySelector("#shortcuts-switch");
  const box = within.querySelector("#shortcuts-on");
  if (!form || !box) return;
  form.hidden = false;
  box.checked = isOn();
  box.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isTyping(event.target)) return event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
  if (!isOn() || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const now = event.timeStamp;
  typed = now - last < PATIENCE && typed ? `${typed} ${event.key}` : event.key;
  last = now;
  for (const keys of [typed, event.key]) {
    const element = document.querySelector(`[data-key="${CSS.escape(keys)}"]:not([disabled])`);
    if (!element) continue;
    event.preventDefault();
    typed = "";
    return element.dataset.key === "?" ? showHelp(element) : act(element);
  }
});
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[data-key="?"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  showHelp(link);
});
offerSwitch(document);
