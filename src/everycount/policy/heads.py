"""Find the lines that begin numbered passages: parts, chapters, articles, objectives, targets."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Final, Literal, get_args

from everycount.policy.numerals import SPELLED, number_of

Level = Literal["part", "chapter", "section", "article", "objective", "target"]
"""What a line begins, from the outermost."""
LEVELS: Final[tuple[Level, ...]] = get_args(Level)

NAMED: Final[tuple[tuple[Level, str], ...]] = (
    ("part", "part|partie|parte|phần|title|titre|título|titulo|livre|libro"),
    ("chapter", "chapter|chapitre|capítulo|capitulo|chương"),
    ("section", "sub-?section|section|sección|seccion|mục"),
    ("article", r"article|art\.|artículo|articulo|điều"),
)
HEAD: Final = re.compile(
    r"^[ \t]*(?:\w{1,8} \| [\w.]* ?)?(?P<label>(?:"
    + "|".join(f"(?P<{level}>{words})" for level, words in NAMED)
    + rf")[ \t]+(?:n[°ºo]\.?[ \t]*)?(?P<number>(?:{SPELLED})\b|\d{{1,3}}(?:[A-Z]{{1,2}}\b)?"
    r"|[IVXLC]{1,7}\b|[A-H]\b))(?P<rest>[^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)
"""A line that begins a passage by its name and number."""
LEADING: Final = re.compile(
    r"(?:,|\b(?:of|in|under|by|to|with|from|and|or|the|this|see|per"
    r"|de|du|des|la|le|à|par|et|ou|en|del|al|y|o|con|của|tại|theo|và|các))\n\Z",
    re.IGNORECASE,
)
"""How the line ends before one that only mentions an article, where a line happens to break."""
LONGEST: Final = 8
"""Letters before a line in which these words are looked for."""
GAP: Final = 40
"""Letters before a line in which the end of a sentence is looked for."""
BELOW: Final = 120
"""Letters of the title of a chapter that stands before its first article, at most."""
ENDED: Final = re.compile(r"(?:\A|[.;!?”»\"]|[^:\s][ \t]*\n(?=[ \t]*\n))\s*\Z")
"""What stands before a line that is no part of a sentence: the end of one, or an empty line. A
colon, as before what a law puts in place of another, is no end."""
REPEATED: Final = ("bis", "ter", "quater")
"""What stands behind numbers that were put in later."""
COPY: Final = re.compile(
    r"^(?:\w{1,8}) \| (?P<label>(?P<number>\d{1,3}[A-Z]{0,2}))[ \t]+(?P<rest>[^\n]*)$",
    re.MULTILINE,
)
"""A line of a structured copy of a law: an identifier, a bar, number and heading."""
ALONE: Final = re.compile(
    r"^[ \t]*(?P<label>(?P<number>\d{1,3}[A-Z]{0,2}))\.(?P<rest>(?:[ \t–—-]+|(?=\())[^\n]*)$",
    re.MULTILINE,
)
"""A line that begins a section of a law by its number alone."""
JUMP: Final = 3
"""Numbers that a sequence may leave out, as of articles that were repealed."""
SHORT: Final = 40
"""Characters that the articles of a table of contents have, at most, beside their headings."""

BEGINNING: Final = 8
"""Letters by which a heading is known again: lines may break elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A line that may begin a passage."""

    level: Level
    label: str
    code: str
    """The number in figures, or as an outline writes it, such as 2, 12A, 1.3 or IV."""
    number: int
    suffix: str = ""
    start: int
    end: int
    rest: str
    """What stands on the line behind the number."""
    rest_at: int
    """Where that begins."""
    is_bare: bool = False
    """Whether it has no name, so that what follows is the text."""
    is_apart: bool = False
    """Whether no sentence goes on from the line before."""

    @property
    def form(self) -> tuple[str, str]:
        """Return how it is written: its name, and the sign behind its number."""
        name = re.sub(r"\W*\w+\W*\Z", "", self.label)
        sign = self.rest.strip()[:1]
        return name, "a" if sign.isalnum() else sign

    @property
    def title(self) -> str:
        """Return what stands on the line, without the signs around it."""
        return self.rest.strip(" \t.:–—-")


def head_of(
    match: re.Match[str], level: Level, *, code: str | None = None, is_bare: bool = False
) -> Head:
    """Return what a line begins.

    Parameters
    ----------
    match : Match
        With the groups `label`, `number` and `rest`.
    level : Level
        What it begins.
    code : str, optional
        Left out: the number in figures.
    is_bare : bool
        Whether it has no name, so that what follows is the text.

    Returns
    -------
    Head
    """
    number, suffix = number_of(match["number"])
    return Head(
        level=level,
        label=" ".join(match["label"].split()),
        code=code or f"{number}{suffix}",
        number=number,
        suffix=suffix,
        start=match.start(),
        end=match.end(),
        rest=match["rest"],
        rest_at=match.start("rest"),
        is_bare=is_bare,
        is_apart=bool(ENDED.search(match.string[max(match.start() - GAP, 0) : match.start()])),
    )


def find_named(text: str) -> list[Head]:
    r"""Return the lines that begin a part, chapter, section or article by its name, in order.

    Parameters
    ----------
    text : str
        The running text.

    Returns
    -------
    list of Head
        References in the text that stand at the beginning of a line among them. Sections count
        as articles where there are none.

    Examples
    --------
    >>> [(head.level, head.code) for head in find_named("Part II\nSection 3. Aim\nSection 4. Use")]
    [('part', '2'), ('article', '3'), ('article', '4')]
    """
    named = [
        head_of(match, _level(match))
        for match in HEAD.finditer(text)
        if not is_mention(match["rest"])
        and not LEADING.search(text[max(match.start() - LONGEST, 0) : match.start()])
    ]
    if sum(head.level == "article" for head in named) >= 2:
        return named
    outer = [head for head in named if head.level != "article"]
    copies = [head_of(match, "article") for match in COPY.finditer(text)]
    alone = [head_of(match, "article", is_bare=True) for match in ALONE.finditer(text)]
    sections = [replace(head, level="article") for head in outer if head.level == "section"]
    # A decree of one article may approve a whole strategy.
    single = [head for head in named if head.level == "article"]
    several = (each for each in (copies, alone, sections) if len(in_sequence(each)) > 1)
    articles = next(several, single or alone)
    if articles is sections:
        outer = [head for head in outer if head.level != "section"]
    return sorted([*outer, *articles], key=lambda head: head.start)


def is_mention(rest: str) -> bool:
    """Tell whether a line goes on behind its number as one that mentions an article does.

    Parameters
    ----------
    rest : str
        What stands behind the number.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_mention(" of the law"), is_mention("; and"), is_mention(": Aims"), is_mention("")
    (True, True, False, False)
    """
    own = rest.strip()
    return own[:1] in tuple(",;)") or (own[:1].islower() and not own.startswith(REPEATED))


def _level(match: re.Match[str]) -> Level:
    return next(level for level, _ in NAMED if match[level])


def in_sequence(heads: Sequence[Head]) -> list[Head]:
    """Return the heads whose numbers follow those before; others are references in the text.

    Parameters
    ----------
    heads : sequence of Head
        In the order of the text.

    Returns
    -------
    list of Head
        With those out of order that are written as most of the others are.
    """
    usual = _usual_forms(_sequence(heads, {}))
    return _sequence(heads, usual)


def _usual_forms(heads: Sequence[Head]) -> dict[Level, tuple[str, str]]:
    """Return how most heads of a level are written, where most are written in one way."""
    found: dict[Level, tuple[str, str]] = {}
    for level in LEVELS:
        forms = Counter(head.form for head in heads if head.level == level)
        if forms:
            form, times = forms.most_common(1)[0]
            found |= {level: form} if 2 * times > forms.total() else {}
    return found


def _sequence(heads: Sequence[Head], usual: Mapping[Level, tuple[str, str]]) -> list[Head]:
    """Return the heads that go on a sequence, or stand apart in the form that is usual."""
    last: dict[Level, Head] = {}
    used: dict[Level, dict[str, str]] = {}
    found: list[Head] = []
    for head in heads:
        titles = used.setdefault(head.level, {})
        before = last.get(head.level)
        is_next = _follows(head, before) and (head.code not in titles or head.code == "1")
        is_usual = before is not None and usual.get(head.level) == head.form
        # The title of a chapter before its first article has no full stop.
        is_below = bool(found) and LEVELS.index(found[-1].level) < LEVELS.index(head.level)
        is_near = is_below and head.start - found[-1].end <= BELOW
        if not is_next and not (is_usual and _is_heading(head, titles, is_near=is_near)):
            continue
        if head.code == "1" and "1" in titles:
            titles.clear()
        found.append(head)
        last[head.level] = head
        titles[head.code] = head.title
        for level in LEVELS[LEVELS.index(head.level) + 1 :]:
            # Articles are numbered through a law, whatever chapter they are in.
            if level != "article":
                last.pop(level, None)
                used.pop(level, None)
    return found


def _follows(head: Head, before: Head | None) -> bool:
    """Tell whether a head goes on a sequence or begins one."""
    if before is None:
        return head.number <= 2 or head.level == "article"
    step = head.number - before.number
    if step == 0:
        return head.suffix > before.suffix
    if 1 <= step <= JUMP + 1 or (head.number == 1 and not head.suffix):
        return True
    # What stands alone on its line, or has a colon or dash behind, is no reference.
    is_heading = head.rest.strip()[:1] in tuple(" .:–—-") or not head.rest.strip()
    return step > 0 and is_heading and not head.is_bare


def _is_heading(head: Head, titles: Mapping[str, str], *, is_near: bool) -> bool:
    """Tell whether a line out of order is a heading: it stands apart, with a title or alone.

    A number that was there before is one again only over another title.
    """
    if head.is_bare or head.title[:1].islower():
        return False
    if head.code in titles:
        return head.is_apart and head.title not in ("", titles[head.code])
    return head.is_apart or is_near


def without_contents(heads: Sequence[Head]) -> list[Head]:
    """Return heads without those of a table of contents: a first run of articles without text.

    Parameters
    ----------
    heads : sequence of Head
        In the order of the text.

    Returns
    -------
    list of Head
    """
    articles = in_sequence([head for head in heads if head.level == "article"])
    firsts = [at for at, head in enumerate(articles) if head.code == "1"]
    for at in firsts[1:]:
        run, body = articles[:at], articles[at:]
        sizes = [below.start - above.end for above, below in pairwise(run)]
        if sizes and median(sizes) <= SHORT and _say_the_same(run, body):
            # The chapter of the first article stands before it.
            return [head for head in heads if head.start >= run[-1].end]
    return list(heads)


def _say_the_same(contents: Sequence[Head], body: Sequence[Head]) -> bool:
    """Tell whether most articles of a table of contents begin as those behind it do."""
    pairs = list(zip(contents, body, strict=False))
    same = sum(_beginning(one) == _beginning(other) for one, other in pairs)
    return 2 * same > len(contents)


def _beginning(head: Head) -> str:
    """Return the first letters of a heading."""
    return "".join(filter(str.isalpha, head.rest.lower()))[:BEGINNING]
