"""Cells hidden over several tables and outcomes, and what is left of the others."""

import numpy as np
import polars as pl
import pytest

from everycount.arrays.interval import proportion_interval
from everycount.errors import MethodError
from everycount.model.rules import Confidentiality
from everycount.survey.comparisons import Compared
from everycount.survey.confidential import conceal, conceal_table
from everycount.survey.disaggregate import disaggregate
from everycount.survey.estimate import estimate
from everycount.survey.joint_counts import joint_counts
from everycount.survey.sample import load

FIVE = Confidentiality(id="five", title="Five", source="Test.", minimum=5, minimum_yes=1)
DESIGN = """
[[characteristics]]
name = "place"
[[characteristics]]
name = "school"
[[outcomes]]
name = "reads"
yes = [1]
"""
CELLS = {
    ("p", "s"): (40, 20), ("p", "t"): (40, 10), ("p", "u"): (3, 1),
    ("q", "s"): (30, 15), ("q", "t"): (30, 12), ("q", "u"): (20, 9),
}  # fmt: skip
"""Women of each cell, and those who read."""


def women(cells=CELLS):
    rows = [
        {"place": place, "school": school, "reads": int(at < yes), "one": 1, "part": at % 2}
        for (place, school), (n, yes) in cells.items()
        for at in range(n)
    ]
    return pl.DataFrame(rows)


def concealed(plan_of, text=DESIGN, rules=FIVE, data=None, **options):
    plan = plan_of(women() if data is None else data, text)
    return conceal(disaggregate(plan), rules, **options)


def hidden_of(table, outcome="reads"):
    gone = table.filter(pl.col("flag") == "not_shown", pl.col("outcome") == outcome)
    return set(gone.select("place", "school").iter_rows())


def test_a_small_cell_takes_three_others_with_it(plan_of):
    made = concealed(plan_of)
    gone = hidden_of(made.table)
    assert ("p", "u") in gone
    assert len(gone) == 4
    places, schools = ({cell[at] for cell in gone} for at in (0, 1))
    assert places == {"p", "q"}
    assert len(schools) == 2
    assert made.is_proven
    assert made.summary[:3] == (
        "of 12 cells of each outcome hidden: reads 4",
        "1 of these are confidential in themselves, the others are hidden so that those cannot be "
        "worked out",
        "audit: 1 cell safe: other tables of whole respondents agree with all that is published",
    )
    figures = made.table.filter(pl.col("flag") == "not_shown")
    kept = ("estimate", "std_error", "ci_low", "ci_high", "cv", "df", "deff", "n")
    assert all(figures[name].is_null().all() for name in kept)


def test_those_furthest_behind_are_hidden_last(plan_of):
    """Of u with s or with t, the better off of the two is hidden."""
    behind = {**CELLS, ("p", "s"): (40, 4), ("q", "s"): (30, 3), ("q", "u"): (20, 4)}
    assert ("p", "s") not in hidden_of(concealed(plan_of, data=women(behind)).table)
    ahead = {**CELLS, ("p", "s"): (40, 38), ("q", "s"): (30, 28)}
    assert ("p", "s") in hidden_of(concealed(plan_of, data=women(ahead)).table)
    barrier = DESIGN + 'direction = "barrier"\n'
    assert ("p", "s") not in hidden_of(concealed(plan_of, barrier, data=women(ahead)).table)


def test_errors_in_line_with_hidden_cells_say_less(plan_of):
    whole = disaggregate(plan_of(women(), DESIGN)).table
    made = concealed(plan_of)
    keys = ["outcome", "place", "school"]
    both = whole.join(made.table, on=keys, suffix=" shown").filter(pl.col("flag shown") == "")
    touched = both.filter(pl.col("df shown").is_null() & pl.col("df").is_not_null())
    assert len(touched) == made.details > 0
    assert touched["deff shown"].is_null().all()
    rounded = touched["std_error shown"]
    assert ((rounded / touched["std_error"] - 1).abs() < 0.05).all()
    assert all(float(f"{error:.1e}") == pytest.approx(error) for error in rounded)
    assert touched["cv shown"].to_list() == pytest.approx((rounded / touched["estimate"]).to_list())
    assert (touched["ci_low shown"] < touched["estimate"]).all()
    open_ = both.filter(pl.col("df shown").is_not_null())
    assert open_["std_error"].equals(open_["std_error shown"], null_equal=True)
    assert "errors rounded or withheld beside hidden cells" in made.summary[-1]


