/* Sending what waits: in the order in which it was written about each person, one at a time, with growing pauses. */

const PAUSES_MS = [5, 15, 30, 60, 120, 300, 600, 1800, 3600].map((seconds) => seconds * 1000);
const PATIENCE_MS = 25000, PIECE = 16384;

/* Has something been stored that the copy of the village does not show yet? */
let isCopyOld = false;

/* Everything that may go now. Only one tab's work at a time, whoever asks. The copy is renewed when nothing is left to
   send: on a bad link the forms come first. */
async function drain() {
  let isLeft = null;
  await navigator.locks.request("queue", {ifAvailable: true}, async (free) => {
    const account = free && await fact("account");
    if (!account || account.ended || !(await keyOf(account.id))) return;
    const blocked = new Set();
    isLeft = false;
    for (const item of await unsentOf(account.id)) {
      if (item.loose) continue;
      if (blocked.has(item.group) || !mayGo(item) || !(item.form = await formOf(item))) {
        blocked.add(item.group);
        isLeft = isLeft || item.state !== NEEDS;
        continue;
      }
      const outcome = await attempt(item, false);
      if (outcome === "stored") isCopyOld = true;
      else blocked.add(item.group);
      isLeft = isLeft || !["stored", "needs"].includes(outcome);
      if (outcome === "offline" || outcome === "door") break;
    }
  });
  await askForSync(isLeft);
  if (isLeft === false && isCopyOld) await renewCopy();
}

async function renewCopy() {
  const account = await fact("account");
  isCopyOld = false;
  if (account && !account.ended) await refresh(account, true).catch(() => {});
}

function mayGo(item) {
  if (item.state === SENDING) return isDue(item.until, ON_ITS_WAY_MS);
  return (item.state === WAITING || item.state === KEEP) && isDue(item.next, 2 * PAUSES_MS[PAUSES_MS.length - 1]);
}

/* One try. Says how it ended: 'stored', 'needs' somebody, 'later', 'offline', or 'door': log in first.
   `awaited`: somebody looks on, and gets the answer itself as `answer`. */
async function attempt(item, awaited) {
  await change(item.key, {state: item.state === KEEP ? KEEP : SENDING, until: Date.now() + ON_ITS_WAY_MS});
  let response;
  try {
    const form = item.form || await unseal(item.account, item.sealed);
    const path = (await resolved(item.action, form.fields)) || (item.state === KEEP && item.action);
    if (!path) return await withoutBase(item, form);
    if (!(await sendPhotos(item, form))) return await needsYou(item, {reason: "photo"});
    response = item.state === KEEP ? await handOver(item, form, path) : await post(path, form.fields, item, awaited);
  } catch (_) {
    return later(item, "offline", "offline");
  }
  item.answer = awaited ? response : null;
  return settle(item, awaited ? response.clone() : response);
}

async function settle(item, response) {
  const reason = response.headers.get("Saved-Form-Reason") || "";
  if (response.status === 200) {
    await done(item, await response.json(), item.state === KEEP ? KEPT : STORED);
    return "stored";
  }
  if (response.type === "opaqueredirect" || response.status === 401) {
    if (response.status === 401 && reason !== "other") await sessionEnded(reason);
    return later(item, "door", reason || "door");
  }
  if (response.status === 404 || (response.status === 409 && !reason)) {
    const why = (await said(response)).title;
    await change(item.key, {state: KEEP, next: 0, why});
    return attempt(Object.assign(item, {state: KEEP, why}), false);
  }
  if (response.status === 422) return needsYou(item, {reason: "invalid", errors: await response.text()});
  if (response.status === 409 && reason === "key") return needsYou(item, {reason: "key", location: (await said(response)).location});
  if (response.status >= 500 || [408, 409, 425, 429].includes(response.status)) return later(item, "later", "busy");
  return needsYou(item, {reason: "refused", errors: (await said(response)).title});
}

/* An error in words: JSON for us, or the page that somebody sees who waits for it. */
async function said(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (_) {
    const heading = /<h1>([^]*?)<\/h1>/.exec(text);
    return {title: heading ? heading[1] : "", location: ""};
  }
}

/* The form that had to be stored first is not: this one waits for it, or fits no more for the same reason. */
async function withoutBase(item, form) {
  const base = await read("queue", needs(item.action, form.fields));
  if (!base || base.state !== KEPT) return later(item, "later", "before");
  const why = base.message;
  await change(item.key, {state: KEEP, next: 0, why});
  return attempt(Object.assign(item, {state: KEEP, why}), false);
}

