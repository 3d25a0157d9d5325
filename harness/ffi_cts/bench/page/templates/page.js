// SPDX-License-Identifier: Apache-2.0
// Filters, orders and reads out. Everything is on the page without it.
"use strict";
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const form = document.querySelector(".controls");
  if (!form) return;
  const cards = all(".card");
  const rows = all("#tables tr[data-op]");
  cards.forEach((card, index) => (card.dataset.listed = -index));

  const apply = () => {
    const words = form.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const changed = form.changed && form.changed.checked;
    const shown = new Set();
    for (const card of cards) {
      const text = card.dataset.op.toLowerCase();
      const fits = words.every((word) => text.includes(word));
      card.hidden = !fits || (changed && !(card.dataset.change > 0));
      if (!card.hidden) shown.add(card.querySelector("h5 code").textContent);
    }
    for (const row of rows) row.hidden = !shown.has(row.dataset.op);
    for (const part of all(".topic, .layer")) part.hidden = !part.querySelector(".card:not([hidden])");
    for (const body of all("#tables tbody")) body.hidden = !body.querySelector("tr[data-op]:not([hidden])");
    document.querySelector(".none").hidden = shown.size > 0;
    form.querySelector("output").textContent = `${shown.size} of ${cards.length} operations`;
    document.body.dataset.meter = form.meter ? form.meter.value : "";
  };

  const order = () => {
    const key = form.order.value || "listed";
    for (const grid of all(".grid")) {
      grid.append(...[...grid.children].sort((a, b) => b.dataset[key] - a.dataset[key]));
    }
  };

  const value = (cell) => {
    const number = parseFloat(cell.textContent.replace(/,/g, ""));
    return Number.isNaN(number) ? -Infinity : number;
  };

  // A column is sorted within each topic, so that topics stay together.
  const sort = (table, head) => {
    const down = head.getAttribute("aria-sort") !== "descending";
    for (const other of all("th", table.tHead)) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const sign = down ? -1 : 1;
    for (const body of table.tBodies) {
      const lines = [...body.rows].slice(1);
      lines.sort((a, b) => sign * (value(a.cells[head.cellIndex]) - value(b.cells[head.cellIndex])));
      body.append(...lines);
    }
  };

  for (const table of all("table[data-sort]")) {
    for (const head of all("th.num", table.tHead)) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(table, head));
      head.append(button);
    }
  }

  // What is under the pointer is read from the card's own table.
  const read = (chart, event) => {
    const panel = chart.closest(".panel");
    const lines = all("tbody tr", panel.closest(".card"));
    const box = chart.getBoundingClientRect();
    const place = Math.floor(((event.clientX - box.left) / box.width) * lines.length);
    const line = lines[Math.max(0, Math.min(lines.length - 1, place))];
    const before = all(".panel", panel.parentNode).indexOf(panel);
    let cell = line.cells[1];
    let left = before * 4;
    while (cell && left > 0) {
      left -= cell.colSpan;
      cell = cell.nextElementSibling;
    }
    const previous = cell && cell.colSpan === 1 ? cell.nextElementSibling.textContent : "";
    const note = previous ? ` (÷ previous ${previous})` : "";
    panel.querySelector(".read").textContent = `${line.cells[0].textContent}: ${cell.textContent}${note}`;
  };

  for (const chart of all("svg.chart")) {
    chart.addEventListener("pointermove", (event) => read(chart, event));
    chart.addEventListener("pointerleave", () => {
      chart.closest(".panel").querySelector(".read").textContent = "";
    });
  }

  form.addEventListener("input", apply);
  form.order.addEventListener("change", order);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
})();
