import numpy as np
import polars as pl
import pytest

from everycount.errors import InputError
from everycount.survey import strata
from everycount.survey.findings import Findings
from everycount.survey.strata import (
    NotGrouped,
    Register,
    Stratum,
    distinct,
    named,
    population_of,
    unit_starts,
)

EXPECTED = "each unit in one stratum; if their numbers begin anew, say nested = true"


def begin(register, units, homes, rows=None, **more):
    register.begin(
        pl.DataFrame({"unit 1": units}),
        pl.DataFrame({"stratum 1": homes}),
        rows=np.array([1] * len(units) if rows is None else rows),
        **more,
    )


def faults(findings):
    with pytest.raises(InputError) as caught:
        findings.raise_faults("people.csv")
    return [str(each) for each in caught.value.problems]


# ---------------------------------------------------------------- strata


def test_strata_have_a_place_until_they_are_closed():
    register = Register()
    north, south = register.strata([("n",), ("s",)])
    assert (north.slot, south.slot) == (0, 1)
    assert register.strata([("s",), ("e",)]) == [south, Stratum(key=("e",), slot=2)]
    assert [each.name for each in register.close(south)] == ["n", "e"]
    assert register.open == {("s",): south}
    with pytest.raises(NotGrouped):
        register.strata([("s",), ("n",)])
    assert register.close(None) == [south]
    assert register.open == {}


# ---------------------------------------------------------------- units


def test_a_unit_that_comes_again_in_its_stratum_is_not_grouped():
    register = Register()
    begin(register, [1, 2], ["n", "n"])
    begin(register, [3, 1], ["n", "n"])
    with pytest.raises(NotGrouped):
        register.report(Findings())


@pytest.mark.parametrize("few", [0, 100_000])
def test_units_in_two_strata_are_told_with_all_their_rows(monkeypatch, few):
    """Whether they are compared batch by batch or all at the end."""
    monkeypatch.setattr(strata, "FEW", few)
    register, findings = Register(), Findings()
    begin(register, [7, 8], ["n", "n"], [2, 3])
    begin(register, [8, 9], ["n", "n"], [4, 1], goes_on=True)  # 8 has 7 rows in north
    begin(register, [8, 7], ["s", "s"], [10, 20])
    begin(register, [7], ["s"], [100], goes_on=True)
    begin(register, [7], ["s"], [1_000], goes_on=True)
    register.report(findings)
    assert faults(findings) == [
        f"psu: found unit 7 in two strata in 1,122 rows, expected {EXPECTED}",
        f"psu: found unit 8 in two strata in 17 rows, expected {EXPECTED}",
    ]


def test_rows_that_go_on_after_units_were_compared():
    register, findings = Register(), Findings()
    begin(register, [7, 8], ["n", "s"], [1, 1])
    register.settle()
    begin(register, [8], ["s"], [5], goes_on=True)
    begin(register, [8], ["n"], [100])
    register.report(findings)
    assert faults(findings) == [f"psu: found unit 8 in two strata in 106 rows, expected {EXPECTED}"]


def test_many_units_in_two_strata_are_named_in_part():
    register, findings = Register(), Findings()
    units = [*"abcdefgh"]
    begin(register, units, ["n"] * 8)
    begin(register, units, ["s"] * 8)
    register.report(findings)
    found = [each.split(", expected")[0] for each in faults(findings)]
    assert found == [
        "psu: found other units in two strata in 6 rows",
        *(f"psu: found unit {name} in two strata in 2 rows" for name in "abcde"),
    ]


def test_units_apart_are_no_fault():
    register, findings = Register(), Findings()
    register.settle()
    begin(register, [1, 2], ["n", "s"])
    register.report(findings)
    findings.raise_faults("people.csv")


# ---------------------------------------------------------------- keys


def test_names_of_strata():
    assert named((1.0, "north", None)) == "1 / north / None"


def test_different_keys_as_they_come():
    places, at = distinct(pl.DataFrame({"s": [2, 2, 1, 2, None]}))
    assert places == [(2,), (1,), (None,)]
    assert at.tolist() == [0, 0, 1, 0, 2]


def test_units_begin_where_any_key_changes():
    keys = pl.DataFrame({"s": ["a", "a", "b", "b", None], "u": [1, 1, 1, 2, 2]})
    assert unit_starts(keys, ["s", "u"]).tolist() == [0, 2, 3, 4, 5]
    assert unit_starts(keys, []).tolist() == [0, 1, 2, 3, 4, 5]
    assert unit_starts(keys[:0], ["s"]).tolist() == [0]


# ---------------------------------------------------------------- populations


@pytest.mark.parametrize(
    ("given", "population"),
    [(set(), np.inf), ({40.0}, 40), ({0.25}, 20), ({1.0}, 5), ({5.0}, 5), ({5 / (1 + 1e-12)}, 5)],
)
def test_the_population_of_a_stratum(given, population):
    findings = Findings()
    found = population_of(Stratum(key=("n",), slot=0, units=5, populations=given), findings)
    assert found == pytest.approx(population)
    findings.raise_faults("people.csv")


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({7.0, 6.0}, "found several values (6, 7), expected one value for the whole stratum"),
        ({0.0}, "found 0, expected a number of units, or a share up to 1"),
        ({-3.0}, "found -3, expected a number of units, or a share up to 1"),
        ({float("nan")}, "found nothing, expected a number of units, or a share up to 1"),
        ({4.0}, "found 4 units, expected at least the 5 units in the sample"),
    ],
)
def test_populations_that_cannot_be(given, fault):
    findings = Findings()
    stratum = Stratum(key=("n", 2), slot=0, units=5, populations=given)
    assert population_of(stratum, findings) == np.inf
    assert faults(findings) == [f"population of stratum n / 2: {fault}"]
