/* The copy of the village: asked for after a log-in, and then only what is new. */

const AT_ONCE = 10, FRESH_MS = 5 * 60000;
const PERSON_MARK = "\ue000", NAME_MARK = "\ue001", FURTHER_MARKS = ["\ue002", "\ue003", "\ue004"];
const TODAY_MARK = "\ue005", ACCOUNT_MARK = "\ue006";
let everybody = null, owners = new Map();

/* Once at a time, and not more often than FRESH_MS unless something was just stored: then once more, if one is at it. */
let onceMore = false;
async function refresh(account, atOnce) {
  await navigator.locks.request("copies", {ifAvailable: true}, async (free) => {
    if (!free) onceMore = onceMore || atOnce;
    if (!free || !account.copies) return;
    do {
      onceMore = false;
      const last = await fact("copied");
      if (!atOnce && last && !isDue(last.at + FRESH_MS, FRESH_MS)) return;
      await copyAll(account, last || {since: 0, pages: "", version: ""});
    } while (onceMore);
  });
}

async function copyAll(account, last) {
  if (last.version !== SETTINGS.version) last = {since: 0, pages: "", version: SETTINGS.version};
  let mark = "", newest = last.since, state = null, count = 0;
  const mine = new Map((await readAll("people")).map((one) => [one.id, one]));
  const uses = await textUses([...mine.values()]);
  for (;;) {
    const news = await ask(account, "/offline/changes?since=" + last.since + (mark && "&before=" + mark));
    await setFact("daysAhead", Math.round((Date.parse(news.today) - Date.parse(today(0))) / 86400000));
    count = news.count;
    /* The frame and the first pages before the people: a copy that breaks off can be read as far as it went. */
    if (state === null && news.pages !== last.pages) await copyPages(account, uses);
    state = news.pages;
    const wanted = news.people.filter(([id, stamp]) => !mine.has(id) || mine.get(id).stamp !== stamp || mine.get(id).version !== SETTINGS.version);
    for (let at = 0; at < wanted.length; at += AT_ONCE) await copyPeople(account, wanted.slice(at, at + AT_ONCE), uses);
    if (news.people.length) newest = Math.max(newest, news.people[0][1]);
    if (!news.more) break;
    mark = news.people[news.people.length - 1].slice().reverse().join(".");
  }
  if ((await readKeys("people")).length !== count) await forgetOthers(account);
  await writeCopies(account, {meta: [{key: "copied", value: {at: Date.now(), since: newest, pages: state, version: SETTINGS.version}}]});
  await tellPages();
}

/* Rows by store; `emptied`: a store that holds nothing else afterwards. Nothing at all if the account has left
   meanwhile: on a slow line an answer may come after the log-out, and its village is nobody else's business. */
function writeCopies(account, rows, emptied) {
  return transaction([...COPIES, "meta"], "readwrite", (all) => {
    const asked = all.objectStore("meta").get("account");
    asked.onsuccess = () => {
      const now = asked.result && asked.result.value;
      if (!now || now.ended || now.id !== account.id) return all.abort();
      if (emptied) all.objectStore(emptied).clear();
      Object.keys(rows).forEach((store) => rows[store].forEach((row) => all.objectStore(store).put(row)));
    };
  });
}

/* Text → who uses it: somebody's id, "" for the pages of nobody, or SHARED. */
const SHARED = "shared";
async function textUses(everyone) {
  const uses = new Map();
  noteUses(uses, "", (await readAll("pages")).map((page) => page.text));
  noteUses(uses, "", ((await fact("blank")) || {pages: []}).pages.map((page) => page[1]));
  everyone.forEach((one) => noteUses(uses, one.id, one.pages.map((page) => page[1])));
  return uses;
}
function noteUses(uses, owner, texts) {
  texts.forEach((text) => uses.set(text, uses.has(text) && uses.get(text) !== owner ? SHARED : owner));
}
/* Of the texts on this phone those that `owners` may get once more. To name all would cost more than it saves. */
function knownTexts(uses, owners) {
  return [...uses].filter(([, owner]) => owner === SHARED || owners.includes(owner)).map(([text]) => text).join(",");
}

async function copyPeople(account, wanted, uses) {
  const ids = wanted.map(([id]) => id);
  const found = await ask(account, "/offline/people", new URLSearchParams({ids: ids.join(","), known: knownTexts(uses, ids)}));
  found.people.forEach((one) => noteUses(uses, one.id, one.pages.map((page) => page[1])));
  const at = Date.now();
  await writeCopies(account, {texts: textsIn(found), people: found.people.map((one) => Object.assign(one, {at, version: SETTINGS.version}))});
  everybody = null;
}

