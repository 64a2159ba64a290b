"use strict";
(function () {
  // Sorting: the header cells become buttons; keys are in data-key, text otherwise.
  document.querySelectorAll("table[data-sortable]").forEach(function (table) {
    var head = table.tHead, body = table.tBodies[0];
    // Column of a header cell, over two header rows with spans.
    var grid = [];
    Array.prototype.forEach.call(head.rows, function (row, y) {
      var x = 0;
      grid[y] = grid[y] || [];
      Array.prototype.forEach.call(row.cells, function (cell) {
        while (grid[y][x]) { x += 1; }
        for (var dy = 0; dy < cell.rowSpan; dy += 1) {
          grid[y + dy] = grid[y + dy] || [];
          for (var dx = 0; dx < cell.colSpan; dx += 1) { grid[y + dy][x + dx] = true; }
        }
        if (cell.dataset.sort) { makeSortable(cell, x); }
        x += cell.colSpan;
      });
    });
    function makeSortable(cell, column) {
      var button = document.createElement("button");
      button.type = "button";
      while (cell.firstChild) { button.appendChild(cell.firstChild); }
      cell.appendChild(button);
      button.addEventListener("click", function () {
        var first = cell.classList.contains("num") && cell.textContent !== "序" ? "descending" : "ascending";
        var now = cell.getAttribute("aria-sort");
        var next = !now ? first : now === "ascending" ? "descending" : "ascending";
        head.querySelectorAll("[aria-sort]").forEach(function (c) { c.removeAttribute("aria-sort"); });
        cell.setAttribute("aria-sort", next);
        var sign = next === "ascending" ? 1 : -1, numeric = cell.dataset.sort === "num";
        function key(row) {
          var c = row.cells[column], k = c.dataset.key === undefined ? c.textContent.trim() : c.dataset.key;
          return numeric ? Number(k) : k;
        }
        var rows = Array.prototype.map.call(body.rows, function (r) { return [key(r), r]; });
        rows.sort(function (a, b) { return a[0] < b[0] ? -sign : a[0] > b[0] ? sign : 0; });
        rows.forEach(function (r) { body.appendChild(r[1]); });
      });
    }
  });

  // Filters over the findings.
  var form = document.querySelector("form.filters");
  if (!form) { return; }
  form.hidden = false;
  var groups = Array.prototype.map.call(document.querySelectorAll("details.group"), function (details) {
    return { details: details, items: details.querySelectorAll("li.finding"), shown: details.querySelector(".shown") };
  });
  var output = form.querySelector("output"), all = output.textContent;
  function apply() {
    var u = form.elements.u.value, s = form.elements.s.value, r = form.elements.r.value;
    var active = u || s || r, total = 0;
    groups.forEach(function (g) {
      var n = 0;
      g.items.forEach(function (li) {
        var d = li.dataset, show = (!u || (d.u || "-") === u) && (!s || d.s === s) && (!r || d.r === r);
        li.hidden = !show;
        if (show) { n += 1; }
      });
      total += n;
      g.details.hidden = n === 0;
      g.details.open = Boolean(active) && n > 0 && (total <= 500 || Boolean(u));
      g.shown.textContent = active && n < g.items.length ? "显示 " + n + " 条" : "";
    });
    output.textContent = active ? "显示 " + total + " 条，" + all : all;
  }
  form.addEventListener("change", apply);
  form.addEventListener("submit", function (e) { e.preventDefault(); });
  form.addEventListener("reset", function () { setTimeout(apply, 0); });
  document.querySelectorAll("a[data-rule]").forEach(function (a) {
    a.addEventListener("click", function () {
      form.reset();
      form.elements.r.value = a.dataset.rule;
      setTimeout(apply, 0);
    });
  });
})();
