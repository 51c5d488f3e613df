import io
from importlib.resources import files

import pytest

from everycount.errors import InputError, NotFound
from everycount.io.frameworks import find_framework
from everycount.io.sheets import read_checklist, read_sheet, shipped_sheets
from everycount.survey.recipes import RECIPES, recipe_inputs

# What seed areas the sheets answer: the hardest ones of the technical meeting of March 2019.
AREAS = {
    "violence-against-older-women": "violence against older women",
    "violence-against-children": "violence against children",
    "food-security": "food security",
    "public-services": "access to and satisfaction with public services",
    "gender-environment": "gender and the environment",
    "school-attendance": "school attendance rates",
}
TOPICS = {
    *("respondent-selection", "proxy-answers", "interviewer-sex", "interviewer-training"),
    *("age-cut-offs", "language", "presence-of-others", "headship", "time-use"),
    *("response-categories", "sex-and-gender", "sample-allocation", "weights", "dissemination"),
}


def shipped_text(name):
    return (files("everycount") / "sheets" / f"{name}.toml").read_text(encoding="utf-8")


def test_every_hard_area_has_a_sheet():
    assert set(shipped_sheets()) == set(AREAS)
    assert list(shipped_sheets()) == sorted(shipped_sheets())


@pytest.mark.parametrize("name", AREAS)
def test_a_shipped_sheet_is_complete(name):
    sheet = read_sheet(name)
    assert (sheet.id, sheet.area) == (name, AREAS[name])
    assert len(sheet.ethics) >= 3
    assert len(sheet.limits) >= 5
    assert len(sheet.better) >= 3
    assert sheet.universe.conditions
    assert {each.soundness for each in sheet.disaggregations} >= {
        "sound",
        "with_care",
        "unsound",
    } or (name == "gender-environment")
    assert any(limit.kind == "proxy" for limit in sheet.limits) or name.endswith("older-women")
    texts = [sheet.question, sheet.respondent, sheet.weight, sheet.universe.words]
    texts += [each.words for each in (*sheet.ethics, *sheet.limits, *sheet.better)]
    texts += [each.definition for each in sheet.outcomes]
    texts += [each.why for each in sheet.disaggregations]
    for text in texts:
        assert text.strip() == text
        assert text[0].isupper()
        assert text.endswith((".", "?")), text


@pytest.mark.parametrize("name", AREAS)
def test_codes_of_a_shipped_sheet_are_of_the_global_framework(name):
    known = {indicator.code for indicator in find_framework("sdg-global@2023").indicators}
    cited = {code for outcome in read_sheet(name).outcomes for code in outcome.sdg}
    assert cited
    assert cited <= known


@pytest.mark.parametrize("name", AREAS)
def test_the_recipe_of_a_shipped_sheet_is_one_and_asks_for_the_same(name):
    recipe = read_sheet(name).recipe
    if recipe is None:
        assert name == "gender-environment"  # nothing is settled there
        return
    assert recipe.name in RECIPES
    assert recipe.inputs == tuple(each.name for each in recipe_inputs(recipe.name))


def test_every_recipe_has_a_sheet():
    used = {recipe.name for name in AREAS if (recipe := read_sheet(name).recipe)}
    assert used == set(RECIPES)


def test_the_violence_sheets_ask_for_safety_first():
    for name in ("violence-against-older-women", "violence-against-children"):
        sheet = read_sheet(name)
        words = " ".join(each.words for each in sheet.ethics).lower()
        for must in ("private", "household", "train", "law"):
            assert must in words or (must == "train" and name.endswith("children"))
        assert "underreporting" in {limit.kind for limit in sheet.limits}
        assert "weight" in sheet.weight
    older = read_sheet("violence-against-older-women")
    assert "age_ceiling" in {limit.kind for limit in older.limits}


def test_the_shipped_checklist_covers_what_it_should_in_the_order_of_production():
    checklist = read_checklist()
    assert {each.id for each in checklist.items} >= TOPICS
    stages = [tuple(map(int, each.stage.split("."))) for each in checklist.items]
    assert stages == sorted(stages)
    assert {stage[0] for stage in stages} == set(range(1, 9))
    assert all(each.question.endswith("?") for each in checklist.items)


def test_a_sheet_and_a_checklist_of_ones_own(tmp_path, monkeypatch):
    place = tmp_path / "mine.toml"
    place.write_text(shipped_text("food-security").replace('id = "food-security"', 'id = "mine"'))
    assert read_sheet(place).id == "mine"
    bare = tmp_path / "mine"
    bare.write_text(place.read_text())
    assert read_sheet(str(bare)).id == "mine"
    own = tmp_path / "checklist.toml"
    own.write_text(shipped_text("checklist"))
    assert read_checklist(own) == read_checklist()

    class Stdin:
        buffer = io.BytesIO(place.read_bytes())

    monkeypatch.setattr("sys.stdin", Stdin)
    assert read_sheet("-").id == "mine"
    Stdin.buffer = io.BytesIO(own.read_bytes())
    assert read_checklist("-").id == "gender-perspective"


def test_a_name_nearly_right():
    with pytest.raises(NotFound, match="no method sheet 'food-secure'; shipped: food-security"):
        read_sheet("food-secure")
    with pytest.raises(NotFound, match="shipped: food-security, gender-environment, public"):
        read_sheet("zzz")
    with pytest.raises(NotFound, match=r"there is no file mine.toml"):
        read_sheet("mine.toml")


def test_a_recipe_that_there_is_none_of_is_refused(tmp_path):
    place = tmp_path / "mine.toml"
    text = shipped_text("school-attendance")
    place.write_text(text.replace('name = "attendance"', 'name = "attendence"'))
    with pytest.raises(InputError, match=r"name: found 'attendence'.*nearest is attendance"):
        read_sheet(place)
    place.write_text(text.replace('"ever", "level", "grade"', '"ever", "class", "form"'))
    with pytest.raises(InputError) as caught:
        read_sheet(place)
    assert [problem.found for problem in caught.value.problems] == ["'class'", "'form'"]
    assert "inputs of attendance: attending, ever, level, grade, age" in str(caught.value)


def test_all_faults_of_a_sheet_are_found_with_their_lines(tmp_path):
    place = tmp_path / "mine.toml"
    text = shipped_text("public-services")
    text = text.replace('kind = "recall"', 'kind = "memory"').replace(
        'sdg = ["16.6.2"]', 'sdg = ["16,6,2"]', 1
    )
    place.write_text(text + "colour = 1\n")
    with pytest.raises(InputError) as caught:
        read_sheet(place)
    said = str(caught.value)
    assert said.startswith("mine.toml has 2 problems")
    assert "kind: found 'memory', expected one of" in said
    assert "colour: found a key that is not known" in said
    place.write_text(text.replace('kind = "memory"', 'kind = "recall"'))
    with pytest.raises(
        InputError, match=r"outcome 1 \(name Positive attributes\), sdg: found '16,6"
    ):
        read_sheet(place)
