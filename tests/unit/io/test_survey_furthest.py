import json

import polars as pl
import pytest

from everycount.errors import InputError, MethodError
from everycount.io.survey_furthest import furthest_files
from everycount.survey.furthest_rows import FurthestOptions
from everycount.survey.simulate import simulate

QUICK = FurthestOptions(replicates=5, draws=4)
DESIGN = """
title = "A made-up survey"
[sampling]
strata = ["stratum"]
psu = "cluster"
weight = "weight"
[[characteristics]]
name = "region"
[[characteristics]]
name = "education"
ordered = true
[[outcomes]]
name = "internet"
yes = [1]
missing = [9]
[[outcomes]]
name = "age"
statistic = "total"
"""
FILES = ["contributions.csv", "groups.csv", "inequality.csv", "opportunity.csv", "tree.csv"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("furthest")
    (place / "survey.toml").write_text(DESIGN)
    (place / "2015.toml").write_text(f'period = "2015"\n{DESIGN}')
    (place / "2020.toml").write_text(f'period = "2020"\n{DESIGN}')
    (place / "rounded.toml").write_text(f'confidentiality = "threshold-10-rounded"\n{DESIGN}')
    for seed in (5, 6):
        simulate(clusters=40, seed=seed).write_csv(place / f"women{seed}.csv")
    return place


@pytest.fixture(scope="module")
def run(folder):
    return furthest_files([(folder / "survey.toml", folder / "women5.csv")], QUICK)


def test_one_round_writes_its_tables_and_a_trace(run, tmp_path):
    written = run.write(tmp_path / "out")
    assert sorted(path.name for path in written) == sorted([*FILES, "furthest.json"])
    tree = pl.read_csv(tmp_path / "out/tree.csv")
    assert tree.columns[:5] == ["round", "outcome", "method", "node", "parent"]
    assert set(tree["outcome"]) == {"internet"}
    trace = json.loads((tmp_path / "out/furthest.json").read_bytes())
    (told,) = trace["rounds"]
    assert told["round"] == "women5.csv"
    assert told["title"] == "A made-up survey"
    assert told["outcomes_without_tree"] == ["age"]
    assert [each["role"] for each in told["inputs"]] == ["design", "microdata"]
    assert trace["options"]["seed"] == 1
    assert trace["confidentiality"] is None
    (outcome,) = told["outcomes"]
    assert outcome["replicates"] == 5
    assert outcome["draws"] == 4
    assert outcome["variance"] == "linearisation"
    assert outcome["excluded"][0]["reason"] == "not known"
    assert outcome["findings"][0].startswith("By UN ESCAP's method")
    escap, chosen = outcome["trees"]
    assert "sizes" not in escap
    assert sum(size["chosen"] for size in chosen["sizes"]) == 1
    assert escap["furthest_groups"][0]["share"] <= 1
    assert trace["files"] == sorted([*FILES, "furthest.json"])


def test_the_same_files_give_the_same_bytes(run, folder):
    again = furthest_files([(folder / "survey.toml", folder / "women5.csv")], QUICK)
    assert again.files() == run.files()


def test_nothing_is_written_over_an_input(folder, tmp_path):
    place = tmp_path / "tree.csv"
    place.write_bytes((folder / "women5.csv").read_bytes())
    run = furthest_files([(folder / "survey.toml", place)], QUICK)
    with pytest.raises(InputError, match="a file that is read"):
        run.write(tmp_path)


def test_several_rounds_are_compared(folder):
    run = furthest_files(
        [
            (folder / "2015.toml", folder / "women5.csv"),
            (folder / "2020.toml", folder / "women6.csv"),
        ],
        QUICK,
    )
    files = run.files()
    rounds = pl.read_csv(files["rounds.csv"])
    assert rounds["round"].unique(maintain_order=True).to_list() == [2015, 2020]
    assert set(rounds["outcome"]) == {"internet"}
    trace = json.loads(files["furthest.json"])
    assert len(trace["rounds"]) == 2
    assert "in 2015" in trace["changes"]["internet"][0]
    assert pl.read_csv(files["tree.csv"])["round"].unique(maintain_order=True).to_list() == [
        2015,
        2020,
    ]


@pytest.mark.parametrize(
    ("files", "labels"),
    [
        (("women5.csv", "women6.csv"), ["women5.csv", "women6.csv"]),
        (("women5.csv", "women5.csv"), ["round 1", "round 2"]),
    ],
)
def test_rounds_without_a_period_are_called_after_their_files(folder, files, labels):
    pairs = [(folder / "survey.toml", folder / name) for name in files]
    run = furthest_files(pairs, FurthestOptions(replicates=3, draws=2, methods=("escap",)))
    assert [each.label for each in run.rounds] == labels


def test_rules_of_the_design_hide_and_round(folder):
    run = furthest_files([(folder / "rounded.toml", folder / "women5.csv")], QUICK)
    trace = run.trace
    assert trace["confidentiality"]["minimum"] == 10
    (outcome,) = trace["rounds"][0]["outcomes"]
    assert outcome["rows"] % 5 == 0
    table = run.tables["tree.csv"]
    assert (table["n"].drop_nulls() % 5 == 0).all()
    for each in outcome["trees"]:
        hidden = table.filter(pl.col("method") == each["method"], pl.col("flag") == "not_shown")
        assert each["not_shown"] == len(hidden)


def test_a_hidden_group_is_not_named_in_the_trace(folder, tmp_path):
    never = (pl.col("region") == 1) & (pl.col("education") <= 2)
    table = pl.read_csv(folder / "women5.csv")
    table = table.with_columns(internet=pl.when(never).then(2).otherwise(pl.col("internet")))
    table.write_csv(tmp_path / "women.csv")
    run = furthest_files([(folder / "rounded.toml", tmp_path / "women.csv")], QUICK)
    trees = run.trace["rounds"][0]["outcomes"][0]["trees"]
    assert trees[0]["not_shown"] > 0
    assert trees[0]["furthest_groups"] == []


def test_a_design_without_an_outcome_that_suits_is_refused(folder, tmp_path):
    place = tmp_path / "totals.toml"
    old = 'name = "internet"\nyes = [1]\nmissing = [9]'
    new = 'name = "rows"\ncolumn = "age"\nstatistic = "total"'
    place.write_text(DESIGN.replace(old, new))
    with pytest.raises(MethodError, match="rows, a total; age, a total"):
        furthest_files([(place, folder / "women5.csv")], QUICK)
    place.write_text(DESIGN[: DESIGN.index("[[outcomes]]")])
    with pytest.raises(MethodError, match="outcomes: found none, expected a proportion"):
        furthest_files([(place, folder / "women5.csv")], QUICK)


def test_rounds_without_a_common_outcome_are_refused(folder, tmp_path):
    place = tmp_path / "other.toml"
    place.write_text(DESIGN.replace('name = "internet"', 'name = "net"\ncolumn = "internet"'))
    pairs = [(folder / "survey.toml", folder / "women5.csv"), (place, folder / "women6.csv")]
    with pytest.raises(MethodError, match="no outcome that all of them have"):
        furthest_files(pairs, FurthestOptions(replicates=3, draws=2, methods=("escap",)))


def test_options_left_out_are_the_usual(folder, monkeypatch):
    monkeypatch.setattr("everycount.survey.furthest_rows.REPLICATES", (3, 3))
    monkeypatch.setattr("everycount.survey.furthest_rows.DRAWS", (3, 3))
    run = furthest_files([(folder / "survey.toml", folder / "women5.csv")])
    assert run.options == FurthestOptions()
