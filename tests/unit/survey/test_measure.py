import numpy as np
import polars as pl
import pytest

from everycount.errors import InputError
from everycount.model.conditions import Condition
from everycount.model.design import Outcome
from everycount.model.microdata import Column
from everycount.survey.findings import Excluded, Findings
from everycount.survey.measure import Measure, about_mean, measure, tally


def of(columns, weight=None, findings=None, **outcome):
    """What the rows say of an outcome x."""
    frame = pl.DataFrame(columns)
    about = {
        name: Column(name=name, kind="number", missing=(99,) if name == "x" else ())
        for name in frame.columns
    }
    weights = np.ones(len(frame)) if weight is None else np.array(weight, float)
    return measure(
        Outcome(**{"name": "x", **outcome}),
        frame,
        columns=about,
        weight=weights,
        findings=Findings() if findings is None else findings,
    )


def found_in(findings):
    with pytest.raises(InputError) as caught:
        findings.raise_faults("people.csv")
    return [str(each) for each in caught.value.problems]


def test_rows_that_all_count():
    weight = [2.0, 3.0]
    found = of({"x": [0, 1]}, weight)
    assert found.value.tolist() == [0, 1]
    assert found.weight.tolist() == weight
    assert found.counts.all()
    assert found.asked.all()
    assert found.denominator is None


def test_rows_that_do_not_count_are_nothing_and_counted_by_reason():
    findings = Findings()
    columns = {"x": [1, None, 99, 1, 1, 0], "age": [15, 15, 15, 14, 20, 49]}
    universe = (Condition(column="age", at_least=15),)
    weight = [1, 2, 3, 4, np.nan, 0]
    found = of(columns, weight, findings, universe=universe, statistic="mean")
    assert found.counts.tolist() == [True, False, False, False, False, False]
    assert found.asked.tolist() == [True, True, True, False, False, False]
    assert found.weight.tolist() == [1, 0, 0, 0, 0, 0]
    assert found.value.tolist() == [1, 0, 0, 0, 0, 0]
    assert findings.left_out == (
        Excluded(subject="x", reason="not known", rows=2),
        Excluded(subject="x", reason="outside the universe", rows=1),
        Excluded(subject="x", reason="without weight", rows=2),
    )
    findings.raise_faults("people.csv")


def test_a_ratio_needs_its_denominator():
    columns = {"x": [1.0, 2.0, 3.0], "hours": [4.0, None, 0.0]}
    found = of(columns, statistic="ratio", denominator="hours")
    assert found.counts.tolist() == [True, False, True]
    assert found.denominator.tolist() == [4, 0, 0]
    assert found.value.tolist() == [1, 0, 3]
    whole = of({"x": [1.0], "hours": [2.0]}, statistic="ratio", denominator="hours")
    assert whole.denominator.tolist() == [2]


def test_yes_is_every_code_said_and_no_every_other():
    assert of({"x": ["y", "n", "m"]}, yes=("y", "m")).value.tolist() == [1, 0, 1]
    assert of({"x": [1.0, 2.0]}, yes=("1",), no=(2,), statistic="total").value.tolist() == [1, 0]


def test_a_code_of_neither_yes_nor_no():
    findings = Findings()
    of({"x": [1, 2, 3, 3, 99]}, None, findings, yes=(1,), no=(2,))
    assert found_in(findings) == [
        "outcome x, column x: found value '3' in 2 rows, expected a code of yes, no or missing"
    ]


def test_a_proportion_of_other_numbers_than_0_and_1():
    findings = Findings()
    of({"x": [0.0, 1.0, 2.0, 0.5, 2.0, None], "age": [1, 1, 1, 1, 1, 1]}, None, findings)
    expected = "0 or 1; or say in `yes` which codes count, or in `missing` which do not"
    assert found_in(findings) == [
        f"outcome x, column x: found value '0.5' in 1 row, expected {expected}",
        f"outcome x, column x: found value '2' in 2 rows, expected {expected}",
    ]


