// The modified Aldrete: its total while the rows are tapped. It stands only when every row has its value.
"use strict";
(() => {
  const add = (form) => {
    const rows = [...form.querySelectorAll(".score-rows fieldset")];
    const ticked = rows.map((row) => row.querySelector("input:checked")).filter(Boolean);
    const sum = ticked.reduce((total, input) => total + Number(input.value), 0);
    form.querySelector("[data-score-sum]").textContent = ticked.length === rows.length ? String(sum) : "–";
    form.querySelector("[data-score-total]").hidden = false;
  };

  const show = () => document.querySelectorAll("[data-score]").forEach(add);

  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("[data-score]");
    if (form) add(form);
  });
  document.addEventListener("firstlight:swapped", show);
  show();
})();
