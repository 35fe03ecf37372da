// The parent's service worker. It keeps the page of a check-in that was opened from a link, what such a page is drawn with, and
// a page that says that there is no connection. It keeps no page of a record. `settings` stands in front (portal/worker.py).
"use strict";
importScripts(settings.outbox);
(() => {
  const shell = `shell-${settings.version}`;
  const pages = "pages";
  const lying = { ignoreVary: true, ignoreSearch: true };

  addEventListener("install", (event) => {
    const whole = caches.open(shell).then((cache) =>
      cache.addAll([...settings.assets, new Request(settings.offline, { credentials: "omit" })]));
    event.waitUntil(whole.then(() => skipWaiting()));
  });

  addEventListener("activate", (event) => {
    const gone = caches.keys().then((names) =>
      Promise.all(names.filter((name) => ![shell, pages].includes(name)).map((name) => caches.delete(name))));
    event.waitUntil(gone.then(() => clients.claim()));
  });

  addEventListener("message", (event) => {
    const { keep, forget } = event.data;
    event.waitUntil(caches.open(pages).then((cache) => (keep ? keepPage(cache, keep) : forgetPages(cache, forget))));
  });

  // Each message about a set has a link of its own, so one phone may keep several pages of it.
  async function forgetPages(cache, set) {
    for (const address of await cache.keys()) {
      const page = await cache.match(address);
      if ((await page?.text())?.includes(`data-set="${set}"`)) {
        await cache.delete(address);
      }
    }
  }

  async function keepPage(cache, address) {
    if (!(await cache.match(address, lying))) {
      const page = await fetch(address);
      if (page.ok && !page.redirected) {
        await cache.put(address, page);
      }
    }
  }

  addEventListener("fetch", (event) => {
    const { method, mode, url } = event.request;
    const { origin, pathname } = new URL(url);
    if (method !== "GET" || origin !== location.origin) {
      return;
    }
    if (mode === "navigate") {
      event.respondWith(page(event.request, pathname));
    } else if (settings.assets.includes(pathname)) {
      event.respondWith(fetch(event.request).catch(() => kept(shell, pathname)));
    }
  });

  async function kept(cache, address) {
    return (await caches.match(address, { cacheName: cache, ...lying })) ?? Response.error();
  }

  // The network first: what the clinic says now is truer than what was kept.
  async function page(request, address) {
    try {
      if (await outbox.marked("left")) {
        await leave();
      }
      const answer = await fetch(request);
      await refresh(address, answer);
      return answer;
    } catch {
      if (address === settings.leave) {
        await outbox.mark("left");
        return Response.redirect(settings.away, 303);
      }
      return (await caches.match(address, { cacheName: pages, ...lying })) ?? kept(shell, settings.offline);
    }
  }

  // Somebody left without a connection: the sign-in ends before anything else is shown.
  async function leave() {
    await fetch(settings.leave, { redirect: "manual" });
    await outbox.unmark("left");
  }

  async function refresh(address, answer) {
    const cache = await caches.open(pages);
    if (await cache.match(address, lying)) {
      await (answer.ok && !answer.redirected ? cache.put(address, answer.clone()) : cache.delete(address, lying));
    }
  }

  addEventListener("sync", (event) => {
    if (event.tag === "outbox") {
      const sent = outbox.send().then((all) => all || Promise.reject(new Error("Something still waits.")));
      event.waitUntil(sent);
    }
  });
})();
