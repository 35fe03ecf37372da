// The clinic on a narrow screen: one row of tabs with the current one in sight, one row of actions with the rest folded.
"use strict";
(() => {
  const narrow = matchMedia("(max-width: 56rem)"); // as in clinic.css
  const oneRow = 72; // pixels

  for (const tabs of document.querySelectorAll(".tabs")) {
    const row = tabs.querySelector("ul");
    const cue = () => {
      const gone = Math.abs(row.scrollLeft);
      tabs.toggleAttribute("data-before", gone > 1);
      tabs.toggleAttribute("data-after", gone + row.clientWidth < row.scrollWidth - 1);
    };
    const current = row.querySelector("[aria-current]")?.getBoundingClientRect();
    if (current) {
      const frame = row.getBoundingClientRect();
      row.scrollLeft += current.left + current.width / 2 - frame.left - frame.width / 2;
    }
    row.addEventListener("scroll", cue, { passive: true });
    new ResizeObserver(cue).observe(row);
  }

  const bar = document.querySelector(".action-bar[data-more]");
  if (!bar) {
    return;
  }
  const actions = [...bar.children];
  const more = document.createElement("details");
  const rest = document.createElement("div");
  const summary = document.createElement("summary");
  more.className = "more";
  summary.className = "button";
  summary.textContent = bar.dataset.more;
  more.append(summary, rest);

  let arrangedFor = 0;
  function arrange() {
    if (arrangedFor === innerWidth) {
      return; // a keyboard that slides in changes the height only
    }
    arrangedFor = innerWidth;
    more.remove();
    bar.append(...actions);
    if (narrow.matches && actions.length > 1 && bar.offsetHeight > oneRow) {
      const first = actions.find((one) => one.matches(".main")) ?? actions[0];
      rest.append(...actions.filter((one) => one !== first));
      bar.append(more);
    }
  }
  arrange();
  addEventListener("resize", arrange);

  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && more.open) {
      more.open = false;
      summary.focus();
    }
  });
  addEventListener("click", (event) => {
    if (!more.contains(event.target)) {
      more.open = false;
    }
  });
})();
