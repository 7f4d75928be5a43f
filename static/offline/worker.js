/* What the browser asks of the service worker, and what pages ask of it. */

const ASSETS = "assets-" + SETTINGS.version;
/* How long a page may let us wait for the network when there is a copy of it, and when there is none. */
const WITH_COPY_MS = 4000, WITHOUT_COPY_MS = 30000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(ASSETS).then((cache) => cache.addAll(SETTINGS.assets)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name !== ASSETS);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
    await sweep().catch(() => {});
  })());
});

self.addEventListener("fetch", (event) => {
  const request = event.request, url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "GET" && request.mode === "navigate") event.respondWith(openPage(event, url));
  else if (request.method === "GET" && url.pathname.startsWith("/static/")) event.respondWith(asset(request));
  else if (request.method === "POST" && url.pathname === "/people/search") event.respondWith(search(event));
  else if (request.method === "POST" && url.pathname === "/logout") event.respondWith(logOut(event));
  else if (request.method === "POST" && isKept(url.pathname)) event.respondWith(takeForm(event, url));
});

self.addEventListener("sync", (event) => {
  if (event.tag === "queue") event.waitUntil(drainForSync());
});

/* The browser wakes us again, in growing intervals, only if it hears that we failed. */
async function drainForSync() {
  if (await drain(true)) throw new Error("forms are left");
}

async function asset(request) {
  return (await caches.match(request)) || fetch(request);
}

/* Pages: from the network where there is one; at the start, and without a network, from the copy. */
async function openPage(event, url) {
  const account = await fact("account");
  if (account && needs(url.pathname + url.search)) return localPage(url.pathname + url.search, account);
  if (url.pathname === "/antrean" && (!account || account.ended)) return queuePage();
  if (!(await finishLogOut())) return queuePage();
  const copy = account && !account.ended ? await copyOf(url.pathname + url.search).catch(() => null) : null;
  if (copy && url.searchParams.has("mulai")) return page(copy, account, url, "as_of");
  if (copy && isCutOff()) return page(copy, account, url, "no_signal");
  try {
    const response = await within(fetch(event.request), copy ? WITH_COPY_MS : WITHOUT_COPY_MS);
    if (response.status >= 500 && copy) return page(copy, account, url, "no_signal");
    if (response.type !== "opaqueredirect") await noteAccount(response);
    return response;
  } catch (_) {
    if (copy) return page(copy, account, url, "no_signal");
    return account && !account.ended && url.pathname !== "/antrean" ? notHere() : queuePage();
  }
}

async function page(copy, account, url, sign) {
  if (url.pathname === "/antrean") return composed(copy, account, "", "", SETTINGS.queueScript);
  const group = await groupOf(url.pathname, "");
  const waiting = await waitingAbout(account, group, "");
  if (url.pathname === "/people") copy.parts = copy.parts.slice(0, 4).concat(await withRows(copy.parts[4], url));
  return composed(copy, account, sign, waiting);
}

async function withRows(content, url) {
  const rows = await rowsFor("", url.searchParams.get("stage") || "");
  return content.replace(/<!--rows-->[^]*<!--\/rows-->/, () => rows);
}

function within(promise, ms) {
  return Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error("late")), ms))]);
}

async function search(event) {
  const form = await event.request.clone().formData();
  if (isCutOff()) return searchHere(form);
  try {
    return await within(fetch(event.request), WITH_COPY_MS);
  } catch (_) {
    return searchHere(form);
  }
}

/* Surely without a network. The opposite proves nothing: the radio may be on, and nobody there. */
function isCutOff() {
  return navigator.onLine === false;
}

/* Whose answer this is. */
function accountIn(response) {
  const [id, language, copies] = (response.headers.get("Account") || "").split(" ");
  return {id: id || "", language: language || "id", copies: copies === "copies"};
}

/* Another account, or none: what the last one kept for reading goes, and what it wrote is locked. */
async function noteAccount(response) {
  if (!response.headers.has("Account")) return;
  const now = accountIn(response), known = await fact("account");
  if (now.id === "0") return known && !known.ended ? sessionEnded("login") : undefined;
  if (known && known.id === now.id && !known.ended && known.language === now.language && known.copies === now.copies) return;
  if (known && known.id !== now.id) await lock(known.id);
  const isSame = known && !known.ended && known.id === now.id && known.language === now.language;
  await (isSame ? setFact("account", now) : changeAccount(now));
  await tellPages();
}

/* The server knows this log-in no more: it ended, or somebody ended it from elsewhere because the phone was lost. */
async function sessionEnded(why) {
  const account = await fact("account");
  if (!account) return;
  await changeAccount(Object.assign(account, {ended: why || "login"}));
  const row = await read("keys", account.id);
  if (row && row.byPin) await lock(account.id);
  await tellPages();
}

