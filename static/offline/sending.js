/* Sending what waits: in the order in which it was written about each person, one at a time, with growing pauses. */

const PAUSES_MS = [5, 15, 30, 60, 120, 300, 600, 1800, 3600].map((seconds) => seconds * 1000);
const PATIENCE_MS = 25000, PIECE = 16384;

/* Has something been stored that the copy of the village does not show yet? */
let isCopyOld = false;

/* There was no network, or it broke off. All other errors are about one form, and must not stop the rest. */
class NoNetwork extends Error {}

/* Everything that may go now. Only one tab's work at a time, whoever asks. The copy is renewed when nothing is left to
   send: on a bad link the forms come first. Says whether something is left that a better network would bring forward;
   null: somebody else is at it. `bySync`: the browser woke us, and wakes us again if we say that we failed. */
async function drain(bySync) {
  let isLeft = null;
  await navigator.locks.request("queue", {ifAvailable: true}, async (free) => {
    const account = free && await fact("account");
    if (!account || account.ended || !(await keyOf(account.id))) return;
    const blocked = new Set();
    isLeft = false;
    for (const {key, group} of await unsentOf(account.id)) {
      if (blocked.has(group)) continue;
      const item = await read("queue", key);
      if (!item || item.loose || !UNSENT.includes(item.state)) continue;
      if (!mayGo(item) || !(item.form = await formOf(item))) {
        blocked.add(group);
        isLeft = isLeft || (item.state !== NEEDS && !isHeld(item));
        continue;
      }
      const outcome = await attempt(item, false);
      if (outcome === "stored") isCopyOld = true;
      else blocked.add(group);
      isLeft = isLeft || outcome === "offline" || outcome === "later";
      if (outcome === "offline" || outcome === "door") break;
    }
  });
  if (!bySync) await askForSync(isLeft);
  if (isLeft === false && isCopyOld) await renewCopy();
  return isLeft;
}

async function renewCopy() {
  const account = await fact("account");
  isCopyOld = false;
  if (account && !account.ended) await refresh(account, true).catch(() => {});
}

function mayGo(item) {
  if (isHeld(item)) return false;
  if (item.state === SENDING) return isDue(item.until, ON_ITS_WAY_MS);
  return (item.state === WAITING || item.state === KEEP) && isDue(item.next, 2 * PAUSES_MS[PAUSES_MS.length - 1]);
}

/* Somebody corrects it just now: the old words must not go out under their hands. */
function isHeld(item) {
  return Boolean(item.heldUntil) && !isDue(item.heldUntil, HELD_MS);
}

/* One try, and of each form only one at a time. Says how it ended: 'stored', 'needs' somebody, 'later', 'offline', or
   'door': log in first. `awaited`: somebody looks on, and gets the answer itself as `answer`. */
function attempt(item, awaited) {
  return navigator.locks.request("form " + item.key, {ifAvailable: !awaited}, (free) => (free ? tryOnce(item, awaited) : "later"));
}

async function tryOnce(item, awaited) {
  /* Thrown away, written anew or stored since it was read? */
  if (!(await change(item, {state: item.state === KEEP ? KEEP : SENDING, until: Date.now() + ON_ITS_WAY_MS}))) return "later";
  try {
    const form = item.form || await unseal(item.account, item.sealed);
    const path = (await resolved(item.action, form.fields)) || (item.state === KEEP && item.action);
    if (!path) return await withoutBase(item, form);
    const refusal = await sendPhotos(form);
    if (refusal === "photo") return await needsYou(item, {reason: "photo"});
    if (refusal) return await settle(item, refusal);
    const response = item.state === KEEP ? await handOver(item, form, path) : await post(path, form.fields, item, awaited);
    item.answer = awaited ? response : null;
    return await settle(item, awaited ? response.clone() : response);
  } catch (error) {
    return error instanceof NoNetwork ? later(item, "offline", "offline") : later(item, "later", "busy");
  }
}

/* Is it an answer of the programme? Others speak in its name: a gateway while the server starts, a café's log-in page. */
function isOurs(response) {
  return response.headers.has("Account");
}

