// Clocks that run: <time datetime="…" data-count="up|down|due|minutes">. Words come from the server; only figures change here.
"use strict";
(() => {
  const made = document.querySelector("meta[name=made-at]");
  // The page says when it was made, so that a wrong clock on a tablet does not move a due time.
  const skew = made ? Date.parse(made.content) - Date.now() : 0;
  const hour = 60; // minutes: further away, the server's words stay true enough

  function running(milliseconds) {
    const seconds = Math.max(0, Math.floor(milliseconds / 1000));
    const two = (number) => String(number).padStart(2, "0");
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  }

  function due(clock, milliseconds) {
    const minutes = Math.floor(Math.abs(milliseconds) / 60000);
    if (minutes >= hour) {
      return clock.textContent;
    }
    const state = clock.closest(".state");
    const late = milliseconds <= 0;
    state?.classList.toggle("state-look", late);
    state?.classList.toggle("state-due", !late);
    state?.querySelector("use")?.setAttribute("href", late ? "#i-look" : "#i-due");
    const words = minutes < 1 ? clock.dataset.now : late ? clock.dataset.late : clock.dataset.ahead;
    return words.replace("{}", minutes);
  }

  function tick() {
    const now = Date.now() + skew;
    for (const clock of document.querySelectorAll("time[data-count]")) {
      const left = Date.parse(clock.dateTime) - now;
      const minutes = () => String(Math.max(0, Math.floor(-left / 60000)));
      const text = { up: () => running(-left), down: () => running(left), minutes, due: () => due(clock, left) };
      const words = text[clock.dataset.count]();
      if (clock.textContent !== words) {
        clock.textContent = words;
      }
    }
  }

  tick();
  setInterval(tick, 1000);
})();
