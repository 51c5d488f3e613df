from contextlib import closing

import numpy as np
import polars as pl
import pytest

from everycount.errors import InputError, MethodError
from everycount.io import declare
from everycount.io.ibis_source import ibis_source
from everycount.io.microdata import open_microdata
from everycount.model.design import SurveyDesign
from everycount.survey import plan as plans
from everycount.survey.coding import Coding
from everycount.survey.findings import Excluded

PEOPLE = {
    "stratum": [1, 1, 2, 2],
    "w": [1.0, 2.0, 1.0, 1.0],
    "sex": [1, 2, None, 9],
    "place": ["b", "a", "a", ""],
    "score": [1.0, 2.0, 3.0, 4.0],
    "rw1": [1.0] * 4,
    "rw2": [1.0] * 4,
    "rw10": [1.0] * 4,
}
OUTCOMES = "outcomes = [{ name = 'score', statistic = 'mean' }]\n"


def problems(make, *given, kind=InputError, **options):
    with pytest.raises(kind) as caught:
        make(*given, **options)
    return [str(each) for each in caught.value.problems]


def codes(coding: Coding):
    return [level.code for level in coding.levels]


# ---------------------------------------------------------------- columns


def test_every_column_that_is_lacking_in_one_error(plan_of):
    text = """
    [[characteristics]]
    name = "Sex"
    [[characteristics]]
    name = "fifth"
    column = "score"
    cut = { groups = 2, members = "people", once_per = ["house"] }
    [[outcomes]]
    name = "score"
    statistic = "ratio"
    denominator = "hours"
    weight = "own"
    universe = [{ column = "age", at_least = 15 }]
    [sampling]
    strata = ["strata"]
    psu = "psu"
    weight = "w"
    population = "N"
    [[sampling.stages]]
    units = "home"
    strata = ["part"]
    population = "homes"
    """
    found = problems(plan_of, PEOPLE, text)
    lacking = "which the file does not have, expected"
    some = f"one of {', '.join(PEOPLE)}"
    assert found == [
        f"sampling, strata: found column strata, {lacking} a column of the file, perhaps stratum",
        f"sampling, psu: found column psu, {lacking} {some}",
        f"sampling, population: found column N, {lacking} {some}",
        f"stage 2, strata: found column part, {lacking} {some}",
        f"stage 2, units: found column home, {lacking} {some}",
        f"stage 2, population: found column homes, {lacking} {some}",
        f"characteristic Sex: found column Sex, {lacking} a column of the file, perhaps sex",
        f"outcome score, denominator: found column hours, {lacking} {some}",
        f"outcome score, weight: found column own, {lacking} {some}",
        f"outcome score, universe: found column age, {lacking} {some}",
        f"characteristic fifth, cut: found column people, {lacking} {some}",
        f"characteristic fifth, cut: found column house, {lacking} {some}",
    ]


REPLICATES = OUTCOMES + "[sampling]\nweight = 'w'\n[sampling.replicates]\nkind = 'JK1'\n"


def test_replicate_columns_in_the_order_of_their_numbers(plan_of):
    found = plan_of(PEOPLE, REPLICATES + "columns = ['rw*', 'rw1']")
    assert found.replicates == ("rw1", "rw2", "rw10")
    assert found.columns == ("w", "score", "rw1", "rw2", "rw10")
    # The sampling weight is none of its own replicates.
    found = plan_of(PEOPLE, REPLICATES + "columns = ['*w*']")
    assert found.replicates == ("rw1", "rw2", "rw10")


def test_replicate_columns_that_do_not_match(plan_of):
    found = problems(plan_of, PEOPLE, REPLICATES + "columns = ['brr*', 'rw9']")
    assert found[0].startswith("replicates, columns: found 'brr*', which matches no column, expect")
    assert found[1].startswith("replicates, columns: found column rw9, which the file does not ha")
    assert "perhaps rw" in found[1]
    assert len(found) == 2
    assert problems(plan_of, PEOPLE, REPLICATES + "columns = ['rw*']\nrscales = [1.0, 1.0]") == [
        "replicates, rscales: found 2 rscales for 3 columns of replicate weights, expected one for "
        "each, or one for all"
    ]


