"""What an official sees when a file is wrong: every fault at once, in words, nothing written."""

import sys
from pathlib import Path

import pytest

from everycount.cli import main as command

METHOD = """id = "test"
title = "Test"
groups = [
  { code = "index" },
]
indicators = [
  { code = "a", parent = "index", worst = 0, best = 100 },
  { code = "b", parent = "index", worst = 0, best = 100 },
]
steps = [
  { do = "normalise", method = "goalposts" },
  { do = "aggregate", missing = "renormalise" },
]
"""
DATA = "unit,period,a,b\nX,2018,10,20\nY,2018,30,40\n"
USAGE, INPUT, METHOD_CODE, NOT_FOUND = 2, 3, 4, 5
JARGON = ("NoneType", "float64", "dict", "tuple", "Traceback", "nan below", "pydantic", "None")


@pytest.fixture
def build(tmp_path, monkeypatch, capsys):
    """Build an index from texts or bytes; return the exit code and the lines that were said."""

    def run(*, method=METHOD, name="method.toml", data=DATA, units=None, options=(), output="out"):
        files = {"method.toml": method, "data.csv": data, "units.csv": units}
        for file, content in files.items():
            if content is not None:
                raw = content if isinstance(content, bytes) else content.encode()
                (tmp_path / file).write_bytes(raw)
        monkeypatch.chdir(tmp_path)
        stood = Path(output) if Path(output).exists() else None
        about = [] if units is None else ["--units", "units.csv"]
        call = ["index", "build", name, "data.csv", *about, *options, "-o", output]
        monkeypatch.setattr(sys, "argv", ["everycount", *call])
        code = 0
        try:
            command.main()
        except SystemExit as stopped:
            code = stopped.code or 0
        said = capsys.readouterr()
        assert said.out == ""
        if code:
            found = Path(output)
            assert not found.exists() or found == stood, "half an output is worse than none"
            assert not any(word in said.err for word in JARGON)
        lines = [line.strip() for line in said.err.splitlines()]
        assert len(set(lines)) == len(lines), "a fault is said once"
        return code, lines

    return run


def test_what_is_right_is_written(build, tmp_path):
    assert build()[0] == 0
    assert (tmp_path / "out" / "scores.csv").exists()


# ---------------------------------------------------------------- the method


def test_unknown_method_key(build):
    code, (head, lacking, unknown) = build(method=METHOD.replace("title =", "titel ="))
    assert code == INPUT
    assert head == "everycount: method.toml has 2 problems:"
    assert lacking == "title: found nothing, expected text"
    assert unknown.startswith(
        "line 2, titel: found a key that is not known, expected one of id, title, version, "
    )
    assert unknown.endswith("; nearest is title")


def test_circular_and_orphan_nodes(build):
    groups = """groups = [
  { code = "index" },
  { code = "x", parent = "y" },
  { code = "y", parent = "x" },
  { code = "z", parent = "idnex" },
"""
    method = METHOD.replace('groups = [\n  { code = "index" },\n', groups)
    method = method.replace('code = "b", parent = "index"', 'code = "b", parent = "a"')
    assert build(method=method) == (
        INPUT,
        [
            "everycount: method.toml has 3 problems:",
            "line 3, groups: found groups in a circle: x, y, expected groups that lead up to "
            "the top",
            "line 7, group 4 (code z), parent: found 'idnex', which is no group of this method, "
            "expected the code of a group",
            "line 11, indicator 2 (code b), parent: found 'a', which is an indicator, "
            "expected the code of a group",
        ],
    )


def test_indicator_without_goalposts_and_best_equal_to_worst(build):
    method = METHOD.replace('"b", parent = "index", worst = 0, best = 100', '"b", parent = "index"')
    method = method.replace("worst = 0, best = 100", "worst = 100, best = 100")
    assert build(method=method) == (
        INPUT,
        [
            "everycount: method.toml has 2 problems:",
            "line 7, indicator 1 (code a), best: found 100, expected another figure than "
            "worst = 100",
            "line 8, indicator 2 (code b): found no goalposts, expected worst and best, as step "
            "normalise (goalposts) needs the direction",
        ],
    )