def test_text_where_numbers_are_added_up():
    findings = Findings()
    columns = {"x": ["1", "many", "few"], "hours": ["1", "2", "x"]}
    of(columns, None, findings, statistic="ratio", denominator="hours")
    assert found_in(findings) == [
        "outcome x, column hours: found text that is no number, such as 'x', in 1 row, expected "
        "numbers",
        "outcome x, column x: found text that is no number, such as 'many', in 2 rows, expected "
        "numbers",
    ]


def test_strange_cells_of_rows_that_do_not_count_are_no_fault():
    findings = Findings()
    columns = {"x": ["1", "many"], "age": [15, 3]}
    of(columns, None, findings, universe=(Condition(column="age", at_least=15),))
    findings.raise_faults("people.csv")


def test_the_commonest_values_are_named():
    found = tally(pl.Series([*range(7), 3, 3, 5]))
    assert found[:2] == [("value '3'", 3), ("value '5'", 2)]
    assert found[-1] == ("other values", 2)
    assert len(found) == 6


def test_some_rows_of_a_measure():
    whole = of({"x": [1.0, 2.0, 3.0], "h": [1.0, 1.0, 2.0]}, statistic="ratio", denominator="h")
    part = whole.part(slice(1, 3))
    assert isinstance(part, Measure)
    assert (part.value.tolist(), part.denominator.tolist()) == ([2, 3], [1, 2])
    assert of({"x": [0, 1]}).part(slice(0, 1)).denominator is None


@pytest.mark.parametrize(
    ("statistic", "weight", "middle"),
    [("mean", [1, 3], 25.0), ("total", [1, 3], 25.0), ("proportion", [1, 3], 0.0),
     ("mean", [0, 0], 0.0)],
)  # fmt: skip
def test_about_the_mean(statistic, weight, middle):
    values = [10.0, 30.0] if statistic != "proportion" else [0, 1]
    found = of({"x": values}, weight, statistic=statistic)
    assert about_mean(Outcome(name="x", statistic=statistic), found) == middle


def test_codes_of_yes_that_occur_nowhere():
    findings = Findings()
    for values in ([0, 3], [0, None, 99]):
        of({"x": values}, findings=findings, yes=(1, 2))
    assert found_in(findings) == [
        "outcome x, column x: found none of yes (1, 2) among 0, 3, expected codes that occur; or "
        "the others in `no`, if nobody says yes"
    ]


@pytest.mark.parametrize(
    ("columns", "more"),
    [
        ({"x": [0, 3]}, {"yes": (1,), "no": (0, 3)}),
        ({"x": [0, 1], "age": [20, 3]}, {"yes": (1,)}),
        ({"x": [None, None]}, {"yes": (1,)}),
    ],
    ids=["others declared", "in a row that does not count", "nobody counts"],
)
def test_codes_of_yes_that_nobody_has_for_a_reason(columns, more):
    findings = Findings()
    universe = (Condition(column="age", at_least=15),) if "age" in columns else ()
    of(columns, findings=findings, universe=universe, **more)
    findings.raise_faults("people.csv")


def test_codes_of_yes_that_the_file_has_words_for_are_meant():
    findings = Findings()
    column = Column(name="x", kind="number", labels={"1": "Yes", "0": "No"})
    outcome = Outcome(name="x", yes=(1,))
    frame, weight = pl.DataFrame({"x": [0, 0]}), np.ones(2)
    found = measure(outcome, frame, columns={"x": column}, weight=weight, findings=findings)
    findings.raise_faults("people.csv")
    assert found.value.tolist() == [0, 0]


def test_who_may_be_in_the_universe_is_told_apart():
    findings = Findings()
    columns = {"x": [1] * 5, "age": ["20", "12", "abc", None, " "]}
    found = of(columns, findings=findings, universe=(Condition(column="age", at_least=18),))
    assert found.asked.tolist() == [True, False, False, False, False]
    assert findings.left_out == (
        Excluded(subject="x", reason="outside the universe", rows=1),
        Excluded(subject="x", reason="universe not known", rows=3),
    )