def test_the_inside_learns_what_was_lost_and_why(plan_of):
    made = concealed(plan_of)
    lost = {(row["place"], row["school"]): row for row in made.lost.iter_rows(named=True)}
    assert set(lost) == hidden_of(made.table)
    assert lost["p", "u"]["why"] == "few respondents"
    assert lost["p", "u"]["n"] == 3
    assert lost["p", "u"]["estimate"] == pytest.approx(1 / 3)
    others = [row["why"] for cell, row in lost.items() if cell != ("p", "u")]
    assert set(others) == {"others could be worked out"}


@pytest.mark.parametrize(
    ("yes", "why"), [(0, "few say yes"), (40, "few say no")], ids=["none", "all"]
)
def test_cells_of_0_and_100_per_cent(plan_of, yes, why):
    made = concealed(plan_of, data=women({**CELLS, ("p", "u"): (40, yes)}))
    assert made.lost.filter(place="p", school="u")["why"].to_list() == [why]


def test_hidden_cells_that_nobody_is_in_look_like_the_others(plan_of):
    sizes = {"ps": 8, "pt": 3, "pu": 8, "qs": 2, "qt": 2, "qu": 8, "rs": 20}
    data = women({tuple(cell): (n, n // 2) for cell, n in sizes.items()})
    made = concealed(plan_of, data=data)
    assert len(disaggregate(plan_of(data, DESIGN)).table.filter(place="r", school="u")) == 0
    assert ("r", "u") in hidden_of(made.table)
    rows = made.table.filter(flag="not_shown")
    assert rows.select("statistic", "estimate", "n").unique().rows() == [("proportion", None, None)]
    assert made.table.filter(place="r")["school"].to_list() == ["_T", "s", "u"]
    assert ("r", "u") not in set(made.lost.select("place", "school").rows())  # nothing is lost


def test_without_complementary_cells_nothing_is_proven(plan_of):
    made = concealed(plan_of, complementary="no")
    assert hidden_of(made.table) == {("p", "u")}
    assert not made.is_proven
    assert "complementary suppression is switched off" in " ".join(made.words)
    assert "complementary suppression is switched off" in " ".join(made.summary)
    assert "1 cell leaking: single sums" in " ".join(made.words)


def test_nothing_is_hidden_where_nothing_is_small(plan_of):
    large = dict.fromkeys(CELLS, (40, 20))
    made = concealed(plan_of, data=women(large))
    assert hidden_of(made.table) == set()
    assert made.details == 0
    assert made.is_proven
    assert made.words[0].startswith("reads: 0 of 12 cells hidden")
    assert made.summary == ("nothing is hidden: none of 12 cells is confidential",)
    assert len(made.lost) == 0


def test_intervals_that_show_the_number_of_rows_are_of_the_rounded_one(plan_of):
    ten = Confidentiality(id="ten", title="Ten", source="T.", minimum=5, minimum_yes=1, rounding=10)
    design = 'interval = "beta"\n' + DESIGN
    large = {cell: (size + 44, yes + 20) for cell, (size, yes) in CELLS.items()}
    exact = disaggregate(plan_of(women(large), design)).table
    made = concealed(plan_of, design, ten, data=women(large))
    assert (made.table["n"] % 10 == 0).all()
    one = {"place": "p", "school": "u"}
    before, after = exact.filter(**one).row(0, named=True), made.table.filter(**one)
    assert before["n"] == 47
    assert after["n"].item() == 50
    low, high = proportion_interval(
        "beta", before["estimate"], before["std_error"], n=50, df=before["df"]
    )
    # The limits stand as far from the share as for 50 rows, but for two digits and the step.
    share = before["estimate"]
    assert after["ci_low"].item() == pytest.approx(
        share - float(f"{share - float(low):.1e}"), abs=0.01
    )
    assert after["ci_high"].item() == pytest.approx(
        share + float(f"{float(high) - share:.1e}"), abs=0.01
    )


@pytest.mark.parametrize("statistic", ["proportion", "mean"])
def test_rounded_numbers_of_rows_do_not_follow_from_figures(plan_of, statistic):
    """With weights alike a share is so many of so many: 40 of 103 is none other to 16 digits."""
    ten = Confidentiality(id="t", title="T", source="T.", minimum=5, rounding=5)
    cells = {("p", "s"): (103, 40), ("p", "t"): (88, 31), ("q", "s"): (217, 100)}
    yes = "yes = [1]\n" if statistic == "proportion" else 'statistic = "mean"\n'
    table = concealed(plan_of, DESIGN.replace("yes = [1]\n", yes), ten, data=women(cells)).table
    for row in table.iter_rows(named=True):
        possible = []
        for n in range(row["n"] - 2, row["n"] + 3):
            step = next(s for s in (0.001, 0.002, 0.005, 0.01, 0.02, 0.05) if s >= 1 / row["n"])
            shares = np.round(np.arange(n + 1) / n / step) * step
            possible.append(bool(np.isclose(shares, row["estimate"]).any()))
        assert all(possible)
        assert float(f"{row['std_error']:.1e}") == pytest.approx(row["std_error"])
        assert row["df"] is None  # rows less one
    assert table.filter(place="p", school="s")["estimate"].item() == pytest.approx(0.39)


def test_totals_beside_rounded_numbers_of_rows_are_not_rounded(plan_of):
    ten = Confidentiality(id="t", title="T", source="T.", minimum=3, rounding=5)
    table = concealed(plan_of, TOTAL, ten, data=earners(INCOMES)).table
    assert table.filter(place="q")["estimate"].item() == 600
    assert (table["n"] % 5 == 0).all()


def test_few_degrees_of_freedom_show_no_error(plan_of):
    rules = Confidentiality(id="df", title="Df", source="T.", minimum_df=10)
    design = '[sampling]\npsu = "psu"\n' + DESIGN
    data = (
        women(dict.fromkeys(CELLS, (40, 20)))
        .with_columns(psu=pl.int_range(pl.len()) % 9)
        .sort("psu")
    )
    made = concealed(plan_of, design, rules, data=data)
    table = made.table
    assert table["df"].is_null().all()
    assert table["std_error"].is_null().all()
    assert table["estimate"].is_not_null().all()
    assert made.summary[-1] == "12 errors withheld: fewer than 10 degrees of freedom"


# -------------------------------------------------------------- totals


TOTAL = """
[[characteristics]]
name = "place"
[[outcomes]]
name = "income"
statistic = "total"
"""
INCOMES = {"p": [900.0, 20, 30, 40, 10], "q": [100.0, 110, 120, 130, 140], "r": [50.0] * 9}


def earners(incomes):
    return pl.DataFrame(
        [{"place": place, "income": each} for place, own in incomes.items() for each in own]
    )


def reasons(plan_of, rules, incomes=INCOMES):
    plan = plan_of(earners(incomes), TOTAL)
    lost = conceal(disaggregate(plan), rules).lost
    return dict(lost.select("place", "why").iter_rows())


def test_one_that_makes_most_of_a_total(plan_of):
    rules = Confidentiality(
        id="d", title="D", source="T.", largest_share=0.85, contributors=1, minimum=3
    )
    found = reasons(plan_of, rules)
    assert found.pop("p") == "few make most of the total"
    assert set(found.values()) == {"others could be worked out"}
    assert "p" not in reasons(plan_of, rules, {**INCOMES, "p": [500.0, 400, 300, 200]})


@pytest.mark.parametrize("statistic", ["mean", "ratio"])
def test_a_mean_beside_its_number_of_rows_tells_the_total(plan_of, statistic):
    rules = Confidentiality(
        id="d", title="D", source="T.", largest_share=0.85, contributors=1, minimum=3
    )
    text = TOTAL.replace('"total"', f'"{statistic}"')
    if statistic == "ratio":
        text += 'denominator = "one"\n'
    plan = plan_of(earners(INCOMES).with_columns(one=1), text)
    lost = conceal(disaggregate(plan), rules).lost
    assert lost.filter(place="p")["why"].item() == "few make most of the total"


def test_one_whom_a_neighbour_can_guess(plan_of):
    rules = Confidentiality(id="p", title="P", source="T.", percent=0.15)
    assert reasons(plan_of, rules)["p"] == "one contribution can be guessed"


def test_a_quantile_needs_rows_on_either_side(plan_of):
    text = TOTAL.replace('"total"', '"quantile"\nprobability = 0.1')
    rows = earners({place: list(range(n)) for place, n in (("p", 40), ("q", 60), ("r", 80))})
    plan = plan_of(rows, text)
    table = estimate(load(plan), by=["place"], margins="with").table
    five = Confidentiality(id="five", title="Five", source="T.", minimum=5)
    made = conceal_table(plan, table, five)
    assert made.lost.filter(why="few respondents")["place"].to_list() == ["p"]


def test_contributions_below_0_are_refused(plan_of):
    rules = Confidentiality(id="d", title="D", source="T.", largest_share=0.8, contributors=1)
    with pytest.raises(MethodError, match="found 1 rows with a contribution below 0"):
        reasons(plan_of, rules, {**INCOMES, "p": [900.0, -20]})


# -------------------------------------------------------------- several outcomes


WIVES = """
[[outcomes]]
name = "wives_read"
column = "reads"
yes = [1]
universe = [{ column = "wife", among = [1] }]
"""


def test_those_left_out_of_a_universe_are_protected_too(plan_of):
    """Two women of q and t are no wives: what all say less what wives say would tell on them."""
    large = women(dict.fromkeys(CELLS, (40, 20)))
    at = pl.int_range(pl.len())
    is_cell = (pl.col("place") == "q") & (pl.col("school") == "t")
    first = at.over("place", "school") < 2
    data = large.with_columns(wife=(~(is_cell & first) & (at % 3 > 0) | is_cell & ~first).cast(int))
    made = concealed(plan_of, DESIGN + WIVES, data=data)
    assert ("q", "t") in hidden_of(made.table) | hidden_of(made.table, "wives_read")
    (compared,) = (each for each in made.compared if each.what == "answers")
    assert compared.outcomes == ("reads", "wives_read")
    assert compared.more >= 1
    assert compared.is_safe
    alone = concealed(plan_of, data=data)
    assert hidden_of(alone.table) == set()


def test_a_total_is_hidden_if_nothing_else_keeps_an_answer(plan_of):
    """All women less those of 18 and over are one girl; so one of the totals is hidden."""
    large = women(dict.fromkeys(CELLS, (40, 20))).with_columns(
        wife=(pl.int_range(pl.len()) != 7).cast(int)
    )
    made = concealed(plan_of, DESIGN + WIVES, data=large)
    assert made.is_proven
    assert ("_T", "_T") in hidden_of(made.table, "wives_read")
    assert ("_T", "_T") not in hidden_of(made.table)
    assert "two outcomes together would tell on somebody" in " ".join(made.summary)


def test_tables_that_cannot_be_protected_are_refused(plan_of, monkeypatch):
    def show_nothing(*_, **__):
        return np.full(12, np.inf)

    monkeypatch.setattr("everycount.survey.confidential.cell_costs", show_nothing)
    monkeypatch.setattr("everycount.survey.comparisons._at_last", lambda cost: cost)
    with pytest.raises(MethodError, match="1 confidential cells that can be worked out") as error:
        concealed(plan_of)
    assert "confidentiality, outcome reads" in str(error.value)


def test_what_was_not_looked_at_is_said_and_not_proven(plan_of, monkeypatch):
    monkeypatch.setattr("everycount.survey.comparisons.is_too_large", lambda *_, **__: True)
    data = women().with_columns(wife=(pl.int_range(pl.len()) % 3 > 0).cast(int))
    made = concealed(plan_of, DESIGN + WIVES, data=data)
    assert not made.is_proven
    assert "not looked at, as there are more than" in " ".join(made.words)
    assert "not looked at, as there are more than" in " ".join(made.summary)
    assert isinstance(made.compared[0], Compared)


def test_outcomes_of_the_same_people_hide_the_same_cells(plan_of):
    more = DESIGN + '[[outcomes]]\nname = "part"\nyes = [1]\n'
    made = concealed(plan_of, more)
    assert hidden_of(made.table) == hidden_of(made.table, "part")


# -------------------------------------------------------------- some tables of some outcomes


def test_some_tables_are_hidden_as_all_of_them_would_be(plan_of):
    plan = plan_of(women(), DESIGN)
    whole = disaggregate(plan)
    same = conceal_table(plan, whole.table, FIVE)
    assert same.table.equals(conceal(whole, FIVE).table)
    # Without margins one more is enough: how many rows there are is known.
    finest = whole.table.filter(pl.col("place") != "_T", pl.col("school") != "_T")
    gone = hidden_of(conceal_table(plan, finest, FIVE).table)
    assert ("p", "u") in gone
    assert len(gone) == 2
    total = whole.table.filter(pl.col("place") == "_T", pl.col("school") == "_T")
    assert conceal_table(plan, total, FIVE).table.equals(total)


# -------------------------------------------------------------- rows without a level


def test_people_without_a_level_are_a_group_if_they_are_many(plan_of):
    data = women(dict.fromkeys(CELLS, (40, 20)))
    at = pl.int_range(pl.len())
    many = data.with_columns(place=pl.when(at % 5 == 0).then(None).otherwise("place"))
    few = data.with_columns(place=pl.when(at == 0).then(None).otherwise("place"))
    for table, is_group in ((many, True), (few, False)):
        counts = joint_counts(plan_of(table, DESIGN))
        lacking = ~counts.is_known
        assert lacking.any()
        assert (counts.is_group[lacking] == is_group).all()
        assert counts.people.sum() == len(data)


def test_more_combinations_than_can_be_looked_at_are_refused(plan_of, monkeypatch):
    monkeypatch.setattr("everycount.survey.joint_counts.LARGEST", 5)
    with pytest.raises(MethodError, match="found 6 combinations of all characteristics"):
        joint_counts(plan_of(women(), DESIGN))


def test_a_design_without_characteristics(plan_of):
    total = '[[outcomes]]\nname = "reads"\nyes = [1]\n'
    made = concealed(plan_of, total)
    assert made.table["flag"].to_list() == [""]
    few = concealed(plan_of, total, data=women({("p", "s"): (4, 2)}))
    assert few.table["flag"].to_list() == ["not_shown"]
    assert few.summary[0] == "of 1 cells of each outcome hidden: reads 1"
    assert few.details == 0
    assert np.isnan(few.table["estimate"].fill_null(np.nan).item())


# -------------------------------------------------------------- people of outcomes


YOUNG = """
[[outcomes]]
name = "young_read"
column = "reads"
yes = [1]
universe = [{ column = "age", at_most = 29 }]
[[outcomes]]
name = "wives_work"
column = "part"
yes = [1]
universe = [{ column = "wife", among = [1] }]
"""


def test_peoples_that_overlap_are_looked_at_together(plan_of):
    """Neither the young nor wives are all of the others; two young of p and s are no wives."""
    data = women(dict.fromkeys(CELLS, (60, 30)))
    at = pl.int_range(pl.len()).over("place", "school")
    is_cell = (pl.col("place") == "p") & (pl.col("school") == "s")
    data = data.with_columns(
        age=pl.when(at < 40).then(20).otherwise(40),
        wife=pl.when(is_cell).then(at >= 2).otherwise(at % 2 > 0).cast(int),
    )
    text = DESIGN[: DESIGN.index("[[outcomes]]")] + YOUNG
    made = concealed(plan_of, text, data=data)
    assert [each.what for each in made.compared] == ["numbers of respondents"]
    assert set(made.compared[0].outcomes) == {"young_read", "wives_work"}
    assert made.compared[0].is_safe


def test_peoples_apart_are_not(plan_of):
    data = women(dict.fromkeys(CELLS, (60, 30)))
    at = pl.int_range(pl.len()).over("place", "school")
    data = data.with_columns(age=pl.when(at < 40).then(20).otherwise(40), wife=(at >= 40).cast(int))
    text = DESIGN[: DESIGN.index("[[outcomes]]")] + YOUNG
    assert concealed(plan_of, text, data=data).compared == ()
