// SPDX-License-Identifier: Apache-2.0
// Searches and filters, and unfolds what a link leads to. Everything is on the page without it.
"use strict";
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const form = document.querySelector(".controls");
  if (!form) return;
  // What is told in several places fits as a whole: a row of a table leads to its details.
  const items = new Map();
  const place = (element) => {
    if (element.id) return element.id;
    const link = element.querySelector('a:not([href^="#r"])');
    return link ? decodeURIComponent(link.hash.slice(1)) : element.textContent;
  };
  for (const element of all(".check, .clauses p, .row")) {
    if (element.parentElement.closest(".row")) continue;
    const id = place(element);
    const item = items.get(id) || { elements: [], text: "", keys: new Set() };
    items.set(id, item);
    const row = element.closest("td") && element.closest("tr");
    if (row) item.text += `${row.cells[0].textContent} ${row.cells[1].textContent} `.toLowerCase();
    const group = element.closest(".group");
    if (group) item.text += `${group.querySelector("h3").textContent} `.toLowerCase();
    item.text += `${element.textContent} `.toLowerCase();
    const kinds = element.classList.length ? element.classList : ["none"];
    for (const kind of kinds) item.keys.add(`k-${kind}`);
    for (let at = element; at; at = at.parentElement) {
      if (at.dataset.k) for (const key of at.dataset.k.split(" ")) item.keys.add(key);
    }
    item.elements.push(element);
  }
  // Inner ones come first: an outer one is empty once they are.
  const holders = all(".holder, .clauses tbody tr:not(.row)").reverse();
  const said = form.querySelector("output");
  const folds = all("details.area");

  // What stands once in the file is shown where it is read: the text of a clause, the commands.
  const quoted = (id) => (/^[\w@%+=:,./-]+$/.test(id) ? id : `'${id.replaceAll("'", `'"'"'`)}'`);
  for (const element of all(".check")) {
    for (const line of all(".clause", element)) {
      const link = line.childNodes.length === 1 && line.querySelector("a");
      const row = link && document.getElementById(link.hash.slice(1));
      if (!row) continue;
      line.append(" ", ...[...row.cells[1].childNodes].map((node) => node.cloneNode(true)));
      line.lastChild.prepend("Source: ");
    }
    const how = document.getElementById(`how${element.dataset.how || ""}`);
    if (!how || !element.dataset.k) continue;
    let fields = element.querySelector(".fields");
    const there = new Set(all("dt", element).map((name) => name.textContent));
    if (there.has("reproduce")) continue;
    if (!fields) {
      fields = document.createElement("dl");
      fields.className = "fields";
      element.append(fields);
    }
    for (const name of all("dt", how)) {
      if (name.textContent === "debug" && !element.dataset.k.split(" ").includes("died")) continue;
      if (name.textContent === "C program" && !there.has("calls")) continue;
      const command = name.nextElementSibling.cloneNode(true);
      command.querySelector("var").replaceWith(quoted(element.querySelector("code").textContent));
      fields.append(name.cloneNode(true), command);
    }
  }
  const short = document.getElementById("short");
  if (short) {
    const heads = all("#deviations .group > h3");
    short.hidden = heads.length <= 8;
    for (const head of heads) {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#${head.parentElement.id}`;
      link.textContent = head.textContent;
      line.append(link);
      short.lastElementChild.append(line);
    }
  }

  const apply = () => {
    const words = form.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const picked = all("select", form).map((select) => select.value).filter(Boolean);
    const asked = words.length + picked.length > 0;
    let shown = 0;
    for (const { elements, text, keys } of items.values()) {
      const fits = picked.every((key) => keys.has(key)) && words.every((word) => text.includes(word));
      for (const element of elements) element.hidden = !fits;
      if (fits) shown++;
    }
    const seen = ":is(.check, .clauses p, .row):not([hidden])";
    for (const holder of holders) holder.hidden = !holder.querySelector(seen);
    for (const fold of folds) {
      if (asked && fold.dataset.was === undefined) fold.dataset.was = fold.open ? "open" : "";
      if (asked) fold.open = true;
      else if (fold.dataset.was !== undefined) {
        fold.open = fold.dataset.was === "open";
        delete fold.dataset.was;
      }
    }
    document.querySelector(".nothing").hidden = shown > 0 || items.size === 0;
    said.textContent = `${shown} of ${items.size} ${said.dataset.of}`;
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
