/* What the phone keeps, in IndexedDB. Only the service worker opens it, so no two tabs are in each other's way. */
"use strict";

const DATABASE = "desmigratif", DATABASE_VERSION = 1;
/* Store → what its rows are found by.
   meta: account, marks of the copy, words   people, texts, pages: the copy of the village, for reading
   queue, drafts, photos: what was written here, sealed   keys: what opens it, by account */
const STORES = {
  meta: "key", people: "id", texts: "key", pages: "path",
  queue: "key", drafts: "path", photos: "key", keys: "account",
};
const COPIES = ["people", "texts", "pages"];
let opening = null;

function database() {
  if (!opening) {
    opening = new Promise((resolve, reject) => {
      const asked = indexedDB.open(DATABASE, DATABASE_VERSION);
      asked.onupgradeneeded = () => {
        for (const name of Object.keys(STORES)) {
          if (!asked.result.objectStoreNames.contains(name)) asked.result.createObjectStore(name, {keyPath: STORES[name]});
        }
      };
      asked.onsuccess = () => {
        const close = () => { opening = null; };
        asked.result.onclose = close;
        asked.result.onversionchange = () => { asked.result.close(); close(); };
        resolve(asked.result);
      };
      asked.onerror = () => { opening = null; reject(asked.error); };
    });
  }
  return opening;
}

/* One transaction. What it wrote is on the disk when this is done, also if the battery ends a moment later. */
async function transaction(stores, mode, act) {
  const db = await database();
  return new Promise((resolve, reject) => {
    const all = db.transaction(stores, mode, {durability: mode === "readwrite" ? "strict" : "default"});
    let result;
    all.oncomplete = () => resolve(result);
    all.onabort = all.onerror = () => reject(all.error || new Error("not stored"));
    result = act(all);
  });
}

function read(store, key) {
  return request(store, (rows) => rows.get(key));
}
function readAll(store) {
  return request(store, (rows) => rows.getAll());
}
function readKeys(store) {
  return request(store, (rows) => rows.getAllKeys());
}
async function request(store, ask) {
  const asked = await transaction([store], "readonly", (all) => ask(all.objectStore(store)));
  return asked.result;
}

function write(store, ...rows) {
  return transaction([store], "readwrite", (all) => { rows.forEach((row) => all.objectStore(store).put(row)); });
}
function remove(store, ...keys) {
  return transaction([store], "readwrite", (all) => { keys.forEach((key) => all.objectStore(store).delete(key)); });
}

/* Has this moment come? The clock of a phone may be set back by years: nothing waits longer than it ever should. */
function isDue(moment, longestMs) {
  return Date.now() >= moment || moment - Date.now() > longestMs;
}

/* Small facts by name. */
async function fact(name) {
  const row = await read("meta", name);
  return row ? row.value : undefined;
}
function setFact(name, value) {
  return write("meta", {key: name, value});
}
