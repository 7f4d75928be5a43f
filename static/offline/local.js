/* People who were registered on this phone and are not stored yet. Their address is the key of their form: /people/~key. */

/* Form → the address of what it makes. The answer says the real one. */
const MAKES = [[/^\/people$/, "/people/"], [/^\/people\/[^/]+\/departures$/, "/departures/"]];
const LOCAL = /~([0-9A-Za-z-]{16,36})/;

/* Where a form that waits will be found: '/people/~key'; '' if it makes nothing of its own. */
function addressOf(item) {
  const made = MAKES.find(([action]) => action.test(item.action));
  return made ? made[1] + "~" + item.key : "";
}

/* The form that must be stored first: an address, or a field, names what it makes. */
function needs(path, fields) {
  const named = (fields || []).find(([name, value]) => name === "person_id" && value.startsWith("~"));
  const found = LOCAL.exec(named ? named[1] : path);
  return found ? found[1] : null;
}

/* All forms about the same person go out in the order in which they were written. */
async function groupOf(action, key, fields) {
  if (action === "/people") return "~" + key;
  const named = (fields || []).find(([name, value]) => name === "person_id" && value), made = !named && LOCAL.exec(action);
  const person = named ? [0, named[1]] : /^\/people\/([^/]+)/.exec(action);
  if (person) return groupOfPerson(person[1]);
  const base = made && await read("queue", made[1]);
  if (base) return base.group;
  await people();
  return owners.has(rootOf(action)) ? groupOfPerson(String(owners.get(rootOf(action)))) : rootOf(action);
}

/* Of somebody registered here some forms may still wait under the key when others know the id: they are one group. */
async function groupOfPerson(id) {
  const stored = (await readAll("queue")).filter((item) => item.action === "/people" && item.state === STORED);
  const first = stored.find((item) => item.location.split(/[?#]/)[0] === "/people/" + id);
  return first ? "~" + first.key : id;
}

async function registeredHere() {
  const account = await fact("account");
  if (!account) return [];
  const found = [];
  for (const item of await unsentOf(account.id)) {
    const form = item.action === "/people" && await formOf(item);
    if (!form) continue;
    const name = nameIn(form.fields), badge = '<span class="badge is-warn">' + await word("not_sent") + "</span>";
    const row = '<li><a class="row is-person" href="/people/~' + item.key + '"><span class="row-main"><strong>' + escaped(name) +
      '</strong><span class="row-line">' + badge + "</span></span></a></li>";
    found.push({name, row, key: item.key, item});
  }
  return found;
}

function nameIn(fields) {
  const found = fields.find(([name]) => name === "name");
  return found ? found[1] : "";
}

/* A page of somebody registered here: what was written, and the forms that can follow. */
async function localPage(path, account) {
  const key = needs(path), item = await read("queue", key);
  const id = await idMadeBy(key);
  if (id) return Response.redirect(path.replace("~" + key, id), 303);
  if (item && item.state === KEPT) return Response.redirect(item.location, 303);
  const form = item && await unseal(item.account, item.sealed);
  if (!form || item.account !== account.id) return notHere();
  const name = escaped(nameIn(form.fields)), rest = path.replace("~" + key, PERSON_MARK);
  const blank = (await fact("blank")) || {pages: []};
  if (rest === "/people/" + PERSON_MARK) return firstPage(name, form, key, blank, account);
  const page = blank.pages.find((one) => one[0] === rest);
  const copy = page && await withText(page[1], item.at, [[PERSON_MARK, "~" + key], [NAME_MARK, name]]);
  return copy ? composed(copy, account, "no_signal") : notHere();
}

async function firstPage(name, form, key, blank, account) {
  const facts = form.words.map(([label, value]) => "<div><dt>" + escaped(label) + "</dt><dd>" + escaped(value) + "</dd></div>").join("");
  const links = [];
  for (const [path, text, ...further] of blank.pages) {
    const page = await read("texts", text);
    if (further.length || path === "/people/" + PERSON_MARK || !page || !isFormOfNew(page.parts[4])) continue;
    links.push(link(path.replace(PERSON_MARK, "~" + key), page.parts[1].replace(NAME_MARK, name)));
  }
  const content = '<div class="column"><nav class="crumbs"><ol><li><a href="/people">' + (await word("people")) + "</a></li></ol></nav>" +
    note(await word("registered_here"), "is-warn") + (await waitingAbout(account, "~" + key, key)) + '<dl class="facts">' + facts + '</dl><nav class="actions">' + links.join("") +
    link("/antrean#" + key, await word("to_queue")) + "</nav></div>";
  return framed({title: name, heading: name, bodyClass: "has-tabs", lit: "/people", content, sign: "own"});
}

/* What was written about somebody and is not sent yet, but for this form: nobody writes it once more. */
async function waitingAbout(account, group, key) {
  const lines = [];
  for (const item of await unsentOf(account.id)) {
    const form = item.group === group && item.key !== key && await formOf(item);
    if (form) lines.push('<br><a href="/antrean#' + item.key + '">' + escaped(form.title || item.action) + "</a>");
  }
  return lines.length ? note((await word("waiting_about", {number: String(lines.length)})) + lines.join(""), "is-info") : "";
}

/* Forms that change what is stored begin from it; of somebody new there is nothing stored. */
function isFormOfNew(content) {
  return content.includes('name="client_id"') && !content.includes('name="version"');
}