/* A form: into the queue first, then out, while its writer waits. */
async function takeForm(event, url) {
  const ordinary = event.request.clone(), htmx = event.request.headers.get("HX-Request");
  let item;
  try {
    item = await keepForm(event.request, url);
  } catch (_) {
    return fetch(ordinary).catch(async () => ownPage(await word("full"), await word("full_advice"), 507));
  }
  if (!item) return fetch(ordinary);
  await remove("drafts", draftKey(item.account, item.action));
  event.waitUntil(askForSync(true));
  const account = await fact("account"), isOwner = !account || (account.id === item.account && !account.ended);
  const before = (await unsentOf(item.account)).some((one) => one.group === item.group && one.order < item.order && one.state !== NEEDS);
  if (!isOwner || before || needs(url.pathname, (await unseal(item.account, item.sealed)).fields)) {
    await change(item, {state: WAITING, until: 0});
    event.waitUntil(drain());
    return storedHere(item, htmx);
  }
  return htmx ? passOn(event, ordinary, item) : sendNow(event, item);
}

async function sendNow(event, item) {
  const outcome = await attempt(item, true);
  const now = await read("queue", item.key);
  if (outcome === "stored") {
    event.waitUntil(afterStored());
    return Response.redirect(now.location || "/", 303);
  }
  if (outcome === "needs" && item.answer) return sameKey(item);
  /* Led elsewhere, such as to a new password; who must only log in again reads on the page Antrean that it is kept. */
  if (outcome === "door" && item.answer && item.answer.type === "opaqueredirect") return item.answer;
  return storedHere(item, null);
}

/* The form comes back with what is wrong. It keeps its key, so that the corrected one takes this one's place. */
async function sameKey(item) {
  const html = (await item.answer.text()).replace(/(name="client_id" value=")[^"]*/, (_, before) => before + item.key);
  const headers = new Headers(item.answer.headers);
  ["Content-Encoding", "Content-Length"].forEach((name) => headers.delete(name));
  await change(item, {loose: true});
  return new Response(html, {status: item.answer.status, headers});
}

/* A part of a page, asked for by htmx: its answer goes to the page as it is. */
async function passOn(event, request, item) {
  try {
    const response = await within(fetch(request), PATIENCE_MS);
    if (response.status >= 500 || !isOurs(response)) throw new Error("busy");
    const isSettled = response.headers.has("Receipt") || response.headers.get("Saved-Form-Reason") === "look";
    if (response.status < 400 && isSettled) await discard(item.key);
    else await change(item, {state: WAITING, why: response.status === 401 ? "door" : "", until: 0});
    event.waitUntil(afterStored());
    return response.status === 401 ? storedHere(item, true) : response;
  } catch (_) {
    await change(item, {state: WAITING, why: "offline", until: 0});
    return storedHere(item, true);
  }
}

function storedHere(item, htmx) {
  if (htmx) return new Response(null, {status: 204, headers: {"HX-Trigger": "kept"}});
  return Response.redirect("/antrean?tersimpan#" + item.key, 303);
}

async function afterStored() {
  isCopyOld = true;
  await drain();
}

/* Forms that wait must be locked before their owner leaves: the page Antrean asks for a PIN first. */
async function logOut(event) {
  const account = await fact("account"), form = await event.request.clone().formData();
  const unsent = account ? (await unsentOf(account.id)).length : 0;
  if (unsent && !form.get("locked")) return Response.redirect("/antrean?keluar", 303);
  try {
    const response = await fetch(event.request);
    if (response.type === "opaqueredirect" || response.ok || response.status === 401) await forgetAccount();
    return response;
  } catch (_) {
    await setFact("logOut", new URLSearchParams(form).toString());
    await forgetAccount();
    return ownPage(await word("logged_out"), await word("logged_out_advice"), 200, link("/login", await word("log_in")));
  }
}

async function forgetAccount() {
  const account = await fact("account");
  if (account) await lock(account.id);
  if (account) await setFact("lastAccount", account);
  await changeAccount(null);
  await tellPages();
}

/* A log-out without a network: the server hears of it before anybody gets another page. */
async function finishLogOut() {
  const form = await fact("logOut");
  if (!form) return true;
  const body = new URLSearchParams(form);
  const response = await within(fetch("/logout", {method: "POST", body, redirect: "manual"}), WITH_COPY_MS).catch(() => null);
  const isOut = response && (response.type === "opaqueredirect" || response.status === 401);
  if (isOut) await remove("meta", "logOut");
  return isOut;
}

