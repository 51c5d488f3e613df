from datetime import date

import polars as pl
import pytest

from everycount.errors import MethodError
from everycount.model.area import Area, Areas
from everycount.model.dataset import Dataset
from everycount.model.observation import OBSERVATION
from everycount.repository.area_figures import Succession, carry_over

DAY = date(2025, 7, 1)
ENDED, BEGUN = date(2025, 6, 30), date(2025, 7, 1)
AREAS = Areas(
    id="X",
    areas=(
        Area(code="K", names={"en": "Kept"}),
        Area(code="A", names={"en": "A"}, valid_to=ENDED, successors=("N",)),
        Area(code="B", names={"en": "B"}, valid_to=ENDED, successors=("N",)),
        Area(code="N", names={"en": "New"}, valid_from=BEGUN, predecessors=("A", "B")),
        Area(code="S", names={"en": "Split"}, valid_to=ENDED, successors=("T", "U")),
        Area(code="T", names={"en": "T"}, valid_from=BEGUN, predecessors=("S",)),
        Area(code="U", names={"en": "U"}, valid_from=BEGUN, predecessors=("S",)),
        Area(code="Z", names={"en": "Gone"}, valid_to=ENDED),
    ),
)


def observations(*rows):
    usual = {name: OBSERVATION.by_id[name].default or None for name in OBSERVATION.ids}
    filled = [{**usual, "INDICATOR": "births", "TIME_PERIOD": "2024", **row} for row in rows]
    return Dataset(table=pl.DataFrame(filled, schema=dict(OBSERVATION.schema)))


def figure(area, value, **more):
    return {"REF_AREA": area, "OBS_VALUE": value, **more}


def values(data, *names):
    return data.table.select("REF_AREA", "OBS_VALUE", *names).rows()


def problems(data, **options):
    with pytest.raises(MethodError) as caught:
        carry_over(data, AREAS, DAY, **options)
    return [str(problem) for problem in caught.value.problems]


def weights(**columns):
    return pl.DataFrame({"REF_AREA": ["A", "B"], **columns})


def test_counts_add_up_and_other_areas_stay():
    data = observations(
        figure("A", 1.0, UNIT_MEASURE="NUMBER", NATURE="C", SAMPLE_SIZE=5.0, STD_ERROR=0.1),
        figure("B", 2.0, UNIT_MEASURE="NUMBER", NATURE="CA", SAMPLE_SIZE=6.0, STD_ERROR=0.1),
        figure("K", 3.0),
        figure("704", 4.0),
    )
    found, counts = carry_over(data, AREAS, DAY, additive=["births"])
    names = ("UNIT_MEASURE", "NATURE", "SAMPLE_SIZE", "STD_ERROR")
    assert values(found, *names) == [
        ("K", 3.0, None, None, None, None),
        ("704", 4.0, None, None, None, None),
        ("N", 3.0, "NUMBER", None, 11.0, None),
    ]
    assert counts == Succession(added=2, made=1)
    assert found.codes["REF_AREA"].label("N") == "New"


def test_measure_that_does_not_add_up_needs_weights():
    data = observations(figure("A", 10.0), figure("B", 20.0))
    assert problems(data) == [
        "indicator births: found figures of areas that were merged, and no weights, expected "
        "weights, or that its figures add up over areas"
    ]
    found, counts = carry_over(data, AREAS, DAY, weights=weights(WEIGHT=[3, 1]))
    assert values(found) == [("N", 12.5)]
    assert counts.averaged == 2


def test_weights_may_differ_by_period_and_breakdown():
    data = observations(
        figure("A", 10.0, SEX="F"),
        figure("B", 20.0, SEX="F"),
        figure("A", 10.0, SEX="M"),
        figure("B", 20.0, SEX="M"),
    )
    table = pl.DataFrame(
        {"REF_AREA": ["A", "B"] * 2, "SEX": ["F", "F", "M", "M"], "WEIGHT": [1.0, 1.0, 0.0, 2.0]}
    )
    found, _ = carry_over(data, AREAS, DAY, weights=table)
    assert values(found, "SEX") == [("N", 15.0, "F"), ("N", 20.0, "M")]


def test_counts_and_means_may_come_together():
    data = observations(
        figure("A", 1.0),
        figure("B", 2.0),
        figure("A", 10.0, INDICATOR="rate"),
        figure("B", 20.0, INDICATOR="rate"),
    )
    found, _ = carry_over(data, AREAS, DAY, additive=["births"], weights=weights(WEIGHT=[1, 1]))
    assert values(found, "INDICATOR") == [("N", 3.0, "births"), ("N", 15.0, "rate")]


