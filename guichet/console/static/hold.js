// Who works on a case keeps it: a sign of life goes to the server, once in two minutes at most, when something is done.
const page = document.querySelector("[data-hold]");
const APART = 120_000;
let told = Date.now();

function here() {
  if (Date.now() - told < APART) return;
  told = Date.now();
  const form = document.querySelector('input[name="form"]').value;
  fetch(page.dataset.hold, {
    method: "POST", body: new URLSearchParams({ form }), headers: { Accept: "application/json" }, redirect: "error",
  }).catch(() => { told = 0; });
}
for (const kind of ["keydown", "pointerdown", "scroll"]) addEventListener(kind, here, { passive: true });
