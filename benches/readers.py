"""Reads every sheet of every workbook below a folder, and does nothing with it.

usage: python readers.py fastexcel|duckdb|pandas DIR    prints files read and files not read
"""

import sys
from collections.abc import Callable
from pathlib import Path


# All columns of the lists, down to the first empty row.
ALL = "range = 'A1:Z1048576', stop_at_empty = true"


def with_fastexcel() -> Callable[[Path], None]:
    """fastexcel (calamine underneath) into polars frames."""
    import fastexcel

    def read(path: Path) -> None:
        book = fastexcel.read_excel(path)
        for name in book.sheet_names:
            book.load_sheet(name, header_row=None, dtypes="string").to_polars()

    return read


def with_duckdb() -> Callable[[Path], None]:
    """DuckDB's excel extension; it reads .xlsx only, and one sheet at a time by name."""
    import zipfile
    from xml.etree import ElementTree

    import duckdb
    from duckdb_extensions import import_extension

    con = duckdb.connect()
    import_extension("excel", con=con)
    con.execute("LOAD excel")

    def read(path: Path) -> None:
        with zipfile.ZipFile(path) as parts:
            sheets = ElementTree.fromstring(parts.read("xl/workbook.xml")).findall(".//{*}sheet")
            names = [sheet.get("name") for sheet in sheets]
        for name in names:
            # Without a range the first row, a title alone in its cell, would say how many columns there are.
            con.execute(f"CREATE OR REPLACE TABLE t AS SELECT * FROM read_xlsx(?, sheet = ?, {ALL}, header = false, all_varchar = true)", [str(path), name])

    return read


def with_pandas() -> Callable[[Path], None]:
    """pandas with openpyxl, and with xlrd for .xls."""
    import pandas

    def read(path: Path) -> None:
        engine = "xlrd" if path.suffix == ".xls" else "openpyxl"
        pandas.read_excel(path, sheet_name=None, header=None, engine=engine)

    return read


TOOLS = {"fastexcel": with_fastexcel, "duckdb": with_duckdb, "pandas": with_pandas}


def main() -> None:
    tool, root = sys.argv[1], Path(sys.argv[2])
    read = TOOLS[tool]()
    done = failed = 0
    for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
        if not path.is_file():
            continue
        try:
            read(path)
            done += 1
        except Exception:  # noqa: BLE001 - whatever it is, this tool does not read the file
            failed += 1
    print(f"{done} files, {failed} not read")


if __name__ == "__main__":
    main()
