// Nothing typed is lost: a form with data-draft is saved on the server while one types, and when the page is left.
const QUIET = 600;

for (const form of document.querySelectorAll("form[data-draft]")) {
  const kept = `draft ${form.dataset.draft} ${form.id}`;
  const fields = () => [...form.elements].filter((one) => one.name && one.matches("textarea, input:not([type=hidden]), select"));
  const status = form.querySelector("[data-draft-status]");
  let waiting = 0;

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
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST", body: body(), headers: { Accept: "application/json" }, redirect: "error",
      });
      if (!answer.ok) throw new Error(answer.status);
      tell(await answer.json());
      sessionStorage.removeItem(kept);
    } catch {
      // The line is cut: this tab keeps it until the server has it.
      if (status) status.textContent = status.dataset.lost;
      waiting = setTimeout(save, 3000);
    }
  };
  form.addEventListener("input", () => {
    sessionStorage.setItem(kept, JSON.stringify(Object.fromEntries(fields().map((one) => [one.name, one.value]))));
    clearTimeout(waiting);
    waiting = setTimeout(save, QUIET);
  });
  form.addEventListener("submit", () => { clearTimeout(waiting); sessionStorage.removeItem(kept); });
  addEventListener("pagehide", () => {
    if (sessionStorage.getItem(kept)) navigator.sendBeacon(form.dataset.draft, body());
  });

  const lost = JSON.parse(sessionStorage.getItem(kept) || "{}");
  for (const field of fields()) if (field.name in lost) field.value = lost[field.name];
  if (Object.keys(lost).length) save();
}
