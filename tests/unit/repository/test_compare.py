"""Differences of two versions: what was added, removed, revised; and codes."""

import polars as pl

from everycount.model.codes import Code, CodeList
from everycount.repository.compare import CodeChange, compare_versions

KEY = ["area", "year"]


def table(*rows):
    schema = {"area": pl.String, "year": pl.String, "OBS_VALUE": pl.Float64, "NOTE": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_same_versions_differ_in_nothing():
    one = table(("A", "2019", 1.0, None), ("B", "2019", None, "x"))
    other = one.reverse()
    changes = compare_versions(one, other, KEY)
    assert changes.is_empty
    assert changes.counts == {
        "added": 0, "removed": 0, "values": 0, "attributes": 0, "unchanged": 2, "codes": 0,
    }  # fmt: skip


def test_added_removed_and_revised_are_told_apart():
    old = table(("A", "2019", 1.0, "a"), ("B", "2019", 2.0, None), ("C", "2019", 3.0, "c"))
    new = table(("D", "2019", 9.0, None), ("A", "2019", 1.5, "b"), ("B", "2019", None, None))
    changes = compare_versions(old, new, KEY)
    assert changes.added.rows() == [("D", "2019", 9.0, None)]
    assert changes.removed.rows() == [("C", "2019", 3.0, "c")]
    assert changes.revised.rows() == [
        ("A", "2019", "NOTE", "a", "b", None),
        ("A", "2019", "OBS_VALUE", "1.0", "1.5", 0.5),
        ("B", "2019", "OBS_VALUE", "2.0", None, None),
    ]
    assert changes.counts["unchanged"] == 0
    assert changes.words() == (
        "Observations: 1 added, 1 removed, 2 with another value, 1 with other attributes, "
        "0 unchanged."
    )


def test_column_of_one_version_only_counts_as_empty_in_the_other():
    old = table(("A", "2019", 1.0, "a"))
    changes = compare_versions(old, old.drop("NOTE"), KEY)
    assert changes.revised.rows() == [("A", "2019", "NOTE", "a", None, None)]
    changes = compare_versions(old.drop("NOTE"), old, KEY)
    assert changes.revised.rows() == [("A", "2019", "NOTE", None, "a", None)]


def test_tables_of_keys_only_can_be_compared():
    old = table(("A", "2019", 1.0, "a")).select(KEY)
    changes = compare_versions(old, old, KEY)
    assert changes.is_empty
    assert changes.counts["unchanged"] == 1


def codes(**names):
    listed = tuple(Code(id=code, name={"en": name}) for code, name in names.items())
    return {"SEX": CodeList(id="CL_SEX", codes=listed)}


def used(*sexes):
    return pl.DataFrame({"area": ["A"] * len(sexes), "SEX": sexes, "OBS_VALUE": [1.0] * len(sexes)})


def test_codes_that_changed_are_named():
    changes = compare_versions(
        used("F", "M", "_T"),
        used("F", "X", "_U"),
        ["area", "SEX"],
        old_codes=codes(F="Women", M="Men", _T="All", Z="Unused"),
        new_codes=codes(F="Female", X="Other", _U="None", Y="Unused"),
    )
    assert changes.codes == (
        CodeChange(component="SEX", code="F", change="renamed", old="en: Women", new="en: Female"),
        CodeChange(component="SEX", code="M", change="removed", old="en: Men"),
        CodeChange(component="SEX", code="X", change="added", new="en: Other"),
    )
    assert not changes.is_empty
    assert changes.words().endswith("1 unchanged; 3 codes changed.")


def test_label_that_one_version_only_gives_is_no_change():
    key = ["area", "SEX"]
    assert compare_versions(used("F"), used("F"), key, old_codes=codes(F="Women")).codes == ()
    assert compare_versions(used("F"), used("F"), key, new_codes=codes(F="Women")).codes == ()
    assert len(compare_versions(used("F"), used("M"), key, new_codes=codes(M="Men")).codes) == 2


def test_lists_of_components_without_a_column_are_passed_over():
    one = table(("A", "2019", 1.0, None))
    assert compare_versions(one, one, KEY, old_codes=codes(F="Women")).codes == ()