def test_a_formula_that_is_none(build):
    formula = '{ code = "index", aggregate = "formula", formula = "a // 2" }'
    code, lines = build(method=METHOD.replace('{ code = "index" }', formula))
    assert code == INPUT
    assert lines[1].startswith(
        "line 4, group 1 (code index), formula: found 'a // 2' holds 'a // 2'; a formula may hold "
    )


def test_text_that_is_no_toml(build):
    assert build(method=METHOD.replace('id = "test"', "id = test")) == (
        INPUT,
        [
            "everycount: method.toml has 1 problem:",
            "line 1, column 6: found 'id = test' (invalid value), "
            'expected TOML, such as key = "text" or key = 1.5',
        ],
    )


# ---------------------------------------------------------------- figures a method cannot use


def test_constant_column_under_z_score(build):
    method = METHOD.replace('"goalposts"', '"z_score"')
    data = "unit,period,a,b\nX,2018,10,7\nY,2018,10,7\n"
    assert build(method=method, data=data) == (
        METHOD_CODE,
        [
            "everycount: method test has 2 problems:",
            "step normalise (z_score), a: found the constant 10, expected values that differ",
            "step normalise (z_score), b: found the constant 7, expected values that differ",
        ],
    )


def test_negative_under_geometric_mean(build):
    method = METHOD.replace('"goalposts"', '"z_score"').replace(
        '"renormalise"', '"renormalise", method = "geometric"'
    )
    data = "unit,period,a,b\nX,2018,1,1\nY,2018,2,3\nZ,2018,3,2\n"
    assert build(method=method, data=data) == (
        METHOD_CODE,
        [
            "everycount: method test has 2 problems:",
            "group index (geometric), a: found -1 (X, Y), expected values above 0; "
            "scale = [1, 100] when normalising keeps scores above 0",
            "group index (geometric), b: found -1 (X, Z), expected values above 0; "
            "scale = [1, 100] when normalising keeps scores above 0",
        ],
    )


def test_columns_that_are_not_there(build):
    method = METHOD.replace(
        'parent = "index",', 'parent = "index", denominator = "people",'
    ).replace("steps = [", 'steps = [{ do = "denominate" },')
    assert build(method=method, data="unit,b\nX,1\n", units="unit,people\nX,ten\n") == (
        METHOD_CODE,
        [
            "everycount: method test has 2 problems:",
            "data: found no column or indicator 'a', expected it in the data or in --units",
            "--units, people: found 'ten' (unit X), expected a number, or an empty cell, for "
            "every unit",
        ],
    )


def test_a_category_that_is_not_listed(build):
    method = METHOD.replace(
        '"b", parent = "index"', '"b", parent = "index", recode = { yes = 100, no = 0 }'
    ).replace("steps = [", 'steps = [{ do = "recode" },')
    data = "unit,period,a,b\nX,2018,10,yes\nY,2018,30,Yes\nZ,2018,1,perhaps\n"
    assert build(method=method, data=data) == (
        METHOD_CODE,
        [
            "everycount: method test has 2 problems:",
            "unit Y in 2018, b: found 'Yes', expected one of yes, no",
            "unit Z in 2018, b: found 'perhaps', expected one of yes, no",
        ],
    )


# ---------------------------------------------------------------- the figures


def test_every_fault_of_the_figures_at_once(build):
    data = """unit,period,a,b
X,2018,10,20
X,2018,11,21
Y,18,n/a,"1,5"
,2018,1,inf
Z,2018,,1e999
"""
    assert build(data=data) == (
        INPUT,
        [
            "everycount: data.csv has 7 problems:",
            "row 3: found 'X', '2018' again, as in row 2, expected each unit, period once",
            "row 5, unit: found nothing, expected a value",
            "row 4, period: found '18', expected a year such as 2019",
            "row 4, a: found 'n/a', expected a number",
            "row 4, b: found '1,5', expected a number (if the comma is its decimal mark, declare "
            "decimal = ',')",
            "row 5, b: found 'inf', expected a finite number",
            "row 6, b: found '1e999', expected a finite number",
        ],
    )


