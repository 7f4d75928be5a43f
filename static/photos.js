/* Photos are made small before they travel: at most 60 kB, or 200 kB where small letters must be readable. What a camera
   writes beside the picture, such as the place, is lost on the way, since only the pixels are drawn again. */
(function () {
  "use strict";

  var LIMITS = {small: {bytes: 60000, edge: 1280}, clear: {bytes: 200000, edge: 1600}};
  var QUALITIES = [0.8, 0.7, 0.6, 0.5, 0.4];

  function limitOf(form) {
    return form.elements.photo_quality && form.elements.photo_quality.checked ? LIMITS.clear : LIMITS.small;
  }

  /* A JPEG within the limit; the file itself if this browser cannot read it, which the server then says. */
  function shrunk(file, limit) {
    return createImageBitmap(file).then(function (bitmap) {
      var canvas = document.createElement("canvas");
      return attempt(canvas, bitmap, Math.min(limit.edge, Math.max(bitmap.width, bitmap.height)), 0, limit);
    }).then(function (blob) {
      return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", {type: "image/jpeg"});
    }, function () { return file; });
  }

  function attempt(canvas, bitmap, edge, at, limit) {
    var scale = edge / Math.max(bitmap.width, bitmap.height);
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    var pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return new Promise(function (resolve) { canvas.toBlob(resolve, "image/jpeg", QUALITIES[at]); }).then(function (blob) {
      if (blob.size <= limit.bytes || edge < 200) return blob;
      return at + 1 < QUALITIES.length ? attempt(canvas, bitmap, edge, at + 1, limit) : attempt(canvas, bitmap, edge * 0.8, 1, limit);
    });
  }

  /* The chosen files, made small, take their own place in the form. The originals stay, for another choice of quality. */
  function replace(input) {
    var form = input.form, files = input.originals, limit = limitOf(form);
    form.setAttribute("aria-busy", "true");
    return Promise.all(files.map(function (file) { return shrunk(file, limit); })).then(function (small) {
      var list = new DataTransfer();
      small.forEach(function (file) { list.items.add(file); });
      input.files = list.files;
      form.removeAttribute("aria-busy");
      preview(input, small);
    });
  }

  function preview(input, files) {
    var place = input.parentNode.querySelector(".photo-previews") || document.createElement("ul");
    place.className = "photos photo-previews";
    place.replaceChildren.apply(place, files.map(function (file) {
      var line = document.createElement("li"), image = document.createElement("img"), size = document.createElement("span");
      var reader = new FileReader();
      reader.onload = function () { image.src = reader.result; };
      reader.readAsDataURL(file);
      image.alt = "";
      size.textContent = Math.ceil(file.size / 1000) + " kB";
      line.append(image, size);
      return line;
    }));
    input.after(place);
  }

  document.addEventListener("change", function (event) {
    var input = event.target;
    if (input.matches("[data-photos]")) {
      input.originals = Array.from(input.files);
      replace(input);
    } else if (input.name === "photo_quality") {
      Array.prototype.forEach.call(input.form.querySelectorAll("[data-photos]"), function (one) { if (one.originals) replace(one); });
    }
  });
})();
