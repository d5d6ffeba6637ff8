// Clocks: data-until counts down, data-since counts up. The server has written where they stand.
const skew = Date.parse(document.querySelector("[data-now]")?.dataset.now || new Date().toISOString()) - Date.now();
const shown = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

function tick() {
  const now = Date.now() + skew;
  for (const one of document.querySelectorAll("[data-until], [data-since]")) {
    const { until, since } = one.dataset;
    const seconds = until ? (Date.parse(until) - now) / 1000 : (now - Date.parse(since)) / 1000;
    one.textContent = shown(Math.max(0, Math.round(seconds)));
  }
}
tick();
setInterval(tick, 1000);
document.addEventListener("renewed", tick);
