// What waits on this phone, sealed, until the server has it. Used by pages and by the service worker.
"use strict";
self.outbox = (() => {
  const name = "firstlight";
  const boxes = "boxes";
  const marks = "marks";
  const news = "firstlight-outbox";
  const held = new Map(); // until when this page waits with a box; what is kept does not tell which one was held
  let opened = null;

  // Looking into a phone on which nothing waits leaves nothing there.
  function open(create) {
    if (opened) {
      return Promise.resolve(opened);
    }
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open(name, 1);
      asked.onupgradeneeded = () => {
        if (!create) {
          asked.transaction.abort();
          return;
        }
        asked.result.createObjectStore(boxes, { keyPath: "n", autoIncrement: true });
        asked.result.createObjectStore(marks);
      };
      asked.onsuccess = () => {
        opened = asked.result;
        opened.onversionchange = () => opened.close();
        resolve(opened);
      };
      asked.onerror = (event) => {
        event.preventDefault();
        create ? reject(asked.error) : resolve(null);
      };
      asked.onblocked = () => reject(new Error("blocked"));
    });
  }

  // Resolves only when it is on the disk.
  async function inStore(store, mode, act, create = false) {
    const database = await open(create);
    if (!database) {
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const step = database.transaction(store, mode, { durability: "strict" });
      const asked = act(step.objectStore(store));
      step.oncomplete = () => resolve(asked.result);
      step.onerror = step.onabort = () => reject(step.error);
    });
  }

  const add = (box) => inStore(boxes, "readwrite", (store) => store.add(box), true);
  const put = (box) => inStore(boxes, "readwrite", (store) => store.put(box));
  const remove = (n) => inStore(boxes, "readwrite", (store) => store.delete(n));
  const all = async () => (await inStore(boxes, "readonly", (store) => store.getAll())) ?? [];
  const mark = (key, value = true) => inStore(marks, "readwrite", (store) => store.put(value, key), true);
  const marked = (key) => inStore(marks, "readonly", (store) => store.get(key));
  const unmark = (key) => inStore(marks, "readwrite", (store) => store.delete(key));

  function tell(what) {
    const channel = new BroadcastChannel(news);
    channel.postMessage(what);
    channel.close();
  }

  // Two pages, or a page and the worker, never send the same box at once; the server would take it once all the same.
  function alone(act) {
    return navigator.locks ? navigator.locks.request(news, act) : act();
  }

  function post(box) {
    return fetch(box.address, {
      method: "POST",
      body: JSON.stringify({ ...box.body, now_ms: Date.now() }),
      headers: { "Content-Type": "application/json" },
      credentials: "omit",
      redirect: "error",
      keepalive: true,
    });
  }

  // Only an answer that names this very box is one: the sign-in page of a café's network is not.
  async function answerTo(box) {
    try {
      const response = await post(box);
      const said = await response.json();
      return said.id === box.body.id ? { taken: response.ok, later: response.status >= 500, said } : null;
    } catch {
      return null;
    }
  }

  async function sendOne(box) {
    const answer = await answerTo(box);
    if (!answer || answer.later) {
      return false;
    }
    if (answer.taken) {
      await remove(box.n);
      tell({ state: "sent", id: box.body.id, said: answer.said });
    } else {
      await put({ ...box, refused: answer.said.says });
      tell({ state: "refused", id: box.body.id, said: answer.said });
    }
    return true;
  }

  // In the order in which they were made; behind one that reaches nobody all others wait. Returns whether nothing waits.
  function send() {
    return alone(async () => {
      const left = (await all()).filter((box) => !box.refused);
      while (left.length > 0) {
        if (isHeld(left[0])) {
          return false;
        }
        if (!(await sendOne(left[0]))) {
          left.forEach((box) => tell({ state: "waiting", id: box.body.id }));
          return false;
        }
        left.shift();
      }
      return true;
    });
  }

  const hold = (box, until) => held.set(box.body.id, until);
  const isHeld = (box) => held.get(box.body.id) > Date.now();

  // Takes back what was not sent yet; false when it was.
  function takeBack(id) {
    return alone(async () => {
      const box = (await all()).find((one) => one.body.id === id);
      if (box) {
        await remove(box.n);
      }
      return Boolean(box);
    });
  }

  function listen(hear) {
    new BroadcastChannel(news).onmessage = (event) => hear(event.data);
  }

  return { add, all, hold, isHeld, listen, mark, marked, post, remove, send, takeBack, tell, unmark };
})();
