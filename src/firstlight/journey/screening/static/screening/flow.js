// The question flow when script runs: no flash between questions, and help in time even without a connection.
"use strict";
(() => {
  const patience = 700; // milliseconds before help shows while the answer is still on its way
  let waiting = null; // the tap that has not arrived yet

  function part(name) {
    return document.querySelector(`[data-${name}]`);
  }

  function reveal(name) {
    const block = part(name);
    if (block) {
      block.hidden = false;
      block.scrollIntoView({ block: "nearest" });
    }
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest?.("[data-answering]");
    if (!form) {
      return;
    }
    const button = event.detail.requestConfig?.triggeringEvent?.submitter;
    waiting = { form, button };
    button?.setAttribute("aria-pressed", "true");
    if (button?.hasAttribute("data-asks-help")) {
      const tap = waiting;
      setTimeout(() => waiting === tap && reveal("help-at-once"), patience);
    }
  });

  document.addEventListener("htmx:sendError", () => {
    reveal("offline");
    if (waiting?.button?.hasAttribute("data-asks-help")) {
      reveal("help-at-once");
    }
  });

  document.addEventListener("htmx:afterSwap", () => {
    waiting = null;
    document.getElementById("main")?.focus({ preventScroll: true });
  });

  addEventListener("online", () => {
    if (waiting?.form.isConnected) {
      delete waiting.form.dataset.sent;
      waiting.form.requestSubmit(waiting.button);
    }
  });
})();