def test_a_long_file_has_its_rows_and_columns_too(build):
    data = "unit,period,indicator,value\nX,2018,a,1\nX,2018,a,2\nY,2018,b,many\n"
    assert build(data=data) == (
        INPUT,
        [
            "everycount: data.csv has 2 problems:",
            "row 3: found 'X', '2018', 'a' again, as in row 2, expected each unit, period, "
            "indicator once",
            "row 4, value: found 'many', expected a number",
        ],
    )


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "file: found nothing, expected a header and rows"),
        (b"unit,a,b\n", "file: found no rows below the header, expected at least one"),
        (
            "unit,a,b\nCôte,1,2\n".encode("latin-1"),
            "line 2, byte 2: found byte 0xF4 ('ô' if this is Windows-1252, as Excel's plain CSV "
            "is), expected text in UTF-8 (in Excel: Save As, 'CSV UTF-8')",
        ),
        (
            "unit,a,b\nX,1,2\n".encode("utf-16"),
            "file: found text in UTF-16, expected text in UTF-8 (in Excel: Save As, 'CSV UTF-8')",
        ),
        (
            b"unit;a;b\nX;1;2\n",
            "header: found 'unit;a;b' as one column, expected columns separated by ','; "
            "if ';' separates them, declare delimiter = ';'",
        ),
        (b"unit,a,a\nX,1,2\n", "header: found 'a' in columns 2 and 3, expected each name once"),
        (
            b"country,a,b\nX,1,2\n",
            "header: found columns country, a, b, expected a column 'unit' or 'REF_AREA', "
            "or the name of another declared as unit",
        ),
    ],
    ids=["empty", "header only", "Windows-1252", "UTF-16", "semicolons", "a twice", "no unit"],
)
def test_files_that_cannot_be_read(build, data, fault):
    assert build(data=data) == (INPUT, ["everycount: data.csv has 1 problem:", fault])


def test_faults_of_the_units(build):
    units = "unit,people\nX,5\nX,6\n,7\nY,inf\n"
    assert build(units=units) == (
        INPUT,
        [
            "everycount: units.csv has 3 problems:",
            "row 3: found 'X' again, as in row 2, expected each unit once",
            "row 4, unit: found nothing, expected a value",
            "row 5, people: found 'inf', expected a finite number",
        ],
    )


def test_a_unit_without_data_has_a_status(build, tmp_path):
    code, lines = build(data=DATA + "Z,2018,,\n")
    assert code == 0
    assert "Test: 2 of 3 units ranked, from 4 figures of 2 indicators" in lines
    scores = (tmp_path / "out" / "scores.csv").read_text(encoding="utf-8")
    assert "Z,2018,index,2,,,0.0,no_data,,a b,no figure of any indicator below\n" in scores


# ---------------------------------------------------------------- the command


def test_files_that_are_not_there(build):
    assert build(units="unit\nX\n", options=["--units", "u.csv"]) == (
        NOT_FOUND,
        ["everycount: there is no file u.csv"],
    )


def test_a_method_that_is_not_there(build):
    code, (said,) = build(name="undp-giii")
    assert code == NOT_FOUND
    assert said.startswith(
        "everycount: there is no file and no method 'undp-giii'; shipped: undp-gii"
    )
    assert build(name="my.toml") == (NOT_FOUND, ["everycount: there is no file my.toml"])


def test_years_that_are_none(build):
    code, lines = build(options=["--periods", "2018-2020"])
    assert code == USAGE
    assert lines[-1] == (
        "Error: Invalid value for --periods: found '2018-2020', expected years with commas "
        "between them, such as 2015,2019"
    )


def test_years_for_a_method_without_a_select_step(build):
    assert build(options=["--periods", "2018"]) == (
        METHOD_CODE,
        [
            "everycount: method test has 1 problem:",
            "periods: found 2018, expected none, as the method has no select step",
        ],
    )


def test_a_folder_that_cannot_be_written_to(build, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, lines = build(output="file/out")
    assert code == INPUT
    assert lines[1].startswith("file/out: found a file where a folder should be, expected")


def test_what_stood_in_the_folder_stays(build, tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "scores.csv").write_text("old", encoding="utf-8")
    assert build(data="", output="kept")[0] == INPUT
    assert [each.name for each in (tmp_path / "kept").iterdir()] == ["scores.csv"]
    assert (tmp_path / "kept" / "scores.csv").read_text(encoding="utf-8") == "old"
