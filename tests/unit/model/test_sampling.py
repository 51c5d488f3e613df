import pytest

from everycount.errors import InputError
from everycount.io.declare import read
from everycount.model.sampling import FurtherStage, ReplicateWeights, Sampling
from everycount.model.strict import Faults


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"columns": ()}, "columns: found none, expected at least one column, such as rw*"),
        (
            {"columns": ("a", "a")},
            "columns.1: found 'a' for the second time, expected each column once",
        ),
        ({"kind": "Fay"}, "rho: found nothing, expected Fay's coefficient, such as 0.3"),
        ({"kind": "Fay", "rho": 1.0}, "rho: found 1, expected a number from 0 to below 1"),
        ({"rho": 0.3}, "rho: found rho for BRR, expected rho for Fay and for nothing else"),
        ({"kind": "other"}, "scale: found nothing, expected a scale, as the kind prescribes none"),
        ({"kind": "JKn"}, "rscales: found nothing, expected a multiplier for each replicate"),
        ({"scale": 0.0}, "scale: found 0, expected a number above 0"),
        ({"rscales": (1.0, -2.0)}, "rscales.1: found -2, expected a number from 0"),
    ],
)
def test_replicate_weights_that_cannot_be(given, said):
    with pytest.raises(Faults) as caught:
        ReplicateWeights(**({"kind": "BRR", "columns": ("rw*",)} | given))
    assert str(caught.value) == said


def test_replicate_weights_that_can_be():
    assert ReplicateWeights(kind="JKn", columns=("rw*",), rscales=(0.5,)).scale is None


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"weight_divisor": 0.0}, "weight_divisor"),
        ({"population": "fpc"}, "weight"),
        ({"stages": (FurtherStage(units="house"),)}, "stages"),
        ({"nested": True}, "nested"),
        (
            {"psu": "ea", "stages": (FurtherStage(units="house", population="n"),)},
            "stages.0.population",
        ),
    ],
)
def test_samples_that_contradict_themselves(given, place):
    with pytest.raises(Faults, match=f"^{place}: found"):
        Sampling(**given)


def test_stages_count_as_far_as_populations_are_known():
    known = FurtherStage(units="house", population="houses")
    unknown = FurtherStage(units="person")
    first = {"psu": "ea", "population": "areas", "weight": "w"}
    assert Sampling().stages_of_variance == 1
    assert Sampling(**first, stages=(known,)).stages_of_variance == 2
    assert Sampling(**first, stages=(known, unknown)).stages_of_variance == 2
    assert Sampling(**first, stages=(unknown,)).stages_of_variance == 1


def test_all_faults_of_a_file_come_with_their_lines():
    with pytest.raises(InputError) as caught:
        read("weight_divisor = 0\nnested = true\n", Sampling, subject="x.toml")
    assert [problem.where for problem in caught.value.problems] == [
        "line 1, weight_divisor",
        "line 2, nested",
    ]
