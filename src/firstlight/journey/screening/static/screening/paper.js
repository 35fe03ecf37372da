// The grid of a paper form: the last digit moves on, arrows and Enter move, Backspace in an empty cell goes back.
"use strict";
(() => {
  const grid = document.querySelector("[data-grid]");
  if (!grid) {
    return;
  }
  const cells = [...grid.querySelectorAll(".cell")];
  const form = grid.closest("form");
  const after = form.elements.reason ?? document.querySelector("[data-last]");

  const possible = (cell) => {
    const boxes = form.elements.mode.value === "boxes";
    return (boxes ? cell.dataset.boxes : cell.dataset.scores).split(" ");
  };

  // What was typed may be the beginning of a longer number.
  const goesOn = (cell) => possible(cell).some((one) => one !== cell.value && one.startsWith(cell.value));

  const look = (cell, typing = false) => {
    const right = cell.value === "" || possible(cell).includes(cell.value);
    if (right || (typing && goesOn(cell))) {
      cell.removeAttribute("aria-invalid");
    } else {
      cell.setAttribute("aria-invalid", "true");
    }
    return right;
  };

  const go = (cell, by) => {
    const place = cells.indexOf(cell) + by;
    const next = place < cells.length ? cells[Math.max(0, place)] : after;
    next.focus();
    next.select?.();
  };

  grid.addEventListener("focusin", (event) => {
    if (event.target.matches(".cell")) {
      event.target.select();
    }
  });

  grid.addEventListener("input", (event) => {
    const cell = event.target;
    if (!cells.includes(cell)) {
      return;
    }
    cell.value = cell.value.trim();
    const right = look(cell, true);
    if (cell.value !== "" && goesOn(cell)) {
      return;
    }
    if (right && cell.value !== "") {
      go(cell, 1);
    } else {
      cell.select();
    }
  });

  grid.addEventListener("focusout", (event) => {
    if (cells.includes(event.target)) {
      look(event.target);
    }
  });

  grid.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (!cells.includes(cell)) {
      return;
    }
    const by = { ArrowDown: 1, ArrowRight: 1, Enter: 1, " ": 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (by) {
      event.preventDefault();
      go(cell, by);
    } else if (event.key === "Backspace" && cell.value === "") {
      event.preventDefault();
      go(cell, -1);
    }
  });

  document.getElementById("pass")?.scrollIntoView({ block: "start" });
  const day = form.elements.filled_in_date;
  if (!document.querySelector("[data-errors]")) {
    (grid.querySelector(".row-wrong input") ?? (day.value ? cells[0] : day)).focus();
  }

  form.addEventListener("change", (event) => {
    if (event.target.name === "mode") {
      cells.forEach((cell) => look(cell));
    }
  });
})();
