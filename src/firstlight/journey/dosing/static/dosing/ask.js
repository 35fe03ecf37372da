// Our questions for this moment: a key chooses a number, and a tap on what is chosen takes it back, since nobody has to answer.
// Yes and no have no figure of their own: no slip of a digit may say yes to an urge.
"use strict";
(() => {
  let pressedOn = null;

  const row = (event) => event.target.closest?.("[data-ask-rows] fieldset");
  const changed = (input) => input.dispatchEvent(new Event("change", { bubbles: true }));

  const choose = (input) => {
    input.checked = true;
    input.focus();
    changed(input);
  };

  const clear = (input) => {
    input.checked = false;
    changed(input);
  };

  document.addEventListener("pointerdown", (event) => {
    pressedOn = row(event)?.querySelector("input:checked") ?? null;
  });

  document.addEventListener("click", (event) => {
    if (!event.target.matches?.("[data-ask-rows] input[type=radio]")) return;
    if (event.target === pressedOn) clear(pressedOn);
    pressedOn = null;
  });

  document.addEventListener("keydown", (event) => {
    const fieldset = row(event);
    if (!fieldset || event.ctrlKey || event.altKey || event.metaKey) return;
    const inputs = [...fieldset.querySelectorAll("input[type=radio]")];
    const key = { Home: "0", End: "10" }[event.key] ?? event.key;
    const chosen = inputs.find((input) => input.checked);
    const wanted = inputs.length > 2 && inputs.find((input) => input.value === key);
    if (wanted) choose(wanted);
    else if (chosen && (event.key === "Delete" || event.key === "Backspace")) clear(chosen);
    else return;
    event.preventDefault();
  });
})();
