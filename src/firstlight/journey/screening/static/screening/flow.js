// The question flow when script runs: no flash between questions, and help in time even without a connection.
"use strict";
(() => {
  const patience = 700; // milliseconds before help shows, and the answer is kept, while it is still on its way
  const slip = 300; // milliseconds in which a second touch belongs to the question that was there before
  const first = 10_000; // milliseconds in which the page tries before what it kept is sent without it
  let waiting = null; // the tap that has not arrived yet
  let apart = null; // the tap that asks for help and that this page can no longer send: it goes sealed, by itself

  function part(name) {
    return document.querySelector(`[data-${name}]`);
  }

  function reveal(name) {
    const block = part(name);
    if (block) {
      block.hidden = false;
      block.scrollIntoView({ block: "nearest" });
    }
  }

  const keeps = self.indexedDB && self.BroadcastChannel && self.crypto?.subtle;

  // Sealed to the clinic and kept, as the answers of the daily check-in are; null where a browser cannot do that.
  async function keep(tap) {
    const { form, button, at } = tap;
    if (!keeps) {
      return null;
    }
    const value = button.name === "pass" ? null : Number(button.value);
    const key = await sealing.keyFor(form.dataset.key);
    const box = await sealing.answer(key, form.dataset, { item: form.querySelector("[name=item]").value, value, at });
    await outbox.add(box);
    tap.box = box;
    return box;
  }

  function kept(tap) {
    tap.kept ??= keep(tap).catch(() => null);
    return tap.kept;
  }

  // What arrived from this page does not wait on the phone as well.
  async function forget(tap) {
    const box = await tap?.kept;
    if (box) {
      await outbox.takeBack(box.body.id);
    }
  }

  // An answer that filled the screen with help is not undone by the next one: the clinic reads both, in their order.
  async function follow(earlier, tap) {
    tap.kept = kept(earlier)
      .then((box) => box && keep(tap))
      .catch(() => null);
    if (!(await tap.kept)) {
      again();
    } else if (!(await outbox.send())) {
      sayOffline();
    }
  }

  function post({ form, button }) {
    return fetch(form.action, { method: "POST", body: new FormData(form, button) });
  }

  // Says what became of an answer that the questions on this page could not take.
  function sayApart(state, said) {
    const block = part("apart");
    for (const one of block.querySelectorAll("[data-said-when]")) {
      one.hidden = one.dataset.saidWhen !== state;
    }
    if (said) {
      block.querySelector(`[data-said-when=${state}]`).textContent = said;
    }
  }

  async function sendApart(tap, signIn) {
    apart = tap;
    const block = part("apart");
    for (const one of block.querySelectorAll("[data-signed-out]")) {
      one.hidden = !signIn;
    }
    for (const one of block.querySelectorAll("[data-not-taken]")) {
      one.hidden = Boolean(signIn);
    }
    if (signIn) {
      block.querySelector("[data-signed-out] a").href = signIn;
    }
    sayApart("sending");
    reveal("apart");
    reveal("help-at-once");
    if (await kept(tap)) {
      await outbox.send();
    } else {
      sayApart("unsaved");
    }
  }

  // Says what is true of the tap that waits: on this phone for good, or as long as this page is open; and where none waits, that.
  async function sayOffline() {
    const state = waiting ? ((await kept(waiting)) ? "saved" : "unsaved") : "nothing";
    for (const one of part("offline")?.querySelectorAll("[data-said-when]") ?? []) {
      one.hidden = !one.dataset.saidWhen.split(" ").includes(state);
    }
    reveal("offline");
    if (waiting?.help) {
      reveal("untold");
      reveal("help-at-once");
    }
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest?.("[data-answering]");
    if (!form) {
      return;
    }
    const button = event.detail.requestConfig?.triggeringEvent?.submitter;
    const again = waiting?.button === button;
    const tap = again ? waiting : { form, button, help: button?.hasAttribute("data-asks-help"), at: Date.now() };
    const earlier = again ? null : waiting;
    waiting = tap;
    button?.setAttribute("aria-pressed", "true");
    if (earlier && !earlier.help) {
      forget(earlier); // another answer to the same question stands for it
    }
    if (!again) {
      tap.behind = earlier?.help ? earlier : earlier?.behind;
    }
    if (earlier && tap.behind) {
      event.preventDefault();
      follow(tap.behind, tap);
      return;
    }
    setTimeout(() => {
      if (waiting === tap) {
        kept(tap);
        if (tap.help) {
          reveal("help-at-once");
        }
      }
    }, patience);
  });

  document.addEventListener("htmx:sendError", sayOffline);

  // Without a connection no other page comes, and what is needed stands on this one.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='/']:not([data-exit])");
    if (!link || navigator.onLine || !part("offline")) {
      return;
    }
    event.preventDefault();
    sayOffline();
    if (link.hasAttribute("data-help-now")) {
      reveal("help-at-once");
    }
  });

  // The sign-in had ended, or the page can bring nothing any more. After an answer that asks for help, help comes before all else,
  // and the answer goes sealed, which needs no sign-in.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr } = event.detail;
    const address = xhr.getResponseHeader("HX-Redirect");
    if ((address || xhr.status >= 400) && waiting?.help) {
      event.preventDefault();
      const tap = waiting;
      waiting = null;
      sendApart(tap, address ?? (xhr.status === 403 ? location.href : ""));
    }
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.xhr.status < 500) {
      forget(waiting);
    }
    waiting = null;
    const main = document.getElementById("main");
    main?.focus({ preventScroll: true });
    main?.classList.add("settling");
    setTimeout(() => main?.classList.remove("settling"), slip);
  });

  async function again() {
    const tap = waiting;
    if (!tap?.form.isConnected) {
      return;
    }
    if (tap.behind && !(await kept(tap.behind))) {
      try {
        await post(tap.behind);
        tap.behind = null;
      } catch {
        sayOffline();
        return;
      }
    }
    delete tap.form.dataset.sent;
    tap.button.click(); // htmx sends the button that was pressed last, and she may have pressed another since
  }

  // The page itself leads on to help; what it kept waits for that, and goes by itself where the page does not get through.
  addEventListener("online", () => {
    if (waiting?.box && waiting.behind) {
      return; // both wait in their order, and go in it
    }
    if (waiting?.box) {
      outbox.hold(waiting.box, Date.now() + first);
    }
    again();
  });

  function hear({ state, id, said }) {
    if (apart?.box && id === apart.box.body.id) {
      sayApart({ sent: "sent", waiting: "saved", refused: "refused" }[state], said && (said.told?.join(" ") ?? said.says));
    }
    if (id !== waiting?.box?.body.id || state === "waiting") {
      return;
    }
    if (state === "sent") {
      again();
    } else {
      part("offline").hidden = true; // the word of every page stands instead: it was refused, and why
    }
  }

  if (keeps) {
    outbox.listen(hear);
  }
})();
