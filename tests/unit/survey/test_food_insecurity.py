import numpy as np
import polars as pl
import pytest

from everycount.arrays.equating import equate, share_beyond
from everycount.arrays.rasch import fit_rasch, person_severities
from everycount.errors import InputError, MethodError
from everycount.model.conditions import Condition
from everycount.model.strict import Faults
from everycount.survey.derived import Answers
from everycount.survey.food_insecurity import GLOBAL_SCALE, ITEMS, FoodInsecurity
from everycount.survey.recipes import derive

COLUMNS = ("WORRIED", "HEALTHY", "FEWFOOD", "SKIPPED", "ATELESS", "RUNOUT", "HUNGRY", "WHLDAY")
STANDARD = np.array([GLOBAL_SCALE[item] for item in ITEMS])


def food(**options):
    return FoodInsecurity(recipe="food-insecurity", **options)


def frame_of(answers, **more):
    columns = {name: answers[:, at].tolist() for at, name in enumerate(COLUMNS)}
    return pl.DataFrame(columns | more, strict=False)


@pytest.fixture(scope="module")
def survey():
    """Return 1,500 adults on a stretched and shifted global scale, some with a gap."""
    rng = np.random.default_rng(8)
    people = rng.normal(-0.5, 1.8, 1500)
    severity = STANDARD * 1.4 + 0.3
    answers = (rng.random((1500, 8)) < 1 / (1 + np.exp(severity - people[:, None]))).astype(int)
    answers[::50, 3] = 98
    weights = rng.gamma(2, 1, 1500)
    return frame_of(answers, weight=weights, sex=rng.integers(1, 3, 1500))


def test_the_raw_score_counts_yes_among_complete_answers():
    answers = np.zeros((4, 8), int)
    answers[1, :3] = 1
    answers[2] = 1
    answers[3, 7] = 99
    found = derive(food(), frame_of(answers))
    assert found.columns.to_dict(as_series=False) == {"food_raw_score": [0, 3, 8, None]}
    assert [(each.subject, each.rows) for each in found.excluded] == [("food_raw_score", 1)]
    assert found.words.endswith("1 of 4 rows leave one unanswered and have none.")
    (outcome,) = found.outcomes
    assert (outcome.statistic, outcome.direction, outcome.indicator) == ("mean", "barrier", "")
    assert found.tables == {}


def test_codes_and_columns_may_be_others():
    answers = pl.DataFrame({f"q{at}": [1, 2, 2] for at in range(8)} | {"who": [1, 1, 2]})
    names = {item: f"q{at}" for at, item in enumerate(ITEMS)}
    recipe = food(
        **names,
        answers=Answers(yes=(1,), no=(2,)),
        universe=(Condition(column="who", among=(1,)),),
    )
    assert derive(recipe, answers).columns["food_raw_score"].to_list() == [8, 0, None]


def test_probabilities_are_those_of_the_scale_equated_to_the_global_one(survey):
    found = derive(food(scale="global", weight="weight"), survey)
    answers = survey.select(COLUMNS).to_numpy().astype(float)
    answers[answers == 98] = np.nan
    fitted = fit_rasch(answers, survey["weight"].to_numpy())
    equating = equate(fitted.severity, STANDARD)
    where, error = person_severities(fitted.severity)
    for name, item in (("food_moderate_or_severe", 4), ("food_severe", 7)):
        chance = share_beyond(where, error, float(equating.from_standard(STANDARD[item])))
        table = pl.DataFrame({"s": found.columns["food_raw_score"], "p": found.columns[name]})
        for score, probability in table.drop_nulls().iter_rows():
            assert probability == pytest.approx(chance[int(score)], abs=1e-12)
        assert found.columns[name].null_count() == 30
    assert (found.columns["food_severe"] <= found.columns["food_moderate_or_severe"]).all()
    assert {each.name: each.indicator for each in found.outcomes} == {
        "food_raw_score": "",
        "food_moderate_or_severe": "2.1.2",
        "food_severe": "2.1.2",
    }
    assert {each.weight for each in found.outcomes} == {"weight"}


def test_prevalence_is_near_the_truth_it_was_simulated_from(survey):
    found = derive(food(scale="global", weight="weight"), survey)
    rng = np.random.default_rng(1)
    people = rng.normal(-0.5, 1.8, 400_000)
    weights = survey["weight"].to_numpy()
    for name, item in (("food_moderate_or_severe", 4), ("food_severe", 7)):
        values = found.columns[name].fill_null(np.nan).to_numpy()
        known = ~np.isnan(values)
        estimate = np.average(values[known], weights=weights[known])
        truth = (people > STANDARD[item] * 1.4 + 0.3).mean()
        assert estimate == pytest.approx(truth, abs=0.04)


