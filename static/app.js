/* What pages cannot do without a script, and can do without. Chrome 87 and newer. */
(function () {
  "use strict";

  function all(selector, within) {
    return Array.prototype.slice.call((within || document).querySelectorAll(selector));
  }

  /* After a form that did not fit: to the list of what is wrong, or to the one field. */
  function focusErrors(within) {
    var summary = within.querySelector(".error-summary") || within.querySelector("[aria-invalid]");
    if (summary) summary.focus();
  }

  /* A second tap on a slow network must not send the form twice. The server refuses it too (client_id).
     Without a signal the service worker keeps the form; where there is none, the browser would leave the page, and
     with it what was typed. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sending) return event.preventDefault();
    if (!navigator.onLine && (!worker() || form.id === "compose")) {
      event.preventDefault();
      return sayOffline(form);
    }
    form.dataset.sending = "yes";
    form.setAttribute("aria-busy", "true");
  });
  /* Before htmx takes the form. */
  document.addEventListener("submit", function (event) { tellAbout(event.target); }, true);

  /* At a paper beside its words, for the form is only a button; at a search above the list that it did not narrow. */
  function sayOffline(form) {
    var line = form.closest(".checklist > li"), list = form.matches("[role=search]") && document.getElementById("rows");
    var place = list || (line && line.querySelector(".checklist-what")) || form;
    var words = document.getElementById(list ? "not-searched" : line ? "not-ticked" : "offline").content;
    all(".flash", place).forEach(function (old) { old.remove(); });
    place[list ? "prepend" : "append"](words.cloneNode(true));
    place.querySelector(".flash").scrollIntoView({block: "center"});
  }

  /* What the browser refuses in a part that is folded up must be seen. */
  document.addEventListener("invalid", function (event) {
    var folded = event.target.closest("details"); if (folded) folded.open = true;
  }, true);

  function ready(form) { delete form.dataset.sending; form.removeAttribute("aria-busy"); }

  /* The way back shows pages as they were left: their forms must work again. */
  window.addEventListener("pageshow", function () { all("form[data-sending]").forEach(ready); });
  document.addEventListener("htmx:beforeRequest", function (event) {
    var form = event.target.closest("form, [data-live]");
    if (form && !form.matches("[role=search]")) form.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.target.closest("form, [data-live]");
    if (form) ready(form);
  });
  ["htmx:sendError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var form = event.target.closest("form, [data-live]");
      if (form && form.localName === "form") sayOffline(form);
      else sayNotCounted(event.target.closest(".measure"));
    });
  });

  /* A number that is not that of the words any more must not stand beside them. */
  function sayNotCounted(measure) {
    var words = document.getElementById("not-counted"), places = all("#count, #count-line").concat(measure || []);
    if (words) places.forEach(function (place) { place.replaceChildren(words.content.cloneNode(true)); });
  }
  /* Words that are measured and right are not called wrong any more. */
  function forgive(measure) {
    var words = measure.querySelector("[data-right]") && measure.closest(".words");
    if (words) all(".field-error", words).forEach(function (one) { one.remove(); });
    if (words) all(".has-error", words).forEach(function (one) { one.classList.remove("has-error"); });
  }

  /* A list that is on the phone as a whole is searched here, by names alone. Unless one has exactly the words that were
     typed, it is said that what is shown is only alike, or that nothing is: never false comfort, never silence. */
  function folded(text) {
    return " " + text.normalize("NFD").toLowerCase().replace(/[\u0300-\u036f.'’]/g, "").replace(/[^a-z0-9]+/g, " ") + " ";
  }
  function pairs(text) {
    var letters = plain(text).replace(/ /g, ""), found = new Set();
    for (var i = 0; i < letters.length - 1; i++) found.add(letters.slice(i, i + 2));
    return found;
  }
  function alike(asked, other) {
    var both = Array.from(asked).filter(function (pair) { return other.has(pair); }).length;
    return asked.size > 3 && both / asked.size >= 0.7;
  }
  function plain(text) { return folded(text).replace(/ (pt|cv|tbk)(?= )/g, "").trim(); }
  function searchList(input) {
    var typed = plain(input.value), words = typed.split(" "), asked = pairs(typed), fits = function () { return true; };
    var rows = all("#" + input.dataset.list + " li"), name = function (row) { return plain(row.querySelector("strong").textContent); };
    var has = function (row) {
      var its = name(row).split(" ");
      return words.every(function (word, n) {
        return n < words.length - 1 ? its.includes(word) : its.some(function (one) { return one.startsWith(word); });
      });
    };
    if (typed) fits = rows.some(has) ? has : function (row) { return alike(asked, pairs(name(row))); };
    var same = rows.some(function (row) { return name(row) === typed; });
    var found = !typed || same ? "" : rows.some(fits) ? "alike" : "none";
    rows.forEach(function (row) { row.hidden = !fits(row); });
    all("[data-found]").forEach(function (note) { note.hidden = note.dataset.found !== found; });
  }
  document.addEventListener("input", function (event) {
    if (event.target.dataset.list) searchList(event.target);
  });

  /* Many browsers write dates as 10/06: under the field the day stands in words, so that nobody takes it for another. */
  function sayInWords(input) {
    if (input.type !== "date") return;
    var words = input.nextElementSibling;
    if (!words || words.localName !== "output") {
      words = document.createElement("output");
      words.className = "in-words";
      words.htmlFor = input.id;
      input.after(words);
    }
    var day = input.valueAsDate, style = {weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC"};
    words.textContent = day ? day.toLocaleDateString(document.documentElement.lang, style) : "";
  }
  document.addEventListener("input", function (event) { sayInWords(event.target); });

  /* How long a text has become, and how many it is paid as (sms/text.py counts the same before it is sent). */
  var BASIC = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/;
  function segments(text) {
    var gsm = BASIC.test(text), length = text.length + (gsm ? (text.match(/[\^{}\\[~\]|€]/g) || []).length : 0);
    if (length <= (gsm ? 160 : 70)) return {length: length, most: gsm ? 160 : 70, texts: 1};
    var each = gsm ? 153 : 67, texts = Math.ceil(length / each);
    return {length: length, most: each * 2, texts: texts};
  }
  function count(output) {
    var field = document.getElementById(output.dataset.count), found = segments(output.dataset.opening + field.value);
    var words = found.texts === 1 ? output.dataset.one : found.texts === 2 ? output.dataset.two : output.dataset.many;
    output.textContent = found.length + " / " + found.most + " · " + words;
    output.hidden = false;
  }

  /* On paper nothing can be unfolded. */
  window.addEventListener("beforeprint", function () { all("details").forEach(function (one) { one.open = true; }); });
  document.addEventListener("click", function (event) {
    if (event.target.closest(".print")) window.print();
  });

  /* The service worker (static/offline/) keeps forms and pages. Pages ask it, and it answers. */
  function worker() { return navigator.serviceWorker && navigator.serviceWorker.controller; }
  function ask(question) {
    return new Promise(function (resolve) {
      if (!worker()) return resolve(null);
      var channel = new MessageChannel();
      channel.port1.onmessage = function (event) { resolve(event.data); };
      worker().postMessage(question, [channel.port2]);
    });
  }

  /* How many forms wait, on every page. */
  var listeners = [];
  function showCounts(counts) {
    var line = document.getElementById("waiting"), number = counts && (counts.needs || counts.waiting);
    if (!line || !counts) return;
    line.hidden = !number;
    line.classList.toggle("is-bad", counts.needs > 0);
    line.firstElementChild.textContent = line.dataset[counts.needs ? "needs" : "waiting"].replace("{number}", number);
  }

  /* The page is as it was when the signal was lost; a copy says so itself. */
  function showSignal() {
    var line = document.getElementById("no-signal");
    if (line) line.hidden = navigator.onLine || Boolean(document.body.dataset.sign);
  }

  var DRAIN_MS = 30000, HELLO_MS = 3600000, AGAIN_MS = 20000;
  function hello() {
    if (document.hidden || !document.body.dataset.account) return;
    ask({type: "counts"}).then(showCounts);
    ask({type: "hello"}).then(function (answer) {
      showCounts(answer && answer.counts);
      if (answer && answer.failed) setTimeout(hello, AGAIN_MS);
    });
  }
  function startWorker() {
    if (!navigator.serviceWorker) return;
    navigator.serviceWorker.register("/sw.js", {updateViaCache: "all"}).then(function () { return navigator.serviceWorker.ready; }).then(function () {
      if (document.body.dataset.account && navigator.storage && navigator.storage.persist) navigator.storage.persist();
      setTimeout(hello, 300);
    }, function () {});
    navigator.serviceWorker.addEventListener("controllerchange", hello);
    navigator.serviceWorker.addEventListener("message", function (event) {
      if (event.data.type !== "counts") return;
      showCounts(event.data.counts);
      listeners.forEach(function (act) { act(); });
    });
    window.addEventListener("online", function () { ask({type: "drain"}); });
    ["online", "offline"].forEach(function (name) { window.addEventListener(name, showSignal); });
    showSignal();
    document.addEventListener("visibilitychange", hello);
    setInterval(hello, HELLO_MS);
    setInterval(function () {
      var line = document.getElementById("waiting");
      if (!document.hidden && line && !line.hidden) ask({type: "drain"});
    }, DRAIN_MS);
  }

  /* What the queue shows of a form: its page, and every answer in the words of the page. */
  function tellAbout(form) {
    var field = form.elements.kept_about;
    if (!worker() || form.method !== "post" || !form.elements.client_id) return;
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = "kept_about";
      form.append(field);
    }
    field.value = JSON.stringify({title: titleOf(form).slice(0, 100), page: location.pathname + location.search, words: wordsOf(form)});
  }
  /* A form that is the page is called like it, one of several on it like its button; and whom it is about. */
  function titleOf(form) {
    var heading = document.querySelector("h1").textContent, button = form.querySelector("[type=submit]");
    if (!form.parentNode.matches(".column") && button) return button.textContent.trim() + " · " + heading;
    if (actionOf(form) === "/people" && form.elements.name && form.elements.name.value) return heading + " · " + form.elements.name.value;
    var person = all(".crumbs a").find(function (crumb) { return /^\/people\/./.test(crumb.pathname); });
    return person ? heading + " · " + person.textContent : heading;
  }
  function wordsOf(form) {
    return all("input, select, textarea", form).filter(function (one) {
      return one.name && one.type !== "hidden" && one.type !== "password" && one.value && (!/radio|checkbox/.test(one.type) || one.checked);
    }).reduce(function (pairs, one) {
      var last = pairs[pairs.length - 1], label = labelOf(one);
      if (last && last[0] === label) last[1] += " " + valueOf(one);
      else pairs.push([label, valueOf(one)]);
      return pairs;
    }, []);
  }
  function labelOf(one) {
    var legend = one.closest("fieldset.field"), label = one.labels && one.labels[0];
    var words = legend ? legend.querySelector("legend") : label;
    return words ? words.firstChild.textContent.trim() || words.textContent.trim() : one.name;
  }
  function valueOf(one) {
    if (one.localName === "select") return one.selectedOptions[0] ? one.selectedOptions[0].textContent : "";
    if (/radio|checkbox/.test(one.type)) return one.labels[0] ? one.labels[0].textContent.trim() : one.value;
    return one.type === "file" ? String(one.files.length) : one.value;
  }

  /* Put what was written into a form: of a draft, or of a form that waits. */
  var OWN = /^(client_id|csrf_token|account|kept_about)$/;
  function fieldsOf(form) {
    return all("input, select, textarea", form).filter(function (one) {
      return one.name && !OWN.test(one.name) && !/password|file|submit/.test(one.type) && (!/radio|checkbox/.test(one.type) || one.checked);
    }).map(function (one) { return [one.name, one.value]; });
  }
  function fill(form, fields) {
    var left = fields.slice();
    all("input, select, textarea", form).forEach(function (one) {
      if (!one.name || OWN.test(one.name) || /password|file|submit/.test(one.type)) return;
      var at = left.findIndex(function (pair) { return pair[0] === one.name && (!/radio|checkbox/.test(one.type) || pair[1] === one.value); });
      if (/radio|checkbox/.test(one.type)) one.checked = at >= 0;
      else if (at >= 0) one.value = left[at][1];
      if (at >= 0 && !/radio|checkbox/.test(one.type)) left.splice(at, 1);
      if (at >= 0 && one.value && one.closest("details")) one.closest("details").open = true;
      sayInWords(one);
    });
  }

  function mainForm() {
    return all("main form[method=post]").find(function (form) {
      return form.elements.client_id && form.querySelector("input:not([type=hidden]), select, textarea") && !form.querySelector("[type=password]");
    });
  }
  function actionOf(form) { return new URL(form.action).pathname; }

  /* Drafts are kept while one types, and offered after a crash. */
  var typing = null;
  function keepDraft(event) {
    var form = event.target.form;
    if (!event.isTrusted || !form || form.method !== "post" || !form.elements.account || form !== mainForm()) return;
    clearTimeout(typing);
    typing = setTimeout(function () {
      if (!form.dataset.sending) ask({type: "draft", account: form.elements.account.value, action: actionOf(form), fields: fieldsOf(form)});
    }, 400);
  }
  function offerDraft(form) {
    if (document.querySelector(".error-summary")) return;
    var about = {account: form.elements.account.value, action: actionOf(form)};
    ask(Object.assign({type: "draftOf"}, about)).then(function (draft) {
      if (!draft || !draft.fields || form.parentNode.querySelector(".draft")) return;
      var offer = document.getElementById("draft").content.firstElementChild.cloneNode(true);
      offer.querySelector("span").textContent = offer.querySelector("span").textContent.replace("{time}", new Date(draft.at).toLocaleString(document.documentElement.lang, {day: "numeric", month: "short", hour: "2-digit", minute: "2-digit"}));
      offer.querySelector("[data-use]").addEventListener("click", function () { fill(form, draft.fields); offer.remove(); });
      offer.querySelector("[data-drop]").addEventListener("click", function () {
        ask(Object.assign({type: "draft", fields: []}, about));
        offer.remove();
      });
      form.before(offer);
    });
  }

  /* A form that waits, opened from the queue (#isi=key): as it was written, with what the server found wrong. */
  function openKept(key) {
    ask({type: "item", key: key}).then(function (item) {
      if (!item || !item.fields) return;
      var main = document.querySelector("main"), found = item.why === "invalid" && new DOMParser().parseFromString(item.errors, "text/html").querySelector("main");
      if (found) {
        main.replaceChildren.apply(main, Array.from(found.childNodes));
        window.htmx.process(main);
      }
      window.addEventListener("pagehide", function () { ask({type: "release", key: key}); });
      var form = all("main form[method=post]").find(function (one) { return actionOf(one) === item.action; });
      if (!form) return;
      if (!found) fill(form, item.fields);
      if (!found) item.photos.forEach(function (photo, n) { keepPhoto(form, photo, n + 1); });
      form.elements.client_id.value = key;
      all("[data-same]").forEach(function (link) {
        link.addEventListener("click", function () { ask({type: "same", key: key, location: link.pathname}); });
      });
      focusErrors(main);
    });
  }

  /* A file cannot be put back into its field; the photo lies on the phone, and its tick can be taken away. */
  function keepPhoto(form, photo, number) {
    var input = form.querySelector("[data-photos]"), label = document.createElement("label"), tick = document.createElement("input"), words = document.createElement("span");
    label.className = "choice";
    tick.type = "checkbox";
    tick.name = input.name;
    tick.value = photo;
    tick.checked = true;
    words.textContent = document.getElementById("kept-photo").content.textContent.replace("{number}", number);
    label.append(tick, words);
    input.after(label);
  }

  function warnOfLowSpace(form) {
    if (!navigator.storage || !navigator.storage.estimate) return;
    navigator.storage.estimate().then(function (room) {
      if (room.quota - room.usage < 20e6) form.before(document.getElementById("low-space").content.cloneNode(true));
    });
  }

  function prepareForm() {
    var form = mainForm(), key = /^#isi=([0-9A-Za-z-]{16,36})$/.exec(location.hash);
    if (key) return openKept(key[1]);
    if (!form || !form.elements.account || !worker()) return;
    offerDraft(form);
    warnOfLowSpace(form);
  }

  /* The start shows the copy at once; what is new takes its place, unless somebody has begun to write. */
  function renew() {
    if (document.body.dataset.sign !== "as_of") return;
    fetch(location.pathname).then(function (answer) {
      if (answer.redirected) return location.replace(location.pathname);
      return answer.text().then(function (text) {
        var main = document.querySelector("main"), fresh = new DOMParser().parseFromString(text, "text/html").querySelector("main");
        if (!answer.ok || !fresh || main.contains(document.activeElement) && document.activeElement !== main) return;
        main.replaceChildren.apply(main, Array.from(fresh.childNodes));
        window.htmx.process(main);
        start(main);
      });
    }, function () {
      var note = document.querySelector("[data-note=as_of]");
      if (note) note.firstElementChild.textContent = note.dataset.offline;
    });
  }

  /* Stored on the phone only: the button says so, and is not tapped again. */
  document.addEventListener("kept", function (event) {
    var form = event.target.closest("form");
    if (!form) return;
    form.replaceChildren(document.getElementById("kept-here").content.cloneNode(true));
  });
  document.addEventListener("htmx:configRequest", function (event) {
    var form = event.target.closest("form");
    if (form && form.elements.kept_about) event.detail.parameters.kept_about = form.elements.kept_about.value;
  });

  document.addEventListener("htmx:afterSettle", function (event) { focusErrors(event.target); forgive(event.target); });
  document.addEventListener("input", keepDraft);
  function start(within) {
    focusErrors(within);
    all("input[type=date]", within).forEach(sayInWords);
    all("[data-count]", within).forEach(function (output) {
      document.getElementById(output.dataset.count).addEventListener("input", function () { count(output); });
      count(output);
    });
    all(".print", within).forEach(function (button) { button.hidden = false; });
  }
  document.addEventListener("DOMContentLoaded", function () {
    start(document);
    prepareForm();
    renew();
  });
  window.addEventListener("hashchange", prepareForm);
  window.addEventListener("load", startWorker);
  window.desmigratif = {ask: ask, onCounts: function (act) { listeners.push(act); }};
})();