@pytest.mark.parametrize("value", [None, "absent"])
def test_no_figure_is_made_where_one_is_missing(value):
    rows = [figure("A", 1.0)] + ([] if value == "absent" else [figure("B", None)])
    found, counts = carry_over(observations(*rows), AREAS, DAY, additive=["births"])
    assert values(found) == []
    assert counts.incomplete == len(rows)


def test_no_mean_is_made_without_all_weights():
    data = observations(figure("A", 1.0), figure("B", 2.0))
    for table in (weights(WEIGHT=[0, 0]), weights(WEIGHT=[1, 1]).head(1)):
        found, counts = carry_over(data, AREAS, DAY, weights=table)
        assert (values(found), counts.incomplete) == ([], 2)


def test_own_figure_of_the_new_area_wins():
    data = observations(figure("A", 1.0), figure("B", 2.0), figure("N", 9.0))
    found, counts = carry_over(data, AREAS, DAY, additive=["births"])
    assert values(found) == [("N", 9.0)]
    assert (counts.replaced, counts.made, counts.added) == (2, 0, 0)


def test_area_that_was_divided_or_vanished_is_refused():
    assert problems(observations(figure("S", 1.0), figure("Z", 1.0)), additive=["births"]) == [
        "area S: found T, U in its place, expected one area that has its land on 2025-07-01",
        "area Z: found no area in its place, expected one area that has its land on 2025-07-01",
    ]


def test_figures_of_different_units_are_not_brought_together():
    data = observations(
        figure("A", 1.0, UNIT_MEASURE="NUMBER", UNIT_MULT=0),
        figure("B", 2.0, UNIT_MEASURE="NUMBER", UNIT_MULT=3),
    )
    assert problems(data, additive=["births"]) == [
        "births, N, 2024: found UNIT_MULT 0, 3, expected the same for all areas that were merged"
    ]


def test_every_fault_of_weights_is_told():
    data = observations(figure("A", 1.0), figure("B", 2.0))
    assert problems(data, weights=pl.DataFrame({"x": [1]})) == [
        "header: found columns x, expected a column REF_AREA",
        "header: found columns x, expected a column WEIGHT",
        "header: found a column x, expected columns of the key of observations",
    ]
    table = pl.DataFrame({"REF_AREA": ["A", "B", "B"], "WEIGHT": [-1.0, None, 2.0]})
    assert problems(data, weights=table) == [
        "REF_AREA A: found the weight -1.0, expected a number from 0 on",
        "REF_AREA B: found the weight None, expected a number from 0 on",
        "REF_AREA B: found several weights, expected one",
    ]


def test_areas_merged_step_by_step_are_brought_to_the_last():
    first, last = date(2010, 1, 1), date(2009, 12, 31)
    middle = Area(
        code="M",
        names={},
        valid_from=first,
        valid_to=ENDED,
        predecessors=("A", "B"),
        successors=("N",),
    )
    old = [Area(code=code, names={}, valid_to=last, successors=("M",)) for code in "AB"]
    new = Area(code="N", names={}, valid_from=BEGUN, predecessors=("M",))
    areas = Areas(id="X", areas=(*old, middle, new))
    data = observations(
        figure("A", 1.0, TIME_PERIOD="2005"),
        figure("B", 2.0, TIME_PERIOD="2005"),
        figure("M", 5.0, TIME_PERIOD="2015"),
        figure("A", 1.0, TIME_PERIOD="2009"),
        figure("M", 4.0, TIME_PERIOD="2009"),
    )
    found, counts = carry_over(data, areas, DAY, additive=["births"])
    assert values(found, "TIME_PERIOD") == [("N", 3.0, "2005"), ("N", 5.0, "2015")]
    assert counts.incomplete == 2


def test_without_old_areas_nothing_changes():
    data = observations(figure("K", 1.0), figure("N", 2.0))
    found, counts = carry_over(data, AREAS, DAY)
    assert found.table.equals(data.table)
    assert counts == Succession()


def test_counts_are_told_in_words():
    counts = Succession(added=1, averaged=2, made=1, incomplete=1, replaced=1000)
    assert counts.sentences() == (
        "1 new figure made: 1 old ones added up, 2 averaged",
        "left out: 1 old figure, as not all areas that were merged have a figure and a weight",
        "left out: 1,000 old figures, as the new area has its own figure",
    )
    assert Succession(made=2).sentences() == (
        "2 new figures made: 0 old ones added up, 0 averaged",
    )
