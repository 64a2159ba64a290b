"""Checks the annotated copies and the template of a run with openpyxl, and with LibreOffice where it is installed.

usage: check.py SANPI INBOX OUT
"""

import datetime
import json
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import openpyxl

AUTHOR = "sanpi"
LIST = "问题清单"


def annotated(out):
    """(path below the inbox, copy, whether it is the unit's own workbook, findings of the file) of each copy."""
    log = sorted((out / "logs").glob("*.jsonl"))[-1].read_text().splitlines()
    for line in map(json.loads, log):
        if line.get("message") != "annotated":
            continue
        folder = next((out / "current/reports/02").glob(f"*/{line['copy']}")).parent
        findings = json.loads((folder / "findings.json").read_text())["findings"]
        yield line["file"], folder / line["copy"], line["own"], [f for f in findings if f["file"] == line["file"]]


def facts(sheet):
    """What must not change on a sheet, by place."""
    cells = {}
    for row in sheet.iter_rows():
        for cell in row:
            look = (cell.number_format, repr(cell.font), repr(cell.border), repr(cell.alignment))
            if cell.value is not None:
                cells[cell.coordinate] = (cell.value, look)
    return {
        "cells": cells,
        "merges": sorted(map(str, sheet.merged_cells.ranges)),
        "widths": {k: v.width for k, v in sheet.column_dimensions.items()},
        "heights": {k: v.height for k, v in sheet.row_dimensions.items() if v.height},
        "hidden": [k for k, v in sheet.row_dimensions.items() if v.hidden],
        "validations": sorted((str(d.sqref), d.type, d.formula1) for d in sheet.data_validations.dataValidation),
        "conditions": sorted(str(c.sqref) for c in sheet.conditional_formatting),
        "filter": sheet.auto_filter.ref,
        "panes": sheet.freeze_panes,
        "charts": len(sheet._charts),
        "images": len(sheet._images),
    }


def expected_notes(findings, workbook):
    """The cells that notes must be on: of findings on one cell, exactly these."""
    single = {(f["sheet"], f["cell"]) for f in findings if f["cell"] and f["sheet"] and ":" not in f["cell"]}
    anchors = set()
    for name, cell in single:
        sheet = workbook[name]
        merged = [r for r in sheet.merged_cells.ranges if cell in r]
        anchors.add((name, merged[0].start_cell.coordinate if merged else cell))
    return anchors


def check_own(original, copy, findings):
    """The unit's own workbook: everything as it was, and notes on the findings' cells."""
    before, after = openpyxl.load_workbook(original), openpyxl.load_workbook(copy)
    assert after.sheetnames == [*before.sheetnames, LIST], after.sheetnames
    assert sorted(before.defined_names) == sorted(after.defined_names)
    notes = set()
    for sheet in before.worksheets:
        old, new = facts(sheet), facts(after[sheet.title])
        for key in old:
            assert old[key] == new[key], (copy, sheet.title, key)
        for row in after[sheet.title].iter_rows():
            notes |= {(sheet.title, c.coordinate) for c in row if c.comment and c.comment.author == AUTHOR}
    wanted = expected_notes(findings, before)
    assert wanted <= notes, (copy, wanted - notes)
    # Findings on rows and ranges hang on one of their cells: no more notes than there are findings on places.
    ranges = sum(1 for f in findings if f["cell"] and ":" in f["cell"])
    assert len(notes - wanted) <= ranges, (copy, notes - wanted)
    check_list(after, findings)


def check_list(workbook, findings):
    """The list has one line per finding, and its links lead to cells that are there."""
    sheet = workbook.worksheets[-1]
    assert sheet.title.startswith(LIST)
    lines = [row for row in sheet.iter_rows(min_row=5) if row[2].value]
    assert sorted(row[2].value for row in lines) == sorted(f["code"] for f in findings)
    assert len(lines) == len(findings)
    for row in lines:
        link = row[4].hyperlink
        if link is not None:
            name, cell = link.location.rsplit("!", 1)
            assert workbook[name.strip("'").replace("''", "'")][cell].comment is not None, link.location


def fill(template, path):
    """Fills a template as a clerk does."""
    workbook = openpyxl.load_workbook(template)
    for sheet in workbook.worksheets[:3]:
        heads = {cell.value.lstrip("*"): cell.column for cell in sheet[3]}
        for number in (1, 2):
            values = {
                "序号": number,
                "项目名称": f"涧西高端轴承{sheet.title}产业园（{'一二'[number - 1]}期）项目",
                "项目单位": "洛阳甲装备有限公司",
                "县区": "涧西区",
                "建设性质": "新建",
                "总投资（万元）": 30000 * number,
                "年度计划投资（万元）": 9000,
                "累计完成投资（万元）": 1000 * number,
                "签约时间": datetime.date(2021, 9, 1),
                "开工时间": datetime.date(2020, 3, 1) if sheet.title == "投产" else datetime.date(2021, 9, 28),
                "投产时间": datetime.date(2021, 9, 20),
            }
            for head, value in values.items():
                if head in heads:
                    sheet.cell(4 + number, heads[head], value)
    workbook.save(path)


def office(paths, folder, to):
    """Converts with LibreOffice, which must open each of them."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", to, "--outdir", str(folder / to), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=280)
    for path in paths:
        made = folder / to / f"{path.stem}.{to}"
        assert made.stat().st_size > 1000, made
    return folder / to


def main():
    """Runs all checks."""
    warnings.simplefilter("ignore")
    sanpi, inbox, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    copies = list(annotated(out))
    own = 0
    for file, copy, is_own, findings in copies:
        assert copy.stat().st_mode & 0o777 == 0o600, copy
        if is_own:
            check_own(inbox / file, copy, findings)
            own += 1
        else:
            check_list(openpyxl.load_workbook(copy), findings)
    assert own >= 5 and len(copies) - own >= 5, (own, len(copies))
    print(f"tests/returns: openpyxl sees {own} workbooks as they were with their notes, {len(copies) - own} rebuilt ones")

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        template = folder / "template.xlsx"
        made = [sanpi, "template", "--batch", "02", "--unit", "洛阳市", "--out", str(template)]
        subprocess.run(made, check=True, capture_output=True)
        fill(template, folder / "洛阳市台账.xlsx")
        if shutil.which("soffice") is None:
            print("tests/returns: LibreOffice not found; opening with it was skipped")
            return
        office([copy for _, copy, _, _ in copies][:4], folder, "pdf")
        # LibreOffice calculates the totals, as Excel would for the clerk.
        filled = office([folder / "洛阳市台账.xlsx"], folder, "xlsx") / "洛阳市台账.xlsx"
        check = [sanpi, "check", str(filled), "--batch", "02", "--unit", "洛阳市"]
        said = subprocess.run(check, check=True, capture_output=True, text=True)
        assert said.stdout.strip() == "未发现问题。" and "读到项目 6 个" in said.stderr, said
        print("tests/returns: LibreOffice opens the copies, and a template filled there is clean")


if __name__ == "__main__":
    main()
