/* What the form of a broadcast does by itself.

   Fields that are asked only with one of some choices: hidden while another one is ticked, unless something in them is
   wrong. What is hidden is neither checked nor sent: half a date in it would keep the form back, unseen. Without a
   script they always stand there. */
(function () {
  "use strict";
  function show() {
    Array.prototype.forEach.call(document.querySelectorAll("[data-with]"), function (fields) {
      var ticked = document.querySelector("input[name=" + fields.dataset.with + "]:checked");
      var isOther = ticked && ticked.value !== fields.dataset.value;
      fields.hidden = Boolean(isOther && !fields.querySelector(".has-error"));
      Array.prototype.forEach.call(fields.querySelectorAll("input"), function (one) { one.disabled = fields.hidden; });
    });
  }
  document.addEventListener("change", show);
  /* What a tap fills in, as a draft that was kept. */
  document.addEventListener("click", show);
  document.addEventListener("htmx:afterSettle", show);
  /* The signal is back: what it comes to is counted anew, and the words are measured. */
  window.addEventListener("online", function () {
    var form = document.getElementById("compose");
    if (!form) return;
    window.htmx.trigger(form, "change");
    Array.prototype.forEach.call(form.querySelectorAll(".words"), function (words) {
      if (words.querySelector("textarea").value) window.htmx.trigger(words.querySelector(".measure"), "again");
    });
  });
  show();
})();
