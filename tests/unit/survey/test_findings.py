import pytest

from everycount.errors import InputError, MethodError
from everycount.survey.findings import Excluded, Findings, counted, no_rows


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