# ---------------------------------------------------------------- levels that are found


@pytest.mark.parametrize("at_a_time", [1, 10])
def test_levels_are_what_the_file_has(plan_of, at_a_time):
    text = OUTCOMES + "characteristics = [{ name = 'sex', missing = [9] }, { name = 'place' }]"
    labels = {"sex": {"2": "Women"}}
    found = plan_of(PEOPLE, text, at_a_time=at_a_time, labels=labels)
    assert [codes(each) for each in found.codings] == [["1", "2"], ["a", "b"]]
    assert [level.label for level in found.codings[0].levels] == ["1", "Women"]
    assert found.sizes == (2, 2)


class Known:
    """A source that tells the values of a column itself, as a database does."""

    def __init__(self, rows):
        self.rows_, self.name, self.columns, self.rows = rows, rows.name, rows.columns, rows.rows
        self.asked = []

    def batches(self, columns, *, rows=0):
        yield self.rows_.table.select(columns)

    def distinct(self, column, *, most):
        self.asked.append((column, most))
        return self.rows_.table[column].unique().head(most)


def test_levels_asked_of_a_source_that_knows_its_values(plan_of, rows_of):
    text = OUTCOMES + "characteristics = [{ name = 'sex' }, { name = 'place' }]"
    source = Known(rows_of(PEOPLE))
    found = plans.resolve(plan_of(PEOPLE, text).design, source)
    assert [codes(each) for each in found.codings] == [["1", "2", "9"], ["a", "b"]]
    assert [column for column, _ in source.asked] == ["sex", "place"]
    assert all(most > plans.MANY_LEVELS for _, most in source.asked)


def test_the_same_code_as_number_and_as_text_is_one_level(rows_of, plan_of, monkeypatch):
    """Batches of one column may differ: 1.0 is a whole number where all are, else text."""
    rows = {"sex": [1.0, 2.0, 1.0, 2.5], "score": [1.0] * 4}
    text = OUTCOMES + "characteristics = [{ name = 'sex' }]"
    for at_a_time in (1, 2, 4):
        assert codes(plan_of(rows, text, at_a_time=at_a_time).codings[0]) == ["1", "2", "2.5"]


def test_codes_that_mean_something_else_in_tables(plan_of):
    rows = {"sex": ["_T", "F", "_Z"], "place": ["_T", "a", "b"], "score": [1, 2, 3]}
    text = OUTCOMES + "characteristics = [{ name = 'sex' }, { name = 'place' }]"
    found = problems(plan_of, rows, text)
    assert found[0] == (
        "characteristic sex: found code '_T', expected levels, as this one is reserved"
    )
    assert {each.split(":")[0] for each in found} == {"characteristic sex", "characteristic place"}


def test_more_values_than_anyone_groups_people_by(plan_of, monkeypatch):
    monkeypatch.setattr(plans, "MANY_LEVELS", 3)
    text = OUTCOMES + "characteristics = [{ name = 'score' }, { name = 'sex' }, { name = 'w' }]"
    assert problems(plan_of, PEOPLE, text, kind=MethodError) == [
        "characteristic score: found more than 3 different values, expected levels, bands or cut, "
        "so that there are groups"
    ]


def test_characteristics_without_a_single_level(plan_of):
    rows = {"sex": pl.Series([None, None], dtype=pl.Int64), "score": [None, None],
            "place": [1, 2]}  # fmt: skip
    rows["score"] = pl.Series(rows["score"], dtype=pl.Float64)
    text = OUTCOMES + "characteristics = [{ name = 'sex' }, { name = 'place' }, " \
        "{ name = 'fifth', column = 'score', cut = { groups = 5 } }]"  # fmt: skip
    assert problems(plan_of, rows, text) == [
        "characteristic sex: found no row with a value, expected at least one",
        "characteristic fifth: found no row with a value, expected at least one",
    ]


