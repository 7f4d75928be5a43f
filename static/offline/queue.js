/* Forms that wait here until they are stored. A form is put here before it is sent, whatever the network is like. */

const WAITING = "waiting", SENDING = "sending", NEEDS = "needs", KEEP = "keep", STORED = "stored", KEPT = "kept";
const UNSENT = [WAITING, SENDING, NEEDS, KEEP];
/* How long a form is taken to be on its way, if nobody says how it ended. */
const ON_ITS_WAY_MS = 30000;
/* How long a form that is opened for correction is not sent, if nobody says that it was closed. */
const HELD_MS = 30 * 60000;
/* How long the receipt of a stored form is shown. */
const RECEIPTS_MS = 7 * 24 * 3600000;
/* Fields that the page adds for the queue and that are not sent. */
const ABOUT = "kept_about";

function isKept(path) {
  return !SETTINGS.neverKept.some((expression) => new RegExp(expression).test(path));
}

/* Put a form into the queue. null if it carries no key or belongs to nobody: then it goes the ordinary way. */
async function keepForm(request, url) {
  const data = await request.formData(), key = data.get("client_id"), account = data.get("account");
  if (!key || !account || !/^[0-9A-Za-z-]{16,36}$/.test(key)) return null;
  const form = {fields: [], photos: [], words: [], title: "", page: ""};
  for (const [name, value] of data.entries()) {
    if (name === ABOUT) Object.assign(form, about(value));
    else if (typeof value === "string") {
      form.fields.push([name, value]);
      if (name === "photos" && await read("photos", value)) form.photos.push(value);
    } else if (value.size) form.fields.push([name, await keepPhoto(account, value, form, data.get("photo_quality"))]);
  }
  const before = await read("queue", key);
  await asBefore(form, before);
  const item = {
    key, account, action: url.pathname, at: before ? before.at : Date.now(), order: before ? before.order : await nextOrder(),
    group: await groupOf(url.pathname, key, form.fields), state: SENDING, until: Date.now() + ON_ITS_WAY_MS, tries: before ? before.tries : 0,
    next: 0, why: "", receipt: "", location: "", edition: uuid(), sealed: await seal(account, form),
  };
  await write("queue", item);
  return item;
}

/* A page that only asks something has no fields of its own to read: what was written stands there as before. */
async function asBefore(form, before) {
  const old = before && await formOf(before);
  if (old && !form.words.length) Object.assign(form, {words: old.words, title: old.title, page: old.page});
}

function about(text) {
  try {
    const found = JSON.parse(text);
    return {title: String(found.title), page: String(found.page), words: found.words};
  } catch (_) {
    return {};
  }
}

/* Later forms come later, also if the clock is set back. */
async function nextOrder() {
  const last = (await fact("order")) || 0, next = Math.max(last + 1, Date.now());
  await setFact("order", next);
  return next;
}

/* Those that are not stored, in the order in which they were written; sealed. */
async function unsentOf(account) {
  const items = (await readAll("queue")).filter((item) => item.account === account && UNSENT.includes(item.state));
  return items.sort((one, other) => one.order - other.order);
}

/* What is in it; null while it is locked. */
function formOf(item) {
  return unseal(item.account, item.sealed).catch(() => null);
}

/* Old receipts are thrown away, but for those that say where a form goes that still waits; and forms that came back and
   were never corrected. */
async function forgetReceipts(account) {
  const all = (await readAll("queue")).filter((item) => item.account === account), unsent = all.filter((item) => UNSENT.includes(item.state));
  const isNeeded = (item) => unsent.some((one) => one.action.includes("~" + item.key) || one.group === "~" + item.key);
  const isOver = (item) => (item.loose || !UNSENT.includes(item.state)) && Date.now() - (item.doneAt || item.at) > RECEIPTS_MS;
  const old = all.filter((item) => isOver(item) && !isNeeded(item));
  if (old.length) await remove("queue", ...old.map((item) => item.key));
  return all.filter((one) => !old.includes(one));
}

/* For the page Antrean: everything of this account, the newest first. */
async function listed(account) {
  const items = [];
  for (const item of await forgetReceipts(account)) {
    const form = await formOf(item) || {title: "", words: [], page: "", photos: []};
    const {title, words, page, photos, message} = form, errors = item.why === "refused" ? form.errors : "";
    const address = UNSENT.includes(item.state) && item.action === "/people" ? addressOf(item) : "";
    items.push(Object.assign(summary(item), {title, words, page, message, errors, address, photos: photos.length}));
  }
  return items.sort((one, other) => other.order - one.order);
}

function summary(item) {
  const {key, state, at, order, tries, next, why, receipt, location, doneAt} = item;
  return {key, state, at, order, tries, next, why, receipt, location, doneAt};
}

async function counts(account) {
  const all = (await readAll("queue")).filter((item) => item.account === account && !item.loose);
  const of = (...states) => all.filter((item) => states.includes(item.state)).length;
  return {waiting: of(WAITING, SENDING, KEEP), needs: of(NEEDS), stored: of(STORED, KEPT)};
}

/* What came of this form. Nothing, if it was written anew meanwhile, or is stored: that never goes back. Says whether. */
async function change({key, edition}, values) {
  let isDone = false;
  await transaction(["queue"], "readwrite", (all) => {
    const rows = all.objectStore("queue"), asked = rows.get(key);
    asked.onsuccess = () => {
      const now = asked.result;
      isDone = Boolean(now) && UNSENT.includes(now.state) && (!edition || now.edition === edition);
      if (isDone) rows.put(Object.assign(now, values));
    };
  });
  await tellPages();
  return isDone;
}

/* Stored: only its name and receipt stay, for a week. */
async function done(item, answer, state) {
  const form = await unseal(item.account, item.sealed).catch(() => null);
  const left = form && {fields: [], photos: [], words: [], title: form.title, page: form.page, message: answer.message};
  const isDone = await change(item, {
    state, doneAt: Date.now(), receipt: answer.receipt, location: answer.location,
    sealed: left ? await seal(item.account, left) : item.sealed, why: "",
  });
  if (isDone && form && form.photos.length) await remove("photos", ...form.photos);
}

async function discard(key) {
  const item = await read("queue", key), form = item && await unseal(item.account, item.sealed).catch(() => null);
  if (form && form.photos.length) await remove("photos", ...form.photos);
  await remove("queue", key);
  await tellPages();
}

/* Drafts: what stands in a form that was not sent. By the address it would go to. */
function draftKey(account, action) {
  return account + " " + action;
}
async function saveDraft(account, action, fields) {
  if (!fields.length) return remove("drafts", draftKey(account, action));
  return write("drafts", {path: draftKey(account, action), at: Date.now(), sealed: await seal(account, fields)});
}
async function draftOf(account, action) {
  const row = await read("drafts", draftKey(account, action));
  const fields = row && await unseal(account, row.sealed).catch(() => null);
  return fields ? {at: row.at, fields} : null;
}
