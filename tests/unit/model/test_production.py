from dataclasses import replace

import pytest

from everycount.model.production import GSBPM, Check, ProductionChecklist
from everycount.model.sheet import Publication
from everycount.model.strict import Faults

ASKED = Check(
    id="proxy", question="Who answers?", why="It matters.", how="Look.", stage="2.3", source=("un",)
)
LIST = ProductionChecklist(
    id="gender",
    title="Gender",
    description="Questions",
    items=(ASKED,),
    sources=(Publication(key="un", title="t", publisher="p", year=2016),),
)


def places(error):
    return [path for path, _, _ in error.value.faults]


def test_the_stage_is_said_in_words():
    assert ASKED.stage_words == "GSBPM 2.3, design collection"
    assert [name for code, name in GSBPM.items() if "." not in code] == [
        *("Specify needs", "Design", "Build", "Collect"),
        *("Process", "Analyse", "Disseminate", "Evaluate"),
    ]


def test_a_question_has_words_and_a_stage():
    with pytest.raises(Faults) as caught:
        Check(id="Proxy!", question=" ", why="", how="", stage="9.1")
    assert places(caught) == [("question",), ("why",), ("how",), ("id",), ("stage",)]


def test_questions_stand_once_and_cite_what_is_listed():
    with pytest.raises(Faults) as caught:
        replace(LIST, id="Gender list", items=(ASKED, replace(ASKED, source=("un", "who"))))
    assert places(caught) == [("id",), ("items", 1, "id"), ("items", 1, "source")]
    with pytest.raises(Faults) as caught:
        replace(LIST, items=(), sources=())
    assert places(caught) == [("items",)]
