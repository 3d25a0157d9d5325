// SPDX-License-Identifier: Apache-2.0
// Searches and filters, and unfolds what a link leads to. Everything is on the page without it.
"use strict";
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const form = document.querySelector(".controls");
  if (!form) return;
  const items = all(".item").map((element) => {
    const row = element.closest("tr");
    const text = (row ? `${row.cells[0].textContent} ${row.cells[1].textContent} ` : "") + element.textContent;
    const keys = new Set(element.dataset.k.split(" "));
    for (const kind of element.classList) keys.add(`k-${kind}`);
    return { element, text: text.toLowerCase(), keys, number: element.dataset.n };
  });
  // Inner ones come first: an outer one is empty once they are.
  const holders = all(".holder").reverse();
  const total = new Set(items.map((item) => item.number)).size;
  const said = form.querySelector("output");
  const folds = all("details.area");

  const apply = () => {
    const words = form.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const picked = all("select", form).map((select) => select.value).filter(Boolean);
    const asked = words.length + picked.length > 0;
    const shown = new Set();
    for (const { element, text, keys, number } of items) {
      const fits = picked.every((key) => keys.has(key)) && words.every((word) => text.includes(word));
      element.hidden = !fits;
      if (fits) shown.add(number);
    }
    for (const holder of holders) holder.hidden = !holder.querySelector(".item:not([hidden])");
    for (const fold of folds) {
      if (asked && fold.dataset.was === undefined) fold.dataset.was = fold.open ? "open" : "";
      if (asked) fold.open = true;
      else if (fold.dataset.was !== undefined) {
        fold.open = fold.dataset.was === "open";
        delete fold.dataset.was;
      }
    }
    document.querySelector(".nothing").hidden = shown.size > 0 || total === 0;
    said.textContent = `${shown.size} of ${total} checks`;
  };

  const unfold = () => {
    let id = location.hash.slice(1);
    try {
      id = decodeURIComponent(id);
    } catch {
      return;
    }
    const target = id && document.getElementById(id);
    if (!target) return;
    if (target.closest("[hidden]")) form.reset();
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView();
  };

  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", unfold);
  form.hidden = false;
  apply();
  unfold();
})();
