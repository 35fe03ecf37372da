// Runs before the first paint: sets the chosen screen, so that no page flashes in the wrong one.
"use strict";
(() => {
  const root = document.documentElement;
  const themes = ["light", "dark", "dim"];

  function read(name) {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // storage is refused: follow the system
    }
  }

  function keep(name, value) {
    try {
      localStorage.setItem(name, value);
    } catch {
      return;
    }
  }

  function show(theme) {
    if (themes.includes(theme)) {
      root.dataset.theme = theme;
    } else {
      delete root.dataset.theme;
    }
    for (const button of document.querySelectorAll("[data-set-theme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.setTheme === (root.dataset.theme ?? "auto")));
    }
    for (const button of document.querySelectorAll("[data-toggle-dim]")) {
      button.setAttribute("aria-pressed", String(root.dataset.theme === "dim"));
    }
  }

  function choose(theme) {
    if (theme === "dim" && root.dataset.theme !== "dim") {
      keep("before-dim", root.dataset.theme ?? "auto");
    }
    keep("screen", theme);
    show(theme);
  }

  show(read("screen"));

  document.addEventListener("DOMContentLoaded", () => {
    for (const control of document.querySelectorAll("[data-theme-choice], [data-toggle-dim]")) {
      control.hidden = false;
    }
    show(root.dataset.theme);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-set-theme], [data-toggle-dim]");
    if (!button) {
      return;
    }
    choose(button.dataset.setTheme ?? (root.dataset.theme === "dim" ? read("before-dim") ?? "auto" : "dim"));
  });
})();
