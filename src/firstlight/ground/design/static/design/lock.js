// A phone that was put down: after the minutes that its owner chose, the page is covered and the PIN is asked for.
"use strict";
(() => {
  const { lockUrl, lockAfter } = document.currentScript.dataset;
  const patience = Number(lockAfter) * 1000;
  let touched = Date.now();

  function lock() {
    document.documentElement.dataset.covered = "";
    const here = encodeURIComponent(location.pathname + location.search);
    location.replace(`${lockUrl}?next=${here}`);
  }

  // The clock is compared, not counted: a phone that sleeps stops its timers.
  function look() {
    if (Date.now() - touched >= patience) {
      lock();
    }
  }

  for (const kind of ["pointerdown", "keydown", "scroll"]) {
    addEventListener(kind, () => {
      look();
      touched = Date.now();
    }, { passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", look);
  setInterval(look, 1000);
})();