/* The queue of a phone on which nobody is logged in: its page holds nobody's data. */
async function rememberQueuePage() {
  const response = await fetch("/antrean", {headers: {"HX-Request": "true"}}), words = await response.text();
  await noteAccount(response);
  if (response.ok && !response.redirected) await setFact("queueWords", {words, version: SETTINGS.version});
}

async function queuePage() {
  const known = await fact("queueWords"), content = withKeys((known && known.words) || "");
  return framed({title: "Antrean", heading: "Antrean", bodyClass: "no-tabs", lit: "", content, sign: "own", script: SETTINGS.queueScript});
}

async function tellPages() {
  const pages = await self.clients.matchAll(), account = pages.length && await fact("account");
  const found = account ? await counts(account.id) : {waiting: 0, needs: 0, stored: 0};
  for (const client of pages) client.postMessage({type: "counts", counts: found});
}

let greeting = null;
async function greet() {
  if (!(await finishLogOut())) return {counts: {waiting: 0, needs: 0, stored: 0}, failed: "log-out"};
  const known = await fact("queueWords");
  if (!(await fact("account")) || !known || known.version !== SETTINGS.version) await rememberQueuePage().catch(() => {});
  const account = await fact("account");
  if (!account || account.ended) return {counts: {waiting: 0, needs: 0, stored: 0}, failed: "nobody"};
  await openVault(account.id).catch(() => {});
  await forgetReceipts(account.id).catch(() => {});
  await drain().catch(() => {});
  const failed = await refresh(account, false).then(() => "", String);
  return {counts: await counts(account.id), failed};
}

/* What pages ask. Each answer goes back through the port that came with the question. */
const QUESTIONS = {
  /* Two pages, or a page and the worker that took it over, greet at once: one answer is enough. */
  hello: () => {
    greeting = greeting || greet().finally(() => { greeting = null; });
    return greeting;
  },
  counts: async () => {
    const account = await fact("account");
    return account ? counts(account.id) : null;
  },
  list: async () => {
    const now = await fact("account"), account = now || (await fact("lastAccount")), isOut = !now || Boolean(now.ended);
    if (!account) return {items: [], account: null, isOut};
    const row = await read("keys", account.id);
    const copied = ((await fact("copied")) || {}).at;
    return {items: await listed(account.id), account, isOut, locked: !!row && !row.key, hasPin: !!row && !!row.byPin, copied};
  },
  /* To be corrected: it is not sent meanwhile. `action`: where it goes now; the person may have got an id. */
  item: async ({key}) => {
    const item = await read("queue", key), form = item && await unseal(item.account, item.sealed);
    if (!form) return null;
    await change(item, {heldUntil: Date.now() + HELD_MS});
    const action = (await resolved(item.action, form.fields)) || item.action;
    return {state: item.state, why: item.why, errors: form.errors, fields: form.fields, page: form.page, action, photos: form.photos, key};
  },
  release: async ({key}) => {
    await change({key}, {heldUntil: 0});
    await drain();
    return {};
  },
  photos: async ({key}) => {
    const item = await read("queue", key), form = item && await unseal(item.account, item.sealed);
    const found = await Promise.all((form ? form.photos : []).map((photo) => read("photos", photo)));
    return Promise.all(found.filter(Boolean).map(async (photo) => opened(await keyOf(photo.account), photo.sealed)));
  },
  send: async ({key}) => {
    await change({key}, {state: WAITING, next: 0, tries: 0, until: 0, heldUntil: 0});
    await drain();
    return {};
  },
  discard: async ({key}) => { await discard(key); return {}; },
  /* Somebody who was registered here is stored already: what follows is about the one who is stored. */
  same: async ({key, location}) => {
    const item = await read("queue", key), form = item && await formOf(item);
    if (form) await done(item, {location, receipt: "", message: await word("same_person")}, STORED);
    await drain();
    return {};
  },
  drain: async () => { await drain(); return {}; },
  draft: async ({account, action, fields}) => { await saveDraft(account, action, fields); return {}; },
  draftOf: async ({account, action}) => draftOf(account, action),
  setPin: async ({pin}) => {
    const account = await fact("account");
    return {set: !!account && await setPin(account.id, pin)};
  },
  unlock: async ({pin}) => {
    const account = (await fact("account")) || (await fact("lastAccount"));
    return account ? openWithPin(account.id, pin) : {open: false, until: 0};
  },
  lock: async () => {
    const account = await fact("lastAccount");
    if (account && !(await fact("account"))) await lock(account.id);
    return {};
  },
};

self.addEventListener("message", (event) => {
  const ask = event.data && QUESTIONS[event.data.type], port = event.ports[0];
  if (!ask) return;
  event.waitUntil(ask(event.data).catch((error) => ({error: String(error)})).then((answer) => port && port.postMessage(answer)));
});
