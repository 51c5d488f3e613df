from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import polars as pl
import pytest

from everycount.errors import InputError, MethodError
from everycount.model.microdata import Column
from everycount.survey.acts import AnyAct
from everycount.survey.attendance import Attendance, SchoolLevel
from everycount.survey.derivation import derive_rows
from everycount.survey.derived import Answers, Tally
from everycount.survey.food_insecurity import GLOBAL_SCALE, FoodInsecurity
from everycount.survey.public_services import PublicService
from everycount.survey.recipes import derive
from everycount.survey.school_age import SchoolAge

FOOD = ("WORRIED", "HEALTHY", "FEWFOOD", "SKIPPED", "ATELESS", "RUNOUT", "HUNGRY", "WHLDAY")
ACTS = AnyAct(recipe="any-act", name="violence", acts=("slapped", "kicked"))


@dataclass
class Held:
    """Microdata that are held in memory."""

    frame: pl.DataFrame
    declared: dict[str, Column] = field(default_factory=dict)
    name: str = "women.sav"
    asked: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.frame.height

    @property
    def columns(self) -> dict[str, Column]:
        plain = {name: Column(name=name, kind="number") for name in self.frame.columns}
        return plain | self.declared

    def batches(self, columns, *, rows=250_000) -> Iterator[pl.DataFrame]:
        self.asked.append(tuple(columns))
        for start in range(0, self.rows, rows):
            yield self.frame.select(columns)[start : start + rows]


def made(recipes, source, *, cells=10):
    kept: list[pl.DataFrame] = []
    found = derive_rows(recipes, source, kept.append, cells=cells)
    return found, kept


def people(rows=400):
    """Return a file that every recipe can read, its answers on a Rasch scale."""
    rng = np.random.default_rng(5)
    severity = np.array(list(GLOBAL_SCALE.values()))
    chance = 1 / (1 + np.exp(severity - rng.normal(-0.5, 1.8, rows)[:, None]))
    answers = (rng.random((rows, 8)) < chance).astype(int)
    answers[::40, 3] = 98
    columns = {name: answers[:, at] for at, name in enumerate(FOOD)}
    columns["slapped"] = rng.choice([1, 0, 8], rows)
    columns["kicked"] = rng.choice([1, 2, 9], rows)
    columns["attends"] = rng.choice([1, 2, 9], rows, p=[0.6, 0.3, 0.1])
    columns["level"] = rng.choice([1, 98], rows, p=[0.9, 0.1])
    columns["grade"] = rng.integers(1, 8, rows)
    columns["birth_year"] = rng.choice([2010, 2012, 9999], rows)
    columns["birth_month"] = rng.integers(1, 13, rows)
    columns["age"] = rng.integers(5, 12, rows)
    columns["year"], columns["month"] = np.full(rows, 2020), np.full(rows, 3)
    columns["access"] = rng.choice([0, 3, 8], rows)
    columns["overall"] = rng.choice([1, 2, 9], rows)
    columns["used"] = rng.choice([1, 2, 9], rows)
    columns["needed"] = rng.choice([1, 2], rows)
    return pl.DataFrame(columns)


RECIPES = (
    ACTS,
    Attendance(
        recipe="attendance",
        attending="attends",
        level="level",
        grade="grade",
        levels=(SchoolLevel(name="primary", codes=(1,), grades=5),),
        entrance_age=6,
        age=SchoolAge(
            birth_year="birth_year",
            birth_month="birth_month",
            completed="age",
            start_month=9,
            interview_year="year",
            interview_month="month",
        ),
    ),
    FoodInsecurity(recipe="food-insecurity"),
    FoodInsecurity(
        recipe="food-insecurity", scale="global", severities=tuple(GLOBAL_SCALE.values())
    ),
    PublicService(
        recipe="public-service",
        service="health",
        attributes={"access": "access"},
        overall="overall",
        used="used",
        needed="needed",
    ),
)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.recipe)
def test_batches_make_what_the_whole_makes(recipe):
    frame = people()
    whole = derive(recipe, frame)
    (found,), kept = made([recipe], Held(frame), cells=7 * frame.width)
    assert len(kept) == 58
    together = pl.concat(kept)
    assert together.select(frame.columns).equals(frame)
    assert together.select(whole.columns.columns).equals(whole.columns)
    assert found.words == whole.words
    assert found.excluded == whole.excluded
    assert found.outcomes == whole.outcomes
    assert found.columns.schema == whole.columns.schema
    assert found.columns.is_empty()
    assert {name: table.equals(whole.tables[name]) for name, table in found.tables.items()} == (
        dict.fromkeys(whole.tables, True)
    )


