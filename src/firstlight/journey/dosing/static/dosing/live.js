// The live session: asks once a second whether anything changed, and says plainly when it cannot ask.
// A part of the page is replaced only while nobody touches it: no focus in it, no finger on it, nothing typed in it.
"use strict";
(() => {
  const connection = document.getElementById("connection");
  if (!connection) return;

  const EVERY = 1000; // milliseconds between two questions
  const SILENT = 10000; // milliseconds without an answer until the page says that it is not live
  const SETTLE = 400; // milliseconds for which taps do nothing beside a part whose height changed
  let etag = "";
  let answeredAt = Date.now();
  let asking = false;
  let signedOut = false;
  let pressed = false;
  let used = false;
  const typed = new WeakSet();
  const waiting = new Map();

  const touched = (part) => {
    const focused = part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
    const kept = [...part.querySelectorAll("form")].some((form) => typed.has(form) || form.matches("[data-typed]"));
    return focused || kept;
  };

  // What a reader would notice: hidden keys are new in every answer, clocks run by themselves.
  const seen = (part) => {
    const copy = part.cloneNode(true);
    for (const one of copy.querySelectorAll("input[type=hidden]")) one.remove();
    for (const one of copy.querySelectorAll("time[data-count]")) one.textContent = "";
    for (const one of copy.querySelectorAll("details")) one.removeAttribute("open");
    return copy.innerHTML;
  };
  const shown = new Map([...document.querySelectorAll("[data-region]")].map((part) => [part.dataset.region, seen(part)]));

  const settle = (part, before) => {
    if (part.offsetHeight === before) return;
    const column = part.parentElement;
    column.classList.add("settling");
    setTimeout(() => column.classList.remove("settling"), SETTLE);
  };

  const put = (fresh) => {
    const old = document.querySelector(`[data-region="${fresh.dataset.region}"]`);
    if (!old || shown.get(fresh.dataset.region) === seen(fresh)) return;
    if (touched(old) || pressed) {
      waiting.set(fresh.dataset.region, fresh);
      return;
    }
    const part = document.importNode(fresh, true);
    const opened = [...old.querySelectorAll("details")].map((details) => details.open);
    [...part.querySelectorAll("details")].forEach((details, place) => {
      details.open = details.open || Boolean(opened[place]);
    });
    const focus = old.contains(document.activeElement) ? [...old.querySelectorAll("button, a, summary")].indexOf(document.activeElement) : -1;
    const before = old.offsetHeight;
    old.replaceWith(part);
    if (focus >= 0) part.querySelectorAll("button, a, summary")[focus]?.focus({ preventScroll: true });
    shown.set(fresh.dataset.region, seen(fresh));
    settle(part, before);
    document.dispatchEvent(new CustomEvent("firstlight:swapped", { detail: part }));
  };

  const swap = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    waiting.clear();
    for (const part of fresh.querySelectorAll("[data-region]")) put(part);
  };

  const retry = () => {
    for (const [name, fresh] of [...waiting]) {
      waiting.delete(name);
      put(fresh);
    }
  };

  const two = (number) => String(number).padStart(2, "0");
  const clock = (at) => `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;

  const say = () => {
    const silent = Date.now() - answeredAt > SILENT;
    connection.querySelector("[data-connected]").hidden = silent || signedOut;
    connection.querySelector("[data-lost]").hidden = !silent || signedOut;
    connection.querySelector("[data-out]").hidden = !signedOut;
    document.documentElement.toggleAttribute("data-not-live", silent || signedOut);
    const since = connection.querySelector("[data-since]");
    if (silent && since.textContent !== clock(new Date(answeredAt))) since.textContent = clock(new Date(answeredAt));
  };

  const ask = async () => {
    if (asking) return;
    asking = true;
    const awake = used; // a page that nobody touches keeps nobody signed in
    used = false;
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), SILENT);
    try {
      const response = await fetch(connection.dataset.live, {
        headers: { ...(etag && { "If-None-Match": etag }), ...(!awake && { "X-Firstlight-Poll": "1" }) },
        cache: "no-store",
        redirect: "manual",
        signal: limit.signal,
      });
      signedOut = response.status === 401;
      if (response.status === 200) {
        const html = await response.text();
        answeredAt = Date.now();
        etag = response.headers.get("ETag");
        swap(html);
      } else if (response.status === 304) {
        answeredAt = Date.now();
        retry();
      }
    } catch {
      // no answer: the page says since when
    } finally {
      clearTimeout(timer);
      asking = false;
    }
    say();
  };

  const remember = (event) => {
    const form = event.target.closest?.("form");
    if (form) typed.add(form);
  };
  document.addEventListener("input", remember);
  document.addEventListener("change", remember);
  document.addEventListener("firstlight:same", remember);
  document.addEventListener("pointerdown", () => {
    pressed = true;
    used = true;
  });
  document.addEventListener("keydown", () => {
    used = true;
  });
  for (const name of ["pointerup", "pointercancel"]) {
    document.addEventListener(name, () => setTimeout(() => {
      pressed = false;
    }, 100));
  }
  setInterval(ask, EVERY);
  setInterval(say, EVERY);
})();
