// Charting values: the last one is offered beside each field and is never filled in without a tap that says so.
"use strict";
(() => {
  const field = (value) => value.querySelector("input");

  const note = (value, same) => {
    const words = value.querySelector("[data-same-note]");
    if (words) words.hidden = !same;
  };

  const fill = (value) => {
    const input = field(value);
    input.value = input.dataset.last;
    note(value, true);
    input.dispatchEvent(new CustomEvent("firstlight:same", { bubbles: true }));
  };

  const show = (root) => {
    for (const button of root.querySelectorAll("[data-same], [data-same-rest]")) button.hidden = false;
    for (const rest of root.querySelectorAll("[data-same-rest]")) {
      rest.hidden = !rest.form.querySelector("input[data-last]");
    }
  };

  document.addEventListener("click", (event) => {
    const same = event.target.closest("[data-same]");
    if (same) fill(same.closest(".value"));
    const rest = event.target.closest("[data-same-rest]");
    if (rest) {
      for (const input of rest.form.querySelectorAll("input[data-last]")) {
        if (input.value === "") fill(input.closest(".value"));
      }
    }
  });

  // One Tab a value: what the buttons beside a field do, its keys do.
  document.addEventListener("keydown", (event) => {
    const value = event.target.closest?.(".value");
    if (!value || event.target !== field(value)) return;
    const step = { ArrowUp: "1", ArrowDown: "-1" }[event.key];
    if (step) value.querySelector(`[data-step="${step}"]`).click();
    else if (event.key === "=" && event.target.dataset.last) fill(value);
    else return;
    event.preventDefault();
  });

  document.addEventListener("input", (event) => {
    const value = event.target.closest?.(".value");
    if (value) note(value, false);
  });

  document.addEventListener("firstlight:swapped", () => show(document));
  show(document);
})();
