import json
import tempfile
from pathlib import Path

import polars as pl
import pytest

from everycount.errors import InputError
from everycount.io import survey_run
from everycount.io.survey_run import (
    disaggregate_file,
    read_survey,
    refuse_places,
    table_bytes,
    write_inside,
    write_tables,
)
from everycount.survey.simulate import simulate

TABLE = pl.DataFrame({"a": [1, 2], "flag": ["", "x"]})
DESIGN = """
[sampling]
strata = ["stratum"]
psu = "cluster"
weight = "weight"
[[characteristics]]
name = "urban"
[[outcomes]]
name = "internet"
yes = [1]
missing = [9]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder with a design and microdata, in which everything happens."""
    simulate(clusters=20).write_parquet(tmp_path / "women.parquet")
    (tmp_path / "survey.toml").write_text(DESIGN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def inputs():
    return read_survey("survey.toml", "women.parquet")


def files(folder):
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*"))


def faults(make, *given, **more):
    with pytest.raises(InputError) as caught:
        make(*given, **more)
    return [str(each) for each in caught.value.problems]


# ---------------------------------------------------------------- writing


def test_tables_and_their_trace_are_written_together(folder, inputs):
    tables = {Path("new/a.csv"): TABLE, Path("new/b.PARQUET"): TABLE}
    written = write_tables(inputs, tables, {"rows": 2})
    assert written == (*tables, Path("new/a.trace.json"))
    assert pl.read_csv("new/a.csv")["flag"].to_list() == [None, "x"]
    assert pl.read_parquet("new/b.PARQUET").equals(TABLE)
    assert json.loads(Path("new/a.trace.json").read_text()) == {"rows": 2}
    assert files(folder / "new") == ["a.csv", "a.trace.json", "b.PARQUET"]


def test_what_stood_there_is_replaced_and_the_rest_stays(folder, inputs):
    Path("a.csv").write_text("old")
    Path("c.csv").write_text("other")
    write_tables(inputs, {Path("a.csv"): TABLE}, {})
    assert Path("a.csv").read_bytes() == table_bytes(Path("a.csv"), TABLE)
    assert Path("c.csv").read_text() == "other"


def test_nothing_is_half_written(folder, inputs):
    Path("a.csv").write_text("old")
    Path("a.trace.json").mkdir()
    Path("a.trace.json/x").write_text("")
    before = files(folder)
    found = faults(write_tables, inputs, {Path("a.csv"): TABLE, Path("b.csv"): TABLE}, {})
    assert found == ["a.trace.json: found a folder, expected a file"]
    assert files(folder) == before
    assert Path("a.csv").read_text() == "old"


def test_a_disk_that_fails_leaves_all_as_it_was(folder, inputs, monkeypatch):
    def fail(number):
        raise OSError(28, "No space left on device")

    before = files(folder)
    monkeypatch.setattr("everycount.io.files.os.fsync", fail)
    found = faults(write_tables, inputs, {Path("deep/down/a.csv"): TABLE}, {})
    assert "found a refusal (No space left on device)" in found[0]
    assert files(folder) == before


def test_a_folder_that_may_not_be_written_to(folder, inputs, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    assert faults(write_tables, inputs, {Path("a.csv"): TABLE}, {}) == [
        ".: found no permission, expected a file in a folder that exists and may be written to"
    ]


def test_a_file_where_a_folder_should_be(folder, inputs):
    Path("plain").write_text("")
    (found,) = faults(write_tables, inputs, {Path("plain/a.csv"): TABLE}, {})
    assert found.startswith("plain: found a file where a folder should be, expected")


# ---------------------------------------------------------------- names

ANYWHERE = "expected a name of a file on every computer"


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["e.xlsx"], ["e.xlsx: found the ending '.xlsx', expected a name that ends in .csv or "
                      ".parquet"]),
        (["e"], ["e: found no ending, expected a name that ends in .csv or .parquet"]),
        (["-"], ["-: found no ending, expected a name that ends in .csv or .parquet"]),
        (["nul.csv"], [f"nul.csv: found the name 'nul.csv', {ANYWHERE}",
                       f"nul.trace.json: found the name 'nul.trace.json', {ANYWHERE}"]),
        (["a?.csv", "b.csv"], [f"a?.csv: found the name 'a?.csv', {ANYWHERE}",
                               f"a?.trace.json: found the name 'a?.trace.json', {ANYWHERE}"]),
        (["folder.csv"], ["folder.csv: found a folder, expected a file"]),
        (["women.parquet"], ["women.parquet: found a file or folder that is read, expected another "
                             "place"]),
        (["../{}/women.parquet"], ["../{}/women.parquet: found a file or folder that is read, "
                                   "expected another place"]),
        (["a.csv", "a.csv"], ["a.csv: found a name for two files, expected a name for each"]),
        (["a.csv", "A.CSV"], ["A.CSV: found a name for two files, expected a name for each"]),
        (["a.csv", "new/b.csv"], ["new/b.csv: found the folder new, expected ., as for a.csv"]),
        (["a.csv", "b.txt", "new/b.csv"], [
            "b.txt: found the ending '.txt', expected a name that ends in .csv or .parquet",
            "new/b.csv: found the folder new, expected ., as for a.csv"]),
        (["a.csv", "b.csv"], []),
        ([], []),
    ],
)  # fmt: skip
def test_names_that_tables_cannot_have(folder, names, found):
    (folder / "folder.csv").mkdir()
    places = [Path(name.format(folder.name)) for name in names]
    wanted = [each.format(folder.name) for each in found]
    read = ("survey.toml", "women.parquet")
    if wanted:
        assert faults(refuse_places, places, read=read) == wanted
    else:
        refuse_places(places, read=read)


