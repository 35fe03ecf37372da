/* The live session: asks once a second whether anything changed, and says plainly when it cannot ask. */
(() => {
  "use strict";
  const connection = document.getElementById("connection");
  const lost = document.getElementById("connection-lost");
  const region = document.getElementById("live");
  if (!connection || !region || connection.dataset.ended === "1") return;

  const SILENT_MS = 10000;
  const state = connection.dataset.state;
  let etag = "";
  let answeredAt = Date.now();

  const busy = (part) => part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea, button");

  const swap = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    for (const part of fresh.querySelectorAll("[data-region]")) {
      const old = region.querySelector(`[data-region="${part.dataset.region}"]`);
      if (old && !busy(old)) old.replaceWith(document.importNode(part, true));
    }
    document.dispatchEvent(new CustomEvent("firstlight:swapped", { detail: region }));
  };

  const show = () => {
    const silent = Date.now() - answeredAt > SILENT_MS;
    lost.hidden = !silent;
    connection.hidden = silent;
    if (silent) lost.querySelector("[data-since]").textContent = new Date(answeredAt).toLocaleTimeString();
  };

  const ask = async () => {
    try {
      const headers = { "If-None-Match": etag, "X-Firstlight-Poll": "1" };
      const response = await fetch(connection.dataset.live, { headers, cache: "no-store", credentials: "same-origin", redirect: "manual" });
      if (response.status === 200) {
        answeredAt = Date.now();
        etag = response.headers.get("ETag");
        if (response.headers.get("X-Session-State") !== state) {
          location.reload();
          return;
        }
        swap(await response.text());
      } else if (response.status === 304) {
        answeredAt = Date.now();
      }
    } catch {
      /* no answer: the banner says since when */
    }
    show();
  };

  setInterval(ask, 1000);
  setInterval(show, 1000);
})();
