// The question flow when script runs: no flash between questions, and help in time even without a connection.
"use strict";
(() => {
  const patience = 700; // milliseconds before help shows, and the answer is kept, while it is still on its way
  const first = 10_000; // milliseconds in which the page tries before what it kept is sent without it
  let waiting = null; // the tap that has not arrived yet

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
    if (!again) {
      forget(waiting); // another answer to the same question stands for it
    }
    waiting = tap;
    button?.setAttribute("aria-pressed", "true");
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

  // The sign-in had ended, or all that was left of it is gone. After an answer that asks for help, help comes before all else.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr } = event.detail;
    const address = xhr.getResponseHeader("HX-Redirect");
    if ((address || xhr.status === 403) && waiting?.help) {
      event.preventDefault();
      if (address) {
        part("signed-out").querySelector("a").href = address;
      }
      reveal("signed-out");
      reveal("help-at-once");
      waiting = null;
    }
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.xhr.status < 500) {
      forget(waiting);
    }
    waiting = null;
    document.getElementById("main")?.focus({ preventScroll: true });
  });

  function again() {
    if (waiting?.form.isConnected) {
      delete waiting.form.dataset.sent;
      waiting.button.click(); // htmx sends the button that was pressed last, and she may have pressed another since
    }
  }

  // The page itself leads on to help; what it kept waits for that, and goes by itself where the page does not get through.
  addEventListener("online", () => {
    if (waiting?.box) {
      outbox.hold(waiting.box, Date.now() + first);
    }
    again();
  });

  function hear({ state, id }) {
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
