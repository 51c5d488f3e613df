"""Find what a text numbers within it: (1), 1°, 1., a), a/, (a), (i), at any depth."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from everycount.policy.heads import JUMP
from everycount.policy.numerals import WORDS, arabic, is_roman

MARK: Final = re.compile(
    r"(?:^[ \t\n]*|\n[ \t]*|[.;:–—,-][ \t\n]+(?:and |or |et |ou |y |o |và )?"
    r"|\b(?:and|or|et|ou|và)[ \t\n]+|(?<=\d\.) |(?<=[\])*…]) )"
    r"(?P<label>\((?P<paren>\d{1,3}|[a-zđ]|[ivxl]{1,6})\)"
    r"|(?P<degree>\d{1,2})[°º]"
    r"|(?P<dot>\d{1,2})\.(?=[ \t\n][^\W\d_])"
    r"|(?P<half>\d{1,2}|[a-zđ]|[ivxl]{1,6})[)/])"
    r"(?=\s|\()",
)
"""A number or letter at the beginning of a line, or behind what ends the item before."""
ENDED: Final = re.compile(
    r"(?:\A|\n|[.;:–—\])*…])\s*(?:(?:and|or|et|ou|y|o|và|hoặc)\s+)?\Z", re.IGNORECASE
)
"""How what stands before an item ends: at a line or with the end of the item before."""
REMOVED: Final = re.compile(
    r"(?:\b(?:repealed|omitted|deleted|revoked|abrogée?s?|supprimée?s?|derogad[oa]s?|suprimid[oa]s?"
    r"|bãi bỏ)|\*(?:\s?\*){2,}|\.(?:\s?\.){2,}|…)[\s.;,)\]]*\Z",
    re.IGNORECASE,
)
"""A note that something was taken out, in the four languages, directly before an item."""
REFERRING: Final = re.compile(
    r"(?:(?<![.;:,])\s(?:and|or|et|ou|y|o|và|hoặc)"
    r"|\b(?:of|in|under|by|to|with|from|the|this|see|per|than|as|de|du|des|la|le|à|par|au|aux"
    r"|en|del|al|el|con|của|tại|theo|các)"
    r"|\b(?:(?:sub-?)?(?:paragraph|clause|section|article|item|point|part|schedule)s?"
    r"|paragraphes?|alinéas?|apartados?|párrafos?|incisos?|literal(?:es)?|numeral(?:es)?"
    r"|artículos?|puntos?|khoản|điểm|mục|điều)(?:\s\d{1,3}[A-Z]?)?"
    r"|\(\w{1,6}\),?(?:\s(?:and|or|et|ou|y|o|và|hoặc))?)\s*\Z",
    re.IGNORECASE,
)
"""How a line ends before a number that is only mentioned, where the line happens to break."""
MENTIONED: Final = re.compile(
    r"\s*(?:\(\w{1,6}\)\s*)*(?:(?:of|and|or|above|below|et|ou|ci-dessus|ci-dessous|y|o|anterior"
    r"|của|và|hoặc|trên)\b|(?:to|à)\s*\("
    r"|(?:du|de|del|de la|de l[’'])\s*(?:pr[ée]sente?|alinéa|article|artículo|apartado|p[aá]r))",
    re.IGNORECASE,
)
"""How a text goes on behind a number that is only mentioned."""
NEAR: Final = 80
"""Characters before and behind a number that are looked at."""
FAR: Final = 100
"""Places behind a gap at which what it leaves out is looked for, so that long lists stay fast."""
LETTERS: Final = "abcdđeghiklmnopqrstuvxy"
"""The Vietnamese order, which has đ and leaves out f, j, w and z."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something that may begin an item."""

    label: str
    style: str
    """Shape and kind of number, which are the same in all items of a sequence."""
    value: int
    start: int
    end: int
    before: str
    """What stands before it, as far as that is looked at."""
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A numbered piece of a text."""

    label: str
    code: str
    """Its number or letter, without brackets."""
    depth: int
    start: int
    begin: int
    """Where its words begin, behind the label."""
    own_end: int
    """Where they end: at the first item within it, or at the next one."""
    items: tuple["Item", ...] = ()


def items_of(text: str, start: int, end: int) -> tuple[Item, ...]:
    r"""Return the items of a piece of text, outermost first, each with those in it.

    A sequence begins with 1, a or i, and goes on by one; what does not is a reference. It may
    leave out up to three, as of items that were repealed, where the next one begins a line, or
    follows a note that something was taken out, and those left out do not come later.

    Parameters
    ----------
    text : str
        The running text.
    start, end : int
        The piece.

    Returns
    -------
    tuple of Item

    Examples
    --------
    >>> found = items_of("It is: (1) to see: (a) wide; (b) far, as (3) says; (2) to hear.", 0, 63)
    >>> [(item.label, [each.label for each in item.items]) for item in found]
    [('(1)', ['(a)', '(b)']), ('(2)', [])]
    >>> [item.code for item in items_of("(a) one;\n(c) three;\n(d) four.", 0, 29)]
    ['a', 'c', 'd']
    """
    return _nested(_kept(list(_marks(text, start, end))), end, 0)


def _marks(text: str, start: int, end: int) -> Iterator[tuple[Mark, ...]]:
    """Yield each place that may begin an item, with the ways in which it may be read."""
    for match in MARK.finditer(text[start:end]):
        shape = next(name for name in ("paren", "degree", "dot", "half") if match[name] is not None)
        at, stop = start + match.start("label"), start + match.end("label")
        before = text[max(start, at - NEAR) : at]
        after = text[stop : min(end, stop + NEAR)]
        yield tuple(
            Mark(label=match["label"], style=f"{shape} {kind}", value=value,
                 start=at, end=stop, before=before, after=after)
            for kind, value in _readings(match[shape])
        )  # fmt: skip


def _readings(code: str) -> Iterator[tuple[str, int]]:
    """Yield how a number or letter may be read: i is a letter, and 1."""
    if code.isdigit():
        yield "figures", int(code)
        return
    if len(code) == 1:
        if code != "đ":
            yield "letters", ord(code) - ord("a") + 1
        if code in LETTERS:
            yield "chữ", LETTERS.index(code) + 1
    if is_roman(code):
        yield "roman", arabic(code)


def _kept(places: Sequence[tuple[Mark, ...]]) -> list[tuple[int, Mark]]:
    """Return the marks that go on a sequence or begin one, each with its depth."""
    open_: list[Mark] = []
    found: list[tuple[int, Mark]] = []
    for at, readings in enumerate(places):
        chosen = _going_on(readings, open_) or _anew(readings, open_, places[at + 1 : at + FAR])
        if chosen is None:
            continue
        depth, mark = chosen
        open_[depth:] = [mark]
        found.append((depth, mark))
    return found


def _going_on(readings: Sequence[Mark], open_: Sequence[Mark]) -> tuple[int, Mark] | None:
    """Return the mark as the next of the innermost sequence that it goes on."""
    for depth in reversed(range(len(open_))):
        for mark in readings:
            if _step(open_[depth], mark) == 1:
                return depth, mark
    return None


def _anew(
    readings: Sequence[Mark], open_: Sequence[Mark], later: Sequence[tuple[Mark, ...]]
) -> tuple[int, Mark] | None:
    """Return the mark as the first of a sequence or as one behind a gap."""
    first, skipping = _beginning(readings, open_), _skipping(readings, open_, later)
    if first is None or skipping is None:
        return first or skipping
    # An i behind g is the letter if j comes next, and the number if ii does.
    steps = ((_step(skipping[1], mark), _step(first[1], mark)) for each in later for mark in each)
    is_letter = next((step[0] == 1 for step in steps if 1 in step), False)
    return skipping if is_letter else first


def _skipping(
    readings: Sequence[Mark], open_: Sequence[Mark], later: Sequence[tuple[Mark, ...]]
) -> tuple[int, Mark] | None:
    """Return the mark as one of the innermost sequence that it goes on after a gap."""
    for depth in reversed(range(len(open_))):
        for mark in readings:
            is_near = 1 < _step(open_[depth], mark) <= JUMP + 1
            if is_near and _is_apart(mark) and not _comes_later(mark, open_[: depth + 1], later):
                return depth, mark
    return None


def _step(last: Mark, mark: Mark) -> int:
    """Return by how much a mark goes on a sequence; 0 if it is of another one."""
    # The letters before đ are as many in both orders.
    is_vietnamese = mark.label.strip("()/") == "đ" and mark.style == _as_vietnamese(last)
    return mark.value - last.value if mark.style == last.style or is_vietnamese else 0


def _is_apart(mark: Mark) -> bool:
    """Tell whether a mark stands where an item does behind a gap, and no reference."""
    if REMOVED.search(mark.before):
        return True
    line = mark.before.rpartition("\n")
    if not line[1] or line[2].strip():
        return False
    words = mark.before.split()
    # Laws write numbers twice: three (3) months.
    is_said = bool(words) and WORDS.get(words[-1].lower()) == mark.value
    is_mentioned = REFERRING.search(mark.before) or MENTIONED.match(mark.after)
    return not is_said and not is_mentioned


def _comes_later(mark: Mark, open_: Sequence[Mark], later: Sequence[tuple[Mark, ...]]) -> bool:
    """Tell whether what a mark leaves out stands behind it, in the same sequence."""
    *outer, last = open_
    for readings in later:
        ended = [each for each in readings if ENDED.search(each.before)]
        same = [each.value for each in ended if each.style == mark.style]
        if any(last.value < value < mark.value for value in same):
            return True
        if 1 in same or _going_on(ended, outer):
            return False
    return False


def _as_vietnamese(mark: Mark) -> str:
    """Return the style of a letter read in the Vietnamese order."""
    return mark.style.replace("letters", "chữ")


def _beginning(readings: Sequence[Mark], open_: Sequence[Mark]) -> tuple[int, Mark] | None:
    """Return the mark as the first of a new sequence within the innermost."""
    for mark in readings:
        if mark.value == 1 and all(mark.style != each.style for each in open_):
            return len(open_), mark
    return None


def _nested(marks: Sequence[tuple[int, Mark]], end: int, depth: int) -> tuple[Item, ...]:
    """Return items with those within them."""
    own = [at for at, (level, _) in enumerate(marks) if level == depth]
    found = []
    for k, at in enumerate(own):
        until = own[k + 1] if k + 1 < len(own) else len(marks)
        stop = marks[until][1].start if until < len(marks) else end
        mark, inside = marks[at][1], marks[at + 1 : until]
        found.append(
            Item(
                label=mark.label,
                code=mark.label.strip("().°º/ "),
                depth=depth,
                start=mark.start,
                begin=mark.end,
                own_end=inside[0][1].start if inside else stop,
                items=_nested(inside, stop, depth + 1),
            )
        )
    return tuple(found)
