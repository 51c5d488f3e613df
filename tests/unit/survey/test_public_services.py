import polars as pl
import pytest

from everycount.errors import InputError
from everycount.model.strict import Faults
from everycount.survey.derived import Answers
from everycount.survey.public_services import PublicService
from everycount.survey.recipes import derive

# Of six adults four needed care, three of them used it; one used it without need.
ADULTS = pl.DataFrame(
    {
        "need": [1, 1, 1, 1, 2, 2],
        "use": [1, 1, 1, 2, 1, 2],
        "near": [3, 2, 1, None, 0, None],
        "cheap": [0, 8, 2, None, 2, None],
        "overall": [3, 0, 2, None, 9, None],
    }
)


def service(**options):
    options = {
        "service": "health",
        "attributes": {"access": "near", "affordability": "cheap"},
        "overall": "overall",
    } | options
    return PublicService(recipe="public-service", **options)


def test_users_judge_each_attribute_and_the_whole():
    found = derive(service(used="use"), ADULTS)
    assert found.columns.to_dict(as_series=False) == {
        "health_access": [1, 1, 0, None, 0, None],
        "health_affordability": [0, None, 1, None, 1, None],
        "health_satisfied": [1, 0, 1, None, None, None],
    }
    assert {each.subject: each.rows for each in found.excluded} == {
        "health_affordability": 1,
        "health_satisfied": 1,
    }
    assert "4 of 6 rows" in found.words
    assert "mean of the 2 shares" in found.words


def test_need_tells_whom_the_service_reached():
    found = derive(service(used="use", needed="need"), ADULTS)
    assert found.columns["health_reached"].to_list() == [1, 1, 1, 0, None, None]
    assert [each.name for each in found.outcomes] == found.columns.columns
    labels = {each.name: (each.label, each.indicator) for each in found.outcomes}
    assert labels["health_reached"][0] == "Used the service among those who needed it, health"
    assert labels["health_satisfied"][1] == "16.6.2"
    assert labels["health_access"] == ("Last experience: access, health", "")


def test_without_use_all_who_answer_count_as_users():
    found = derive(service(weight="w"), ADULTS)
    assert found.columns["health_satisfied"].to_list() == [1, 0, 1, None, None, None]
    assert "all 6 rows, taken as users" in found.words
    assert {each.weight for each in found.outcomes} == {"w"}


def test_use_that_is_not_known_is_counted():
    adults = ADULTS.with_columns(use=pl.Series([1, 9, 1, 2, 1, 2]))
    found = derive(service(used="use", needed="need"), adults)
    assert found.columns["health_reached"].to_list() == [1, None, 1, 0, None, None]
    reasons = {(each.subject, each.reason): each.rows for each in found.excluded}
    assert reasons["health_reached", "use not known"] == 1


def test_unknown_codes_are_refused_with_all_columns():
    with pytest.raises(InputError) as caught:
        derive(service(positive=Answers(yes=(3,), no=(0,), missing=(8, 9))), ADULTS)
    where = {problem.where for problem in caught.value.problems}
    assert where == {"near", "cheap", "overall"}


def test_contradictions_are_refused():
    with pytest.raises(Faults) as caught:
        service(service="health care", attributes={"not a word": "near"}, needed="need")
    assert [path for path, _, _ in caught.value.faults] == [
        ("service",),
        ("attributes", "not a word"),
        ("needed",),
    ]
    with pytest.raises(Faults, match="five of them"):
        service(attributes={})
