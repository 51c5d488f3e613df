"""What an audit varied, and the questions that a person answers, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from everycount.index.assumptions import VaryFigures, VaryWeights
from everycount_hub.portal.indices.spoken import Spoken, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One way to make a choice."""

    name: Text
    shift: str
    """How far it alone moves ranks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Varied:
    """One choice that was varied."""

    name: Text
    kind: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A question with what a person answered."""

    question: str
    answer: str
    note: Text


def varied_of(spoken: Spoken) -> list[Varied]:
    """Return every choice that was varied, with what it does alone."""
    choices = spoken.index.audit_table("choices", "mean_shift")
    shifts: dict[tuple[str, str], float] = {
        (row["assumption"], row["option"]): row["mean_shift"]
        for row in choices.drop_nulls("mean_shift").iter_rows(named=True)
    }
    made = []
    for each in spoken.index.verdict["assumptions"]:
        names = each["options"] or [option for name, option in shifts if name == each["name"]]
        options = tuple(
            Option(
                name=spoken.given(option), shift=_shift(spoken, shifts.get((each["name"], option)))
            )
            for option in names
        )
        made.append(
            Varied(name=spoken.given(each["name"]), kind=_kind(spoken, each), options=options)
        )
    return made


def _shift(spoken: Spoken, places: float | None) -> str:
    if not places:
        return ""
    return _("alone moves ranks by {places} places on average").format(
        places=spoken.words.number(places)
    )


def _kind(spoken: Spoken, fact: Mapping[str, str]) -> str:
    """Return what kind of choice it is; drawn numbers with their limits."""
    plan = spoken.index.result.methodology.audit.assumptions
    own = next((each for each in plan if each.name == fact["name"]), None)
    if isinstance(own, VaryWeights) and own.spread is not None:
        low, high = (spoken.words.significant(1 + sign * own.spread) for sign in (-1, 1))
        return _("Weights: each times a number from {low} to {high}").format(low=low, high=high)
    if isinstance(own, VaryFigures):
        return _("Figures: each with an error drawn from its standard error")
    return {
        "step": _("A step of the method, done in other ways"),
        "groups": _("How parts are combined"),
        "goalposts": _("Worst and best figures"),
        "weights": _("Weights drawn anew"),
        "leave_one_out": _("Indicators: each left out in turn"),
        "figures": _("Figures: each with an error"),
    }[fact["vary"]]


def answers_of(spoken: Spoken) -> list[Answer]:
    """Return the questions to a person with their answers; never who answered."""
    questions = {
        "purpose": _("Is it written down what the index is for, and for whom?"),
        "concept": _("Is what is measured defined, with a framework behind it and its source?"),
        "users": _("Were experts and those concerned asked about framework and indicators?"),
        "groups": _("Does each group stand for one part of the concept, and does nothing overlap?"),
        "criteria": _("Are there criteria for choosing indicators, and are the rejected listed?"),
        "direction": _("Is it agreed for every indicator which way is better?"),
        "quality": _("Are the sources, years and limits of the figures published?"),
        "missing": _("Is it published what was missing and what was done about it?"),
        "scale": _("Do the scale and the goalposts follow from the purpose of the index?"),
        "weights": _("Is it explained what the weights stand for, and who set them?"),
        "trade": _("Is it wanted that a low score can be made good by a high one?"),
        "links": _("Was the index compared with others that measure the like?"),
        "words": _("Do those who publish it say what it does not measure?"),
    }
    answers = {
        "yes": _("Yes"),
        "partly": _("Partly"),
        "no": _("No"),
        "not applicable": _("Does not apply"),
    }
    return [
        Answer(
            question=questions.get(each["question"], each["words"]),
            answer=answers.get(each["answer"], _("Nobody has answered yet")),
            note=spoken.given(each["note"]),
        )
        for each in spoken.index.verdict["checklist"]
    ]
