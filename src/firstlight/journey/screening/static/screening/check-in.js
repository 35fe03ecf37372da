// The daily check-in: four taps on one page. Each is sealed as it is made and kept on this phone until the clinic has it.
"use strict";
(async () => {
  const root = document.querySelector("[data-check-in]");
  if (!root) {
    return;
  }

  // No seal can be made here, or nothing be kept: the question on the page asks, one page each, as every other set does.
  function giveWay() {
    root.hidden = true;
    document.documentElement.classList.remove("stepping");
    for (const address of root.dataset.insteadOfSteps.split(" ")) {
      const script = document.createElement("script");
      script.src = address;
      script.async = false;
      document.head.append(script);
    }
  }

  if (!self.indexedDB || !self.BroadcastChannel || !self.crypto?.subtle) {
    giveWay();
    return;
  }
  const { set, keep, worker } = root.dataset;
  const undoFor = 5_000; // milliseconds in which the last answer can be taken back before it is sent
  const slip = 300; // milliseconds in which a second touch belongs to the step that was there before
  const patience = 15 * 60_000; // a page older than this no longer says who reads answers
  const steps = [...root.querySelectorAll("[data-place]")];
  const [help, end, status, undo] = ["help", "end", "status", "undo"].map((name) => root.querySelector(`[data-${name}]`));
  const further = end.querySelector("[data-further]");
  const stop = root.querySelector("[data-stop]");
  let asksMore = further.hasAttribute("data-open"); // the clinic has all taps and waits for answers to further questions
  const done = []; // the boxes of this visit, in order
  let key;
  let here = 0;
  let busy = false;
  let helping = ""; // the box whose answer asked for help
  let tapped = []; // the places that were tapped on this phone; what was tapped there is sealed

  const mine = async () => (await outbox.all()).filter((box) => box.set === set);

  function say(word) {
    status.textContent = status.dataset[word] ?? "";
  }

  function show(panel) {
    for (const one of [...steps, help, end]) {
      one.hidden = one !== panel;
    }
    for (const one of root.querySelectorAll("[data-first], [data-later]")) {
      one.hidden = one.hasAttribute("data-first") !== (panel === steps[0]);
    }
    root.querySelector(".step-actions").hidden = panel === help;
    stop.hidden = panel === end; // there is nothing left to stop, and the end has its own way home
    undo.hidden = done.length === 0 || panel === help || (panel === end && !outbox.isHeld(done.at(-1)));
    panel.classList.add("step-forward", "settling");
    setTimeout(() => panel.classList.remove("settling"), slip);
    scrollTo(0, 0);
    const title = [...panel.querySelectorAll("h1[tabindex]")].find((one) => one.checkVisibility());
    (title ?? panel).focus({ preventScroll: true }); // the end has changing titles and keeps the focus itself
  }

  function ask(place) {
    here = place;
    show(steps[place] ?? end);
  }

  async function sealed(item, value) {
    const said = { item, value: value === "" ? null : Number(value), at: Date.now() };
    return { ...(await sealing.answer(key, root.dataset, said)), step: here };
  }

  async function tap(button) {
    const asksHelp = button.hasAttribute("data-asks-help");
    const item = button.closest("[data-item]").dataset.item;
    const place = here;
    if (asksHelp) {
      show(help); // before anything that could fail
    }
    try {
      const box = await sealed(item, button.dataset.value);
      const wait = place === steps.length - 1 && !asksHelp ? undoFor : 0;
      outbox.hold(box, Date.now() + wait);
      box.n = await outbox.add(box);
      done.push(box);
      await remember([...tapped, place]);
      helping = asksHelp ? box.body.id : helping;
    } catch {
      giveWay();
      if (asksHelp) {
        document.querySelector("[data-help-at-once]")?.removeAttribute("hidden");
      }
      return;
    }
    say("saved");
    if (asksHelp) {
      here = place + 1;
    } else {
      ask(place + 1);
    }
    if (here >= steps.length) {
      await tellEnd();
    }
    arrange(done.at(-1));
  }

  async function remember(places) {
    tapped = places;
    await outbox.mark(set, tapped);
  }

  function arrange(box) {
    setTimeout(trySending, outbox.isHeld(box) ? undoFor + 50 : 0);
  }

  async function trySending() {
    if (!(await outbox.send())) {
      navigator.serviceWorker?.ready.then((registered) => registered.sync?.register("outbox")).catch(() => {});
    }
    await tellEnd();
  }

  async function tellEnd() {
    const boxes = await mine();
    const refused = boxes.find((box) => box.refused);
    const held = boxes.some(outbox.isHeld);
    const trying = boxes.length > 0 && navigator.onLine && !waiting; // a browser may think itself online and reach nobody
    const state = refused ? "refused" : boxes.length === 0 ? "sent" : trying ? "saving" : "saved";
    for (const one of end.querySelectorAll("[data-when]")) {
      one.hidden = one.dataset.when !== state;
    }
    end.querySelector("[data-why]").textContent = refused?.refused ?? "";
    further.hidden = state !== "sent" || !asksMore;
    end.querySelector("[data-home]")?.classList.toggle("main", further.hidden); // one first way on
    if (!end.hidden) {
      say("");
      undo.hidden = !held;
    }
    if (state === "sent" && here >= steps.length) {
      await forget();
    }
  }

  async function forget() {
    await outbox.unmark(set);
    if (keep) {
      (await navigator.serviceWorker?.getRegistration(worker))?.active?.postMessage({ forget: set });
    }
  }

  let waiting = false; // the last attempt reached nobody

  function hear(news) {
    waiting = news.state === "waiting";
    asksMore = news.state === "sent" ? news.said.further : asksMore;
    if (news.id === helping) {
      tellHelp(news);
    }
    say({ sent: "arrived", waiting: "unsent", refused: "kept" }[news.state]);
    tellEnd();
  }

  function tellHelp(news) {
    const name = { sent: "said", waiting: "offline", refused: "refused" }[news.state];
    for (const part of help.querySelectorAll("[data-told] > p")) {
      part.hidden = !part.hasAttribute(`data-${name}`);
    }
    if (news.said) {
      const part = help.querySelector(`[data-${name}]`);
      part.textContent = news.state === "sent" ? news.said.told.join(" ") : news.said.says;
    }
    if (news.state === "sent") {
      end.querySelector("[data-read]").textContent = news.said.told.join(" ");
    }
  }

  async function takeBack() {
    const box = done.pop();
    await remember(tapped.filter((place) => place !== box.step));
    say((await outbox.takeBack(box.body.id)) ? "back" : "again");
    ask(box.step);
  }

  function askInstead(button) {
    const step = button.closest("[data-place]");
    for (const one of step.querySelectorAll("[data-item]")) {
      one.hidden = one.dataset.item !== button.dataset.instead;
    }
    step.querySelector("[data-item]:not([hidden]) h1").focus({ preventScroll: true });
  }

  // One tap at a time: a second one while the first is being sealed is the same finger.
  async function once(act) {
    if (!busy) {
      busy = true;
      await act().finally(() => (busy = false));
    }
  }

  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.value !== undefined) {
      once(() => tap(button));
    } else if (button?.dataset.instead) {
      askInstead(button);
    } else if (button === undo) {
      once(takeBack);
    } else if (button?.hasAttribute("data-go-on")) {
      ask(here);
      tellEnd();
    }
  });

  // Whoever leaves within the seconds for undoing has not undone: off it goes, and it stays here until that is certain.
  addEventListener("visibilitychange", () => {
    const held = done.filter(outbox.isHeld);
    if (document.visibilityState === "hidden" && held.length) {
      held.forEach((box) => outbox.post(box).catch(() => {}));
    }
  });

  async function keepPage() {
    const registered = await navigator.serviceWorker?.register(worker, { scope: "/me/" });
    await navigator.serviceWorker?.ready;
    if (keep) {
      (registered.active ?? registered.waiting ?? registered.installing)?.postMessage({ keep });
    }
  }

  async function begin() {
    key = await sealing.keyFor(root.dataset.key);
    const boxes = await mine();
    outbox.listen(hear);
    const made = Date.parse(document.querySelector("meta[name=made-at]").content);
    for (const part of root.querySelectorAll("[data-while-fresh]")) {
      part.hidden = !navigator.onLine || Math.abs(Date.now() - made) > patience;
    }
    tapped = (await outbox.marked(set)) ?? [];
    const open = steps.findIndex((step, place) => !tapped.includes(place) && step.dataset.answered === undefined);
    document.documentElement.classList.add("stepping");
    root.hidden = false;
    ask(open < 0 ? steps.length : open);
    say(boxes.length ? "unsent" : "");
    await tellEnd();
    if (boxes.length) {
      trySending();
    }
    keepPage().catch(() => {}); // without a worker the page works while it is open
  }

  begin().catch(giveWay);
})();
