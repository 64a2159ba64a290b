#!/usr/bin/env python3
"""Opens the reports of a published version in headless Chromium and uses them as people do.

    python3 drive.py CHROMIUM OUT/current/reports/02

Standard library only: Chromium is driven through --remote-debugging-pipe. Sorts, filters, turns pages, follows links, with
the keyboard too; then the same with 5 000 findings, timed. No request may leave the pages, nothing may be logged as an
error, every table needs its caption and every text a contrast of 4.5.
"""
import fcntl
import json
import os
import re
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote, unquote

MANY = 5_000
# Generous bounds for a busy machine; what was measured is printed.
LOAD_SECONDS = 6.0
FILTER_SECONDS = 1.5


class Browser:
    def __init__(self, program, profile):
        # High numbers, so that 3 and 4 are free in the child, where Chromium expects its pipe.
        ends = [fcntl.fcntl(fd, fcntl.F_DUPFD, 20) for pair in (os.pipe(), os.pipe()) for fd in pair]
        child_in, self.out, self.into, child_out = ends
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update", "--disable-sync",
                 "--disable-dev-shm-usage", "--window-size=1280,900", f"--user-data-dir={profile}",
                 "--remote-debugging-pipe", "about:blank"]
        self.process = subprocess.Popen(
            [program, *flags], pass_fds=(3, 4), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=lambda: (os.dup2(child_in, 3), os.dup2(child_out, 4)))
        os.close(child_in), os.close(child_out)
        self.buffer, self.number, self.session = b"", 0, None
        self.requests, self.complaints, self.loads = [], [], 0

    def receive(self, deadline):
        while b"\0" not in self.buffer:
            if not select.select([self.into], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise TimeoutError("Chromium does not answer")
            chunk = os.read(self.into, 1 << 16)
            if not chunk:
                raise EOFError("Chromium ended")
            self.buffer += chunk
        raw, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(raw)
        method, params = message.get("method"), message.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.complaints.append(params["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(params["exceptionDetails"], ensure_ascii=False)[:300])
        elif method == "Page.loadEventFired":
            self.loads += 1
        return message

    def send(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + 60
        while True:
            answer = self.receive(deadline)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def attach(self):
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.send(f"{domain}.enable")

    def wait_for_load(self, before):
        deadline = time.monotonic() + 60
        while self.loads == before:
            self.receive(deadline)

    def open(self, path):
        before = self.loads
        self.send("Page.navigate", url="file://" + quote(str(path)))
        self.wait_for_load(before)

    def ask(self, expression):
        """The value of an expression; a promise is awaited."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"], ensure_ascii=False)[:500])
        return answer["result"].get("value")

    def key(self, key, code):
        for kind in ("keyDown", "keyUp"):
            text = {"text": "\r"} if key == "Enter" and kind == "keyDown" else {}
            self.send("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **text)

    def close(self):
        self.session = None
        try:
            self.send("Browser.close")
        except (EOFError, TimeoutError, OSError, RuntimeError):
            pass
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


SETTLED = "new Promise(r => setTimeout(() => requestAnimationFrame(() => setTimeout(r, 0)), 200))"
COLUMN = """[...document.querySelectorAll('#t-units tbody tr')].map(r => Number(r.cells[%d].dataset.key))"""
VISIBLE = """[...document.querySelectorAll('#t-units tbody tr')].filter(r => !r.hidden).map(r => r.cells[1].innerText.trim())"""
SET = """(() => { const e = document.querySelector('%s'); e.value = %s; e.dispatchEvent(new Event('input', {bubbles: true})); })()"""
# Texts whose colour is too near to what lies behind them.
CONTRAST = r"""(() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = c => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1); return canvas.getImageData(0, 0, 1, 1).data; };
  const light = ([r, g, b]) => { const f = v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }; return .2126 * f(r) + .7152 * f(g) + .0722 * f(b); };
  const poor = new Set();
  for (const e of document.querySelectorAll('body *')) {
    if (e.closest('svg,script,style,noscript,option') || !e.checkVisibility()) continue;
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    if (e.disabled) continue;
    let behind = e, back = [255, 255, 255, 255];
    for (; behind; behind = behind.parentElement) { const c = rgba(getComputedStyle(behind).backgroundColor); if (c[3] === 255) { back = c; break; } }
    const a = light(rgba(getComputedStyle(e).color)), b = light(back);
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) poor.add(e.className + ' ' + e.tagName + ' ' + ratio.toFixed(2) + ' ' + e.textContent.trim().slice(0, 20));
  }
  return [...poor].slice(0, 10);
})()"""


class Check:
    def __init__(self):
        self.problems = []

    def __call__(self, what, seen, wanted=True):
        if seen != wanted:
            self.problems.append(f"{what}: {seen!r}, expected {wanted!r}")


def sorting(browser, check):
    head = "[...document.querySelectorAll('#t-units thead th')].find(t => t.innerText.trim().startsWith('%s'))"
    column = browser.ask("document.querySelector('#t-units tbody tr').cells.length") - 3
    browser.ask(f"({head % '错误'}).querySelector('button').click()")
    values = browser.ask(COLUMN % column)
    check("most errors first", values, sorted(values, reverse=True))
    check("aria-sort", browser.ask(f"({head % '错误'}).getAttribute('aria-sort')"), "descending")
    browser.ask(f"({head % '错误'}).querySelector('button').focus()")
    browser.key("Enter", 13)
    values = browser.ask(COLUMN % column)
    check("Enter on a heading turns the order", values, sorted(values))
    check("aria-sort", browser.ask(f"({head % '错误'}).getAttribute('aria-sort')"), "ascending")
    check("one sorted column", browser.ask("document.querySelectorAll('#t-units [aria-sort]').length"), 1)


def filtering(browser, check):
    browser.ask(SET % ("form[data-filters=t-units] input", "'洛阳'"))
    browser.ask(SETTLED)
    check("units named 洛阳", browser.ask(VISIBLE), ["洛阳市"])
    browser.ask("document.querySelector('form[data-filters=t-units]').reset()")
    browser.ask(SETTLED)
    check("all units again", len(browser.ask(VISIBLE)), 19)
    data = json.loads(browser.ask("document.getElementById('data').textContent"))
    rule = max(range(len(data["rules"])), key=lambda r: sum(f[1] == r for f in data["findings"]))
    of_rule = [f for f in data["findings"] if f[1] == rule]
    browser.ask(f"document.querySelector('a[data-rule={data['rules'][rule][0]}]').click()")
    browser.ask(SETTLED)
    shown = "document.querySelectorAll('#finding-list > li').length"
    check("findings of a rule", browser.ask(shown), min(50, len(of_rule)))
    check("the filter says so", browser.ask("document.querySelector('#finding-filters select[name=r]').value"),
          data["rules"][rule][0])
    unit = data["units"][of_rule[0][0]]
    browser.ask(SET % ("#finding-filters select[name=u]", json.dumps(unit[0])))
    browser.ask(SETTLED)
    check("and of a unit", browser.ask(shown), min(50, sum(f[0] == of_rule[0][0] for f in of_rule)))
    browser.ask(SET % ("#finding-filters input", "'没有哪一条写着这句话'"))
    browser.ask(SETTLED)
    check("nothing fits", browser.ask(shown), 0)
    browser.ask("document.querySelector('#finding-filters').reset()")
    browser.ask(SETTLED)
    check("all findings again", browser.ask(shown), min(50, len(data["findings"])))


def form_of_the_page(browser, check, page):
    check(f"{page}: tables without caption",
          browser.ask("[...document.querySelectorAll('table')].filter(t => !t.caption).length"), 0)
    check(f"{page}: charts without a name",
          browser.ask("[...document.querySelectorAll('svg')].filter(s => !s.getAttribute('aria-label') && "
                      "!s.getAttribute('aria-hidden')).length"), 0)
    check(f"{page}: contrast", browser.ask(CONTRAST), [])
    check(f"{page}: wider than the window", browser.ask("document.documentElement.scrollWidth > innerWidth"), False)


def following(browser, check, reports, visited):
    before = browser.loads
    name = browser.ask("document.querySelector('#t-units tbody th a').innerText")
    browser.ask("document.querySelector('#t-units tbody th a').click()")
    browser.wait_for_load(before)
    here = Path(unquote(browser.ask("location.pathname")))
    visited.append(here)
    check("the link leads to the unit's folder", here.parent, (reports / name).resolve())
    check("the unit's page names it", browser.ask("document.body.innerText").find(name) >= 0)


def many_findings(browser, check, page, folder):
    text = page.read_text(encoding="utf-8")
    island = re.search(r'(<script type="application/json" id="data">)(.*?)(</script>)', text, re.S)
    data = json.loads(island.group(2))
    findings = data["findings"]
    data["findings"] = [findings[i % len(findings)] for i in range(MANY)]
    json_text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    path = Path(folder) / "many.html"
    path.write_text(text[:island.start(2)] + json_text + text[island.end(2):], encoding="utf-8")
    browser.open(path)
    load = browser.ask("(t => t.loadEventEnd - t.startTime)(performance.getEntriesByType('navigation')[0])") / 1000
    filtered = """(async () => { const f = document.getElementById('finding-filters'), o = f.querySelector('output');
      const t = performance.now(); f.elements.q.value = %s; f.dispatchEvent(new Event('submit', {cancelable: true}));
      document.body.offsetHeight; return (performance.now() - t) / 1000; })()"""
    first = browser.ask(filtered % "'02'")
    again = browser.ask(filtered % "'市 02'")
    check("rows shown of many", browser.ask("document.querySelectorAll('#finding-list > li').length <= 50"))
    browser.ask("document.getElementById('finding-filters').reset()")
    browser.ask(SETTLED)
    check("pages", browser.ask("document.querySelector('#finding-pager span').innerText"), f"第 1 页，共 {MANY // 50} 页")
    browser.ask("document.querySelectorAll('#finding-pager button')[1].click()")
    check("next page", browser.ask("document.querySelector('#finding-pager span').innerText"), f"第 2 页，共 {MANY // 50} 页")
    print(f"{MANY} findings, {path.stat().st_size / 1e6:.1f} MB: loaded in {load:.2f} s, "
          f"filtered in {first:.3f} s and {again:.3f} s")
    check("loads in time", load < LOAD_SECONDS)
    check("filters in time", max(first, again) < FILTER_SECONDS)
    return path


def main(program, reports):
    check, reports = Check(), Path(reports).resolve()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(program, folder)
        try:
            browser.attach()
            overview = reports / "index.html"
            visited = [overview, reports / "通报.html"]
            browser.open(overview)
            form_of_the_page(browser, check, "overview")
            sorting(browser, check)
            filtering(browser, check)
            following(browser, check, reports, visited)
            browser.open(visited[1])
            form_of_the_page(browser, check, "bulletin")
            visited.append(many_findings(browser, check, overview, folder))
            known = {"file://" + quote(str(p)) for p in visited} | {"about:blank"}
            check("requests that leave the pages", [u for u in browser.requests if u.split("#")[0] not in known], [])
            check("complaints of the browser", browser.complaints, [])
        finally:
            browser.close()
    for problem in check.problems:
        print("wrong:", problem, file=sys.stderr)
    return 1 if check.problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
