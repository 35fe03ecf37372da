// Moves the timeline by keys while the focus is in it. Each key is a link that stands there, so nothing else can happen.
"use strict";
(() => {
  const region = document.getElementById("timeline");
  if (!region) return;
  const SAME = { "=": "+", "_": "-" };

  // A drawing or a table that is wider than its frame keeps the arrows for itself.
  function scrolls(target) {
    const frame = target.closest(".figure-wide, .table-frame");
    return frame !== null && frame.scrollWidth > frame.clientWidth;
  }

  region.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    if (event.key.startsWith("Arrow") && scrolls(event.target)) return;
    const key = SAME[event.key] || event.key;
    const link = [...region.querySelectorAll("a[data-key]")].find((one) => one.dataset.key === key);
    if (!link) return;
    event.preventDefault();
    link.click();
  });

  // The link that was used may be gone from the next view: then the focus stays in the timeline.
  document.body.addEventListener("htmx:afterSettle", () => {
    if (document.activeElement === document.body) region.focus();
  });
})();
