from dataclasses import replace

import pytest

from everycount.model.design import (
    Characteristic,
    Crossings,
    Cut,
    Level,
    Outcome,
    SurveyDesign,
)
from everycount.model.strict import Faults

WEALTH = Characteristic(name="wealth")


def refused(make, **given):
    """Return what a noun says of itself."""
    with pytest.raises(Faults) as caught:
        make(**given)
    return str(caught.value)


def test_levels():
    assert "code: found '_T', expected a code of its own" in refused(Level, code="_T", values=(1,))
    assert "both or neither of values and a range" in refused(Level, code="a")
    assert "both or neither" in refused(Level, code="a", values=(1,), below=3)
    assert "at_least 3, below 3" in refused(Level, code="a", at_least=3, below=3)
    assert Level(code="old", at_least=60).below is None


def test_cuts():
    assert refused(Cut, groups=1) == "groups: found 1, expected from 2 to 100 groups"


def test_characteristics():
    levels = (Level(code="a", values=(1,)), Level(code="a", values=("1",)))
    said = refused(Characteristic, name="flag", dimension="WEALTH", levels=levels, bands=(3, 2))
    assert "name: found 'flag'" in said
    assert "dimension: found 'WEALTH', expected one of SEX, AGE" in said
    assert "bands: found levels and bands, expected one of" in said
    assert "bands: found [3, 2], expected two or more edges that ascend" in said
    assert "levels.1: found 'a' for the second time" in said
    assert "levels.1.values: found code 1 that 'a' holds already" in said
    assert "merges.0: found ['a', 'a']" in refused(Characteristic, name="x", merges=(("a", "a"),))
    age = Characteristic(name="age", column="v012", bands=(15, 20))
    assert (age.source, age.is_ordered, WEALTH.source, WEALTH.is_ordered) == (
        *("v012", True, "wealth", False),
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": ""}, "name: found nothing"),
        ({"statistic": "ratio"}, "denominator: found a ratio without denominator"),
        ({"denominator": "n"}, "denominator: found denominator for a proportion"),
        ({"statistic": "quantile"}, "probability: found a quantile without probability"),
        ({"statistic": "quantile", "probability": 1.0}, "probability: found 1"),
        ({"statistic": "mean", "yes": (1,)}, "yes: found codes for a mean"),
        ({"no": (1,)}, "no: found no without yes"),
        ({"yes": (1, 2), "no": (2.0,)}, "no.0: found code 2 that stands in yes"),
        ({"statistic": "mean", "share_of": "everyone"}, "share_of: found a share for a mean"),
        ({"statistic": "mean", "interval": "logit"}, "interval: found logit for a mean"),
        ({"weight_divisor": 0.0}, "weight_divisor: found 0"),
    ],
)
def test_outcomes(given, said):
    assert refused(Outcome, **({"name": "y"} | given)).startswith(said)


def test_each_code_and_number_means_one_thing():
    levels = (Level(code="young", below=30), Level(code="old", at_least=20))
    assert refused(Characteristic, name="age", levels=levels) == (
        "levels.1: found a range that overlaps with that of 'young', expected each number in one "
        "level"
    )
    apart = (Level(code="old", at_least=30), Level(code="young", below=30))
    assert Characteristic(name="age", levels=apart).levels == apart
    one = (Level(code="a", values=(1,)),)
    assert refused(Characteristic, name="x", levels=one, missing=(9, 1)).startswith(
        "missing.1: found code 1 that 'a' holds already"
    )
    assert "missing" in refused(Outcome, name="y", yes=(1,), missing=(1,))


def test_cuts_in_fifths_ascend():
    wealth = Characteristic(name="wealth", cut=Cut(groups=5), merges=(("Q1", "Q2"),))
    assert wealth.is_ordered
    assert SurveyDesign(
        characteristics=(wealth,),
        circumstances=("wealth",),
        crossings=Crossings(only=(("wealth",),)),
    )


def test_the_column_of_an_outcome():
    assert Outcome(name="y").source == "y"
    assert Outcome(name="y", column="v155").source == "v155"


def test_crossings():
    assert refused(Crossings, depth=0, limit=0) == (
        "depth: found 0, expected 1 or more; limit: found 0, expected 1 or more"
    )


def test_designs():
    said = refused(
        SurveyDesign,
        characteristics=(WEALTH, WEALTH),
        outcomes=(Outcome(name="y"), Outcome(name="y")),
        crossings=Crossings(only=(("wealth", "wealth"), ("age",))),
        circumstances=("age",),
        level=1.0,
    )
    assert "characteristics.1: found 'wealth' for the second time" in said
    assert "outcomes.1: found 'y' for the second time" in said
    assert "crossings.only.0.1: found 'wealth' for the second time" in said
    assert "crossings.only.1: found 'age', expected one of wealth, wealth" in said
    assert "circumstances.0: found 'age'" in said
    assert "level: found 1, expected a number between 0 and 1" in said
    assert "of which there are none" in refused(SurveyDesign, circumstances=("age",))


def test_a_dimension_is_of_one_characteristic():
    age = Characteristic(name="age", dimension="AGE")
    said = refused(SurveyDesign, characteristics=(age, replace(age, name="years")))
    assert said == (
        "characteristics.1.dimension: found AGE, which is that of age, expected another, such as "
        "CUST_BREAKDOWN"
    )
    assert SurveyDesign(characteristics=(age, WEALTH, replace(WEALTH, name="place"))).level == 0.95


@pytest.mark.parametrize("name", ["", "_T", "nature", "gamma", "direct_estimate", "p", "against_x"])
def test_names_that_tables_have_already(name):
    assert "expected a name that is no column of the estimates" in refused(
        Characteristic, name=name
    )
