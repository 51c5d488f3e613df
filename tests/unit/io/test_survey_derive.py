import json
import re
import tempfile
from datetime import date

import polars as pl
import pyreadstat
import pytest

from everycount.errors import InputError, NotFound, Unavailable
from everycount.io import declare
from everycount.io.files import digest
from everycount.io.survey_derive import derive_file
from everycount.model.design import SurveyDesign
from everycount.survey import derivation

RECIPES = """
[[recipes]]
recipe = "any-act"
name = "violence"
acts = ["slapped", "kicked"]
weight = "wt"
indicator = "5.2.1"
"""
WOMEN = "id,slapped,kicked,wt,note\n004,1,2,1.5,a\n005,0,0,2,\n006,2,9,1,b\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "recipes.toml").write_text(RECIPES)
    (tmp_path / "women.csv").write_text(WOMEN)
    return tmp_path


def write(folder, output, *, microdata="women.csv", outcomes=None):
    with derive_file(folder / "recipes.toml", folder / microdata) as found:
        return found.write(folder / output, outcomes and folder / outcomes)


def parquet(folder, **columns):
    pl.DataFrame(columns).write_parquet(folder / "women.parquet")


def test_csv_has_all_rows_as_they_were_and_the_new_columns(folder, monkeypatch):
    monkeypatch.setattr(derivation.derive_rows, "__kwdefaults__", {"cells": 5})
    written = write(folder, "out.csv")
    assert [path.name for path in written] == ["out.csv", "out.trace.json"]
    assert (folder / "out.csv").read_text() == (
        "id,slapped,kicked,wt,note,violence\n004,1,2,1.5,a,1\n005,0,0,2,,0\n006,2,9,1,b,\n"
    )


def test_parquet_has_the_same_types_and_the_same_bytes_each_time(folder, monkeypatch):
    monkeypatch.setattr(derivation.derive_rows, "__kwdefaults__", {"cells": 4})
    parquet(
        folder, slapped=[1, 0, None], kicked=[2, 0, 9], wt=[1.5, 2, 1], on=[date(2020, 1, 2)] * 3
    )
    write(folder, "out.parquet", microdata="women.parquet")
    made = pl.read_parquet(folder / "out.parquet")
    before = pl.read_parquet(folder / "women.parquet")
    assert made.drop("violence").equals(before)
    assert made["violence"].to_list() == [1.0, 0.0, None]
    first = (folder / "out.parquet").read_bytes()
    write(folder, "out.parquet", microdata="women.parquet")
    assert (folder / "out.parquet").read_bytes() == first


def test_fractions_of_new_columns_stay(folder):
    (folder / "recipes.toml").write_text(
        '[[recipes]]\nrecipe = "food-insecurity"\nscale = "global"\n'
        "severities = [-1.2, -0.8, -1.1, 0.35, -0.3, 0.5, 0.75, 1.9]\n"
    )
    names = ("WORRIED", "HEALTHY", "FEWFOOD", "SKIPPED", "ATELESS", "RUNOUT", "HUNGRY", "WHLDAY")
    parquet(folder, **{name: [1, 0] for name in names})
    write(folder, "out.csv", microdata="women.parquet")
    row = (folder / "out.csv").read_text().splitlines()[1]
    assert re.fullmatch(r"1,1,1,1,1,1,1,1,8,(1\.0|0\.\d+),0\.\d+", row)


def test_whole_numbers_of_csv_have_no_point(folder):
    parquet(
        folder,
        slapped=[1.0, 0.0, None],
        kicked=[2, 2, 2],
        wt=[0.1 + 0.2, 1e300, 2.0],
        big=[2.0**60, -3.0, 2.5],
    )
    write(folder, "out.csv", microdata="women.parquet")
    assert (folder / "out.csv").read_text() == (
        "slapped,kicked,wt,big,violence\n1,2,0.30000000000000004,1.152921504606847e+18,1\n"
        "0,2,1e+300,-3,0\n,2,2,2.5,\n"
    )


def test_a_header_of_two_lines_is_written_once(folder, monkeypatch):
    monkeypatch.setattr(derivation.derive_rows, "__kwdefaults__", {"cells": 4})
    parquet(folder, slapped=[1, 1], kicked=[1, 1], wt=[1, 1], **{"a\nb": [7, 8]})
    write(folder, "out.csv", microdata="women.parquet")
    assert (folder / "out.csv").read_text() == (
        'slapped,kicked,wt,"a\nb",violence\n1,1,1,7,1\n1,1,1,8,1\n'
    )


