from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from everycount.model.design import Characteristic, Level, Outcome, SurveyDesign
from everycount.model.microdata import Column
from everycount.model.rules import Confidentiality
from everycount.model.sampling import Sampling
from everycount.survey.furthest import furthest_in
from everycount.survey.furthest_rows import FurthestOptions
from everycount.survey.furthest_secret import Secret
from everycount.survey.furthest_tables import rounds_table
from everycount.survey.plan import resolve
from everycount.survey.rounds import Round, compare_rounds, round_sentences
from everycount.survey.sample import load
from everycount.survey.simulate import simulate

QUICK = FurthestOptions(replicates=6, draws=4, methods=("escap",))
USUAL = SurveyDesign(
    sampling=Sampling(strata=("stratum",), psu="cluster", weight="weight"),
    characteristics=(Characteristic(name="region"), Characteristic(name="education", ordered=True)),
    outcomes=(
        Outcome(name="internet", yes=(1,), missing=(9,)),
        Outcome(name="members", statistic="mean"),
    ),
)


class Source:
    """Rows in memory that look like a file."""

    name = "women"

    def __init__(self, table):
        self.table = table

    @property
    def rows(self):
        return len(self.table)

    @property
    def columns(self):
        return {name: Column(name=name, kind="number") for name in self.table.columns}

    def batches(self, columns, *, rows=250_000):
        yield self.table.select(columns)


def seek(table, outcome="internet", design=USUAL, rules=None):
    sample = load(resolve(design, Source(table)))
    return furthest_in(sample, outcome, QUICK, rules=rules)


@pytest.fixture(scope="module")
def early():
    return simulate(clusters=40, seed=5)


@pytest.fixture(scope="module")
def late():
    return simulate(clusters=40, seed=6)


@pytest.fixture(scope="module")
def both(early, late):
    return [Round(label="2015", found=seek(early)), Round(label="2020", found=seek(late))]


def pick(rows, measure, label):
    return next(row for row in rows if (row.measure, row.round) == (measure, label))


def test_the_first_round_is_as_it_was_found(both):
    rows = compare_rounds(both)
    grown = both[0].found.grown[0]
    for measure, place in (("behind", grown.behind), ("ahead", grown.ahead), ("everyone", 0)):
        row = pick(rows, measure, "2015")
        assert row.figure.value == pytest.approx(grown.figures.estimate[place], rel=1e-12)
        assert row.figure.std_error == pytest.approx(grown.figures.std_error[place], rel=1e-9)
        assert row.n == grown.figures.n[place]
        assert row.change is None
    apart = pick(rows, "gap", "2015").figure
    assert apart.value == pytest.approx(grown.gap.value, rel=1e-12)
    assert apart.std_error == pytest.approx(grown.gap.std_error, rel=1e-9)


def test_the_same_people_by_codes_are_followed(both, late):
    row = pick(compare_rounds(both), "behind", "2020")
    grown = both[0].found.grown[0]
    inside = (late["internet"] != 9).to_numpy()
    names = ["region", "education"]
    for column, codes in grown.definitions[grown.behind]:
        inside &= late[names[column]].is_in([code + 1 for code in codes]).to_numpy()
    yes = (late["internet"] == 1).to_numpy()
    expected = np.average(yes[inside], weights=late["weight"].to_numpy()[inside])
    assert row.figure.value == pytest.approx(expected, rel=1e-12)
    assert row.n == inside.sum()
    assert row.note == ""


def test_changes_have_the_errors_of_independent_samples(both):
    rows = compare_rounds(both)
    for measure in ("behind", "ahead", "everyone", "gap", "d_cells", "hoi_logit"):
        one, other = pick(rows, measure, "2015"), pick(rows, measure, "2020")
        change = other.change
        assert change.value == pytest.approx(other.figure.value - one.figure.value)
        error = np.hypot(one.figure.std_error, other.figure.std_error)
        assert change.std_error == pytest.approx(error)
        assert min(one.figure.df, other.figure.df) <= change.df
        assert change.df <= one.figure.df + other.figure.df
        assert change.low < change.value < change.high


def test_sentences_tell_the_change(both):
    (told,) = round_sentences(both, compare_rounds(both))
    assert "in 2015 have the outcome “internet”" in told
    assert "those in the same circumstances in 2020" in told


def test_levels_that_differ_between_rounds_are_told(both, late):
    grown = both[0].found.grown[0]
    asked = {column for column, _ in grown.definitions[grown.behind]}
    asked |= {column for column, _ in grown.definitions[grown.ahead]}
    assert 1 in asked
    table = late.with_columns(
        education=pl.when(pl.col("education") == 4).then(7).otherwise(pl.col("education"))
    )
    rounds = [both[0], Round(label="2020", found=seek(table))]
    rows = compare_rounds(rounds)
    note = pick(rows, "behind", "2020").note
    assert "levels of education not in this round: 4" in note
    assert "new levels of education: 7" in note
    (told,) = round_sentences(rounds, rows)
    assert told.endswith("new levels of education: 7.")
    assert pick(rows, "behind", "2015").note == ""


