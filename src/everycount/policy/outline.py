"""Find the outline of a strategy: Roman sections, objectives, and targets under them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from everycount.policy.heads import Head, Level, head_of, in_sequence, is_mention

BULLET: Final = r"^[ \t]*(?:[-–—•+*▪·][ \t]*)?(?:(?:\d{1,2}|[a-zđ])[.)/][ \t]*)?"
"""What may stand before the name: a dash, or a letter of the list that the objectives are."""
NUMBER: Final = r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,2}|[IVX]{1,5}\b|[A-H]\b)"
REST: Final = r"(?P<rest>[^\n]*)$"
PILLARS: Final = r"(?:strategic[ ])?(?:goal|pillar|priority(?:[ ]area)?)|axe(?:[ ]stratégique)?|eje"
OBJECTIVES: Final = (
    r"(?:(?:strategic|specific|general)[ ])?(?:objective|outcome)"
    r"|objectif(?:[ ](?:stratégique|spécifique|général))?"
    r"|objetivo(?:[ ](?:estratégico|específico|general))?"
    r"|mục[ ]tiêu(?:[ ](?:cụ[ ]thể|chiến[ ]lược))?"
)
TARGETS: Final = r"(?:sub-?)?target|criteri(?:on|a)|cible|meta|chỉ[ ]tiêu"
"""Names that strategies in the four languages give them. Translations from Vietnamese say
criterion for what others call a target."""
ROMAN: Final = re.compile(
    rf"^[ \t]*(?P<label>(?P<number>[IVX]{{1,5}}))[.)][ \t]+{REST}", re.MULTILINE
)
TITLE: Final = 120
"""Characters of the title of a Roman section, at most."""


def _pattern(words: str) -> re.Pattern[str]:
    """Return the expression for lines that begin with one of these names and a number."""
    return re.compile(
        rf"{BULLET}(?P<label>(?:{words})[ \t]+(?:n[°ºo]\.?[ \t]*)?{NUMBER}){REST}",
        re.IGNORECASE | re.MULTILINE,
    )


LINES: Final[tuple[tuple[Level, re.Pattern[str]], ...]] = (
    ("section", _pattern(PILLARS)),
    ("objective", _pattern(OBJECTIVES)),
    ("target", _pattern(TARGETS)),
)
UNNUMBERED: Final = re.compile(
    rf"{BULLET}(?P<label>(?:{TARGETS})s?)[ \t]*(?P<rest>:[^\n]*)$", re.IGNORECASE | re.MULTILINE
)


def find_outline(text: str) -> list[Head]:
    r"""Return the lines that begin an objective or a target, in the order of the text.

    Parameters
    ----------
    text : str
        The running text.

    Returns
    -------
    list of Head
        Empty unless there are two objectives, or one with a target. Goals and pillars are the
        objectives where nothing else is called so, and else sections above them.

    Examples
    --------
    >>> text = "Objective 1: Work\n+ Target 1: 40% by 2005\nas Objective 1 of the plan says"
    >>> [(head.level, head.label) for head in find_outline(text)]
    [('objective', 'Objective 1'), ('target', 'Target 1')]
    """
    found = {level: _titled(pattern, level, text) for level, pattern in LINES}
    if not found["objective"]:
        found["objective"] = [replace(head, level="objective") for head in found["section"]]
        found["section"] = []
    objectives = in_sequence(found["objective"])
    found["target"] += _unnumbered(text, objectives)
    if not objectives or len(objectives) + len(found["target"]) < 2:
        return []
    return sorted((head for heads in found.values() for head in heads), key=lambda one: one.start)


def _titled(pattern: re.Pattern[str], level: Level, text: str) -> list[Head]:
    """Return lines that begin with a name and a number, mentions left out."""
    return [
        head_of(match, level, code=match["number"], is_bare=level == "target")
        for match in pattern.finditer(text)
        if not is_mention(match["rest"])
    ]


def _unnumbered(text: str, objectives: Sequence[Head]) -> list[Head]:
    """Return targets without a number, counted within their objective."""
    found: list[Head] = []
    counts: dict[int, int] = {}
    for match in UNNUMBERED.finditer(text):
        above = sum(head.start < match.start() for head in objectives)
        if above:
            counts[above] = number = counts.get(above, 0) + 1
            found.append(
                Head(
                    level="target",
                    label=match["label"],
                    code=str(number),
                    number=number,
                    start=match.start(),
                    end=match.end(),
                    rest=match["rest"],
                    rest_at=match.start("rest"),
                    is_bare=True,
                )
            )
    return found


def find_roman(text: str) -> list[Head]:
    r"""Return the titled sections of an outline that counts in Roman numbers.

    Parameters
    ----------
    text : str
        The running text.

    Returns
    -------
    list of Head
        Empty unless they begin with I, and are two or have a title in capitals.

    Examples
    --------
    >>> [(head.code, head.rest) for head in find_roman("I. Aims\n1. Work\nII. Means")]
    [('I', 'Aims'), ('II', 'Means')]
    """
    heads = in_sequence(
        [
            head_of(match, "section", code=match["number"].upper())
            for match in ROMAN.finditer(text)
            if len(match["rest"]) <= TITLE
        ]
    )
    if not heads or heads[0].number != 1 or (len(heads) < 2 and not heads[0].rest.isupper()):
        return []
    return heads
