// One tap notes an event with its second. The line stands at once; a tap that could not be sent is sent again.
"use strict";
(() => {
  const form = document.querySelector("[data-marks]");
  const noted = document.querySelector("[data-noted]");
  if (!form || !noted) return;

  const AGAIN = 2000; // milliseconds until an unsent tap is tried again
  const made = document.querySelector("meta[name=made-at]");
  const skew = made ? Date.parse(made.content) - Date.now() : 0; // a wrong clock on a tablet moves no time
  const unsent = new Set();
  const two = (number) => String(number).padStart(2, "0");

  const line = (words, at) => {
    const entry = document.createElement("li");
    const time = document.createElement("span");
    const state = document.createElement("span");
    time.className = "number";
    state.className = "soft";
    time.textContent = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
    entry.append(time, ` ${words} `, state);
    noted.prepend(entry);
    return state;
  };

  const send = async (body, state) => {
    try {
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect" || answer.ok) {
        state.textContent = "";
        unsent.delete(body);
        return;
      }
      if (answer.status < 500) {
        state.textContent = noted.dataset.refused;
        return;
      }
    } catch {
      // no connection: said below, tried again
    }
    state.textContent = noted.dataset.unsent;
    unsent.add(body);
    setTimeout(send, AGAIN, body, state);
  };

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const at = new Date(Date.now() + skew);
    const body = new URLSearchParams(new FormData(form));
    body.set("kind", button.value);
    body.set("once", crypto.randomUUID());
    body.set("event_at", at.toISOString().replace("Z", "+0000"));
    send(body, line(button.textContent, at));
  });

  addEventListener("beforeunload", (event) => {
    if (unsent.size) event.preventDefault();
  });
})();
