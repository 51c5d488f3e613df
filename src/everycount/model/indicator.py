"""An indicator of a framework: what is measured, in what unit, and which way is better."""

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from everycount.model.strict import STRICT, Faults, Path

IDS = frozenset({"id", "key", "issue", "framework", "from_key", "to_key"})
"""Fields by which things are found. Names of people may hold a joiner (Persian, Hindi); these not:
two ids that look alike would be two things."""
HIDDEN = frozenset({"Cf", "Cc"})
"""Categories of characters without a shape: zero-width spaces, marks of direction, controls.
Unicode Standard, section 4.5."""
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # BCP 47: en, vi, pt-BR
Stage = Literal["input", "process", "output", "outcome"]
Kind = Literal["quantitative", "qualitative"]
Goalpost = float | Literal["min", "max"]
Interval = tuple[float, float]
Fault = tuple[Path, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One indicator of one framework version: `key` identifies it, `code` is only printed.

    Examples
    --------
    >>> seats = Indicator(key="5d", code="5d", title={"en": "Seats in parliament"}, best=(47, 53))
    >>> seats.best
    (47, 53)
    """

    __pydantic_config__ = STRICT

    key: str
    """Name within this framework, used once. Links, data and methods cite it."""
    code: str
    """Label as the publisher prints it. It may stand twice: one published index prints 8d twice."""
    title: dict[str, str]
    """Title by language code, such as en or vi."""
    group: str = ""
    """Code of the group the indicator belongs to; empty in a framework without groups."""
    unit: str = ""
    """Unit of measurement; empty when the publisher does not say."""
    kind: Kind = "quantitative"
    """quantitative, or qualitative for laws, policies and other facts that are not counted."""
    stage: Stage | None = None
    """Place in the results chain: input, process, output or outcome."""
    tier: str = ""
    """How far the method is agreed and figures exist, in the publisher's words."""
    repeats: str = ""
    """Key of the indicator that this one prints again under another group; it counts once."""
    target: float | None = None
    """Value to be reached, in the unit of the indicator, when the framework states one."""
    worst: Goalpost | None = None
    """Worst value: a number, or min or max of the data. With `best` it gives the direction."""
    best: Goalpost | Interval | None = None
    """Best value: a number, min or max of the data, or an interval such as [47, 53]."""
    disaggregations: tuple[str, ...] = ()
    """Characteristics the figures are expected by, each alone: ["sex", "age"]."""
    combined: tuple[tuple[str, ...], ...] = ()
    """Characteristics expected together: [["sex", "age"]] is sex by age."""
    source: str = ""
    """Where the definition or the wording stands, when not in the framework's own source."""
    note: str = ""
    """What a reader must know, such as a reading that the publisher never confirmed."""

    def __post_init__(self) -> None:
        """Refuse an indicator that contradicts itself, with every fault."""
        faults = [
            *name_faults(key=self.key, code=self.code),
            *title_faults(self.title),
            *_goalpost_faults(self.worst, self.best),
            *_disaggregation_faults(self.disaggregations, self.combined),
        ]
        if self.target is not None and not math.isfinite(self.target):
            faults.append((("target",), str(self.target), "a finite number"))
        if self.repeats and self.repeats == self.key:
            faults.append((("repeats",), "the indicator itself", "the key of another"))
        if faults:
            raise Faults(faults)


def wording(title: Mapping[str, str], language: str = "en") -> str:
    """Return the title in `language`, else in English, else in the first language there is.

    Examples
    --------
    >>> wording({"en": "Poverty", "vi": "Nghèo"}, "vi"), wording({"vi": "Nghèo"}, "fr")
    ('Nghèo', 'Nghèo')
    """
    return title.get(language) or title.get("en") or next(iter(title.values()))


def name_faults(**names: str) -> Iterator[Fault]:
    """Yield the names that are empty or stand in spaces, and ids with letters nobody sees."""
    for field, name in names.items():
        if not name or name != name.strip():
            yield (field,), repr(name), "a name without spaces around it"
        elif field in IDS and not name.isprintable() and _hides(name):
            yield (field,), ascii(name), "a name without invisible characters"


def _hides(name: str) -> bool:
    """Tell whether a name has a character without a shape."""
    return any(unicodedata.category(letter) in HIDDEN for letter in name)


def title_faults(title: Mapping[str, str]) -> Iterator[Fault]:
    """Yield what is wrong with a title by language."""
    if not title:
        yield ("title",), "nothing", "a title in at least one language, such as title.en"
    for language, words in title.items():
        if not LANGUAGE.fullmatch(language):
            yield ("title", language), f"the language {language!r}", "a code such as en or vi"
        if not words.strip():
            yield ("title", language), "nothing", "words"


def _goalpost_faults(worst: Goalpost | None, best: Goalpost | Interval | None) -> Iterator[Fault]:
    """Yield why two goalposts give no direction."""
    ends = best if isinstance(best, tuple) else (best,)
    for name, post in (("worst", worst), *(("best", end) for end in ends)):
        if isinstance(post, int | float) and not math.isfinite(post):
            yield (name,), str(post), "a finite number"
    if isinstance(best, tuple):
        low, high = best
        if not low < high:
            yield ("best",), f"[{low:g}, {high:g}]", "an interval, the lower end first"
        elif isinstance(worst, int | float) and low <= worst <= high:
            yield ("worst",), f"{worst:g}", f"a value outside best, [{low:g}, {high:g}]"
    elif worst is not None and worst == best:
        yield ("best",), f"{best}, the same as worst", "another value"


def _disaggregation_faults(
    single: tuple[str, ...], combined: tuple[tuple[str, ...], ...]
) -> Iterator[Fault]:
    """Yield characteristics that are empty, repeated or combined with nothing."""
    if "" in single or len(set(single)) < len(single):
        yield ("disaggregations",), str(list(single)), "each characteristic once"
    for position, names in enumerate(combined):
        if "" in names or len(set(names)) < max(len(names), 2):
            yield ("combined", position), str(list(names)), "two different characteristics or more"