async function copyPages(account, uses) {
  const found = await ask(account, "/offline/pages", new URLSearchParams({known: knownTexts(uses, [""])}));
  const at = Date.now(), pages = found.pages.map(([path, text]) => ({path, text, at}));
  const meta = [{key: "frame", value: found.frame}, {key: "words", value: found.words}];
  await writeCopies(account, {texts: textsIn(found), pages, meta}, "pages");
  spoken = null;
  if ((await fact("blank") || {}).version !== SETTINGS.version) await copyBlank(account, uses);
}

/* The forms of somebody who was only just registered, for those who are registered on this phone. */
async function copyBlank(account, uses) {
  const found = await ask(account, "/offline/blank", new URLSearchParams({known: knownTexts(uses, [""])}));
  await writeCopies(account, {texts: textsIn(found), meta: [{key: "blank", value: {pages: found.pages, version: SETTINGS.version}}]});
}

async function forgetOthers(account) {
  const ids = new Set(await ask(account, "/offline/everybody"));
  const gone = (await readKeys("people")).filter((id) => !ids.has(id));
  if (gone.length) await remove("people", ...gone);
  everybody = null;
}

function textsIn(found) {
  return Object.keys(found.texts).map((key) => ({key, parts: found.texts[key]}));
}

/* Only answers for this account: another may have logged in meanwhile, or its log-in has ended. */
async function ask(account, address, body) {
  const response = await fetch(address, body ? {method: "POST", body} : {});
  await noteAccount(response);
  if (!response.ok || response.redirected) throw new Error(address + ": " + response.status);
  if (accountIn(response).id !== account.id) throw new Error("another account");
  return response.json();
}

/* Texts that no page uses any more, and photos of no form. Rarely, since it reads everything. */
async function sweep() {
  const used = new Set();
  for (const one of await readAll("people")) one.pages.forEach((page) => used.add(page[1]));
  for (const page of await readAll("pages")) used.add(page.text);
  for (const page of ((await fact("blank")) || {pages: []}).pages) used.add(page[1]);
  const old = (await readKeys("texts")).filter((key) => !used.has(key));
  if (old.length) await remove("texts", ...old);
  const kept = new Set();
  for (const item of await readAll("queue")) {
    const form = await unseal(item.account, item.sealed).catch(() => null);
    if (!form) return;
    form.photos.forEach((photo) => kept.add(photo));
  }
  const loose = (await readKeys("photos")).filter((key) => !kept.has(key));
  if (loose.length) await remove("photos", ...loose);
}

/* Everybody in the order of names, in memory: a search must not wait for the disk. */
async function people() {
  if (!everybody) {
    everybody = (await readAll("people")).sort((one, other) => (one.search < other.search ? -1 : 1));
    owners = new Map();
    everybody.forEach((one) => one.pages.forEach((page) => {
      const root = rootOf(filled(page[0], marksOf(one.id, "", page.slice(2))));
      if (page.length > 2 && !page[0].startsWith("/people/")) owners.set(root, one.id);
    }));
  }
  return everybody;
}

/* "/departures/41" of "/departures/41/papers/visa". */
function rootOf(path) {
  return path.split("/").slice(0, 3).join("/");
}

/* Whose phone this is now, null: nobody's. What was copied for whoever it was before goes in the same breath. */
function changeAccount(account) {
  everybody = spoken = null;
  return transaction([...COPIES, "meta"], "readwrite", (all) => {
    const meta = all.objectStore("meta");
    COPIES.forEach((store) => all.objectStore(store).clear());
    ["copied", "frame", "blank"].forEach((name) => meta.delete(name));
    if (account) meta.put({key: "account", value: account});
    else meta.delete("account");
  });
}

/* The stored page at this address: {parts, values, at}; null if there is none. */
async function copyOf(path) {
  const own = /^\/people\/(\d+)(\/|$)/.exec(path) || /\?person=(\d+)$/.exec(path);
  if (own) return pageOf(await read("people", Number(own[1])), path);
  const page = await read("pages", path.split("?")[0]);
  if (page) return withText(page.text, page.at, []);
  await people();
  return pageOf(owners.has(rootOf(path)) && await read("people", owners.get(rootOf(path))), path);
}

async function pageOf(person, path) {
  if (!person) return null;
  const found = person.pages.find((page) => filled(page[0], marksOf(person.id, "", page.slice(2))) === path);
  return found ? withText(found[1], person.at, marksOf(person.id, escaped(person.name), found.slice(2))) : null;
}

async function withText(key, at, marks) {
  const text = await read("texts", key);
  return text ? {parts: text.parts, marks, at} : null;
}

function marksOf(id, name, further) {
  return [[PERSON_MARK, String(id)], [NAME_MARK, name], ...further.map((value, n) => [FURTHER_MARKS[n], String(value)])];
}

function filled(text, marks) {
  return marks.reduce((done, [mark, value]) => done.split(mark).join(value), text);
}

function escaped(text) {
  return text.replace(/[&<>"']/g, (letter) => ({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"})[letter]);
}
