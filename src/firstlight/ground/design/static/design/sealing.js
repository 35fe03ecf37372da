// Seals a text to a public key, so that only the clinic can open it. `ground/vault/boxes.py` is the other half.
"use strict";
self.sealing = (() => {
  const text = new TextEncoder();
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const size = 256; // bytes of every text: no length tells one answer from another

  function fromBase64(words) {
    return Uint8Array.from(atob(words), (letter) => letter.charCodeAt(0));
  }

  function toBase64(bytes) {
    return btoa(String.fromCharCode(...bytes));
  }

  function joined(...parts) {
    return new Uint8Array(parts.flatMap((part) => [...new Uint8Array(part)]));
  }

  async function keyFor(point) {
    const bytes = fromBase64(point);
    return { bytes, key: await crypto.subtle.importKey("raw", bytes, curve, false, []) };
  }

  async function seal(to, words, context) {
    const own = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
    const point = await crypto.subtle.exportKey("raw", own.publicKey);
    const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: to.key }, own.privateKey, 256);
    const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const derived = {
      name: "HKDF",
      hash: "SHA-256",
      salt: joined(point, to.bytes),
      info: text.encode("firstlight sealed box 1"),
    };
    const key = await crypto.subtle.deriveKey(derived, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const bound = { name: "AES-GCM", iv: nonce, additionalData: text.encode(context) };
    const sealed = await crypto.subtle.encrypt(bound, key, text.encode(words.padEnd(size)));
    return toBase64(joined([1], point, nonce, sealed));
  }

  // One answer as it waits and travels. `page`: the data of the page that asked: set, pass, pair and the address to send to.
  async function answer(to, page, { item, value, at }) {
    const id = crypto.randomUUID();
    const words = JSON.stringify({ item, value, tapped_ms: at });
    const box = await seal(to, words, `${page.set}|${page.pair}|${id}`);
    return { set: page.set, address: page.send, body: { pass: page.pass, id, key: page.pair, box } };
  }

  return { answer, keyFor };
})();
