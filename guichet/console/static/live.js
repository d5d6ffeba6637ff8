// Regions that follow by themselves: <section data-live="/address" id="…"> is written anew when the server says so.
function renew(region, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  const focused = region.contains(document.activeElement) ? document.activeElement : null;
  const own = focused && (focused.id || focused.dataset.key);
  region.replaceChildren(...fresh.childNodes);
  if (own) {
    const again = region.querySelector(`#${CSS.escape(own)}, [data-key="${CSS.escape(own)}"]`);
    (again || region).focus();
  }
  region.dispatchEvent(new CustomEvent("renewed", { bubbles: true }));
}

for (const region of document.querySelectorAll("[data-live]")) {
  const lost = document.getElementById("lost");
  const source = new EventSource(region.dataset.live);
  source.addEventListener("state", (event) => renew(region, JSON.parse(event.data)));
  source.addEventListener("leave", (event) => location.assign(JSON.parse(event.data)));
  source.addEventListener("open", () => { if (lost) lost.hidden = true; });
  source.addEventListener("error", () => {
    if (lost) lost.hidden = false;
    // The session may be over: the page itself then leads to where one signs in.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
  });
}
