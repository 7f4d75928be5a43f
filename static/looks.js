/* What moves by itself is looked at gently: while somebody can see it, and not while a part of it lies open to be read.
   A filter in hx-trigger would need eval, which no page of ours allows. Only pages with such a part load this. */
(function () {
  "use strict";
  var LOOK_MS = 10000;
  if (window.looksAgain) return;
  window.looksAgain = setInterval(function () {
    if (document.hidden || !navigator.onLine) return;
    Array.prototype.forEach.call(document.querySelectorAll("[data-looks]"), function (one) {
      if (!one.querySelector("details[open]")) window.htmx.trigger(one, "look");
    });
  }, LOOK_MS);
})();
