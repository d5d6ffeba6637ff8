// Nothing typed is lost: a form with data-draft is saved on the server while one types, and before it is sent. While
// the line is cut this tab keeps it, and the page stays where it is.
const QUIET = 600;
const AGAIN = 3000;
const PATIENCE = 8000;
const known = new WeakSet();

function keep(form) {
  const kept = `draft ${form.dataset.draft} ${form.id}`;
  const fields = () => [...form.elements].filter((one) => one.name && one.matches("textarea, input:not([type=hidden]), select"));
  const status = form.querySelector("[data-draft-status]");
  let waiting = 0;
  let isSaved = true;
  let isSending = false;

  const body = () => {
    const data = new URLSearchParams();
    data.set("form", form.elements.form.value);
    for (const field of fields()) data.set(field.name, field.value);
    return data;
  };
  const tell = (answer) => {
    for (const [name, text] of Object.entries(answer)) {
      const place = form.querySelector(`[data-told="${name}"]`);
      if (place) place.textContent = text;
    }
  };
  const save = async () => {
    clearTimeout(waiting);
    const sent = body();
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST", body: sent, headers: { Accept: "application/json" }, redirect: "error", signal: AbortSignal.timeout(PATIENCE),
      });
      if (!answer.ok) throw new Error(answer.status);
      tell(await answer.json());
      isSaved = String(sent) === String(body());
      if (isSaved) sessionStorage.removeItem(kept);
    } catch {
      if (status) status.textContent = status.dataset.lost;
      if (form.isConnected) waiting = setTimeout(save, AGAIN);
    }
    return isSaved;
  };
  form.addEventListener("input", () => {
    isSaved = false;
    sessionStorage.setItem(kept, JSON.stringify(Object.fromEntries(fields().map((one) => [one.name, one.value]))));
    clearTimeout(waiting);
    waiting = setTimeout(save, QUIET);
  });
  form.addEventListener("submit", async (event) => {
    if (isSaved) return;
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    const isReady = await save();
    isSending = false;
    if (isReady) form.requestSubmit(event.submitter);
  });
  addEventListener("pagehide", () => {
    if (!isSaved && form.isConnected) navigator.sendBeacon(form.dataset.draft, body());
  });

  const lost = JSON.parse(sessionStorage.getItem(kept) || "{}");
  for (const field of fields()) if (field.name in lost) field.value = lost[field.name];
  if (Object.keys(lost).length) {
    isSaved = false;
    save();
  }
}

function keepAll() {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    if (known.has(form)) continue;
    known.add(form);
    keep(form);
  }
}
keepAll();
document.addEventListener("renewed", keepAll);
