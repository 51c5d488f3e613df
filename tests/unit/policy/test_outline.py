import pytest

from everycount.policy.outline import find_outline, find_roman


def shape(text):
    return [(head.level, head.code) for head in find_outline(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Objective 1: Work\nTarget 1: 40 %\nTarget 2: 50 %\nObjective 2: School\nTarget 1: 95 %",
        "- Objective 1: Work\n+ Target 1: 40 %\n+ Target 2: 50 %\nb) Objective 2\n• Target 1: 95 %",
        "Objectif 1 : Emploi\nCible 1 : 40 %\nCible 2 : 50 %\nObjectif 2 : École\nCible 1 : 95 %",
        "Objetivo 1. Empleo\nMeta 1. 40 %\nMeta 2. 50 %\nObjetivo 2. Escuela\nMeta 1. 95 %",
        "Mục tiêu 1: Việc\nChỉ tiêu 1: 40%\nChỉ tiêu 2: 50%\nMục tiêu 2: Học\nChỉ tiêu 1: 95%",
        "Goal 1: Work\nTarget 1: 40 %\nTarget 2: 50 %\nGoal 2: School\nTarget 1: 95 %",
        "Objective 1: Work\nTargets: 40 %\nTarget: 50 %\nObjective 2: School\nCriteria: 95 %",
    ],
)
def test_find_outline_of_objectives_and_targets(text):
    assert shape(text) == [
        ("objective", "1"),
        ("target", "1"),
        ("target", "2"),
        ("objective", "2"),
        ("target", "1"),
    ]


def test_find_outline_of_pillars_above_objectives():
    text = "Pillar 1: Voice\nObjective 1.1: Seats\nTarget 1.1.1: 30 %\nTarget 1.1.2: 35 %"

    assert shape(text) == [
        ("section", "1"),
        ("objective", "1.1"),
        ("target", "1.1.1"),
        ("target", "1.1.2"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The plan has aims.\nObjective 3 of the plan is met.",
        "Objective 1: Work",
        "Target: 5 %\nTarget: 6 %",
        "Article 1\nArticle 2",
    ],
)
def test_find_outline_of_what_is_no_strategy_is_empty(text):
    assert find_outline(text) == []


def test_find_outline_leaves_out_a_target_before_any_objective():
    text = "Target: all\nObjective 1: Work\nObjective 2: School\nTarget: 5 %"

    assert shape(text) == [("objective", "1"), ("objective", "2"), ("target", "1")]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("I. Aims\n1. Work\nII. Means\nIII) Money", ["I", "II", "III"]),
        ("I. OBJECTIVES\n1. Work", ["I"]),
        ("I. Smith said", []),
        ("II. Aims\nIII. Means", []),
        (f"I. {'A long sentence goes on. ' * 9}\nII. Means", []),
        ("nothing", []),
    ],
)
def test_find_roman_sections(text, codes):
    assert [head.code for head in find_roman(text)] == codes
