/* What was written on this phone is sealed (AES-GCM) under a key of its account.

   While the account is logged in, the key lies open in this browser. When it logs out, or another logs in, only two
   locked boxes are left that hold the key: one that the server opens for whoever logs in as the owner, and one that
   the owner's PIN opens, also without a network. docs/offline.md says what this protects from, and from what not. */

const PIN_ROUNDS = 600000;
/* The first wrong PINs are mistakes; after that each costs twice the time of the one before. */
const PINS_FREE = 3, FIRST_PAUSE = 30000, LONGEST_PAUSE = 3600000;

/* So long a PIN opens what was written, while nobody is logged in. */
const OPEN_MS = 15 * 60000;

function random(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}

function uuid() {
  const bytes = random(16);
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/* The open key of this account; null if it is locked. The first is made here, so that no form waits for a network. Of two
   made at once the first one stored is the key: what the other would seal nobody could ever open. */
async function keyOf(account) {
  const row = await read("keys", account);
  if (row && row.key && row.openUntil && isDue(row.openUntil, OPEN_MS)) {
    await lock(account);
    return null;
  }
  if (row) return row.key || null;
  const key = await crypto.subtle.generateKey({name: "AES-GCM", length: 256}, true, ["encrypt", "decrypt"]);
  await transaction(["keys"], "readwrite", (all) => {
    const rows = all.objectStore("keys"), asked = rows.get(account);
    asked.onsuccess = () => { if (!asked.result) rows.put({account, key, byServer: null, byPin: null, wrong: 0, until: 0}); };
  });
  return (await read("keys", account)).key || null;
}

/* After a log-in: open the key with what the server gives its owner, and lock it that way from now on. */
async function openVault(account) {
  const row = await read("keys", account);
  if (row && row.key && row.byServer && !row.openUntil) return;
  const response = await fetch("/offline/key", {method: "POST"});
  if (!response.ok || accountIn(response).id !== account) return;
  const share = await imported(fromBase64((await response.json()).key));
  await keyOf(account);
  const now = await read("keys", account);
  if (!now.key && now.byServer) now.key = await imported(await opened(share, now.byServer));
  if (now.key) {
    now.byServer = await boxed(share, await exported(now.key));
    now.wrong = now.until = now.openUntil = 0;
    await write("keys", now);
  }
}

/* Throw the open key away. Without a box that opens again it must stay: a form would be lost. */
async function lock(account) {
  const row = await read("keys", account);
  if (row && row.key && (row.byServer || row.byPin)) await write("keys", Object.assign(row, {key: null, openUntil: 0}));
}

async function setPin(account, pin) {
  const row = await read("keys", account), salt = random(16);
  if (!row || !row.key) return false;
  const byPin = await boxed(await fromPin(pin, salt, PIN_ROUNDS), await exported(row.key));
  await write("keys", Object.assign(row, {byPin: Object.assign(byPin, {salt, rounds: PIN_ROUNDS}), wrong: 0, until: 0}));
  return true;
}

/* {open: true}, or {open: false, until: when the next may be tried}. A try is counted before it is made. */
async function openWithPin(account, pin) {
  const row = await read("keys", account);
  if (!row || !row.byPin) return {open: false, until: 0};
  if (!isDue(row.until, LONGEST_PAUSE)) return {open: false, until: row.until};
  row.wrong += 1;
  row.until = row.wrong < PINS_FREE ? 0 : Date.now() + Math.min(FIRST_PAUSE * 2 ** (row.wrong - PINS_FREE), LONGEST_PAUSE);
  await write("keys", row);
  try {
    row.key = await imported(await opened(await fromPin(pin, row.byPin.salt, row.byPin.rounds), row.byPin));
  } catch (_) {
    return {open: false, until: row.until};
  }
  await write("keys", Object.assign(row, {wrong: 0, until: 0, openUntil: Date.now() + OPEN_MS}));
  return {open: true};
}

async function seal(account, value) {
  const key = await keyOf(account);
  if (!key) throw new Error("locked");
  return boxed(key, new TextEncoder().encode(JSON.stringify(value)));
}
/* null if it is locked. */
async function unseal(account, box) {
  const key = await keyOf(account);
  return key ? JSON.parse(new TextDecoder().decode(await opened(key, box))) : null;
}

async function boxed(key, bytes) {
  const iv = random(12);
  return {iv, data: await crypto.subtle.encrypt({name: "AES-GCM", iv}, key, bytes)};
}
function opened(key, box) {
  return crypto.subtle.decrypt({name: "AES-GCM", iv: box.iv}, key, box.data);
}
function exported(key) {
  return crypto.subtle.exportKey("raw", key);
}
function imported(bytes) {
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", true, ["encrypt", "decrypt"]);
}
async function fromPin(pin, salt, rounds) {
  const material = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = {name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds};
  return crypto.subtle.deriveKey(how, material, {name: "AES-GCM", length: 256}, false, ["encrypt", "decrypt"]);
}
function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
