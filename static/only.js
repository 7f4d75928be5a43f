/* Fields that are asked only with one of some choices: hidden while another one is ticked, unless something in them is
   wrong. Without a script they always stand there. Only pages with such fields load this. */
(function () {
  "use strict";
  function show() {
    Array.prototype.forEach.call(document.querySelectorAll("[data-with]"), function (fields) {
      var ticked = document.querySelector("input[name=" + fields.dataset.with + "]:checked");
      var isOther = ticked && ticked.value !== fields.dataset.value;
      fields.hidden = Boolean(isOther && !fields.querySelector(".has-error"));
    });
  }
  document.addEventListener("change", show);
  /* What a tap fills in, as a draft that was kept. */
  document.addEventListener("click", show);
  document.addEventListener("htmx:afterSettle", show);
  show();
})();
