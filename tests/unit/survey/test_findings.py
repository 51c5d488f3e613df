import numpy as np
import pytest

from everycount.errors import InputError, MethodError
from everycount.survey.findings import Excluded, Findings, counted, no_rows, nobody_counts


def test_one_error_names_every_fault_with_its_rows():
    findings = Findings()
    findings.fault("weight, column w", "a weight below 0", "a number from 0", rows=2)
    findings.fault("psu", "unit 7 in two strata", "one")
    findings.fault("weight, column w", "a weight below 0", "a number from 0", rows=1_000)
    with pytest.raises(InputError) as caught:
        findings.raise_faults("people.csv")
    assert str(caught.value) == (
        "people.csv has 2 problems:\n"
        "  psu: found unit 7 in two strata, expected one\n"
        "  weight, column w: found a weight below 0 in 1,002 rows, expected a number from 0"
    )


def test_no_fault_raises_nothing():
    Findings().raise_faults("people.csv")


def test_rows_left_out_are_counted_by_reason():
    findings = Findings()
    findings.leave_out("reads", "not known", 3)
    findings.leave_out("age", "not known", 1)
    findings.leave_out("reads", "not known", 4)
    findings.leave_out("reads", "outside the universe", 0)
    assert findings.left_out == (
        Excluded(subject="age", reason="not known", rows=1),
        Excluded(subject="reads", reason="not known", rows=7),
    )


def test_numbers_of_rows_in_words():
    assert (counted(0), counted(1), counted(1234)) == ("0 rows", "1 row", "1,234 rows")


def test_a_file_without_rows():
    error = no_rows("people.csv")
    assert isinstance(error, MethodError)
    assert str(error) == ("people.csv has 1 problem:\n  file: found no rows, expected at least one")


def problems_of(findings):
    with pytest.raises(InputError) as caught:
        findings.raise_faults("people.csv")
    return [str(each) for each in caught.value.problems]


def test_codes_that_occur_nowhere_are_a_fault_after_all_batches():
    findings = Findings()
    findings.seek("outcome y", ("yes", "ja"), lambda: ["1"])
    findings.seek("outcome y", ("yes", "ja"), lambda: ["0", "1"])
    findings.seek("outcome z", ("9",), lambda: [str(each) for each in range(8)])
    findings.seek("outcome z", ("9",), lambda: pytest.fail("enough is known"))
    findings.fault("x", "this", "that")
    assert problems_of(findings) == [
        "x: found this, expected that",
        "outcome y: found none of yes (yes, ja) among 0, 1, expected codes that occur; or the "
        "others in `no`, if nobody says yes",
        "outcome z: found none of yes (9) among 0, 1, 2, 3, 4, …, expected codes that occur; or "
        "the others in `no`, if nobody says yes",
    ]


def test_codes_found_in_any_batch_are_none():
    findings = Findings()
    findings.seek("outcome y", ("1",), lambda: ["0"])
    findings.find("outcome y")
    findings.seek("outcome y", ("1",), lambda: pytest.fail("it was found"))
    findings.seek("outcome z", ("1",), list)  # no row counts, which is another fault
    findings.raise_faults("people.csv")


def test_weights_that_cannot_be_added_up():
    findings = Findings()
    assert findings.weigh("weight", np.array([1.0, np.nan]))
    for _ in range(2):
        assert not findings.weigh("weight", np.array([1e308, 1e308]))
    assert problems_of(findings) == [
        "weight: found weights too large: they add up to more than 1e+150, expected weights that "
        "add up to the population or the sample"
    ]


def test_outcomes_of_which_no_row_counts_with_the_reasons():
    excluded = [
        Excluded(subject="y", reason="not known", rows=2),
        Excluded(subject="sex", reason="not known", rows=9),
        Excluded(subject="y", reason="without weight", rows=1),
    ]
    error = nobody_counts("people.csv", ["y", "z"], excluded)
    assert isinstance(error, MethodError)
    assert [str(each) for each in error.problems] == [
        "outcome y: found no row that counts; 2 rows not known; 1 row without weight, expected at "
        "least one",
        "outcome z: found no row that counts, expected at least one",
    ]
