import polars as pl
import pytest

from everycount.errors import InputError
from everycount.model.design import Characteristic, Cut, Level
from everycount.model.microdata import Column
from everycount.survey.coding import Coding, declared_levels, found_levels
from everycount.survey.findings import Excluded, Findings

SEX = Column(name="sex", kind="number", label="Sex of person", labels={"1": "Men", "2": "Women"})
AGE = Column(name="age", kind="number", missing=(98,), missing_ranges=((110, 999),))


def coding_of(column, *, cuts=(), **given):
    each = Characteristic(**{"name": column.name, **given})
    levels = declared_levels(each, column)
    return Coding(characteristic=each, column=column, levels=levels, cuts=cuts)


def codes(coding, cells, findings=None):
    return coding.codes(pl.Series(cells), Findings() if findings is None else findings).tolist()


# ---------------------------------------------------------------- rows


def test_codes_become_levels():
    levels = (Level(code="F", values=(2,)), Level(code="M", values=("1",)))
    assert codes(coding_of(SEX, levels=levels), [1, 2, 2]) == [1, 0, 0]
    assert codes(coding_of(SEX, levels=levels), ["1", "2"]) == [1, 0]


def test_rows_that_are_not_known_go_to_a_place_of_their_own_and_are_counted():
    coding, findings = coding_of(AGE, bands=(0, 15, 65), missing=(99,)), Findings()
    found = codes(coding, [3, 15, None, 98, 99, 64, 500], findings)
    assert found == [0, 1, 2, 2, 2, 1, 2]
    assert coding.missing == 2
    assert findings.left_out == (Excluded(subject="age", reason="not known", rows=4),)


def test_codes_and_ranges_together():
    levels = (
        Level(code="none", values=("none",)),
        Level(code="low", below=10),
        Level(code="high", at_least=10),
    )
    assert codes(coding_of(AGE, levels=levels), ["none", "3", "10", "10.5"]) == [0, 1, 2, 2]


def test_scores_are_cut_where_they_were_told_to_be():
    coding = coding_of(AGE, cut=Cut(groups=3), cuts=(10.0, 20.0))
    findings = Findings()
    assert codes(coding, [5.0, 10.0, 10.5, 20.0, 21.0, None], findings) == [0, 0, 1, 1, 2, 3]
    assert findings.left_out[0].rows == 1
    codes(coding_of(AGE, cut=Cut(groups=3), cuts=(1.0, 2.0), elsewhere="exclude"), ["x"], findings)
    assert findings.left_out[0] == Excluded(subject="age", reason="in no level", rows=1)


def test_codes_of_no_level_are_refused_with_their_rows():
    coding, findings = coding_of(SEX, levels=(Level(code="F", values=(2,)),)), Findings()
    assert codes(coding, [2, 1, 1, 7], findings) == [0, 1, 1, 1]
    with pytest.raises(InputError) as caught:
        findings.raise_faults("people.csv")
    where, expected = "characteristic sex, column sex", "a code of one of its levels (F)"
    assert [str(each) for each in caught.value.problems] == [
        f"{where}: found value '1' in 2 rows, expected {expected}",
        f"{where}: found value '7' in 1 row, expected {expected}",
    ]


def test_many_codes_of_no_level_are_named_in_part():
    coding, findings = coding_of(SEX, levels=(Level(code="F", values=(2,)),)), Findings()
    codes(coding, [*range(10, 18), 17], findings)
    with pytest.raises(InputError) as caught:
        findings.raise_faults("people.csv")
    assert [each.found for each in caught.value.problems] == [
        "other values in 3 rows", "value '10' in 1 row", "value '11' in 1 row",
        "value '12' in 1 row", "value '13' in 1 row", "value '17' in 2 rows",
    ]  # fmt: skip


def test_codes_of_no_level_may_be_left_out():
    coding = coding_of(SEX, levels=(Level(code="F", values=(2,)),), elsewhere="exclude")
    findings = Findings()
    assert codes(coding, [2, 1, None], findings) == [0, 1, 1]
    assert findings.left_out == (
        Excluded(subject="sex", reason="in no level", rows=1),
        Excluded(subject="sex", reason="not known", rows=1),
    )


# ---------------------------------------------------------------- words


def test_words_come_from_the_design_or_the_file_or_are_the_name():
    assert coding_of(SEX).label == "Sex of person"
    assert coding_of(SEX, label="Sex").label == "Sex"
    assert coding_of(AGE).label == "age"
    levels = (
        Level(code="W", values=(2,)),
        Level(code="M", values=(1,), label="Boys and men"),
        Level(code="X", values=(3,)),
    )
    found = coding_of(SEX, levels=levels).levels
    assert [level.label for level in found] == ["Women", "Boys and men", "X"]


def test_levels_that_were_found_come_in_the_order_of_numbers_then_of_texts():
    found = found_levels([10, "b", 2, "a"], SEX)
    assert [(each.code, each.label) for each in found] == [
        ("2", "Women"), ("10", "10"), ("a", "a"), ("b", "b"),
    ]  # fmt: skip


def test_bands_are_called_by_whole_numbers_where_they_can():
    def names(*edges):
        return [level.code for level in coding_of(AGE, bands=edges).levels]

    assert names(0, 15, 16, 65) == ["0-14", "15", "16-64"]
    assert names(0, 0.5, 1) == ["0 to below 0.5", "0.5 to below 1"]


def test_groups_have_names():
    def labels(groups):
        return [level.label for level in coding_of(AGE, cut=Cut(groups=groups)).levels]

    assert labels(5) == [
        "Poorest fifth", "Second fifth", "Middle fifth", "Fourth fifth", "Richest fifth",
    ]  # fmt: skip
    assert labels(3) == ["Lowest of 3 groups", "Group 2 of 3", "Highest of 3 groups"]
    assert [level.code for level in coding_of(AGE, cut=Cut(groups=2)).levels] == ["Q1", "Q2"]


def test_numbers_written_as_text_have_the_order_of_numbers():
    codes = ["10", "9", "1.5", "x", "nan", "100"]
    assert [each.code for each in found_levels(codes, SEX)] == [
        "1.5", "9", "10", "100", "nan", "x",
    ]  # fmt: skip