def test_the_trace_says_what_was_made_of_what(folder):
    write(folder, "out.csv")
    trace = json.loads((folder / "out.trace.json").read_text())
    assert trace["rows"] == 3
    assert trace["inputs"] == [
        {"role": "recipes", "name": "recipes.toml", "sha256": digest(RECIPES.encode())},
        {"role": "microdata", "name": "women.csv", "sha256": digest(WOMEN.encode())},
    ]
    (recipe,) = trace["recipes"]
    assert (recipe["recipe"], recipe["read"]) == ("any-act", "row by row")
    assert recipe["columns"] == ["violence"]
    assert recipe["words"].endswith("1 of 3 rows of the universe are not known.")
    assert recipe["excluded"][0]["rows"] == 1
    assert recipe["outcomes"][0]["weight"] == "wt"
    assert recipe["tables"] == {}
    assert (trace["emptied"], trace["without_labels"]) == ([], [])


def test_outcomes_go_into_a_design(folder):
    written = write(folder, "out.csv", outcomes="outcomes.toml")
    assert written[-1] == folder / "outcomes.toml"
    text = (folder / "outcomes.toml").read_text()
    (outcome,) = declare.read(text, SurveyDesign, subject="x").outcomes
    assert (outcome.name, outcome.weight, outcome.indicator) == ("violence", "wt", "5.2.1")


def test_codes_that_the_file_declares_missing_are_written_empty(folder):
    pyreadstat.write_sav(
        pl.DataFrame({"slapped": [7, 1], "kicked": [0, 0], "wt": [1.5, 98.0]}),
        folder / "women.sav",
        missing_ranges={"slapped": [7], "wt": [{"lo": 97, "hi": 99}]},
        variable_value_labels={"kicked": {0: "never"}},
    )
    with derive_file(folder / "recipes.toml", folder / "women.sav") as found:
        assert (found.emptied, found.labelled) == (("slapped", "wt"), ("kicked",))
        found.write(folder / "out.parquet")
    assert pl.read_parquet(folder / "out.parquet").rows() == [
        (None, 0, 1.5, None),
        (1, 0, None, 1),
    ]


@pytest.mark.parametrize(
    ("output", "outcomes", "said"),
    [
        ("out.dta", None, "found the ending '.dta', expected one of .parquet, .csv"),
        ("out", None, "found no ending, expected one of .parquet, .csv"),
        ("out.csv", "out.csv", "found a name for two files, expected a name for each"),
        ("out.csv", "out.trace.json", "found a name for two files"),
        ("women.csv", None, "found a file or folder that is read"),
        ("out.csv", "recipes.toml", "found a file or folder that is read"),
        ("out.csv", "other/x.toml", "found the folder "),
    ],
)
def test_names_that_will_not_do(folder, output, outcomes, said):
    with pytest.raises(InputError, match=re.escape(said)):
        write(folder, output, outcomes=outcomes)
    assert sorted(path.name for path in folder.iterdir()) == ["recipes.toml", "women.csv"]


def test_nothing_goes_into_a_folder_of_parts_that_is_read(folder):
    (folder / "parts").mkdir()
    pl.DataFrame({"slapped": [1], "kicked": [1], "wt": [1]}).write_parquet(
        folder / "parts" / "a.parquet"
    )
    with pytest.raises(InputError, match="a file or folder that is read"):
        write(folder, "parts/b.parquet", microdata="parts")


def test_recipes_may_come_from_standard_input(folder, monkeypatch):
    monkeypatch.setattr("everycount.io.survey_derive.read_bytes", lambda place: RECIPES.encode())
    with derive_file("-", folder / "women.csv") as found:
        assert found.trace["inputs"][0]["name"] == "standard input"


def test_faults_of_the_recipes_and_of_the_rows(folder):
    with pytest.raises(NotFound), derive_file(folder / "recipes.toml", folder / "men.csv"):
        pass
    (folder / "women.csv").write_text(WOMEN.replace("004,1,2", "004,3,2"))
    said = "women.csv has 1 problem:\n  recipe 1 (any-act), slapped: found code 3 in 1 row"
    with (
        pytest.raises(InputError, match=re.escape(said)),
        derive_file(folder / "recipes.toml", folder / "women.csv"),
    ):
        pass
    (folder / "recipes.toml").write_text(RECIPES.replace("any-act", "any-acts"))
    with (
        pytest.raises(InputError, match=r"recipes\.toml has 1 problem"),
        derive_file(folder / "recipes.toml", folder / "women.csv"),
    ):
        pass


def test_temporary_files_go_away(folder, monkeypatch):
    (folder / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "tmp"))
    with derive_file(folder / "recipes.toml", folder / "women.csv") as found:
        assert [path.name for path in found.parts] == ["000000.parquet"]
        assert len(list((folder / "tmp").iterdir())) == 1
    assert list((folder / "tmp").iterdir()) == []


def test_no_room_on_disk(folder, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "none"))
    with (
        pytest.raises(Unavailable, match=r"refuses \(No such file.*TMPDIR"),
        derive_file(folder / "recipes.toml", folder / "women.csv"),
    ):
        pass
    monkeypatch.undo()

    def fail(self, *args, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", fail)
    with (
        pytest.raises(Unavailable, match=r"refuses \(No space left on device\)"),
        derive_file(folder / "recipes.toml", folder / "women.csv"),
    ):
        pass
