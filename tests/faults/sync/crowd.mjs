/* Phones for a test, told what to do by lines of JSON on standard input; each line is answered by one.

     node crowd.mjs FOLDER_OF_NODE_MODULES

   {"id": 1, "phone": "p", "act": "submit", "facts": […]}  →  {"id": 1, "answer": …} or {"id": 1, "error": "…"} */

import {createRequire} from "node:module";
import {createInterface} from "node:readline";
import {Phone} from "./phone.mjs";

const idb = createRequire(process.argv[2] + "/here.js")("fake-indexeddb");
const UNSENT = ["waiting", "sending", "needs", "keep"];
const phones = new Map();
let script = "";

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const ACTS = {
  /* The worker's script, as the server hands it out. */
  script: async (_, address) => { script = await (await fetch(address + "/sw.js")).text(); },
  create: async (_, name, facts) => {
    const phone = new Phone(idb, facts);
    phone.start(script);
    phones.set(name, phone);
  },
  logIn: (phone, username, password) => phone.logIn(username, password),
  offline: async (phone, value) => { phone.offline = value; },
  visit: (phone, path) => phone.visit(path),
  submit: (phone, path, fields, how) => phone.submit(path, fields, how),
  ask: (phone, type, facts) => phone.ask(type, facts),
  settled: (phone) => phone.settled(),
  later: async (phone, seconds) => { phone.ahead += seconds * 1000; },
  restart: async (phone) => { phone.kill(); phone.start(script); },
  end: async (phone) => phone.kill(),
  items: async (phone) => (await phone.ask("list")).items,
  /* Is everything that was typed still to be read? */
  typed: async (phone, key) => {
    const {read, unseal} = phone.life.inside, item = await read("queue", key);
    return item ? (await unseal(item.account, item.sealed)).fields : null;
  },
  /* How often the worker asks to be woken while it is awake for that, and whether it wants to be woken again. */
  wake: async (phone) => {
    const before = phone.wakings, again = await phone.wake();
    return {again, asked: phone.wakings - before};
  },
  /* All that lies on the disk, as somebody reads it who has the phone but no key. */
  disk: async (phone) => {
    const {STORES, readAll} = phone.life.inside, rows = await Promise.all(Object.keys(STORES).map(readAll));
    return JSON.stringify(rows, (_, value) => (value instanceof ArrayBuffer ? Buffer.from(value).toString("latin1") : value));
  },
  spoil: async (phone, key) => {
    const {read, write} = phone.life.inside, photo = await read("photos", key);
    await write("photos", Object.assign(photo, {sealed: {iv: photo.sealed.iv, data: new ArrayBuffer(40)}}));
  },
  photo: async (phone, account) => {
    const {boxed, keyOf, write} = phone.life.inside, key = crypto.randomUUID();
    await write("photos", {key, account, quality: "small", size: 9, sealed: await boxed(await keyOf(account), new Uint8Array(9))});
    return key;
  },
  write, empty,
  /* Two pages that ask at the same moment, of one worker or of two. */
  drainTwice: async (phone, workers) => {
    const first = phone.life, second = workers === 2 ? phone.start(script) : first;
    const ask = (life) => new Promise((resolve) => {
      const waitUntil = () => {};
      life.listeners.message({data: {type: "drain"}, ports: [{postMessage: resolve}], waitUntil});
    });
    return Promise.all([ask(first), ask(second), ask(first), ask(second)]);
  },
  together: (phone, forms) => Promise.all(forms.map(([path, fields]) => phone.submit(path, fields))),
};

/* Somebody fills in forms one after the other. At some the phone dies in the middle, and they are sent once more. */
async function write(phone, forms, deaths) {
  for (const [n, {action, fields, htmx}] of forms.entries()) {
    if (deaths.includes(n)) {
      phone.submit(action, fields, {htmx}).catch(() => {});
      await pause(n % 5);
      phone.kill();
      phone.start(script);
    }
    await phone.submit(action, fields, {htmx});
  }
  await phone.settled();
}

/* There is a network, such as it is: until nothing waits, or somebody is needed. The phone dies `deaths` times while
   it sends. No pause is waited for: its clock is moved on instead. */
async function empty(phone, deaths, longest) {
  const until = Date.now() + longest * 1000, counts = {drains: 0, died: 0};
  let before = Infinity;
  for (;;) {
    let ended = false;
    const drained = phone.ask("drain").then(() => { ended = true; });
    counts.drains += 1;
    if (counts.died < deaths) {
      await Promise.race([drained, pause(250 * Math.random() * (counts.died + 1))]);
      if (!ended) {
        phone.kill();
        phone.start(script);
        counts.died += 1;
      }
    } else await drained;
    const left = (await phone.life.inside.readAll("queue")).filter((item) => UNSENT.includes(item.state));
    if (!left.length || left.some((item) => item.state === "needs")) return {...counts, left};
    if (Date.now() > until) throw new Error("still waiting: " + JSON.stringify(left.slice(0, 3)));
    const next = Math.max(...left.map((item) => (item.state === "sending" ? 31000 : item.next - Date.now() - phone.ahead)));
    if (next > 0) phone.ahead += next + 1;
    await pause((left.length < before ? 5 : 150) * Math.random());
    before = left.length;
  }
}

const lines = createInterface({input: process.stdin});
lines.on("line", async (line) => {
  const {id, phone, act, facts} = JSON.parse(line);
  let answer;
  try {
    answer = {id, answer: (await ACTS[act](phones.get(phone), ...facts)) ?? null};
  } catch (error) {
    answer = {id, error: error.stack || String(error)};
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
});
lines.on("close", () => process.exit(0));
