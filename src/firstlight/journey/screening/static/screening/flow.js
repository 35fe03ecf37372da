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
    waiting = { form, button, help: button?.hasAttribute("data-asks-help") };
    button?.setAttribute("aria-pressed", "true");
    if (waiting.help) {
      const tap = waiting;
      setTimeout(() => waiting === tap && reveal("help-at-once"), patience);
    }
  });

  document.addEventListener("htmx:sendError", () => {
    reveal("offline");
    if (waiting?.help) {
      reveal("help-at-once");
    }
  });

  // The sign-in had ended. After an answer that asks for help, help comes before signing in again.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const address = event.detail.xhr.getResponseHeader("HX-Redirect");
    if (address && waiting?.help) {
      event.preventDefault();
      part("signed-out").querySelector("a").href = address;
      reveal("signed-out");
      reveal("help-at-once");
      waiting = null;
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
