/* Pages that the phone puts together itself: a copy in its frame, or a few words of our own. */

const PAGE_HEADERS = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "Content-Security-Policy": SETTINGS.csp};

/* A copy as a page. `sign` says how old it is: 'no_signal', or 'as_of' while a newer one is being fetched. */
async function composed(copy, account, sign, extra, script) {
  const day = today((await fact("daysAhead")) || 0);
  const fill = (text) => filled(text, [...copy.marks, [TODAY_MARK, day], [ACCOUNT_MARK, account.id]]);
  const [title, heading, bodyClass, lit, content] = copy.parts.map(fill);
  const time = moment(copy.at, account.language), late = await word("no_signal", {time});
  const notice = sign ? note(await word(sign, {time}), sign === "as_of" ? "is-info" : "is-warn", sign, late) : "";
  return framed({title, heading, bodyClass, lit, content: notice + (extra || "") + withKeys(content), sign, script});
}

/* Every form gets a key of its own, as the server would give it. */
function withKeys(content) {
  return content.replace(/name="client_id" value=""/g, () => 'name="client_id" value="' + uuid() + '"');
}

async function framed(page) {
  const frame = (await fact("frame")) || plainFrame();
  const html = frame
    .replace(/<title>[^]*?<\/title>/, () => "<title>" + page.title + "</title>")
    .replace(/<body class="[^"]*"/, () => '<body class="' + page.bodyClass + '" data-sign="' + (page.sign || "") + '"')
    .replace("</head>", () => (page.script ? '<script src="' + page.script + '" defer></script></head>' : "</head>"))
    .replace(/<h1>[^]*?<\/h1>/, () => "<h1>" + page.heading + "</h1>")
    .replace(/(<main [^>]*>)[^]*<\/main>/, (_, main) => main + page.content + "</main>")
    .replace(/ aria-current="[^"]*"/g, "")
    .replace('<a href="' + page.lit + '"', (link) => (page.lit ? link + ' aria-current="true"' : link));
  return new Response(withOurAssets(html), {headers: PAGE_HEADERS, status: page.status || 200});
}

/* A copy may be older than this worker, which has only its own version of scripts and styles. */
const ASSET = /\/static\/dist\/([\w/.-]+?)\.[0-9a-f]{12}\.(\w+)/g;
const OURS = new Map(SETTINGS.assets.map((address) => [address.replace(ASSET, "$1.$2"), address]));
function withOurAssets(html) {
  return html.replace(ASSET, (address, name, type) => OURS.get(name + "." + type) || address);
}

/* Around pages of a phone on which nobody is logged in. */
function plainFrame() {
  return '<!doctype html><html lang="id"><head><meta charset="utf-8"><title></title>' +
    '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="' + SETTINGS.css + '">' +
    '<script src="' + SETTINGS.script + '" defer></script></head>' +
    '<body class="no-tabs"><header class="kop"><p class="kop-line"><span class="brand">Desmigratif</span></p><h1></h1></header>' +
    '<main id="content" tabindex="-1"></main></body></html>';
}

async function ownPage(title, words, status, further) {
  const content = '<div class="column"><p class="lead">' + words + "</p>" + (further || "") + link("/antrean", await word("to_queue")) + "</div>";
  return framed({title, heading: title, bodyClass: "has-tabs", lit: "", content, status, sign: "own"});
}

async function notHere() {
  return ownPage(await word("not_here"), await word("not_here_advice"), 503);
}

/* Words of the account's language; before any were copied, Indonesian. */
let spoken = null;
async function word(name, values) {
  const words = spoken = spoken || Object.assign({}, SETTINGS.words, await fact("words"));
  return Object.keys(values || {}).reduce((text, key) => text.replace("{" + key + "}", () => values[key]), words[name]);
}

function note(words, tone, name, late) {
  const about = 'data-note="' + (name || "") + '" data-offline="' + (late || "") + '"';
  return '<p class="notice ' + tone + '" role="status" ' + about + "><span>" + words + "</span></p>";
}
function link(href, words) {
  return '<a class="button is-quiet" href="' + href + '">' + words + "</a>";
}

/* 14.05, or 12 Nov 14.05 on another day. */
function moment(at, language) {
  const then = new Date(at), time = two(then.getHours()) + "." + two(then.getMinutes());
  if (then.toDateString() === new Date().toDateString()) return time;
  return then.toLocaleDateString(language, {day: "numeric", month: "short"}) + " " + time;
}
/* The programme's day: by how many days it is ahead of this phone's is known since the last copy. */
function today(daysAhead) {
  const now = new Date();
  now.setDate(now.getDate() + daysAhead);
  return now.getFullYear() + "-" + two(now.getMonth() + 1) + "-" + two(now.getDate());
}
function two(number) {
  return String(number).padStart(2, "0");
}

/* The list of people, from memory: those registered here first, then those whose name or number holds what was typed.
   Of what is searched fewer are shown: whoever types goes on typing. */
const ROWS = 30, FOUND = 15;
async function rowsFor(typed, stage) {
  const parts = searched(typed), mine = await registeredHere();
  const here = mine.filter((one) => !stage && parts.every((part) => fold(one.name).includes(part))).map((one) => one.row);
  const isAsked = parts.length > 0 || !typed.trim();
  const fits = (one) => isAsked && (!stage || one.stage === stage) && parts.every((part) => one.search.includes(part));
  const found = (await people()).filter(fits), most = parts.length ? FOUND : ROWS, rows = here.concat(found.slice(0, most).map((one) => one.row));
  if (!rows.length) return '<p class="empty-line">' + await word("nobody_found") + "</p>";
  const further = found.length > most ? '<p class="hint">' + await word("further_people", {number: String(found.length - most)}) + "</p>" : "";
  return '<ul class="rows">' + rows.join("") + "</ul>" + further;
}

/* As webapp/people/finding.py understands it: digits of a number, or words of a name. */
function searched(typed) {
  const digits = typed.slice(0, 60).replace(/[\s.\-\u2013()/+]+/g, "");
  if (/^\d+$/.test(digits)) return digits.length < 3 ? [] : [digits.startsWith("628") ? "0" + digits.slice(2) : digits];
  return fold(typed.slice(0, 60)).split(" ").filter(Boolean);
}
function fold(text) {
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
}

async function searchHere(form) {
  const rows = await rowsFor(String(form.get("q") || ""), String(form.get("stage") || ""));
  const sign = note(await word("searched_here"), "is-warn", "no_signal");
  return new Response(sign + rows, {headers: PAGE_HEADERS});
}
