import hashlib
import io
import json

import pytest

from everycount.errors import InputError, MethodError, NotFound
from everycount.io.index_run import build_index

METHOD = """
id = "test"
title = "Test"
groups = [{ code = "index" }]
indicators = [{ code = "a", parent = "index" }]
averages = [{ by = "region" }]
steps = [{ do = "select" }, { do = "aggregate", missing = "renormalise" }]
"""
DATA = "unit,period,a\nX,2015,1\nX,2018,3\nY,2018,5\n"
UNITS = "unit,name,region\nX,Xanadu,n\nY,Yemen,n\n"


@pytest.fixture
def files(tmp_path):
    """The files of a small index."""
    for name, text in (("method.toml", METHOD), ("data.csv", DATA), ("units.csv", UNITS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_build_from_files_and_write_them(files):
    run = build_index(files / "method.toml", files / "data.csv", units=files / "units.csv")
    assert run.result.score.tolist() == [3, 5]
    run.write(files / "out")
    written = {each.name for each in (files / "out").iterdir()}
    assert written == {
        "scores.csv",
        "data.csv",
        "figures.csv",
        "averages.csv",
        "group_ranks.csv",
        "result.json",
    }
    found = json.loads((files / "out" / "result.json").read_text(encoding="utf-8"))
    assert [each["role"] for each in found["inputs"]] == ["method", "data", "units"]
    assert found["inputs"][1] == {
        "role": "data",
        "name": "data.csv",
        "sha256": hashlib.sha256(DATA.encode()).hexdigest(),
    }
    assert found["files"] == [
        "averages.csv",
        "data.csv",
        "figures.csv",
        "group_ranks.csv",
        "scores.csv",
    ]


def test_results_do_not_overwrite_what_was_read(files):
    (files / "data.csv").rename(files / "scores.csv")
    run = build_index(files / "method.toml", files / "scores.csv")
    with pytest.raises(
        InputError, match=r"scores.csv: found a file that was read, expected another"
    ):
        run.write(files)
    assert (files / "scores.csv").read_text(encoding="utf-8") == DATA


def test_figures_from_standard_input(files, monkeypatch):
    class Stdin:
        buffer = io.BytesIO(DATA.encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    run = build_index(files / "method.toml", "-")
    assert run.trace["inputs"][1]["name"] == "standard input"
    assert run.result.trace().warnings == (
        "no averages by 'region': neither the data nor the units have it",
    )


def test_other_reference_years(files):
    run = build_index(files / "method.toml", files / "data.csv", periods=[2018, 2015])
    assert run.result.scores().filter(unit="X", node="index")["score"].to_list() == [3, 1]


def test_reference_years_that_the_method_cannot_take(files):
    with pytest.raises(
        MethodError, match=r"periods: found \[2015, 2015\], expected each year once"
    ):
        build_index(files / "method.toml", files / "data.csv", periods=[2015, 2015])
    linear = METHOD.replace(
        '{ do = "select" }',
        '{ do = "select", periods = [2015, 2018] }, { do = "impute", method = "linear" }',
    )
    (files / "method.toml").write_text(linear, encoding="utf-8")
    with pytest.raises(MethodError, match="periods: found linear after one edition was selected"):
        build_index(files / "method.toml", files / "data.csv", periods=[2015])
    plain = METHOD.replace('{ do = "select" }, ', "")
    (files / "method.toml").write_text(plain, encoding="utf-8")
    with pytest.raises(MethodError, match="found 2015, 2018, expected none, as the method has no"):
        build_index(files / "method.toml", files / "data.csv", periods=[2015, 2018])


def test_files_that_are_not_there_or_faulty(files):
    with pytest.raises(NotFound, match=r"there is no file .*figures.csv"):
        build_index(files / "method.toml", files / "figures.csv")
    with pytest.raises(NotFound, match=r"there is no file .*u.csv"):
        build_index(files / "method.toml", files / "data.csv", units=files / "u.csv")
    (files / "units.csv").write_text("country\nX\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"units.csv has 1 problem"):
        build_index(files / "method.toml", files / "data.csv", units=files / "units.csv")
