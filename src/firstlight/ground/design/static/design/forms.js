// Forms: one submission at a time, a word after 400 ms, steppers, and the focus on what was refused.
"use strict";
(() => {
  const patience = 400; // milliseconds before "Saving" is worth reading

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent !== undefined) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "";
    const button = event.submitter;
    const words = button?.dataset.saving;
    if (words) {
      setTimeout(() => {
        const text = button.querySelector("span") ?? button;
        text.textContent = words;
      }, patience);
    }
  });

  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
    }
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form) {
      delete form.dataset.sent;
    }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) {
      return;
    }
    const stepper = button.closest("[data-stepper]");
    const input = stepper.querySelector("input");
    const [low, high] = [Number(input.dataset.min ?? -Infinity), Number(input.dataset.max ?? Infinity)];
    // An empty field begins at the value that stands beside it; where none does, it is typed.
    const begin = input.value || (input.dataset.last ?? input.dataset.start ?? (input.dataset.min ? "" : "0"));
    if (begin === "") {
      input.focus();
      return;
    }
    const next = Number(begin) + Number(button.dataset.step) * Number(stepper.dataset.stepper);
    input.value = String(Math.min(high, Math.max(low, next)));
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });

  document.querySelector("[data-errors]")?.focus();

  const back = document.querySelector("[data-go-back]");
  if (back && history.length > 1) {
    back.hidden = false;
    back.addEventListener("click", () => history.back());
  }

  // The page of a refused form was made by sending it: on the way back a browser would ask to send it once more.
  // In the history its place is taken by the page on which the form stands.
  if (performance.getEntriesByType("navigation")[0]?.responseStatus === 422) {
    const from = document.referrer.startsWith(`${location.origin}/`) ? document.referrer : location.href;
    const same = new URL(from).pathname === location.pathname;
    history.replaceState(history.state, "", same ? location.href : from);
  }
})();