def test_an_order_that_nobody_said(plan_of):
    rows = {
        "wealth": ["poorest", "middle", "richest", "poorer", "richer", "other"],
        "fifth": ["10", "9", "1", "2", "3", "4"],
        "grade": ["b", "2", "2", "2", "2", "2"],
        "score": [1.0] * 6,
    }
    ordered = ", ".join(f"{{ name = '{each}', ordered = true }}" for each in rows)
    assert problems(plan_of, rows, OUTCOMES + f"characteristics = [{ordered}]") == [
        "characteristic wealth: found ordered = true, and codes that are text (middle, other, "
        "poorer, poorest, richer, …), expected `levels` with these codes in their order",
        "characteristic grade: found ordered = true, and codes that are text (2, b), expected "
        "`levels` with these codes in their order",
    ]
    found = plan_of(rows, OUTCOMES + "characteristics = [{ name = 'fifth', ordered = true }]")
    assert codes(found.codings[0]) == ["1", "2", "3", "4", "9", "10"]
    levels = "levels = [{ code = 'low', values = ['poorest'] }, { code = 'high', values = [1] }]"
    text = f"characteristics = [{{ name = 'wealth', ordered = true, {levels} }}]"
    assert codes(plan_of(rows, OUTCOMES + text).codings[0]) == ["low", "high"]


@pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
def test_columns_of_lists_or_records(tmp_path):
    path = tmp_path / "people.parquet"
    rows = {"list": [[1], [2]], "record": [{"a": 1}, {"a": 2}], "score": [1, 2]}
    pl.DataFrame(rows).write_parquet(path)
    text = "characteristics = [{ name = 'list' }]\noutcomes = [{ name = 'record' }]"
    design = declare.read(text.encode(), SurveyDesign, subject="design.toml")
    lists = "which holds lists or records, expected numbers or text"
    with closing(ibis_source("duckdb", path)) as there:
        for opened in (open_microdata(path), there):
            assert problems(plans.resolve, design, opened) == [
                f"characteristic list: found column list, {lists}",
                f"outcome record: found column record, {lists}",
            ]


def test_text_is_one_level_however_it_is_written(plan_of):
    rows = {"place": [" A", "A ", "e\u0301", "\u00e9", "  "], "score": [1.0] * 5}
    found = plan_of(rows, OUTCOMES + "characteristics = [{ name = 'place' }]")
    assert codes(found.codings[0]) == ["A", "\u00e9"]


# ---------------------------------------------------------------- cuts


def weighted_halves(score, people):
    """The smallest score at or below which half of the people are."""
    order = np.argsort(score)
    reached = np.cumsum(np.array(people, float)[order])
    return np.array(score)[order][np.searchsorted(reached, reached[-1] / 2)]


@pytest.mark.parametrize("at_a_time", [1, 3, 10])
def test_scores_are_cut_by_the_people_they_stand_for(plan_of, at_a_time):
    rows = {
        "house": [1, 1, 2, 3, 3, 4, 5],
        "w": [1.0, 1.0, 2.0, 1.0, 1.0, 5.0, None],
        "members": [2, 2, 1, 2, 2, None, 4],
        "score": [3.0, 3.0, 1.0, 7.0, 7.0, 9.0, 99.0],
        "age": [1, 2, 3, 4, 5, 6, 7],
    }
    text = OUTCOMES + (
        "characteristics = [{ name = 'half', column = 'score', missing = [99],"
        " cut = { groups = 2WHAT } }]\n[sampling]\nweight = 'w'\n"
    )

    def cut(what):
        made = plan_of(rows, text.replace("WHAT", what and f", {what}"), at_a_time=at_a_time)
        return made.codings[0].cuts

    # Houses 1 to 3 stand for 2, 2 and 2; the fourth has no members, the fifth no score.
    houses = cut("once_per = ['house'], members = 'members'")
    assert houses == (weighted_halves([3, 1, 7], [2, 2, 2]),) == (3.0,)
    people = weighted_halves([3, 3, 1, 7, 7, 9], [1, 1, 2, 1, 1, 5])
    assert cut("") == (people,) == (7.0,)
    assert cut("weight = 'age'") == (weighted_halves([3, 3, 1, 7, 7, 9], [1, 2, 3, 4, 5, 6]),)


