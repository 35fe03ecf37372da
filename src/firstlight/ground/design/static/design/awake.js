// The end of a sign-in is said before it comes. A touch anywhere tells the server that somebody is here.
"use strict";
(() => {
  const box = document.getElementById("awake");
  if (!box) return;

  const LOOK = 5000; // milliseconds between two looks at the clock
  const TELL = 60000; // milliseconds after which another touch is told again
  const SOON = 2000; // milliseconds until a touch is told
  const warn = Number(box.dataset.warn) * 1000;
  const part = (name) => box.querySelector(`[data-${name}]`);
  let endsAt = 0; // not known yet
  let toldAt = 0;
  let ended = false;
  let canStay = true;

  function show() {
    const left = endsAt - Date.now();
    const warned = !ended && left <= warn;
    part("warned").hidden = !warned;
    part("idle").hidden = !warned || !canStay;
    part("total").hidden = !warned || canStay;
    part("stay").hidden = !warned || !canStay;
    part("ended").hidden = !ended;
    const words = part("in").dataset.in.replace("{}", Math.max(1, Math.ceil(left / 60000)));
    if (part("in").textContent !== words) part("in").textContent = words;
    box.hidden = !warned && !ended;
  }

  async function ask(touched) {
    try {
      const answer = await fetch(box.dataset.awake, {
        headers: touched ? {} : { "X-Firstlight-Poll": "1" },
        cache: "no-store",
        redirect: "manual",
      });
      ended = answer.status === 401;
      if (answer.ok) {
        const { seconds, can_stay: stay } = await answer.json();
        endsAt = Date.now() + seconds * 1000;
        canStay = stay;
        if (touched) toldAt = Date.now();
      }
    } catch {
      // no connection: the next look asks again
    }
    if (endsAt || ended) show();
  }

  // Another window may have kept the sign-in: the server is asked before anything is said.
  function look() {
    if (!endsAt || endsAt - Date.now() <= warn) ask(false);
  }

  for (const kind of ["pointerdown", "keydown"]) {
    addEventListener(kind, () => {
      if (!ended && Date.now() - toldAt > TELL) {
        toldAt = Date.now();
        setTimeout(ask, SOON, true); // a touch that leads to another page is told by that page
      }
    }, { passive: true, capture: true });
  }
  part("stay").addEventListener("click", () => ask(true));
  document.addEventListener("visibilitychange", look);
  toldAt = Date.now();
  endsAt = Date.now() + warn + 1; // the page itself was a touch; from then on the server says it
  ask(false);
  setInterval(look, LOOK);
})();
