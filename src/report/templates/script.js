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
        var first = cell.dataset.first || (cell.classList.contains("num") && cell.textContent !== "序" ? "descending" : "ascending");
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
})();