async function settle(item, response) {
  const reason = response.headers.get("Saved-Form-Reason") || "";
  if (response.type === "opaqueredirect") return later(item, "door", "door");
  if (!isOurs(response) && response.status !== 413) return later(item, "later", "busy");
  if (response.status === 200) {
    await done(item, await response.json(), item.state === KEEP ? KEPT : STORED);
    return "stored";
  }
  if (response.status === 401) {
    if (reason !== "other") await sessionEnded(reason);
    return later(item, "door", reason || "login");
  }
  if (response.status === 404 || (response.status === 409 && !reason)) {
    if (item.state === KEEP) return later(item, "later", "busy");
    return keepForHuman(item, (await said(response)).title);
  }
  if (response.status === 422) return needsYou(item, {reason: "invalid", errors: await response.text()});
  if (response.status === 409 && reason === "key") return needsYou(item, {reason: "key", location: (await said(response)).location});
  if (response.status >= 500 || [408, 409, 425, 429].includes(response.status)) return later(item, "later", "busy");
  return needsYou(item, {reason: "refused", errors: (await said(response)).title});
}

async function keepForHuman(item, why) {
  await change(item, {state: KEEP, next: 0, why});
  return tryOnce(Object.assign(item, {state: KEEP, why}), false);
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
  if (!base) return needsYou(item, {reason: "base"});
  if (base.state !== KEPT) return later(item, "later", "before");
  const told = await formOf(base);
  return keepForHuman(item, (told && told.message) || base.location);
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
  } catch (_) {
    throw new NoNetwork();
  } finally {
    clearTimeout(timer);
  }
}

async function later(item, outcome, why) {
  const tries = item.tries + 1, pause = PAUSES_MS[Math.min(tries, PAUSES_MS.length) - 1];
  const next = outcome === "later" ? Date.now() + pause * (0.75 + Math.random() / 2) : 0;
  await change(item, {state: item.state === KEEP ? KEEP : WAITING, tries, next, why: item.state === KEEP ? item.why : why, until: 0});
  return outcome;
}

/* What the server found wrong repeats what was typed: it is sealed like it. */
async function needsYou(item, {reason, errors, location}) {
  const form = item.form || await unseal(item.account, item.sealed);
  const sealed = await seal(item.account, Object.assign({}, form, {errors: errors || ""}));
  await change(item, {state: NEEDS, why: reason, sealed, location: location || "", until: 0});
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

/* null if they are all there, 'photo' if one cannot be taken, or else the answer that says why it does not go now. */
async function sendPhotos(form) {
  for (const key of form.photos) {
    const photo = await read("photos", key);
    if (!photo || photo.sent) continue;
    const bytes = await opened(await keyOf(photo.account), photo.sealed).catch(() => null);
    const refusal = bytes ? await sendPhoto(photo, bytes) : "photo";
    if (refusal) return refusal;
  }
  return null;
}

async function sendPhoto(photo, bytes) {
  const address = "/photos/" + photo.key + "/pieces";
  let known = await patiently((signal) => fetch(address, {signal, redirect: "manual"}));
  for (let left = 3 * Math.ceil(bytes.byteLength / PIECE) + 3; known.ok && isOurs(known); left -= 1) {
    const {received, complete} = await known.json();
    if (complete) {
      await write("photos", Object.assign(photo, {sent: true}));
      return null;
    }
    if (!left) throw new Error("the photo makes no headway");
    const where = address + "?offset=" + received + "&size=" + photo.size + "&quality=" + photo.quality;
    known = await patiently((signal) => fetch(where, {
      method: "POST", body: bytes.slice(received, received + PIECE), signal, redirect: "manual", headers: {"Content-Type": "application/octet-stream"},
    }));
    if (known.status === 409) known = await patiently((signal) => fetch(address, {signal, redirect: "manual"}));
  }
  const isForLater = !isOurs(known) || known.status >= 500 || [401, 408, 425, 429].includes(known.status);
  return isForLater && known.status !== 413 ? known : "photo";
}
