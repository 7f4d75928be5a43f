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
     Without a signal the browser would leave the page, and with it what was typed. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sending) return event.preventDefault();
    if (!navigator.onLine) {
      event.preventDefault();
      return sayOffline(form);
    }
    form.dataset.sending = "yes";
    form.setAttribute("aria-busy", "true");
  });

  /* At a paper beside its words, for the form is only a button; at a search above the list that it did not narrow. */
  function sayOffline(form) {
    var line = form.closest(".checklist > li"), list = form.matches("[role=search]") && document.getElementById("rows");
    var place = list || (line && line.querySelector(".checklist-what")) || form;
    var words = document.getElementById(list ? "not-searched" : line ? "not-ticked" : "offline").content;
    all(".flash", place).forEach(function (old) { old.remove(); });
    place[list ? "prepend" : "append"](words.cloneNode(true));
    place.querySelector(".flash").scrollIntoView({block: "center"});
  }

  function ready(form) {
    delete form.dataset.sending;
    form.removeAttribute("aria-busy");
  }

  /* The way back shows pages as they were left: their forms must work again. */
  window.addEventListener("pageshow", function () {
    all("form[data-sending]").forEach(ready);
  });
  document.addEventListener("htmx:beforeRequest", function (event) {
    var form = event.target.closest("form");
    if (form && !form.matches("[role=search]")) form.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.target.closest("form");
    if (form) ready(form);
  });
  ["htmx:sendError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var form = event.target.closest("form");
      if (form) sayOffline(form);
    });
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
  window.addEventListener("beforeprint", function () {
    all("details").forEach(function (one) { one.open = true; });
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest(".print")) window.print();
  });

  document.addEventListener("htmx:afterSettle", function (event) { focusErrors(event.target); });
  document.addEventListener("DOMContentLoaded", function () {
    focusErrors(document);
    all("input[type=date]").forEach(sayInWords);
    all("[data-count]").forEach(function (output) {
      document.getElementById(output.dataset.count).addEventListener("input", function () { count(output); });
      count(output);
    });
    all(".print").forEach(function (button) { button.hidden = false; });
  });
})();
