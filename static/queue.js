/* The page Antrean: what the service worker keeps, and what one can do with it. */
(function () {
  "use strict";

  var list = document.getElementById("queue"), words = {}, isOut = false;
  var ask = window.desmigratif.ask;

  function template(id) {
    return document.getElementById(id).content.firstElementChild.cloneNode(true);
  }
  function word(key, values) {
    return Object.keys(values || {}).reduce(function (text, name) { return text.replace("{" + name + "}", values[name]); }, words[key] || "");
  }
  function moment(at) {
    return new Date(at).toLocaleString(document.documentElement.lang, {day: "numeric", month: "short", hour: "2-digit", minute: "2-digit"});
  }

  var TONES = {waiting: "is-info", sending: "is-info", keep: "is-info", needs: "is-bad", stored: "is-ok", kept: "is-warn"};

  function card(item) {
    var one = template("queue-item"), badge = one.querySelector("[data-state]");
    one.id = item.key;
    one.querySelector("[data-title]").textContent = item.title || word("locked");
    badge.textContent = (item.state === "waiting" && word("state-waiting-" + reason(item))) || word("state-" + item.state);
    badge.classList.add(TONES[item.state]);
    one.querySelector("[data-about]").textContent = about(item);
    one.querySelector("[data-why]").textContent = why(item);
    facts(one.querySelector("[data-words]"), item.words);
    if (item.photos && item.state !== "stored") pictures(one.querySelector("[data-photos]"), item.key);
    actions(one.querySelector("[data-actions]"), item);
    return one;
  }

  /* What a form waits for, if it is not the signal. */
  function reason(item) {
    return isOut || /^(door|login)$/.test(item.why) ? "door" : item.why;
  }
  function about(item) {
    var parts = [word("written", {time: moment(item.at)})];
    if (item.receipt) parts.unshift(word("receipt", {number: item.receipt}));
    if (item.photos) parts.push(word("photos", {number: item.photos}));
    return parts.join(" · ");
  }
  function why(item) {
    if (item.message) return item.message;
    var said = item.why ? word("why-" + item.why) || item.why : "";
    return item.why === "refused" && item.errors ? said + " " + item.errors : said;
  }

  function pictures(place, key) {
    ask({type: "photos", key: key}).then(function (files) {
      (files.length ? files : []).forEach(function (file) {
        var reader = new FileReader(), image = document.createElement("img"), line = document.createElement("li");
        reader.onload = function () { image.src = reader.result; };
        reader.readAsDataURL(new Blob([file], {type: "image/jpeg"}));
        image.alt = "";
        line.append(image);
        place.append(line);
      });
    });
  }

  function facts(place, pairs) {
    (pairs || []).forEach(function (pair) {
      var row = document.createElement("div"), name = document.createElement("dt"), value = document.createElement("dd");
      name.textContent = pair[0];
      value.textContent = pair[1];
      row.append(name, value);
      place.append(row);
    });
  }

  function actions(place, item) {
    function button(label, act) {
      var one = template("queue-button");
      one.textContent = label;
      one.addEventListener("click", function () { act(one); });
      place.append(one);
    }
    function anchor(label, href) {
      var one = template("queue-link");
      one.textContent = label;
      one.href = href;
      place.append(one);
    }
    if (item.location && item.location !== "/" && !isOut) anchor(word("look"), item.location);
    if (!isUnsent(item) || !item.title) return;
    if (item.address && !isOut) anchor(word("person"), item.address);
    if (!isOut && item.page && item.why !== "key" && item.why !== "base" && item.state !== "keep") anchor(word(item.why === "invalid" ? "correct" : "open"), item.page + "#isi=" + item.key);
    if (!isOut && (item.state === "waiting" && item.why !== "before" || item.why === "refused")) button(word("send"), function () { ask({type: "send", key: item.key}).then(show); });
    var box = place.parentNode.querySelector("[data-words]");
    if (item.words && item.words.length) button(word("read"), function () { box.hidden = !box.hidden; });
    button(word("discard"), function (one) {
      if (one.dataset.sure) return ask({type: "discard", key: item.key}).then(show);
      makeSure(one);
    });
  }
  function makeSure(button) {
    button.dataset.sure = "yes";
    button.textContent = word("sure");
    button.className = "button is-danger";
  }

  /* Never under the fingers of somebody who types a PIN. */
  function isTyped() {
    return Array.prototype.some.call(document.querySelectorAll("#queue input:not([type=hidden]), #queue-own input"), function (input) { return input.value; });
  }

  /* Only what changed is drawn anew, and who was about to tap something finds it under the finger. */
  var shown = "";
  function show() {
    return ask({type: "list"}).then(function (found) {
      if (!found || found.error || isTyped() || JSON.stringify(found) === shown) return;
      shown = JSON.stringify(found);
      var at = place(document.activeElement), folded = list.querySelector("details.receipts"), isOpen = !folded || folded.open;
      isOut = found.isOut;
      var items = inOrder(found.items).map(card);
      fold(items, found.items.filter(isUnsent).length, isOpen && Boolean(folded));
      if (location.search === "?tersimpan" && found.items.some(isUnsent)) items.unshift(stored());
      if (found.locked) items.unshift(locked());
      else if (location.search === "?keluar" && found.items.some(isUnsent)) items.unshift(leaving(found));
      list.replaceChildren.apply(list, items);
      list.hidden = !items.length;
      document.getElementById("queue-empty").hidden = items.length > 0;
      document.getElementById("queue-own").replaceChildren();
      if (found.account && !found.locked && !found.account.ended) document.getElementById("queue-own").append(pin(found));
      if (window.htmx) window.htmx.process(list);
      space(found);
      if (at) focusAgain(at);
    });
  }
  /* First what needs somebody, then what waits, then receipts; each the newest first. */
  function inOrder(items) {
    function rank(item) { return item.state === "needs" ? 0 : isUnsent(item) ? 1 : 2; }
    return items.slice().sort(function (one, other) { return rank(one) - rank(other) || other.order - one.order; });
  }
  /* All receipts but the newest are folded: the page must not grow long by what is done. */
  var RECEIPTS = 3;
  function fold(cards, unsent, isOpen) {
    if (cards.length <= unsent + RECEIPTS + 1) return;
    var one = document.createElement("details"), title = document.createElement("summary"), receipts = cards.splice(unsent + RECEIPTS);
    one.className = "receipts";
    one.open = isOpen || receipts.some(function (card) { return "#" + card.id === location.hash; });
    title.textContent = word("receipts", {number: receipts.length});
    one.append.apply(one, [title].concat(receipts));
    cards.push(one);
  }
  function stored() {
    var one = document.createElement("p"), words = document.createElement("span");
    one.className = "notice is-ok";
    words.textContent = word("here");
    one.append(words);
    return one;
  }
  /* Which button of which form has the focus. */
  function place(element) {
    var one = list.contains(element) && element.closest(".queue-item");
    return one && {key: one.id, label: element.textContent, sure: element.dataset.sure};
  }
  function focusAgain(at) {
    var one = document.getElementById(at.key);
    Array.prototype.forEach.call(one ? one.querySelectorAll("a, button") : [], function (button) {
      if (at.sure && button.textContent === word("discard")) makeSure(button);
      if (button.textContent === at.label) button.focus();
    });
  }
  function isUnsent(item) {
    return item.state !== "stored" && item.state !== "kept";
  }

  function pin(found) {
    var one = template("queue-pin");
    one.querySelector(found.hasPin ? "[data-has]" : "[data-has-not]").hidden = false;
    one.querySelector("form").addEventListener("submit", function (event) {
      event.preventDefault();
      ask({type: "setPin", pin: event.target.querySelector("input").value}).then(function () {
        event.target.reset();
        show();
      });
    });
    return one;
  }

  function locked() {
    var one = template("queue-locked"), error = one.querySelector("[role=alert]");
    one.querySelector("form").addEventListener("submit", function (event) {
      event.preventDefault();
      event.target.setAttribute("aria-busy", "true");
      ask({type: "unlock", pin: one.querySelector("input").value}).then(function (answer) {
        event.target.removeAttribute("aria-busy");
        event.target.reset();
        if (answer.open) return show();
        error.textContent = answer.until > Date.now() ? error.dataset.wait.replace("{time}", moment(answer.until)) : error.dataset.wrong;
        error.hidden = false;
      });
    });
    return one;
  }

  function leaving(found) {
    var one = template("queue-leaving"), number = found.items.filter(isUnsent).length;
    one.querySelector("p").textContent = one.querySelector("p").textContent.replace("{number}", number);
    one.querySelector("form[data-pin]").addEventListener("submit", function (event) {
      event.preventDefault();
      event.target.setAttribute("aria-busy", "true");
      ask({type: "setPin", pin: event.target.querySelector("input").value}).then(function () { one.querySelector("#log-out").submit(); });
    });
    return one;
  }

  function space(found) {
    var line = document.getElementById("queue-space");
    if (!navigator.storage || !navigator.storage.estimate || !found.copied) return;
    navigator.storage.estimate().then(function (room) {
      var free = size(room.quota - room.usage);
      line.textContent = line.dataset.words.replace("{free}", free).replace("{time}", moment(found.copied));
      line.hidden = false;
    });
  }

  function size(bytes) {
    var isLarge = bytes >= 1e9, number = bytes / (isLarge ? 1e9 : 1e6);
    return number.toLocaleString(document.documentElement.lang, {maximumFractionDigits: isLarge ? 1 : 0}) + (isLarge ? " GB" : " MB");
  }

  Array.prototype.forEach.call(document.getElementById("queue-words").content.querySelectorAll("i"), function (one) {
    words[one.dataset.key] = one.textContent;
  });
  window.desmigratif.onCounts(show);
  show().then(function () {
    var one = location.hash && document.getElementById(location.hash.slice(1));
    if (one) one.scrollIntoView({block: "center"});
  });
  window.addEventListener("pagehide", function () { ask({type: "lock"}); });
})();
