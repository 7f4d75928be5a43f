/* One phone: its disk, its cookies and its clock outlive the service worker, which may be killed at any moment.

   The worker is the script that the server hands out at /sw.js. What a browser puts around it stands here: only as
   much as the script uses, but that much as browsers do it. */

import http from "node:http";
import {Readable} from "node:stream";

const NO_BODY = [101, 204, 205, 304], REDIRECTS = [301, 302, 303, 307, 308];
const NEVER = new Promise(() => {});

/* navigator.locks of one origin: a lock is held by one, the others wait in turn, and who dies lets go. */
class Locks {
  constructor() {
    this.held = new Map();
    this.waiting = [];
  }
  of(life) {
    return {request: (name, options, act) => (act ? this.ask(life, name, options, act) : this.ask(life, name, {}, options))};
  }
  async ask(life, name, options, act) {
    if (this.held.has(name)) {
      if (options.ifAvailable) return act(null);
      await new Promise((resolve) => this.waiting.push({life, name, resolve}));
    }
    this.held.set(name, life);
    try {
      return await act({name});
    } finally {
      if (this.held.get(name) === life) this.letGo(name);
    }
  }
  letGo(name) {
    this.held.delete(name);
    const at = this.waiting.findIndex((one) => one.name === name);
    if (at < 0) return;
    const [{life, resolve}] = this.waiting.splice(at, 1);
    this.held.set(name, life);
    resolve();
  }
  dies(life) {
    this.waiting = this.waiting.filter((one) => one.life !== life);
    for (const [name, owner] of [...this.held]) if (owner === life) this.letGo(name);
  }
}

export class Phone {
  /* `idb`: fake-indexeddb. `copies`: whether it keeps its village for reading, as phones do. `hurry`: its timers run
     so much faster. */
  constructor(idb, {address, copies = true, hurry = 1}) {
    Object.assign(this, {idb, address, copies, hurry, offline: false, ahead: 0, wakings: 0, cookies: new Map(), lives: []});
    this.disk = new idb.IDBFactory();
    this.locks = new Locks();
  }

  get life() {
    return this.lives[this.lives.length - 1];
  }

  /* A service worker begins; an older one that is still there goes on, as while an update takes over. */
  start(script) {
    const life = {dead: false, listeners: {}, databases: [], waits: [], calls: new Set()};
    const surroundings = this.surroundings(life);
    const make = new Function(...Object.keys(surroundings), script + "\nreturn {STORES, unseal, read, readAll, write, boxed, keyOf};");
    life.inside = make(...Object.values(surroundings));
    this.lives.push(life);
    return life;
  }

  /* As the system does it: nothing is finished. What was not committed is undone, what was is on the disk. */
  kill(life = this.life) {
    life.dead = true;
    this.lives.splice(this.lives.indexOf(life), 1);
    for (const call of life.calls) call.destroy();
    for (const database of life.databases) this.idb.forceCloseDatabase(database);
    this.locks.dies(life);
  }

  surroundings(life) {
    const phone = this, self = {
      addEventListener: (type, act) => { life.listeners[type] = act; },
      registration: {sync: {register: async () => { phone.wakings += 1; }}},
      clients: {claim: async () => {}, matchAll: async () => []},
      skipWaiting: async () => {},
    };
    class PhoneDate extends Date {
      constructor(...facts) {
        super(...(facts.length ? facts : [PhoneDate.now()]));
      }
      static now() {
        return Date.now() + phone.ahead;
      }
    }
    class PhoneResponse extends Response {
      static redirect(where, status) {
        return Response.redirect(new URL(where, phone.address), status);
      }
    }
    return {
      self, Date: PhoneDate, Response: PhoneResponse, location: {origin: phone.address},
      fetch: (input, options) => phone.fetch(life, input, options),
      indexedDB: {open: (...facts) => phone.open(life, ...facts)},
      navigator: {locks: phone.locks.of(life)},
      caches: {open: async () => ({addAll: async () => {}}), keys: async () => [], match: async () => undefined},
      setTimeout: (act, ms) => setTimeout(() => life.dead || act(), ms / phone.hurry),
    };
  }

  open(life, ...facts) {
    if (life.dead) throw new Error("this worker is dead");
    const asked = this.disk.open(...facts);
    asked.addEventListener("success", () => life.databases.push(asked.result));
    return asked;
  }