/* Where it really goes: an address may hold the key of a form that had to be stored first. null if it is not yet. */
async function resolved(path, fields) {
  const key = needs(path, fields), id = key && await idMadeBy(key);
  return key ? id && path.replace("~" + key, id) : path;
}

/* The id of what this form made, once it is stored: it stands at the end of the address that the answer named. */
async function idMadeBy(key) {
  const made = await read("queue", key);
  return made && made.location && made.state === STORED ? made.location.split(/[?#]/)[0].split("/").pop() : null;
}

async function post(path, fields, item, awaited) {
  const body = new URLSearchParams();
  for (const [name, value] of fields) body.append(name, await namesResolved(value));
  return patiently((signal) => fetch(path, {
    method: "POST", body, signal, redirect: "manual",
    headers: {"Saved-Form": awaited ? "now" : "later", "Saved-At": String(item.at), "Sent-At": String(Date.now())},
  }));
}

/* Also in a field: a form may name somebody who was registered here. */
async function namesResolved(value) {
  const found = /^~([0-9A-Za-z-]{16,36})$/.exec(value);
  return (found && await idMadeBy(found[1])) || value;
}

/* What fits no more is handed over, for a human to look at. */
function handOver(item, form, path) {
  const body = new URLSearchParams(form.fields).toString();
  const fields = [["client_id", item.key], ["account", item.account], ["path", path], ["title", form.title || path], ["reason", item.why],
    ["words", JSON.stringify(form.words)], ["body", body]];
  return post("/kept-forms", fields, item, false);
}

/* A bad link may stay silent for minutes, or break off, also in the middle of an answer: only a whole one counts. Else it
   is tried again later, with the same key. */
async function patiently(act) {
  const control = new AbortController(), timer = setTimeout(() => control.abort(), PATIENCE_MS);
  try {
    const response = await act(control.signal);
    await response.clone().arrayBuffer();
    return response;
  } finally {
    clearTimeout(timer);
  }
}

async function later(item, outcome, why) {
  const tries = item.tries + 1, pause = PAUSES_MS[Math.min(tries, PAUSES_MS.length) - 1];
  const next = outcome === "later" ? Date.now() + pause * (0.75 + Math.random() / 2) : 0;
  await change(item.key, {state: item.state === KEEP ? KEEP : WAITING, tries, next, why: item.state === KEEP ? item.why : why, until: 0});
  return outcome;
}

async function needsYou(item, {reason, errors, location}) {
  await change(item.key, {state: NEEDS, why: reason, errors: errors || "", location: location || "", until: 0});
  return "needs";
}

/* The browser wakes us when there is a network, where it can do that. `isLeft`: does anything wait? null: look. */
async function askForSync(isLeft) {
  const account = await fact("account");
  if (!account || !self.registration.sync) return;
  if (isLeft === null ? !(await counts(account.id)).waiting : !isLeft) return;
  await self.registration.sync.register("queue").catch(() => {});
}

/* Photos: sealed here, sent in pieces; what has arrived is not sent again. */
async function keepPhoto(account, file, form, quality) {
  const key = uuid(), bytes = await file.arrayBuffer();
  await write("photos", {key, account, quality: quality ? "clear" : "small", size: bytes.byteLength, sealed: await boxed(await keyOf(account), bytes)});
  form.photos.push(key);
  return key;
}

async function sendPhotos(item, form) {
  for (const key of form.photos) {
    const photo = await read("photos", key);
    if (photo && !photo.sent && !(await sendPhoto(photo))) return false;
  }
  return true;
}

async function sendPhoto(photo) {
  const address = "/photos/" + photo.key + "/pieces", bytes = await opened(await keyOf(photo.account), photo.sealed);
  let known = await patiently((signal) => fetch(address, {signal, redirect: "manual"}));
  while (known.ok) {
    const {received, complete} = await known.json();
    if (complete) {
      await write("photos", Object.assign(photo, {sent: true}));
      return true;
    }
    const where = address + "?offset=" + received + "&size=" + photo.size + "&quality=" + photo.quality;
    known = await patiently((signal) => fetch(where, {
      method: "POST", body: bytes.slice(received, received + PIECE), signal, headers: {"Content-Type": "application/octet-stream"},
    }));
    if (known.status === 409) known = await patiently((signal) => fetch(address, {signal}));
  }
  if (known.status === 422 || known.status === 413) return false;
  throw new Error("photo: " + known.status);
}
