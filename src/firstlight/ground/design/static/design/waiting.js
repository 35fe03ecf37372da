// On every page of a parent: send what waits on this phone, say what could not be taken, and be ready for no connection.
"use strict";
(() => {
  const { worker } = document.currentScript.dataset;
  const often = 15_000; // milliseconds between two attempts while a page is open
  const note = document.querySelector("[data-waiting]");

  async function show() {
    const boxes = await outbox.all();
    const refused = boxes.filter((box) => box.refused);
    if (note) {
      // A page that was left to say it by itself says it better.
      const said = document.querySelector("[data-check-in]:not([hidden]), [data-offline]:not([hidden])");
      note.hidden = boxes.length === 0 || said !== null;
      note.querySelector("[data-unsent]").hidden = boxes.length === refused.length;
      note.querySelector("[data-refused]").hidden = refused.length === 0;
      note.querySelector("[data-why]").textContent = refused[0]?.refused ?? "";
    }
    return boxes.length - refused.length;
  }

  async function attempt() {
    if ((await show()) > 0) {
      await outbox.send();
    }
  }

  note?.querySelector("[data-remove]").addEventListener("click", async () => {
    for (const box of await outbox.all()) {
      if (box.refused) {
        await outbox.remove(box.n);
      }
    }
    await show();
  });

  if (worker) {
    // After the page, which comes first. Where a browser gives no worker, pages work while there is a network.
    addEventListener("load", () => navigator.serviceWorker?.register(worker, { scope: "/me/" }).catch(() => {}));
  }
  if (!self.indexedDB || !self.BroadcastChannel) {
    return; // a browser that keeps nothing has nothing to send
  }
  outbox.listen(show);
  addEventListener("online", attempt);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && attempt());
  setInterval(attempt, often);
  attempt();
})();