  /* As browsers fetch: cookies, Sec-Fetch-Site, and redirects that a script may not look into. */
  async fetch(life, input, options) {
    const request = new Request(input instanceof Request ? input : new URL(input, this.address), options);
    const body = Buffer.from(await request.arrayBuffer());
    return this.follow(life, request, request.url, request.method, body, false);
  }

  async follow(life, request, url, method, body, redirected) {
    const answer = await this.call(life, request, url, method, body);
    if (life.dead) return NEVER;
    this.takeCookies(answer);
    const headers = new Headers();
    for (let n = 0; n < answer.rawHeaders.length; n += 2) headers.append(answer.rawHeaders[n], answer.rawHeaders[n + 1]);
    if (REDIRECTS.includes(answer.statusCode)) {
      answer.resume();
      if (request.redirect === "manual") return opaque(headers.get("location"));
      return this.follow(life, request, new URL(headers.get("location"), url).href, "GET", Buffer.alloc(0), true);
    }
    const stream = NO_BODY.includes(answer.statusCode) ? null : Readable.toWeb(answer);
    const response = new Response(stream, {status: answer.statusCode, headers});
    return Object.defineProperty(response, "redirected", {value: redirected});
  }

  call(life, request, url, method, body) {
    if (life.dead) return NEVER;
    if (this.offline) return Promise.reject(new TypeError("Failed to fetch"));
    const headers = Object.fromEntries(request.headers);
    headers["sec-fetch-site"] = "same-origin";
    headers.cookie = [...this.cookies].map(([name, value]) => name + "=" + value).join("; ");
    if (method === "POST") headers["content-length"] = body.length;
    return new Promise((resolve, reject) => {
      const call = http.request(url, {method, headers, agent: false, signal: request.signal}, resolve);
      life.calls.add(call);
      call.on("close", () => life.calls.delete(call));
      call.on("error", () => { if (!life.dead) reject(new TypeError("Failed to fetch")); });
      call.end(body);
    });
  }

  takeCookies(answer) {
    for (const line of answer.headers["set-cookie"] || []) {
      const [name, value] = line.split(";")[0].split(/=(.*)/);
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    if (!this.copies && answer.headers.account) {
      const at = answer.rawHeaders.indexOf("Account");
      answer.rawHeaders[at + 1] = answer.rawHeaders[at + 1].replace(" copies", "");
    }
  }

  /* An event of the worker; what it wants to finish later is in `waits`. */
  async event(type, facts) {
    const life = this.life;
    let answer;
    const waitUntil = (promise) => life.waits.push(promise.catch(() => {}));
    life.listeners[type]({...facts, waitUntil, respondWith: (promise) => { answer = promise; }});
    return answer;
  }
  /* The browser wakes the worker, as it was asked to: true if it is told to come again later. */
  async wake() {
    const failed = [];
    this.life.listeners.sync({tag: "queue", waitUntil: (promise) => failed.push(promise.then(() => false, () => true))});
    return (await Promise.all(failed)).some(Boolean);
  }
  async settled(life = this.life) {
    while (life.waits.length && !life.dead) await life.waits.shift();
  }

  async visit(path) {
    const request = new Request(new URL(path, this.address), {redirect: "manual"});
    Object.defineProperty(request, "mode", {value: "navigate"});
    return said(await this.event("fetch", {request}));
  }

  /* What a page of ours does when somebody taps its button: a navigation, or a part for htmx. */
  async submit(path, fields, {htmx = false} = {}) {
    const headers = htmx ? {"HX-Request": "true"} : {};
    const options = {method: "POST", body: new URLSearchParams(fields), headers, redirect: htmx ? "follow" : "manual"};
    const request = new Request(new URL(path, this.address), options);
    return said(await ((await this.event("fetch", {request})) || this.fetch(this.life, request)));
  }

  ask(type, facts = {}) {
    return new Promise((resolve) => {
      this.event("message", {data: {type, ...facts}, ports: [{postMessage: resolve}]});
    });
  }

  async logIn(username, password) {
    await this.submit("/login", [["username", username], ["password", password]]);
    await this.visit("/");
    return this.ask("hello");
  }
}

function opaque(where) {
  const response = new Response(null);
  const facts = {type: "opaqueredirect", status: 0, ok: false, whereTo: where, clone: () => opaque(where)};
  for (const name of Object.keys(facts)) Object.defineProperty(response, name, {value: facts[name]});
  return response;
}

/* An answer as a page gets it. */
async function said(response) {
  const location = response.whereTo || response.headers.get("location") || "";
  return {status: response.status, type: response.type, location, text: response.whereTo ? "" : await response.text()};
}
