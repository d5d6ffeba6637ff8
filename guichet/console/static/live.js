// Regions that follow by themselves: <section data-live="/address" id="…"> is written anew when the server says so,
// with its parts elsewhere on the page: <template data-part="id">. What is typed, open or focused stays so.
const isTyped = (field) =>
  field.matches("select") ? [...field.options].some((one) => one.selected !== one.defaultSelected) : field.value !== field.defaultValue;

const written = new WeakMap();
const plain = (html) => html.replace(/\s+/g, " ").trim();

function write(region, fresh) {
  const shown = document.createElement("div");
  shown.append(...fresh);
  const html = shown.innerHTML;
  if (plain(written.get(region) ?? region.innerHTML) === plain(html)) return;
  const focused = region.contains(document.activeElement) ? document.activeElement : null;
  const own = focused && (focused.id || focused.dataset.key);
  const cursor = focused && typeof focused.selectionStart === "number" ? [focused.selectionStart, focused.selectionEnd] : null;
  const typed = [...region.querySelectorAll("input[id]:not([type=hidden]), textarea[id], select[id]")].filter(isTyped);
  const open = [...region.querySelectorAll("details")].map((one) => one.open);
  written.set(region, html);
  region.replaceChildren(...shown.childNodes);
  for (const field of typed) {
    const again = region.querySelector(`#${CSS.escape(field.id)}`);
    if (again) again.value = field.value;
  }
  region.querySelectorAll("details").forEach((one, at) => { one.open = open[at] ?? false; });
  if (own) {
    const again = region.querySelector(`#${CSS.escape(own)}, [data-key="${CSS.escape(own)}"]`);
    (again || region).focus({ preventScroll: true });
    if (again && cursor) again.setSelectionRange(...cursor);
  }
  region.dispatchEvent(new CustomEvent("renewed", { bubbles: true }));
}

function renew(region, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const part of fresh.querySelectorAll("template[data-part]")) {
    const place = document.getElementById(part.dataset.part);
    if (place) write(place, part.content.childNodes);
    part.remove();
  }
  write(region, fresh.body.childNodes);
}

// The stream was refused: the session is over, or the server is away. Once it answers, the page itself leads on.
async function returned() {
  try {
    const answer = await fetch(document.querySelector('a[data-key="?"]').href);
    if (answer.status < 500) return location.reload();
  } catch { /* still away */ }
  setTimeout(returned, 5000);
}

for (const region of document.querySelectorAll("[data-live]")) {
  const lost = document.getElementById("lost");
  const source = new EventSource(region.dataset.live);
  source.addEventListener("state", (event) => renew(region, JSON.parse(event.data)));
  source.addEventListener("leave", (event) => { source.close(); location.assign(JSON.parse(event.data)); });
  source.addEventListener("open", () => { if (lost) lost.hidden = true; });
  source.addEventListener("error", () => {
    if (lost) lost.hidden = false;
    if (source.readyState === EventSource.CLOSED) setTimeout(returned, 5000);
  });
}
