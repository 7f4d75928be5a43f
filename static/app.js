/* What pages cannot do without a script, and can do without. Chrome 87 and newer. */
(function () {
  "use strict";

  function focusErrors() {
    var summary = document.querySelector(".error-summary");
    if (summary) summary.focus();
  }

  /* A second tap on a slow network must not send the form twice. The server refuses it too (client_id). */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sending) return event.preventDefault();
    form.dataset.sending = "yes";
    form.setAttribute("aria-busy", "true");
  });

  function ready(form) {
    delete form.dataset.sending;
    form.removeAttribute("aria-busy");
  }

  /* The way back shows pages as they were left: their forms must work again. */
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sending]").forEach(ready);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.target.closest("form");
    if (form) ready(form);
  });
  document.addEventListener("htmx:afterSettle", focusErrors);
  document.addEventListener("DOMContentLoaded", focusErrors);
})();
