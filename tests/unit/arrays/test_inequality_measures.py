import numpy as np
import pytest

from everycount.arrays.group_table import GroupTable
from everycount.arrays.inequality_measures import MEASURES, lacking


def test_every_measure_of_who_is_there():
    wanted = (
        "d r aci rci sii rii sii_linear rii_linear bgv bgsd cov mdmu mdmw mdbu mdbw mdru mdrw "
        "idisu idisw ti mld par paf"
    )
    assert list(MEASURES) == wanted.split()


def test_names_are_those_of_the_rows():
    assert all(name == row.name for name, row in MEASURES.items())
    assert len({row.full_name for row in MEASURES.values()}) == len(MEASURES)


def test_relative_measures_have_no_unit_of_the_indicator():
    for row in MEASURES.values():
        assert (row.kind == "absolute") == row.unit.startswith("indicator"), row.name
        assert (row.unit == "percent") == (row.times == 100), row.name
        assert (row.unit == "thousandths") == (row.times == 1000), row.name


def test_ratios_are_1_without_inequality_and_have_log_intervals():
    ratios = {name for name, row in MEASURES.items() if row.neutral == 1}
    assert ratios == {name for name, row in MEASURES.items() if row.interval == "log"}
    assert ratios == {"r", "rii", "rii_linear"}


def test_weighted_measures_need_sizes_or_an_average():
    for row in MEASURES.values():
        if row.weighting == "weighted":
            assert {"sizes", "mean"} & set(row.needs), row.name
        else:
            assert "sizes" not in row.needs, row.name


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("d", {}, None),
        ("aci", {}, "no order of the groups was given"),
        ("aci", {"order": [1, 2]}, "no sizes of the groups were given"),
        ("aci", {"order": [1, 2], "sizes": [1, 1]}, None),
        (
            "sii",
            {"order": [1, 2], "sizes": [1, 1]},
            "no scale was given, and a logistic curve needs one",
        ),
        ("sii", {"order": [1, 2], "sizes": [1, 1], "scale": 10}, None),
        ("mdmu", {}, "neither sizes of the groups nor an average was given"),
        ("mdmu", {"average": 1}, None),
        ("mdmu", {"sizes": [1, 1]}, None),
        ("mdmw", {"average": 1}, "no sizes of the groups were given"),
        ("mdru", {}, "no reference group was named"),
        ("mdru", {"reference": 0}, None),
    ],
)
def test_table_lacks_what_a_measure_needs(name, given, words):
    table = GroupTable(estimates=np.array([1.0, 2.0]), direction="favourable", **given)
    assert lacking(MEASURES[name], table) == words
