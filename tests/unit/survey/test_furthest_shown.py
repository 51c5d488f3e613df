from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from everycount.model.design import Characteristic, Outcome, SurveyDesign
from everycount.model.microdata import Column
from everycount.model.rules import Confidentiality
from everycount.model.sampling import Sampling
from everycount.survey.furthest import furthest_in
from everycount.survey.furthest_rows import FurthestOptions
from everycount.survey.furthest_secret import Secret
from everycount.survey.furthest_shown import Withheld, shown_indices
from everycount.survey.furthest_tables import (
    contributions_table,
    groups_table,
    inequality_table,
    opportunity_table,
    rounds_table,
    tree_table,
)
from everycount.survey.furthest_words import CAVEATS, WITHHELD_INDEX
from everycount.survey.opportunities import MEAN
from everycount.survey.plan import resolve
from everycount.survey.rounds import Round, compare_rounds, round_sentences
from everycount.survey.sample import load

QUICK = FurthestOptions(replicates=6, draws=4, methods=("escap",))
FIVE = Confidentiality(id="five", title="", source="", minimum=5, minimum_yes=1)
FREE = Confidentiality(id="free", title="", source="")
DESIGN = SurveyDesign(
    sampling=Sampling(strata=("stratum",), psu="cluster", weight="weight"),
    characteristics=(Characteristic(name="place"), Characteristic(name="school")),
    outcomes=(
        Outcome(name="net", yes=(1,)),
        Outcome(name="none", column="net", yes=(1,), direction="barrier"),
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


def people(size=4000, *, few=0, rare=0):
    """Return people in three places and three schools.

    `few` of them have school 3 and live in place 3, so that a cell is small and no level is;
    `rare` live in place 4.
    """
    rng = np.random.default_rng(7)
    place, school = rng.integers(1, 4, size), rng.integers(1, 4, size)
    both = (place == 3) & (school == 3)
    school = np.where(both & (np.cumsum(both) > few), 2, school) if few else school
    place[:rare] = 4
    chance = 0.25 + 0.15 * place.clip(1, 3) - 0.05 * school
    return pl.DataFrame(
        {
            "place": place,
            "school": school,
            "net": (rng.random(size) < chance).astype(int),
            "members": rng.integers(1, 9, size),
            "stratum": np.arange(size) % 5,
            "cluster": np.arange(size) % 50,
            "weight": np.ones(size),
        }
    )


def seek(table, outcome="net", rules=FIVE, circumstances=()):
    sample = load(resolve(DESIGN, Source(table)))
    options = replace(QUICK, circumstances=circumstances)
    return furthest_in(sample, outcome, options, rules=rules)


@pytest.fixture(scope="module")
def rounded():
    return seek(people(few=3))


def test_without_rules_or_small_cells_all_is_shown():
    assert seek(people(few=3), rules=None).exactness == "full"
    whole = seek(people())
    assert whole.exactness == "full"
    assert shown_indices(whole) == whole.opportunities
    flags = contributions_table([whole])["flag"]
    assert flags.to_list() == [""] * 4


def test_one_circumstance_with_a_hidden_level_shows_nothing_that_gives_it():
    """Twice D times coverage is WHO's mdmw, which is not shown."""
    found = seek(people(rare=3), circumstances=("place",))
    cells = found.opportunities[0]
    mdmw = next(each for each in found.inequalities[0].measures if each.name == "mdmw")
    assert 2 * cells.dissimilarity.value * cells.coverage == pytest.approx(mdmw.value)
    assert set(inequality_table([found])["flag"]) == {"not_shown"}
    table = opportunity_table([found]).filter(pl.col("over").is_in(["cells", "logit"]))
    assert table["flag"].to_list() == ["not_shown", "not_shown"]
    figures = table.drop("outcome", "over", "flag")
    assert figures.null_count().row(0) == (2,) * figures.width
    parts = contributions_table([found])
    assert set(parts["flag"]) == {"not_shown"}
    assert parts["contribution"].null_count() == parts["share"].null_count() == len(parts)
    assert WITHHELD_INDEX in found.sentences
    assert not any("Shapley" in told or "index D" in told for told in found.sentences)


def test_a_hidden_level_of_any_circumstance_hides_the_parts_of_the_others():
    """Of two circumstances the difference of the parts is that of D over each alone."""
    found = seek(people(rare=3))
    assert found.exactness == "nothing"
    assert set(contributions_table([found])["flag"]) == {"not_shown"}
    assert "" in set(inequality_table([found])["flag"])  # those of schools are shown


def test_small_cells_leave_whole_per_cent(rounded):
    assert rounded.exactness == "rounded"
    exact = {row.over: row for row in rounded.opportunities}
    for row in shown_indices(rounded)[:2]:
        assert not isinstance(row, Withheld)
        whole = round(exact[row.over].dissimilarity.value, 2)
        assert row.dissimilarity.value == whole
        assert row.opportunity.value == round(row.coverage * (1 - whole), 2)
        for index in (row.dissimilarity, row.opportunity):
            assert float(f"{index.std_error:.2g}") == index.std_error
            assert [index.low, index.high] == [round(index.low, 2), round(index.high, 2)]
    chance = shown_indices(rounded)[0].chance
    assert chance.expected == round(chance.expected, 2)
    assert chance.excess == round(chance.excess, 2)


def test_parts_of_rounded_d_say_no_more_than_it(rounded):
    """They are those of the D of each set of circumstances, in whole per cent."""
    for over in ("cells", "logit"):
        parts = [each for each in rounded.contributions if each.over == over]
        shown = next(row for row in shown_indices(rounded) if row.over == over)
        total = sum(each.contribution for each in parts)
        assert total == pytest.approx(shown.dissimilarity.value)
        halves = [2 * 100 * each.contribution for each in parts]
        assert halves == pytest.approx(np.rint(halves))
    table = contributions_table([rounded])
    assert table["contribution"].null_count() == 0


def test_sentences_tell_rounded_d_without_decimals(rounded):
    told = " ".join(rounded.sentences)
    d = shown_indices(rounded)[0].dissimilarity.value
    assert f", {100 * d:.0f} % (" in told
    assert "Human opportunity index: " in told


def test_d_is_not_shown_where_a_hundredth_of_it_is_fewer_than_the_least_group():
    found = seek(people(300, few=3))
    assert not any(found.secret.hides_level(by.counts) for by in found.inequalities)
    assert found.exactness == "nothing"


@pytest.mark.parametrize(("outcome", "exact"), [("net", "rounded"), ("none", "nothing")])
def test_those_with_the_outcome_count_and_of_a_barrier_those_without(outcome, exact):
    table = people(few=3).with_columns(
        net=pl.when(pl.int_range(pl.len()) % 9 == 0).then(pl.col("net")).otherwise(1)
    )
    assert seek(table, outcome).exactness == exact


def test_leaves_are_shown_if_all_of_the_tree_are(rounded):
    assert not isinstance(shown_indices(rounded)[2], Withheld)
    secret = Secret(rules=FIVE, nodes={"escap": frozenset({1})})
    assert shown_indices(replace(rounded, secret=secret))[2] == Withheld(over="leaves escap")


def test_errors_with_few_degrees_of_freedom_are_withheld_everywhere():
    strict = replace(FREE, minimum_df=1_000)
    found = replace(seek(people(), rules=None), secret=Secret(rules=strict))
    for make in (tree_table, groups_table, opportunity_table, inequality_table):
        table = make([found])
        errors = [name for name in table.columns
                  if "std_error" in name or "ci_" in name or name.endswith("df")]  # fmt: skip
        assert errors
        for name in errors:
            assert table[name].null_count() == len(table), (make, name)
    assert opportunity_table([found])["d"].null_count() == 0
    assert inequality_table([found])["value"].drop_nulls().len() > 0
    rounds = [Round(label="one", found=found), Round(label="two", found=found)]
    compared = compare_rounds(rounds)
    table = rounds_table({"net": compared}, found.secret)
    for name in ("std_error", "ci_low", "df", "change_std_error", "change_ci_low", "change_df",
                 "change_p_value"):  # fmt: skip
        assert table[name].null_count() == len(table)
    for told in (*found.sentences[:2], *round_sentences(rounds, compared)):
        assert "confidence interval" not in told
    assert "% (" not in next(told for told in found.sentences if "index D" in told)


def test_a_change_withholds_the_error_of_a_first_round_with_few_degrees_of_freedom():
    """It would follow from that of the change and that of the later round."""
    found = seek(people(), rules=None)
    secret = Secret(rules=replace(FREE, minimum_df=10))
    rounds = [Round(label=label, found=found) for label in ("one", "two")]
    rows = [replace(row, least_df=5.0) if row.change else row for row in compare_rounds(rounds)]
    table = rounds_table({"net": rows}, secret).filter(pl.col("round") == "two")
    assert table["std_error"].null_count() == 0
    assert table["change_std_error"].null_count() == len(table)
    first = compare_rounds(rounds)[-1]
    assert first.least_df == first.figure.df


def test_rounds_show_d_as_each_of_them_may_be_shown(rounded):
    whole, few = seek(people(rare=3)), rounded
    rows = compare_rounds([Round(label="one", found=few), Round(label="two", found=whole)])
    table = rounds_table({"net": rows}, few.secret).filter(pl.col("measure") == "d_cells")
    assert table["flag"].to_list() == ["", "not_shown"]
    assert table["estimate"].to_list() == [shown_indices(few)[0].dissimilarity.value, None]
    assert table["change"].null_count() == 2


def test_a_mean_has_neither_index_nor_parts():
    found = seek(people(), "members", rules=None)
    indices, parts = opportunity_table([found]), contributions_table([found])
    for table in (indices, parts):
        assert set(table["reason"]) == {MEAN}
        assert set(table["flag"]) == {""}
    assert indices["d"].null_count() == indices["hoi"].null_count() == len(indices)
    assert parts["contribution"].null_count() == len(parts)
    told = " ".join(found.sentences)
    assert "opportunity index" not in told
    assert "Shapley" not in told
    assert found.caveats == CAVEATS[:2]
