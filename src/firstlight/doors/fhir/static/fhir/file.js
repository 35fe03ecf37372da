// A file is read in the browser and shown as text: no page takes a file, and what is sent can be seen first.
"use strict";
(() => {
  const place = document.querySelector("[data-file-into]");
  if (!place) {
    return;
  }
  place.hidden = false;
  place.querySelector("input").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file) {
      document.getElementById(place.dataset.fileInto).value = await file.text();
    }
  });
})();
