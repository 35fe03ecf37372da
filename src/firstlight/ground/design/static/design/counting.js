// Clocks that run: <time datetime="…" data-count="up|down|due">. Words come from the server; only figures change here.
"use strict";
(() => {
  const skew = serverSkew();

  // The page says when it was made, so that a wrong clock on a tablet does not move a due time.
  function serverSkew() {
    const made = document.querySelector("meta[name=made-at]");
    return made ? Date.parse(made.content) - Date.now() : 0;
  }

  function running(milliseconds) {
    const seconds = Math.max(0, Math.floor(milliseconds / 1000));
    const two = (number) => String(number).padStart(2, "0");
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  }

  function tick() {
    const now = Date.now() + skew;
    for (const clock of document.querySelectorAll("time[data-count]")) {
      const at = Date.parse(clock.dateTime);
      const text = { up: () => running(now - at), down: () => running(at - now) }[clock.dataset.count];
      if (text && clock.textContent !== text()) {
        clock.textContent = text();
      }
    }
  }

  tick();
  setInterval(tick, 1000);
})();