CUT = OUTCOMES + (
    "characteristics = [{ name = 'half', column = 'score',"
    " cut = { groups = 2, members = 'members', weight = 'w' } }]\n"
)


@pytest.mark.parametrize("at_a_time", [1, 4, 10])
def test_rows_that_say_nothing_of_cut_points_are_counted(plan_of, at_a_time):
    rows = {
        "score": ["1", "2", "3", "4", "5", "6", "7", "x"],
        "members": ["4", "x", None, "2", "2", "-1", "0", "y"],
        "w": ["1", "1", "1", "abc", "1", "1", "1", "z"],
    }
    found = plan_of(rows, CUT, at_a_time=at_a_time)
    assert found.codings[0].cuts == (1.0,)
    assert found.excluded == tuple(
        Excluded(subject="the cut points of half", reason=reason, rows=1)
        for reason in (
            "members below 0", "members not known", "text or infinity in members",
            "text or infinity in w",
        )
    )  # fmt: skip


def test_what_stands_in_the_way_of_cut_points_is_named(plan_of):
    rows = {"score": [1.0, 2.0, 3.0], "members": ["a", "b", "0"], "w": [1.0, None, 1.0]}
    assert problems(plan_of, rows, CUT) == [
        "characteristic half, cut: found 1 row with members 0; 2 rows with text or infinity in "
        "members; 1 row with w not known, expected a row with a score that stands for somebody"
    ]


# ---------------------------------------------------------------- tables

CROSSED = OUTCOMES + "characteristics = [{ name = 'sex', missing = [9] }, { name = 'place' }]\n"


def test_tables_up_to_a_depth(plan_of):
    assert plan_of(PEOPLE, CROSSED).tables() == ((), (0,), (1,), (0, 1))
    assert plan_of(PEOPLE, CROSSED + "crossings = { depth = 1 }").tables() == ((), (0,), (1,))


def test_chosen_tables_and_the_total(plan_of):
    text = CROSSED + "crossings = { only = [['place', 'sex'], ['place'], ['place', 'sex']] }"
    with pytest.raises(InputError):
        plan_of(PEOPLE, text.replace("['place', 'sex'], [", "['place', 'place'], [", 1))
    assert plan_of(PEOPLE, text).tables() == ((), (0, 1), (1,))


def test_too_many_cells_are_told_and_refused_unless_wanted(plan_of):
    rows = {"many": [*range(500)], "place": [at % 50 for at in range(500)], "score": [1.0] * 500}
    text = OUTCOMES + "characteristics = [{ name = 'many' }, { name = 'place' }]\n"
    assert problems(plan_of(rows, text).tables, kind=MethodError) == [
        "crossings: found 25,551 cells in 4 tables; many alone has 500 levels, expected at most "
        "20,000 cells: fewer levels, a smaller depth, chosen tables, or a higher limit"
    ]
    assert len(plan_of(rows, text + "crossings = { limit = 25551 }").tables()) == 4


def test_a_file_of_many_columns_is_not_listed_whole(plan_of):
    rows = {f"column{at}": [1] for at in range(20)}
    (found,) = problems(plan_of, rows, "outcomes = [{ name = 'xyz' }]")
    assert found.endswith("column10, column11, …")