def test_a_circumstance_that_a_round_lacks_leaves_no_figure(both, late):
    design = replace(USUAL, characteristics=USUAL.characteristics[:1])
    rounds = [both[0], Round(label="2020", found=seek(late, design=design))]
    rows = compare_rounds(rounds)
    row = pick(rows, "behind", "2020")
    assert np.isnan(row.figure.value)
    assert "education is no circumstance of this round" in row.note
    assert round_sentences(rounds, rows) == ()
    assert pick(rows, "d_cells", "2020").figure.value > 0


def test_a_first_round_without_a_group_has_nobody_to_follow(early, late):
    nobody = early.with_columns(internet=pl.lit(2))
    answers = Outcome(name="internet", yes=(1,), no=(2,), missing=(9,))
    asked = replace(USUAL, outcomes=(answers,))
    rounds = [
        Round(label="1", found=seek(nobody, design=asked)),
        Round(label="2", found=seek(late)),
    ]
    rows = compare_rounds(rounds)
    assert {row.note for row in rows if row.measure in ("behind", "gap")} == {
        "no circumstance parts the people in the first round"
    }
    assert round_sentences(rounds, rows) == ()


def test_a_group_with_few_respondents_in_a_round_is_hidden(early, both, late):
    grown = both[0].found.grown[0]
    definition = dict(grown.definitions[grown.behind])
    top = max(definition.get(1, (3,)))
    few = late.filter((pl.col("education") > top + 1) | (pl.int_range(pl.len()) % 97 == 0))
    rules = Confidentiality(id="r", title="", source="", minimum=20)
    first = Round(label="2015", found=replace(both[0].found, secret=Secret(rules=rules)))
    later = Round(label="2020", found=seek(few, rules=rules))
    rows = compare_rounds([first, later])
    row = pick(rows, "behind", "2020")
    assert row.is_hidden
    assert row.n is None
    assert row.change is None
    assert pick(rows, "gap", "2020").is_hidden
    assert pick(rows, "ahead", "2020").is_hidden
    table = rounds_table({"internet": rows}, Secret(rules=rules))
    gone = table.filter((pl.col("measure") == "behind") & (pl.col("round") == "2020"))
    assert gone["flag"].item() == "not_shown"
    assert gone["estimate"].item() is None
    assert round_sentences([first, later], rows) == ()


def test_a_group_hidden_in_the_first_round_stays_unnamed(both, late):
    first = both[0].found
    secret = Secret(
        rules=Confidentiality(id="r", title="", source=""),
        nodes={"escap": frozenset({first.grown[0].behind})},
    )
    rounds = [Round(label="2015", found=replace(first, secret=secret)), both[1]]
    rows = compare_rounds(rounds)
    behind = [row for row in rows if row.measure == "behind"]
    assert all(row.is_hidden and row.definition == "" for row in behind)
    assert round_sentences(rounds, rows) == ()


def test_the_table_has_a_row_for_each_figure(both):
    rows = compare_rounds(both)
    table = rounds_table({"internet": rows}, Secret())
    assert len(table) == len(rows) == 16
    assert table["change"].null_count() == 8
    strict = Secret(rules=Confidentiality(id="r", title="", source="", minimum_df=1000, rounding=5))
    withheld = rounds_table({"internet": rows}, strict)
    assert withheld["std_error"].null_count() == withheld["change_std_error"].null_count() == 16
    assert (withheld["n"].drop_nulls() % 5 == 0).all()


def test_a_mean_is_followed_too(early, late):
    rounds = [Round(label=label, found=seek(table, "members", rules=Confidentiality(
        id="r", title="", source="", minimum=5))) for label, table in
        (("2015", early), ("2020", late))]  # fmt: skip
    assert not pick(compare_rounds(rounds), "everyone", "2020").is_hidden


def test_codes_hold_where_the_order_of_levels_differs(both, late):
    levels = tuple(Level(code=str(code), values=(code,)) for code in (5, 4, 3, 2, 1))
    characteristics = (Characteristic(name="region", levels=levels), USUAL.characteristics[1])
    design = replace(USUAL, characteristics=characteristics)
    turned = [both[0], Round(label="2020", found=seek(late, design=design))]
    one, other = (pick(compare_rounds(each), "behind", "2020") for each in (both, turned))
    assert one.figure.value == pytest.approx(other.figure.value)
