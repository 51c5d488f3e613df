import pytest

from everycount.model.indicator import Indicator, wording
from everycount.model.strict import Faults


def indicator(**given):
    return Indicator(**{"key": "1", "code": "1", "title": {"en": "Seats"}, **given})


def test_indicator_with_everything_said():
    made = indicator(
        title={"en": "Seats", "pt-BR": "Assentos"},
        worst=0.0,
        best=(47.0, 53.0),
        target=50.0,
        disaggregations=("sex", "age"),
        combined=(("sex", "age"),),
    )
    assert made.best == (47.0, 53.0)


@pytest.mark.parametrize(("worst", "best"), [("max", "min"), ("min", "max"), (90.0, 0.0)])
def test_indicator_takes_numbers_min_and_max_as_goalposts(worst, best):
    assert indicator(worst=worst, best=best).worst == worst


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"key": ""}, "key: found '', expected a name without spaces around it"),
        ({"key": "1\u200b"}, r"key: found '1\u200b', expected a name without invisible"),
        ({"code": " 1"}, "code: found ' 1'"),
        ({"title": {}}, "title: found nothing, expected a title in at least one language"),
        ({"title": {"english": "Seats"}}, "title.english: found the language 'english'"),
        ({"title": {"en": " "}}, "title.en: found nothing, expected words"),
        ({"best": float("inf")}, "best: found inf, expected a finite number"),
        ({"worst": float("nan")}, "worst: found nan, expected a finite number"),
        ({"best": (53.0, 47.0)}, "best: found [53, 47], expected an interval, the lower end first"),
        ({"worst": 50.0, "best": (47.0, 53.0)}, "worst: found 50, expected a value outside best"),
        ({"worst": "min", "best": "min"}, "best: found min, the same as worst"),
        ({"worst": 5.0, "best": 5.0}, "best: found 5.0, the same as worst"),
        ({"target": float("inf")}, "target: found inf"),
        ({"repeats": "1"}, "repeats: found the indicator itself"),
        ({"disaggregations": ("sex", "sex")}, "expected each characteristic once"),
        ({"disaggregations": ("",)}, "disaggregations: found ['']"),
        ({"combined": (("sex",),)}, "combined.0: found ['sex'], expected two different"),
        ({"combined": (("sex", ""),)}, "combined.0: found ['sex', '']"),
    ],
)
def test_indicator_refuses(given, fault):
    with pytest.raises(Faults) as error:
        indicator(**given)
    assert fault in str(error.value)


def test_indicator_names_every_fault():
    with pytest.raises(Faults) as error:
        indicator(key="", title={}, target=float("nan"))
    assert [path for path, *_ in error.value.faults] == [("key",), ("title",), ("target",)]


def test_wording_falls_back():
    assert wording({"en": "Poverty", "vi": "Nghèo"}, "fr") == "Poverty"