def test_a_scale_is_fitted_to_all_rows():
    frame = people()
    scale = FoodInsecurity(recipe="food-insecurity", scale="global", tolerance=1.0)
    whole = derive(scale, frame)
    source = Held(frame)
    (_, found), kept = made([ACTS, scale], source, cells=7 * frame.width)
    together = pl.concat(kept)
    assert together.select(whole.columns.columns).equals(whole.columns)
    assert together.columns == [*frame.columns, "violence", *whole.columns.columns]
    assert found.words == whole.words
    assert found.tables["items"].equals(whole.tables["items"])
    assert source.asked == [FOOD, tuple(frame.columns)]


def test_a_tally_goes_on_where_it_stopped():
    tally = Tally()
    derive(ACTS, pl.DataFrame({"slapped": [1, 8], "kicked": [2, 2]}), tally=tally)
    found = derive(ACTS, pl.DataFrame({"slapped": [0], "kicked": [9]}), tally=tally)
    assert found.columns["violence"].to_list() == [None]
    assert found.words.endswith("2 of 3 rows of the universe are not known.")
    assert found.excluded[0].rows == 2


def test_codes_that_the_file_declares_missing_become_empty():
    declared = {
        "slapped": Column(name="slapped", kind="number", missing=(7,)),
        "age": Column(name="age", kind="number", missing_ranges=((90, 99),)),
    }
    frame = pl.DataFrame({"slapped": [7, 0], "kicked": [1, 0], "age": [98, 30]})
    _, (kept,) = made([ACTS], Held(frame, declared))
    assert kept.to_dict(as_series=False) == {
        "slapped": [None, 0],
        "kicked": [1, 0],
        "age": [None, 30],
        "violence": [1, 0],
    }


def test_every_column_that_lacks_is_named_the_weight_too():
    scale = FoodInsecurity(recipe="food-insecurity", weight="wt")
    frame = people().drop("kicked", "HUNGRY")
    with pytest.raises(InputError) as caught:
        made([ACTS, scale], Held(frame))
    assert [(each.where, each.found) for each in caught.value.problems] == [
        ("recipe 1 (any-act), kicked", "no column of this name"),
        ("recipe 2 (food-insecurity), HUNGRY", "no column of this name"),
        ("recipe 2 (food-insecurity), wt", "no column of this name"),
    ]
    assert caught.value.subject == "women.sav"


def test_every_fault_of_every_batch_and_recipe_is_listed_and_nothing_kept():
    frame = people(30).with_columns(
        pl.when(pl.int_range(30) % 10 == 9).then(5).otherwise("kicked").alias("kicked")
    )
    frame = frame.with_columns(pl.lit(4).alias("WORRIED"))
    scale = FoodInsecurity(recipe="food-insecurity", scale="global")
    kept: list[pl.DataFrame] = []
    with pytest.raises(InputError) as caught:
        derive_rows([ACTS, scale], Held(frame), kept.append, cells=15 * frame.width)
    assert [str(each) for each in caught.value.problems] == [
        "recipe 1 (any-act), kicked: found code 5 in 3 rows, "
        "expected one of 1, 2, 0, 8, 9 or an empty cell",
        "recipe 2 (food-insecurity), WORRIED: found code 4 in 30 rows, "
        "expected one of 1, 0, 98, 99 or an empty cell",
    ]
    assert kept == []


def test_a_fault_in_a_later_batch_keeps_no_more():
    frame = pl.DataFrame({"slapped": [1, 1, 3, 1], "kicked": [1, 1, 1, 1]})
    kept: list[pl.DataFrame] = []
    with pytest.raises(InputError, match="found code 3 in 1 row"):
        derive_rows([ACTS], Held(frame), kept.append, cells=2)
    assert [rows["slapped"].item() for rows in kept] == [1, 1]


def test_a_scale_that_does_not_exist_is_the_methods_fault():
    frame = people(40).with_columns(pl.lit(1).alias("WORRIED"))
    scale = FoodInsecurity(recipe="food-insecurity", scale="global")
    with pytest.raises(MethodError) as caught:
        made([ACTS, scale], Held(frame))
    assert caught.value.problems[0].where == "recipe 2 (food-insecurity), WORRIED"


def test_columns_that_would_stand_twice_are_listed():
    again = AnyAct(recipe="any-act", name="slapped", acts=("kicked",))
    frame = pl.DataFrame({"slapped": [1], "kicked": [0]})
    with pytest.raises(InputError) as caught:
        made([ACTS, again, ACTS], Held(frame))
    assert [str(each) for each in caught.value.problems] == [
        "recipe 2 (any-act): found a new column slapped, which women.sav has already, "
        "expected each name once",
        "recipe 3 (any-act): found a new column violence, which recipe 1 (any-act) has already, "
        "expected each name once",
    ]


def test_codes_of_a_column_may_be_texts():
    recipe = AnyAct(
        recipe="any-act", name="hit", acts=("hit_by",), answers=Answers(yes=("yes",), no=("no",))
    )
    _, kept = made([recipe], Held(pl.DataFrame({"hit_by": ["yes", "no", None]})), cells=2)
    assert pl.concat(kept)["hit"].to_list() == [1, 0, None]
