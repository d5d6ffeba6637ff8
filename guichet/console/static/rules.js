// The draft of the rule book: saved and checked by the server while one types; flawed lines are marked in the margin.
const QUIET = 500;
const form = document.getElementById("draft");
const text = document.getElementById("text");
const gutter = document.getElementById("gutter");
const look = document.getElementById("look");
const status = document.getElementById("draft-status");
let waiting = 0;
let asked = 0;

function number(flawed) {
  const lines = text.value.split("\n").length;
  text.rows = lines + 1;
  while (gutter.children.length > lines) gutter.lastElementChild.remove();
  while (gutter.children.length < lines) {
    const line = document.createElement("li");
    line.id = `line-${gutter.children.length + 1}`;
    gutter.append(line);
  }
  if (flawed) [...gutter.children].forEach((line, at) => line.classList.toggle("flawed", flawed.has(at + 1)));
}

async function check() {
  const mine = ++asked;
  const body = new URLSearchParams({ form: form.elements.form.value, text: text.value });
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok) throw new Error(answer.status);
    const told = await answer.json();
    if (mine !== asked) return;
    look.replaceChildren(...new DOMParser().parseFromString(told.look, "text/html").body.childNodes);
    number(new Set(told.flaws));
    status.textContent = form.dataset.saved;
  } catch {
    status.textContent = form.dataset.lost;
    waiting = setTimeout(check, 3000);
  }
}

text.addEventListener("input", () => {
  number();
  status.textContent = "";
  clearTimeout(waiting);
  waiting = setTimeout(check, QUIET);
});

// To the place of a flaw: the cursor goes there.
look.addEventListener("click", (event) => {
  const link = event.target.closest("[data-line]");
  if (!link) return;
  event.preventDefault();
  const lines = text.value.split("\n");
  const at = lines.slice(0, link.dataset.line - 1).reduce((sum, line) => sum + line.length + 1, 0) + Number(link.dataset.column) - 1;
  text.focus();
  text.setSelectionRange(at, at);
  document.getElementById(`line-${link.dataset.line}`)?.scrollIntoView({ block: "center" });
});

// What is published or kept is what one sees, saved or not.
for (const name of ["publish", "keep"]) {
  document.getElementById(name).addEventListener("formdata", (event) => event.formData.set("text", text.value));
}

// What was typed before this script had come is looked at too.
if (text.value !== text.defaultValue) text.dispatchEvent(new Event("input"));
