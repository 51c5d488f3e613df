// What the pages of the portal do besides showing themselves. Every page works without it.
"use strict";
for (const menu of document.querySelectorAll("details.menu")) {
  // A menu closes when one goes elsewhere or presses Escape.
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}
