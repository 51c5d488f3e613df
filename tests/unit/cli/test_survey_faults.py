"""What `everycount survey` says of files and options that will not do, as a person reads it."""

import json
import sys
from pathlib import Path

import polars as pl
import pytest

from everycount.cli.main import main
from everycount.survey.simulate import simulate

SMALL = """
[sampling]
strata = ["stratum"]
psu = "cluster"
weight = "weight"
[[characteristics]]
name = "urban"
[[characteristics]]
name = "education"
[[outcomes]]
name = "internet"
yes = [1]
no = [2]
missing = [9]
[[outcomes]]
name = "age"
statistic = "mean"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a small survey, in which everything happens."""
    simulate(clusters=40).write_parquet(tmp_path / "women.parquet")
    (tmp_path / "survey.toml").write_text(SMALL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def told(folder, monkeypatch, capfd):
    """Run a command as a person does; return its code and what it printed."""

    def run(*args):
        monkeypatch.setattr(sys, "argv", ["everycount", "survey", *args])
        with pytest.raises(SystemExit) as caught:
            main()
        printed = capfd.readouterr()
        return caught.value.code or 0, printed.out, printed.err

    return run


# ---------------------------------------------------------------- names of files


@pytest.mark.parametrize("verb", ["disaggregate", "estimate"])
@pytest.mark.parametrize(
    ("args", "found"),
    [
        (["-o", "women.parquet"], "women.parquet: found a file or folder that is read, "),
        (["-o", "nul.csv"], "nul.csv: found the name 'nul.csv', "),
        (["-o", "d.csv"], "d.csv: found a folder, "),
        (["-o", "d"], "d: found no ending, expected a name that ends in .csv or .parquet\n"),
        (["-o", "e.xlsx"], "e.xlsx: found the ending '.xlsx', "),
        (["-o", "e.csv", "--differences", "d/e.csv"], "d/e.csv: found the folder d, "),
        (["--differences", "e.csv", "-o", "e.csv"], "e.csv: found a name for two files, "),
    ],
)
def test_bad_names_are_told_before_anything_is_computed(
    told, folder, monkeypatch, verb, args, found
):
    def never(*_, **__):
        raise AssertionError("nothing should be read")

    monkeypatch.setattr("everycount.io.survey_run.open_microdata", never)
    for name in ("d", "d.csv"):
        (folder / name).mkdir()
    code, printed, said = told(verb, "survey.toml", "women.parquet", *args)
    assert (code, printed) == (3, "")
    first, second = said.splitlines(keepends=True)[:2]
    assert first.startswith("everycount: the output has ")
    assert second.startswith(f"  {found}")
    left = sorted(str(each.relative_to(folder)) for each in folder.rglob("*"))
    assert left == ["d", "d.csv", "survey.toml", "women.parquet"]


def test_the_other_files_of_disaggregate_are_looked_at_too(told):
    code, _, said = told(
        *("disaggregate", "survey.toml", "women.parquet", "-o", "e.csv", "--observations", "e.csv"),
        *("--confidentiality", "threshold-5", "--inside", "e.trace.json"),
    )
    assert code == 3
    assert said == (
        "everycount: the output has 2 problems:\n"
        "  e.csv: found a name for two files, expected a name for each\n"
        "  e.trace.json: found a name for two files, expected a name for each\n"
    )


def test_a_folder_that_may_not_be_written_to(told, folder, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("everycount.io.files.tempfile.mkdtemp", refuse)
    code, _, said = told("disaggregate", "survey.toml", "women.parquet", "-o", "new/e.csv")
    assert (code, said) == (
        3,
        "everycount: new has 1 problem:\n  new: found no permission, expected a file in a folder "
        "that exists and may be written to\n",
    )
    assert not (folder / "new").exists()


def test_nothing_is_hidden_without_rules(told):
    code, _, said = told("disaggregate", "survey.toml", "women.parquet", "--inside", "why.json")
    assert code == 2
    assert "--inside needs rules that hide cells: --confidentiality RULES" in said


# ---------------------------------------------------------------- rows

FAULTY = """
[sampling]
strata = ["stratum"]
psu = "cluster"
weight = "weight"
[[characteristics]]
name = "urban"
levels = [{ code = "R", values = [1] }, { code = "U", values = [2] }]
[[outcomes]]
name = "internet"
yes = [1]
no = [2]
missing = [9]
[[outcomes]]
name = "uses"
column = "internet"
missing = [9]
[[outcomes]]
name = "works"
statistic = "mean"
[[outcomes]]
name = "violence"
column = "partner_violence"
yes = [1]
weight = "module_weight"
"""


@pytest.fixture
def faulty(folder):
    """A file with many faults at once, and its rows."""
    row = pl.int_range(pl.len())
    rows = pl.read_parquet("women.parquet").with_columns(
        weight=pl.when(row < 3).then(-1.0).when(row < 8).then(None).otherwise("weight"),
        module_weight=pl.when(row == 9).then(-2.0).otherwise("module_weight"),
        urban=pl.when(row.is_between(20, 30)).then(7).otherwise("urban"),
        internet=pl.when(row.is_between(40, 41)).then(3).otherwise("internet"),
        works=pl.when(row.is_between(50, 56)).then(pl.lit("a lot")).otherwise(
            pl.col("works").cast(pl.String)
        ),
        stratum=pl.when((pl.col("cluster") == 5) & (row % 2 == 0)).then(99).otherwise("stratum"),
    )  # fmt: skip
    rows.write_parquet("faulty.parquet")
    Path("faulty.toml").write_text(FAULTY, encoding="utf-8")
    return rows


@pytest.mark.parametrize("verb", ["disaggregate", "design"])
def test_a_file_with_many_faults_gives_one_error_with_all_of_them(faulty, told, verb):
    code, _, said = told(verb, "faulty.toml", "faulty.parquet")
    twos = faulty.filter(pl.col("weight") > 0, pl.col("internet") == 2).height
    unit = faulty.filter(pl.col("cluster") == 5).height
    proportion = "0 or 1; or say in `yes` which codes count, or in `missing` which do not"
    assert code == 3
    assert said == (
        "everycount: faulty.parquet has 9 problems:\n"
        "  characteristic urban, column urban: found value '7' in 11 rows, expected a code of one "
        "of its levels (R, U)\n"
        "  outcome internet, column internet: found value '3' in 2 rows, expected a code of yes, "
        "no or missing\n"
        f"  outcome uses, column internet: found value '2' in {twos} rows, expected {proportion}\n"
        f"  outcome uses, column internet: found value '3' in 2 rows, expected {proportion}\n"
        "  outcome works, column works: found text that is no number, such as 'a lot', in 7 rows, "
        "expected numbers\n"
        f"  psu: found unit 5 in two strata in {unit} rows, expected each unit in one stratum; if "
        "their numbers begin anew, say nested = true\n"
        "  weight, column module_weight: found a weight below 0 in 1 row, expected a number from "
        "0\n"
        "  weight, column weight: found a weight below 0 in 3 rows, expected a number from 0\n"
        "  weight, column weight: found nothing in 5 rows, expected a weight for every row (0 if "
        "it does not count)\n"
    )


def test_columns_and_replicates_that_do_not_match_are_told_together(told):
    text = SMALL.replace(
        'psu = "cluster"\nweight = "weight"',
        'psu = "clusters"\nweight = "weihgt"\n'
        'replicates = { kind = "JK1", columns = ["brr*", "rw1"] }',
    ).replace('name = "education"', 'name = "schooling"')
    Path("bad.toml").write_text(text, encoding="utf-8")
    code, _, said = told("disaggregate", "bad.toml", "women.parquet")
    assert code == 3
    assert said.startswith("everycount: women.parquet has 5 problems:\n")
    for place in (
        "replicates, columns: found 'brr*', which matches no column, expected ",
        "replicates, columns: found column rw1, which the file does not have, expected ",
        "sampling, psu: found column clusters, which the file does not have, expected a column of "
        "the file, perhaps cluster\n",
        "sampling, weight: found column weihgt, which the file does not have, expected a column of "
        "the file, perhaps weight\n",
        "characteristic schooling: found column schooling, which the file does not have, expected ",
    ):
        assert f"\n  {place}" in said


def test_a_characteristic_of_500_levels_is_refused_with_the_number_of_cells(told):
    row = pl.int_range(pl.len())
    rows = pl.read_parquet("women.parquet").with_columns(many=row % 500, others=row % 60)
    rows.write_parquet("many.parquet")
    given = ["disaggregate", "survey.toml", "many.parquet", "--by", "many", "--by",
             "others", "--outcome", "internet"]  # fmt: skip
    code, _, said = told(*given)
    assert code == 4
    assert said == (
        "everycount: many.parquet has 1 problem:\n"
        "  crossings: found 30,561 cells in 4 tables; many alone has 500 levels, expected at most "
        "20,000 cells: fewer levels, a smaller depth, chosen tables, or a higher limit\n"
    )
    code, table, said = told(*given, "--limit", "30561")
    assert code == 0
    cells = len(table.splitlines()) - 1
    assert f"{30_561 - cells:,} cells that nobody counts in are not in the table" in said


def test_rows_left_out_are_counted_by_reason(told):
    row = pl.int_range(pl.len())
    rows = pl.read_parquet("women.parquet").with_columns(
        weight=pl.when(row < 4).then(0.0).otherwise("weight"),
        urban=pl.when(row.is_between(10, 12)).then(None).otherwise("urban"),
        age=pl.when(row.is_between(20, 24)).then(None).otherwise("age"),
    )
    rows.write_parquet("gaps.parquet")
    universe = 'statistic = "mean"\nuniverse = [{ column = "age", at_least = 20 }]'
    Path("gaps.toml").write_text(SMALL.replace('statistic = "mean"', universe))
    _, _, said = told("disaggregate", "gaps.toml", "gaps.parquet", "-o", "e.csv")
    found = json.loads(Path("e.trace.json").read_text())["excluded"]
    adult = (rows["age"] >= 20).fill_null(value=False)
    weighed = rows["weight"] > 0
    wanted = {
        ("age", "outside the universe"): (rows["age"] < 20).sum(),
        ("age", "universe not known"): 5,
        ("age", "without weight"): (adult & ~weighed).sum(),
        ("internet", "not known"): (weighed & rows["internet"].fill_null(9).eq(9)).sum(),
        ("internet", "without weight"): 4,
        ("urban", "not known"): 3,
    }
    assert {(each["subject"], each["reason"]): each["rows"] for each in found} == wanted
    for (subject, reason), number in wanted.items():
        assert f"{number:,} rows left out of {subject}: {reason}\n" in said


# ---------------------------------------------------------------- nothing to estimate


@pytest.mark.parametrize("engine", ["embedded", "ibis"])
@pytest.mark.parametrize("more", [[], ["--json"], ["--observations", "o.csv"]])
@pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
def test_an_outcome_for_which_nobody_counts_is_refused_and_nothing_written(
    told, folder, engine, more
):
    nobody = 'name = "internet"\nuniverse = [{ column = "age", at_least = 200 }]'
    Path("none.toml").write_text(SMALL.replace('name = "internet"', nobody))
    code, out, said = told(
        "disaggregate", "none.toml", "women.parquet", "-o", "e.csv", "--engine", engine, *more
    )
    assert (code, out) == (4, "")
    assert "outcome internet: found no row that counts; " in said
    assert not [*folder.glob("*.csv"), *folder.glob("*.json")]
    if engine == "embedded":
        code, out, said = told("estimate", "none.toml", "women.parquet")
        assert (code, out) == (4, "")
        assert "outcome internet: found no row that counts; " in said


def test_rules_that_do_not_exist_are_all_named(told):
    wrong = ("--reliability", "foo", "--confidentiality", "bar")
    code, _, said = told("disaggregate", "survey.toml", "women.parquet", *wrong)
    assert code == 5
    assert "no set of reliability rules 'foo'" in said
    assert "no set of confidentiality rules 'bar'" in said


def test_a_file_of_more_cells_than_allowed_is_described(told):
    text = SMALL + "[crossings]\nlimit = 3\n"
    Path("few.toml").write_text(text)
    code, out, _ = told("design", "few.toml", "women.parquet")
    assert code == 0
    assert out.rstrip().endswith("15 cells for each outcome; the limit is 3")