def test_tables_show_items_and_scores(survey):
    found = derive(food(scale="global"), survey)
    items, scores = found.tables["items"], found.tables["raw_scores"]
    assert items["item"].to_list() == list(ITEMS)
    assert items["is_common"].all()
    assert items["severity"].sum() == pytest.approx(0, abs=1e-9)
    assert (items["infit"] - 1).abs().max() < 0.2
    assert scores["raw_score"].to_list() == list(range(9))
    assert scores["moderate_or_severe"][0] == 0
    assert "equated to FAO's global reference scale of 2014-2016 by all items" in found.words
    assert "Rasch reliability 0." in found.words


def test_items_that_stand_apart_are_named():
    rng = np.random.default_rng(9)
    severity = STANDARD.copy()
    severity[6] -= 1.5
    people = rng.normal(0, 1.8, 4000)
    answers = (rng.random((4000, 8)) < 1 / (1 + np.exp(severity - people[:, None]))).astype(int)
    found = derive(food(scale="global"), frame_of(answers))
    assert "without HUNGRY, which stand apart" in found.words
    assert found.tables["items"]["is_common"].to_list() == [True] * 6 + [False, True]


def test_severities_of_an_earlier_round_and_thresholds_of_ones_own(survey):
    fixed = food(scale="thresholds", thresholds=(0.0, 2.0), severities=tuple(STANDARD))
    found = derive(fixed, survey)
    where, error = person_severities(STANDARD)
    expected = share_beyond(where, error, 2.0)
    scores = found.columns["food_raw_score"].drop_nulls().cast(pl.Int64)
    np.testing.assert_allclose(found.columns["food_severe"].drop_nulls(), expected[scores])
    assert "Severities of items were given, not fitted." in found.words
    assert "equated" not in found.words
    assert found.tables["items"]["infit"].null_count() == 8
    assert found.tables["items"]["is_common"].null_count() == 8
    linked = derive(food(scale="global", severities=tuple(STANDARD)), survey)
    np.testing.assert_allclose(linked.tables["items"]["from_global"], 0, atol=1e-12)


def test_the_universe_bounds_the_scale_and_the_columns(survey):
    women = (Condition(column="sex", among=(2,)),)
    found = derive(food(scale="global", universe=women), survey)
    alone = derive(food(scale="global"), survey.filter(pl.col("sex") == 2))
    own = found.columns.filter(survey["sex"] == 2)
    np.testing.assert_allclose(
        own["food_severe"].drop_nulls(), alone.columns["food_severe"].drop_nulls(), atol=1e-12
    )
    assert (
        found.columns.filter(survey["sex"] == 1)["food_raw_score"].null_count()
        == (survey["sex"] == 1).sum()
    )


def test_a_scale_that_does_not_exist_is_the_analysts_to_choose_again():
    answers = np.zeros((6, 8), int)
    answers[:, 0] = 1
    answers[3:, 1] = 1
    with pytest.raises(
        MethodError, match=r"the scale of food insecurity has \d problems"
    ) as caught:
        derive(food(scale="global"), frame_of(answers))
    assert "WORRIED: found a yes of all 6" in str(caught.value)


def test_a_scale_too_far_from_the_global_one_is_refused():
    recipe = food(scale="global", severities=tuple(STANDARD[::-1]))
    frame = frame_of(np.eye(8, dtype=int))
    with pytest.raises(
        MethodError, match=r"equating to FAO's global scale has \d problems"
    ) as caught:
        derive(recipe, frame)
    assert "logits from the standard, expected at most 0.35, or 4 such items at most" in str(
        caught.value
    )


def test_unknown_codes_and_negative_weights_are_named_at_once():
    answers = np.zeros((3, 8), int)
    answers[0, 0], answers[1, 5] = 5, 7
    with pytest.raises(InputError) as caught:
        derive(food(weight="w"), frame_of(answers, w=[1.0, -1.0, 1.0]))
    assert [problem.where for problem in caught.value.problems] == ["RUNOUT", "WORRIED", "w"]


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({"severities": (1.0,), "scale": "global"}, ("severities",)),
        ({"severities": tuple(range(8))}, ("severities",)),
        ({"thresholds": (0.0, 1.0)}, ("thresholds",)),
        ({"scale": "thresholds"}, ("thresholds",)),
        ({"scale": "thresholds", "thresholds": (1.0, 0.0)}, ("thresholds",)),
        ({"scale": "thresholds", "thresholds": (1.0,)}, ("thresholds",)),
        ({"least_common": 1}, ("least_common",)),
        ({"tolerance": 0.0}, ("tolerance",)),
    ],
)
def test_contradictions_are_refused(options, where):
    with pytest.raises(Faults) as caught:
        food(**options)
    assert [path for path, _, _ in caught.value.faults] == [where]