def test_the_place_of_what_is_for_those_inside(folder):
    read, table = ("survey.toml", "women.parquet::women"), Path("e.csv")
    refuse_places([table], read=read, inside=Path("secret/inside.json"))
    double = "found a name for two files, expected a name for each"
    assert faults(refuse_places, [table], read=read, inside=Path("e.trace.json")) == [
        f"e.trace.json: {double}"
    ]
    assert faults(refuse_places, [table], read=read, inside=folder / "e.csv") == [
        f"{folder / 'e.csv'}: {double}"
    ]
    assert faults(refuse_places, [], read=read, inside=Path("women.parquet")) == [
        "women.parquet: found a file or folder that is read, expected another place"
    ]


# ---------------------------------------------------------------- runs


def test_a_run_without_rules_says_how_many_cells_are_empty():
    run = disaggregate_file("survey.toml", "women.parquet")
    assert run.table is run.result.table
    assert (run.cells, len(run.table)) == (3, 3)
    assert run.trace["empty"] == 0
    assert run.trace["hidden"] == run.inside["hidden"] == {}
    assert run.trace["rules"] == {"reliability": None, "confidentiality": None}
    unknown = 0
    for each in run.trace["excluded"]:
        assert (each["subject"], each["reason"]) == ("internet", "not known")
        unknown += each["rows"]
    women = pl.read_parquet("women.parquet")
    assert unknown == women.filter(pl.col("internet").fill_null(9) == 9).height


def test_what_was_hidden_is_told_to_those_inside_only(folder):
    Path("survey.toml").write_text('confidentiality = "acro-uk"\n' + DESIGN, encoding="utf-8")
    rows = pl.read_parquet("women.parquet").with_columns(
        urban=pl.when(pl.int_range(pl.len()) < 4).then(3).otherwise("urban")
    )
    rows.write_parquet("women.parquet")
    run = disaggregate_file("survey.toml", "women.parquet")
    hidden = run.table.filter(flag="not_shown").height
    assert hidden > 0
    assert run.trace["hidden"] == {"internet": hidden}
    assert run.trace["empty"] is None
    assert write_inside(run, Path("secret/inside.json")) == Path("secret/inside.json")
    told = json.loads(Path("secret/inside.json").read_text())
    assert set(told["hidden"]) == {"proven", "errors_rounded", "words", "cells"}
    assert len(told["hidden"]["cells"]) == hidden
    assert faults(write_inside, run, Path("survey.toml")) == [
        "survey.toml: found a file or folder that is read, expected another place"
    ]


def test_rows_that_do_not_stand_together_are_sorted(folder):
    wanted = disaggregate_file("survey.toml", "women.parquet").table
    rows = pl.read_parquet("women.parquet")
    rows.sample(fraction=1, shuffle=True, seed=3).write_parquet("mixed.parquet")
    found = disaggregate_file("survey.toml", "mixed.parquet").table
    assert found.select("urban", "n", "df").equals(wanted.select("urban", "n", "df"))
    for name in ("estimate", "std_error", "deff"):
        assert (found[name] / wanted[name] - 1).abs().max() < 1e-12


def test_an_input_is_not_written_over(inputs):
    inputs.refuse_overwriting(Path("e.csv"))
    assert faults(inputs.refuse_overwriting, Path("women.parquet")) == [
        "women.parquet: found a file that is read, expected another name"
    ]


def test_the_engine_is_in_the_trace(inputs):
    assert survey_run.engine_facts(inputs.source)["name"] == "embedded"
