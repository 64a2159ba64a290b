
(function () {
  var island = document.getElementById("data");
  var data = JSON.parse(island.textContent);
  var PAGE = 50;

  function make(tag, className, text) {
    var node = document.createElement(tag);
    if (className) { node.className = className; }
    if (text !== undefined && text !== null) { node.textContent = text; }
    return node;
  }
  function add(parent) {
    for (var i = 1; i < arguments.length; i += 1) { if (arguments[i]) { parent.appendChild(arguments[i]); } }
    return parent;
  }
  function words(form) {
    return form.elements.q.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  }
  function has(text, wanted) {
    return wanted.every(function (w) { return text.indexOf(w) >= 0; });
  }
  function watch(form, apply) {
    form.hidden = false;
    var timer;
    form.addEventListener("input", function (e) {
      clearTimeout(timer);
      timer = setTimeout(apply, e.target.type === "search" ? 120 : 0);
    });
    form.addEventListener("submit", function (e) { e.preventDefault(); apply(); });
    form.addEventListener("reset", function () { setTimeout(apply, 0); });
  }

  // Tables that stand in the page: rows that do not fit are hidden.
  document.querySelectorAll("form[data-filters]").forEach(function (form) {
    var target = document.getElementById(form.dataset.filters), output = form.querySelector("output");
    var body = (target.tBodies ? target : target.querySelector("table")).tBodies[0];
    watch(form, function () {
      var wanted = words(form), state = form.elements.s ? form.elements.s.value : "", shown = 0;
      Array.prototype.forEach.call(body.rows, function (row) {
        var fits = has(row.textContent.toLowerCase(), wanted) &&
          (!state || row.dataset.s.split(" ").indexOf(state) >= 0);
        row.hidden = !fits;
        if (fits) { shown += 1; }
      });
      output.textContent = shown === body.rows.length ? "" : "显示 " + shown + " 行，共 " + body.rows.length + " 行";
    });
  });

  // Lists of the island: some rows at a time.
  function paged(list, rows, draw, pager) {
    var from = 0, fitting = rows;
    var text = pager.querySelector("span"), buttons = pager.querySelectorAll("button");
    function show() {
      var part = document.createDocumentFragment();
      fitting.slice(from, from + PAGE).forEach(function (row) { part.appendChild(draw(row)); });
      list.replaceChildren(part);
      pager.hidden = fitting.length <= PAGE;
      text.textContent = "第 " + (from / PAGE + 1) + " 页，共 " + Math.ceil(fitting.length / PAGE) + " 页";
      buttons[0].disabled = from === 0;
      buttons[1].disabled = from + PAGE >= fitting.length;
    }
    buttons.forEach(function (button) {
      button.addEventListener("click", function () {
        from += PAGE * Number(button.dataset.step);
        show();
        list.closest("section").scrollIntoView();
      });
    });
    return function (some) { fitting = some; from = 0; show(); };
  }

  // Findings. Parts of a row: unit, rule, severity, class, marks, stage, message, place, project, seen, read as, advice.
  var titles = { error: "错误", warning: "警告", info: "提示" };
  function part(dl, title, value, className) {
    if (value === null || value === "") { return; }
    add(dl, add(make("div", className), make("dt", "", title), className === "seen" ?
      add(make("dd"), make("q", "", value)) : make("dd", "", value)));
  }
  function finding(f) {
    var unit = data.units[f[0]], rule = data.rules[f[1]];
    var li = make("li", "finding " + f[2]), head = make("div", "head"), body = make("div", "body"), dl = make("dl");
    var code = make("span", "code", rule[0]);
    code.title = rule[1];
    add(head, make("span", "tag " + f[2], titles[f[2]]), code, f[5] ? make("span", "note", f[5]) : null,
      f[4] & 1 ? make("span", "tag plain", "已认可") : null, f[4] & 2 ? make("span", "tag plain", "试行规则") : null);
    var who = make("p", "who");
    if (unit[2]) {
      var a = make("a", "", unit[1]);
      a.href = unit[2];
      add(who, a);
    } else {
      who.textContent = unit[1];
    }
    add(body, who, make("p", "what", f[6]), f[7] ? make("p", "place", f[7]) : null);
    part(dl, "项目", f[8]);
    part(dl, "表中写的", f[9], "seen");
    part(dl, "系统读作", f[10]);
    part(dl, "怎么改", data.texts[f[11]], "fix");
    return add(li, head, add(body, dl));
  }
  var form = document.getElementById("finding-filters");
  if (form) {
    var output = form.querySelector("output"), all = data.findings, texts = null;
    var show = paged(document.getElementById("finding-list"), all, finding, document.getElementById("finding-pager"));
    // What a search looks at, made once it is asked for.
    var searched = function (i) {
      texts = texts || all.map(function (f) {
        var parts = [data.units[f[0]][1], data.rules[f[1]].join(" "), f[5], f[6], f[7], f[8], f[9], f[10]];
        return parts.join("\n").toLowerCase();
      });
      return texts[i];
    };
    var apply = function () {
      var e = form.elements, u = e.u.value, s = e.s.value, r = e.r.value, k = e.k.value, wanted = words(form);
      var fitting = all.filter(function (f, i) {
        return (!u || data.units[f[0]][0] === u) && (!s || f[2] === s) && (!r || data.rules[f[1]][0] === r) &&
          (!k || (k === "w" ? f[4] & 1 : f[3] === Number(k))) && (!wanted.length || has(searched(i), wanted));
      });
      output.textContent = fitting.length === all.length ? "共 " + all.length + " 条" :
        "显示 " + fitting.length + " 条，共 " + all.length + " 条";
      show(fitting);
    };
    watch(form, apply);
    apply();
    // Numbers of the tables lead to what they count.
    document.querySelectorAll('a[href="#findings"]').forEach(function (a) {
      a.addEventListener("click", function () {
        form.reset();
        form.elements.r.value = a.dataset.rule || "";
        form.elements.u.value = a.dataset.u || "";
        form.elements.s.value = a.dataset.s || "";
        setTimeout(apply, 0);
      });
    });
  }

  // Laggards. Parts of a row: unit, stage, project, batch, day, months, months over, 亿元.
  var lags = document.getElementById("lag-list");
  if (lags) {
    var draw = function (l) {
      var row = make("tr");
      add(row, make("th", "", l[0]), make("td", "", l[2]), make("td", "", l[1]), make("td", "", l[3] + "（" + l[4] + "）"),
        make("td", "num", l[5]), make("td", "num", l[6]), make("td", "num", l[7] || "—"));
      row.cells[0].scope = "row";
      return row;
    };
    var showLags = paged(lags.querySelector("tbody"), data.laggards, draw, lags.querySelector(".pager"));
    var lagForm = lags.querySelector("form"), lagOutput = lagForm.querySelector("output");
    var applyLags = function () {
      var wanted = words(lagForm);
      var fitting = data.laggards.filter(function (l) { return has(l.join("\n").toLowerCase(), wanted); });
      lagOutput.textContent = "共 " + fitting.length + " 个";
      showLags(fitting);
    };
    watch(lagForm, applyLags);
    applyLags();
  }
})();
