import pytest

from everycount.index.steps import Aggregate, Impute, Normalise, Screen, Select, Treat
from everycount.model.strict import Faults


def faults_of(kind, **keys):
    with pytest.raises(Faults) as raised:
        kind(do=kind.__name__.lower(), **keys)
    return [(".".join(map(str, path)), found, want) for path, found, want in raised.value.faults]


def test_select_lists_every_fault():
    assert faults_of(Select, window=0, periods=(2015, 2015), first=2020, last=2019) == [
        ("window", "0", "1 year or more"),
        ("periods", "[2015, 2015]", "each year once"),
        ("first", "2020", "a year not after last = 2019"),
    ]


def test_screen_asks_for_a_share():
    assert faults_of(Screen, units=85.0) == [("units", "85.0", "a share from 0 to 1")]
    want = "at least one of units, nonzero, groups, indicators"
    assert faults_of(Screen) == [("", "no limit", want)]


def test_impute_options_belong_to_their_method():
    assert faults_of(Impute, method="linear", by="region", weight="population", values={}) == [
        ("by", "'region'", "no by with method = linear"),
        ("weight", "'population'", 'a weight only with method = "mean"'),
        ("values", "values", 'values with method = "given", and only then'),
    ]
    (fault,) = faults_of(Impute, method="given")
    assert fault[:2] == ("values", "no values")


@pytest.mark.parametrize("kind", [Impute, Normalise])
def test_nodes_or_a_level(kind):
    method = "mean" if kind is Impute else "goalposts"
    (fault,) = faults_of(kind, method=method, level=2, nodes=("a",))
    assert fault == ("level", "both level = 2 and nodes", "one of level and nodes")
    (fault,) = faults_of(kind, method=method, level=0)
    assert fault == ("level", "0", "1 (the indicators) or more")


def test_treat_that_would_do_nothing_is_refused():
    assert faults_of(Treat) == [("", "neither winsorise nor transform", "at least one")]
    assert faults_of(Treat, winsorise=0, always=True, box_cox_lambda=0.5) == [
        ("winsorise", "0", "1 point or more"),
        ("always", "true without a transform", "a transform to apply"),
        ("box_cox_lambda", "0.5", 'none without transform = "box_cox"'),
    ]
    assert Treat(do="treat", transform="box_cox", box_cox_lambda=0.5, always=True).always


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ({"method": "rank", "scale": (0, 1)}, ("scale", "[0, 1]", "no scale with method = rank")),
        ({"method": "min_max", "scale": (1, 0)}, ("scale", "[1, 0]", "the worst score first")),
        (
            {"method": "z_score", "scale": (0, 0)},
            ("scale", "[0, 0]", "a standard deviation above 0"),
        ),
        (
            {"method": "borda", "pool": 2015},
            ("pool", "2015", "all or period: ranks are among those ranked"),
        ),
        (
            {"method": "distance_to_reference"},
            ("reference", "None", 'reference with method = "distance_to_reference", and only then'),
        ),
        (
            {"method": "min_max", "reference": "FRA"},
            (
                "reference",
                "'FRA'",
                'reference with method = "distance_to_reference", and only then',
            ),
        ),
    ],
)
def test_normalise_options_belong_to_their_method(keys, fault):
    assert faults_of(Normalise, **keys) == [fault]


def test_z_score_may_have_any_mean():
    assert Normalise(do="normalise", method="z_score", scale=(100, 10)).scale == (100, 10)


def test_aggregate_lists_every_fault():
    assert faults_of(Aggregate, missing="propagate", power=2.0, least=75, rate=0) == [
        ("power", "2.0", 'power with method = "generalised", and only then'),
        ("least", "75", "a share from 0 to 1"),
        ("rate", "0", "a number other than 0"),
    ]
    (fault,) = faults_of(Aggregate, missing="propagate", method="generalised")
    assert fault[0] == "power"
