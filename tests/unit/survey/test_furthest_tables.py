from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from everycount.model.design import Characteristic, Level, Outcome, SurveyDesign
from everycount.model.microdata import Column
from everycount.model.rules import Confidentiality
from everycount.model.sampling import ReplicateWeights, Sampling
from everycount.survey.furthest import furthest_in
from everycount.survey.furthest_figures import gap
from everycount.survey.furthest_names import codes_of, words_of
from everycount.survey.furthest_rows import FurthestOptions
from everycount.survey.furthest_secret import Secret, _hidden, _leaks, breaks, secret_of
from everycount.survey.furthest_tables import (
    contributions_table,
    groups_table,
    inequality_table,
    opportunity_table,
    tree_table,
)
from everycount.survey.furthest_words import NO_PSUS, WITHHELD, outcome_words
from everycount.survey.plan import resolve
from everycount.survey.sample import load
from everycount.survey.simulate import simulate

QUICK = FurthestOptions(replicates=6, draws=4)
FIVE = Confidentiality(id="five", title="", source="", minimum=5, minimum_yes=1)
NONE = Confidentiality(id="none", title="", source="")
USUAL = SurveyDesign(
    period="2024",
    sampling=Sampling(strata=("stratum",), psu="cluster", weight="weight"),
    characteristics=(
        Characteristic(name="region"),
        Characteristic(name="education", ordered=True, label="Schooling"),
    ),
    outcomes=(
        Outcome(name="internet", label="Uses the internet", yes=(1,), missing=(9,)),
        Outcome(name="unmet_need", yes=(1,), missing=(9,), direction="barrier"),
        Outcome(name="members", statistic="mean", direction="barrier"),
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


@pytest.fixture(scope="module")
def women():
    return simulate(clusters=40, seed=5)


def seek(table, outcome="internet", *, rules=None, options=QUICK, **changes):
    sample = load(resolve(replace(USUAL, **changes), Source(table)))
    return furthest_in(sample, outcome, options, rules=rules)


@pytest.fixture(scope="module")
def found(women):
    return seek(women)


@pytest.fixture(scope="module")
def hidden(women):
    """Those in region 1 and of the lowest schooling never have the outcome."""
    never = (pl.col("region") == 1) & (pl.col("education") <= 2)
    table = women.with_columns(internet=pl.when(never).then(2).otherwise(pl.col("internet")))
    return seek(table, rules=FIVE)


def hiding(found, nodes, rules=FIVE):
    return replace(found, secret=Secret(rules=rules, nodes=nodes))


# ------------------------------------------------------------------------------------- rules


@pytest.mark.parametrize(
    ("n", "yes", "expected"),
    [(4, 2, True), (5, 2, False), (9, 0, True), (9, 9, True), (9, -1, False), (0, 0, False)],
)
def test_a_group_breaks_the_rules_by_its_rows_and_its_answers(n, yes, expected):
    assert breaks(FIVE, n, yes) is expected
    assert not breaks(None, n, yes)


def test_a_hidden_leaf_takes_its_sibling_and_all_below_with_it(hidden):
    grown = hidden.grown[0]
    numbers = [node.number for node in grown.tree.nodes]
    gone = hidden.secret.nodes["escap"]
    bad = [at for at, (n, yes) in enumerate(zip(grown.figures.n, grown.figures.yes, strict=True))
           if breaks(FIVE, int(n), int(yes))]  # fmt: skip
    assert bad
    for at in bad:
        sibling = numbers.index(numbers[at] ^ 1)
        assert {at, sibling} <= gone
    assert 0 not in gone


def test_what_is_shown_never_gives_a_hidden_leaf(hidden):
    """Solve for every group that breaks the rules from all that is shown, and fail."""
    shown, bad = [], []
    for grown in hidden.grown:
        for at, members in enumerate(grown.members):
            if not hidden.secret.hides(grown.method, at):
                shown.append(members)
            if breaks(FIVE, int(grown.figures.n[at]), int(grown.figures.yes[at])):
                bad.append(members)
    have = np.array(shown, float)
    rank = np.linalg.matrix_rank(have)
    assert bad
    for members in bad:
        assert np.linalg.matrix_rank(np.vstack([have, members])) == rank + 1
    everything = np.array([row for grown in hidden.grown for row in grown.members], float)
    assert np.linalg.matrix_rank(np.vstack([everything, bad])) == np.linalg.matrix_rank(everything)


def test_a_root_that_breaks_the_rules_hides_the_whole_tree(women):
    table = women.with_columns(internet=pl.lit(2))
    answers = Outcome(name="internet", yes=(1,), no=(2,))
    nobody = seek(table, rules=FIVE, outcomes=(answers,))
    assert all(nobody.secret.hides(grown.method, 0) for grown in nobody.grown)
    groups = groups_table([nobody])
    assert groups["flag"].unique().to_list() == ["not_shown"]


def test_groups_of_two_trees_whose_difference_is_small_cost_the_second_tree(found):
    escap, chosen = found.grown
    assert len(escap.tree.nodes) > 1
    members = np.array(escap.members[:2])
    inside = int(np.flatnonzero(members[1])[0])
    members[1, inside] = False
    near = replace(chosen, tree=replace(chosen.tree, nodes=chosen.tree.nodes[:2]),
                   members=members, definitions=chosen.definitions[:2])  # fmt: skip
    few = int(found.reduced.table.cells.n[inside])
    rules = Confidentiality(id="many", title="", source="", minimum=few + 1)
    made = secret_of(found.reduced, [escap, near], rules)
    assert 1 in made.nodes["chosen"]
    all_but_one = members.copy()
    all_but_one[1] = members[0]
    all_but_one[1, inside] = False
    alone = secret_of(found.reduced, [replace(near, members=all_but_one)], rules)
    assert alone.nodes["chosen"] == {1}


def test_trees_that_give_away_a_hidden_leaf_are_found(found):
    escap = found.grown[0]
    counts = np.column_stack(
        [np.full(escap.members.shape[1], 99), np.full(escap.members.shape[1], 50)]
    )
    figures = replace(escap.figures, n=np.where(np.arange(len(escap.tree.nodes)) == 1, 3, 99))
    bad = replace(escap, figures=figures)
    assert _leaks([bad], {"escap": {1}}, counts, FIVE)
    assert not _leaks([bad], {"escap": set(range(len(bad.tree.nodes)))}, counts, FIVE)
    assert not _leaks([escap], {"escap": set()}, counts, NONE)
    assert _hidden(bad, FIVE) >= {1}


def test_means_are_judged_by_rows_alone(women):
    found = seek(women, "members", rules=FIVE)
    assert not any(found.secret.nodes.values())


# ------------------------------------------------------------------------------------- tables


def test_the_tree_has_a_row_for_each_node(found):
    table = tree_table([found])
    escap = table.filter(pl.col("method") == "escap")
    grown = found.grown[0]
    assert escap["node"].to_list() == [node.number for node in grown.tree.nodes]
    assert escap["parent"].to_list()[:2] == [None, 1]
    assert escap["is_behind"].sum() == escap["is_ahead"].sum() == 1
    assert escap.filter(pl.col("is_leaf"))["share"].sum() == pytest.approx(1)
    assert escap["n"].to_list() == [node.n for node in grown.tree.nodes]
    assert escap["flag"].unique().to_list() == [""]


def test_hidden_nodes_have_no_figures_and_nobody_is_named(hidden):
    table = tree_table([hidden]).filter(pl.col("method") == "escap")
    gone = table.filter(pl.col("flag") == "not_shown")
    assert len(gone) >= 2
    for name in ("n", "weight", "share", "mean", "std_error", "ci_low", "df", "deviance"):
        assert gone[name].null_count() == len(gone)
    kept = table.filter(pl.col("flag") == "")
    assert kept["mean"].null_count() == 0
    behind = hidden.grown[0].behind
    assert hidden.secret.hides("escap", behind)
    assert table["is_behind"].null_count() == len(table)
    groups = groups_table([hidden]).filter(pl.col("method") == "escap")
    assert groups["flag"].to_list() == ["", "not_shown", "not_shown", "not_shown"]
    assert groups["estimate"].null_count() == 3
    rows = opportunity_table([hidden])
    assert rows.filter(pl.col("over") == "leaves escap")["d"].to_list() == [None]
    assert rows.filter(pl.col("over") == "cells")["d"].null_count() == 0


def test_groups_have_honest_figures_beside_them(found):
    groups = groups_table([found]).filter(pl.col("method") == "escap")
    everyone, behind, ahead, apart = groups.to_dicts()
    assert [row["role"] for row in groups.to_dicts()] == ["everyone", "behind", "ahead", "gap"]
    assert everyone["definition"] == ""
    assert everyone["honest_estimate"] is None
    assert behind["definition"] == codes_of(found.reduced, found.grown[0].definitions[
        found.grown[0].behind])  # fmt: skip
    assert behind["in_replicates"] == found.grown[0].stability.recovered
    assert apart["estimate"] == pytest.approx(ahead["estimate"] - behind["estimate"])
    assert apart["honest_estimate"] == pytest.approx(
        ahead["honest_estimate"] - behind["honest_estimate"]
    )
    assert behind["honest_flag"] == ""


def test_groups_of_a_half_that_break_the_rules_are_hidden(found):
    many = Confidentiality(id="many", title="", source="", minimum=100_000)
    shown = groups_table([hiding(found, {}, many)])
    assert shown.filter(pl.col("role") == "gap")["honest_flag"].to_list() == ["not_shown"] * 2
    assert shown["honest_estimate"].null_count() == len(shown)
    assert not any("Honestly" in text for text in hiding(found, {}, many).sentences)


def test_measures_of_a_level_that_breaks_the_rules_are_hidden(hidden, found):
    shown, told = inequality_table([found]), inequality_table([hidden])
    assert set(shown["flag"]) == {""}
    many = Confidentiality(id="many", title="", source="", minimum=100_000)
    gone = inequality_table([hiding(found, {}, many)])
    assert set(gone["flag"]) == {"not_shown"}
    assert gone["value"].null_count() == len(gone)
    assert len(told) == len(shown)


def test_rounding_leaves_nothing_that_tells_rows(found):
    base = Confidentiality(id="base", title="", source="", rounding=5)
    table = tree_table([hiding(found, {}, base)])
    assert (table["n"] % 5 == 0).all()
    assert table["weight"].null_count() == table["deviance"].null_count() == len(table)
    assert table["share"].to_list() == [round(share, 2) for share in table["share"]]
    groups = groups_table([hiding(found, {}, base)])
    assert (groups["honest_n"].drop_nulls() % 5 == 0).all()


def test_errors_with_few_degrees_of_freedom_are_withheld(found):
    strict = Confidentiality(id="strict", title="", source="", minimum_df=1_000)
    result = hiding(found, {}, strict)
    for table in (tree_table([result]), groups_table([result])):
        assert table["std_error"].null_count() == len(table)
    assert groups_table([result])["honest_std_error"].null_count() == 8
    assert tree_table([result])["mean"].null_count() == 0
    assert any("have the outcome" in text for text in result.sentences)


def test_other_tables_have_a_row_for_each_thing(found):
    assert opportunity_table([found])["over"].to_list() == [
        "cells", "logit", "leaves escap", "leaves chosen"]  # fmt: skip
    assert contributions_table([found])["circumstance"].to_list() == ["region", "education"] * 2
    table = inequality_table([found])
    assert set(table["characteristic"]) == {"region", "education"}
    assert {"weighted", "unweighted"} == set(table["weighting"])
    assert not table.filter(pl.col("value").is_null())["reason"].is_in([""]).any()


# ------------------------------------------------------------------------------------- words


def test_findings_say_the_group_the_gap_and_what_was_held_back(found):
    told = found.sentences
    assert told[0].startswith("By UN ESCAP's method: In 2024, ")
    assert "have the outcome “Uses the internet”" in told[0]
    assert "found by search in the same data" in told[0]
    assert told[1].startswith("Honestly, with ")
    assert told[2].startswith("In ")
    assert "% of 6 replicates" in told[2]
    assert any(text.startswith("With a tree chosen by cross-validation") for text in told)
    assert any("by chance alone" in text for text in told)
    assert any("Human opportunity index" in text for text in told)
    assert any("(Shapley)" in text for text in told)


def test_a_hidden_group_is_not_told_of(hidden):
    assert any(WITHHELD in text for text in hidden.sentences)


def test_a_tree_with_one_group_says_so(women):
    # A coin for each woman has nothing to do with where she lives.
    rng = np.random.default_rng(1)
    table = women.with_columns(internet=pl.Series(1 + (rng.random(len(women)) < 0.5)))
    found = seek(table, options=replace(QUICK, methods=("chosen",)))
    assert "no circumstance parts the people" in found.sentences[0]
    assert groups_table([found])["estimate"].to_list()[3] is None


def test_halves_without_a_group_or_without_people_say_so(found):
    grown = found.grown[0]
    none = replace(grown.halves, behind=replace(grown.halves.behind, definition=()))
    told = replace(found, grown=(replace(grown, halves=none),)).sentences
    assert "The tree of half of the sample has one group, so there is no honest figure." in told
    held = replace(grown.halves.behind.held, mean=np.nan)
    lost = replace(grown.halves, behind=replace(grown.halves.behind, held=held))
    told = replace(found, grown=(replace(grown, halves=lost),)).sentences
    assert any("nobody is in a group" in text for text in told)


def test_another_group_of_a_half_is_said_to_be_another(found):
    grown = found.grown[0]
    ahead = grown.definitions[grown.ahead]
    other = replace(grown.halves, behind=replace(grown.halves.behind, definition=ahead))
    told = replace(found, grown=(replace(grown, halves=other),)).sentences
    assert any(text.startswith("Honestly, with another group than with the whole") for text in told)
    mine = grown.definitions[grown.behind]
    same = replace(grown.halves, behind=replace(grown.halves.behind, definition=mine))
    told = replace(found, grown=(replace(grown, halves=same),)).sentences
    assert any(text.startswith("Honestly, with the same group") for text in told)


def test_a_barrier_is_told_from_its_other_side(women):
    found = seek(women, "unmet_need", period="2023-24")
    assert "The outcome is a barrier: D and HOI are those of being spared it." in found.caveats
    assert not found.sentences[0].startswith("By UN ESCAP's method: In ")
    assert any("being spared “unmet_need”" in text for text in found.sentences)


def test_a_mean_that_is_a_barrier_has_no_index(women):
    found = seek(women, "members")
    assert not any("opportunity index" in text for text in found.sentences)
    assert not any("D and HOI" in text for text in found.caveats)
    assert "have on average" in found.sentences[0]


def test_rows_without_psus_are_a_caveat(women):
    sampling = Sampling(strata=("stratum",), weight="weight")
    options = replace(QUICK, methods=("escap",))
    assert NO_PSUS in seek(women.head(400), sampling=sampling, options=options).caveats


def test_jackknife_weights_are_a_caveat(women):
    table = women.with_columns(
        **{
            f"rw{at}": pl.when(pl.col("cluster") % 10 == at)
            .then(0)
            .otherwise(pl.col("weight") * 10 / 9)
            for at in range(10)
        }
    )
    for kind, is_told in (("JK1", True), ("bootstrap", False)):
        weights = ReplicateWeights(kind=kind, columns=("rw*",))
        sampling = Sampling(psu="cluster", weight="weight", replicates=weights)
        found = seek(table, sampling=sampling, options=replace(QUICK, methods=("escap",)))
        assert any("of the kind JK1" in text for text in found.caveats) is is_told


def test_indices_without_errors_are_told_without_interval(found):
    rows = [
        replace(row, dissimilarity=replace(row.dissimilarity, low=np.nan, high=np.nan), chance=None)
        for row in found.opportunities
    ]
    rows[1] = replace(rows[1], reason="no convergence")
    told = replace(found, opportunities=tuple(rows), contributions=()).sentences
    index = next(text for text in told if text.startswith("Of all having"))
    assert "By a logit" not in index
    assert " to " not in index.split(" % ")[0]
    assert not any("Shapley" in text for text in told)
    assert not any("by chance alone" in text for text in told)


def test_a_gap_without_error_has_no_words_to_compare():
    assert gap(0.2, 0.1, 0, 0.95).words is None
    assert gap(0.2, 0.1, 9, 0.95).words.value == 0.2


@pytest.mark.parametrize(
    ("outcome", "present", "behind"),
    [
        (Outcome(name="net"), "have the outcome “net”", "low"),
        (Outcome(name="net", direction="barrier"), "have the outcome “net”", "high"),
        (Outcome(name="net", statistic="mean"), "have on average", "low"),
    ],
)
def test_outcomes_have_words(outcome, present, behind):
    words = outcome_words(outcome)
    assert (words.present, words.behind) == (present, behind)


def test_definitions_name_levels_and_runs_of_them(women):
    levels = tuple(Level(code=f"r{at}", label=f"Region {at}", values=(at,)) for at in range(1, 6))
    characteristics = (
        Characteristic(name="region", levels=levels),
        Characteristic(name="education", ordered=True, label="Schooling"),
    )
    reduced = seek(women, characteristics=characteristics).reduced
    definition = ((0, (0, 1, 2)), (1, (1, 2, 3)))
    assert words_of(reduced, definition) == (
        "region: Region 1, Region 2 or Region 3",
        "Schooling: 2 to 4",
    )
    assert words_of(reduced, ((0, (4,)), (1, (0, 1)))) == ("region: Region 5", "Schooling: 1 or 2")
    assert codes_of(reduced, definition) == "region=r1,r2,r3 & education=2,3,4"
