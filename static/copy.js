/* One tap copies a text that is passed on; without a script, or where the browser does not allow it, it is selected by
   hand as the hint beside it says. Only pages with such a text load this. */
(function () {
  "use strict";
  function copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text.value);
    text.select();
    return document.execCommand("copy") ? Promise.resolve() : Promise.reject();
  }
  Array.prototype.forEach.call(document.querySelectorAll("[data-copy]"), function (button) {
    var text = document.getElementById(button.dataset.copy);
    var hint = document.getElementById(text.id + "-hint"), said = document.getElementById(text.id + "-copied");
    button.hidden = false;
    hint.hidden = true;
    button.addEventListener("click", function () {
      said.hidden = true;
      copy(text).then(function () { said.hidden = false; }, function () {
        button.hidden = true;
        hint.hidden = false;
        text.focus();
      });
    });
  });
})();
