// Leaving quickly: cover the screen at once, then go through our own address, which ends the session, to a neutral site.
"use strict";
(() => {
  const link = document.querySelector("[data-exit]");
  const within = 5000; // milliseconds for three presses of Shift
  let presses = [];

  function cover() {
    document.documentElement.dataset.covered = "";
    document.title = " ";
  }

  function leave() {
    cover();
    location.replace(link.href); // this page's place in the history is taken by the neutral one
  }

  if (link) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });

    document.addEventListener("keyup", (event) => {
      if (event.key !== "Shift") {
        presses = [];
        return;
      }
      presses = presses.filter((at) => event.timeStamp - at < within);
      presses.push(event.timeStamp);
      if (presses.length >= 3) {
        leave();
      }
    });
  }

  // Back from a stored copy: ask the server, which knows whether the session still stands.
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      cover();
      location.reload();
    }
  });
})();
