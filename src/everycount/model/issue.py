"""What a clause of a policy asks for: an issue for action, its targets, and who decided on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from everycount.model.dates import EXPECTED, is_date
from everycount.model.indicator import Fault, name_faults
from everycount.model.letters import named
from everycount.model.strict import STRICT, Faults
from everycount.model.vocabulary import DIMENSIONS, Dimension

Status = Literal["proposed", "accepted", "rejected"]
STATUSES: tuple[Status, ...] = get_args(Status)
Comparator = Literal[
    "equal to", "at least", "more than", "at most", "less than", "about", "between", "change by"
]
COMPARATORS: tuple[Comparator, ...] = get_args(Comparator)
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Years that a target of a policy may name; beyond them it is a slip."""
LARGEST = 1e15
"""Size up to which a value of a target is one. Larger figures are slips: a policy that counts money
names millions or billions as the unit."""
Grade = Literal[0, 1, 2, 3, 4]
GRADES: dict[int, str] = {
    0: "not mentioned",
    1: "mentioned",
    2: "explained",
    3: "action named",
    4: "monitoring intended",
}
"""EquiFrame's marks for how far a policy goes with a concept (Amin et al. 2011, SINTEF manual)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Words of a clause that a proposal rests on."""

    __pydantic_config__ = STRICT

    passage: str
    """Number of the passage."""
    start: int
    """Offset of the first character, in the text of the passage; in the heading with `heading`."""
    end: int
    """Offset behind the last character."""
    words: str
    """What stands there."""
    part: Literal["text", "heading"] = "text"
    """Whether the words stand in the text of the passage or in its heading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decided on a proposal."""

    __pydantic_config__ = STRICT

    status: Status = "proposed"
    """proposed until somebody decides; then accepted or rejected."""
    by: str = ""
    """Who decided."""
    on: str = ""
    """Date of the decision, such as 2026-11-22."""
    why: str = ""
    """On what ground."""

    def __post_init__(self) -> None:
        """Refuse a decision without somebody who took it."""
        faults: list[Fault] = []
        if self.status not in STATUSES:
            faults.append((("status",), repr(self.status), f"one of {', '.join(STATUSES)}"))
        if self.status != "proposed" and not named(self.by):
            faults.append((("by",), "nobody", "who decided"))
        if self.on and not is_date(self.on):
            faults.append((("on",), repr(self.on), EXPECTED))
        if faults:
            raise Faults(faults)

    @property
    def is_accepted(self) -> bool:
        """Tell whether a person accepted it."""
        return self.status == "accepted"


UNDECIDED = Decision()
"""A proposal that nobody has decided on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A target group or core concept that an issue is tied to."""

    __pydantic_config__ = STRICT

    code: str
    """Its code in the vocabulary."""
    grade: Grade = 0
    """For a concept how far the clause goes: 1 mentioned, 2 explained, 3 action, 4 monitored."""
    causes: tuple[Cause, ...] = ()
    """Words that tell so; none where a person added it."""

    def __post_init__(self) -> None:
        """Refuse a tag without code, or a grade that there is none of."""
        faults: list[Fault] = list(name_faults(code=self.code))
        if self.grade not in GRADES:
            expected = f"a grade from {min(GRADES)} to {max(GRADES)}"
            faults.append((("grade",), str(self.grade), expected))
        if faults:
            raise Faults(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A value to be reached by a year. Slots that the clause leaves open are None or empty."""

    __pydantic_config__ = STRICT

    id: str
    """Name within the review, used once."""
    words: Cause
    """The words that state it."""
    measure: str = ""
    """What is measured, in the words of the clause."""
    comparator: Comparator = "equal to"
    """How the figure must stand to the value."""
    value: float | None = None
    """Value to be reached; the lower end with `between`; a difference with `change by`."""
    upper: float | None = None
    """Upper end with `between`."""
    unit: str = ""
    """Unit of the value, such as %, per 100,000 or times."""
    year: int | None = None
    """Year by which it is to be reached."""
    baseline: float | None = None
    """Value it starts from."""
    baseline_year: int | None = None
    """Year of the baseline."""
    numerator: str = ""
    """What is counted. A reading to be confirmed: translations of one target disagree on it."""
    denominator: str = ""
    """Out of what it is counted. A reading to be confirmed, like the numerator."""
    decision: Decision = UNDECIDED
    """Whether a person confirmed these readings."""

    def __post_init__(self) -> None:
        """Refuse a target without name, with values that are none, or ends that are turned."""
        faults: list[Fault] = list(name_faults(id=self.id))
        for name in ("value", "upper", "baseline"):
            number = getattr(self, name)
            if number is not None and not abs(number) <= LARGEST:
                expected = f"a number up to {LARGEST:g}; millions or billions belong to the unit"
                faults.append(((name,), f"{number:g}", expected))
        for name in ("year", "baseline_year"):
            year = getattr(self, name)
            if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
                faults.append(((name,), str(year), f"a year from {FIRST_YEAR} to {LAST_YEAR}"))
        if self.comparator not in COMPARATORS:
            expected = f"one of {', '.join(COMPARATORS)}"
            faults.append((("comparator",), repr(self.comparator), expected))
        if (self.comparator == "between") != (self.upper is not None):
            found = "none" if self.upper is None else f"{self.upper:g} with {self.comparator!r}"
            faults.append((("upper",), found, "an upper end with 'between', and only then"))
        elif self.value is not None and self.upper is not None and self.value >= self.upper:
            faults.append((("upper",), f"{self.upper:g}", f"a number above {self.value:g}"))
        if faults:
            raise Faults(faults)

    @property
    def open_slots(self) -> tuple[str, ...]:
        """Return which of value, unit, year, baseline and denominator the clause leaves open."""
        slots = {
            "value": self.value is None,
            "unit": not self.unit,
            "year": self.year is None,
            "baseline": self.baseline is None,
            "baseline year": self.baseline is not None and self.baseline_year is None,
            "denominator": self.unit == "%" and not self.denominator,
        }
        return tuple(name for name, is_open in slots.items() if is_open)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An issue for action: what a clause wants done, by whom, for whom, and how one would see it.

    Raises
    ------
    Faults
        If it has no id or action, a tag stands twice, or breakdowns are empty: all at once.
    """

    __pydantic_config__ = STRICT

    id: str
    """Name within the review, used once; it stays when the document is read again."""
    passage: str
    """Number of the clause; empty when the clause is no longer in the document."""
    action: str
    """What is to be done, in the words of the clause or of the reviewer."""
    clause: str = ""
    """The words of the clause when the issue was made; decisions follow them."""
    bodies: tuple[str, ...] = ()
    """Who is to do it, as the clause names them."""
    groups: tuple[Tag, ...] = ()
    """Target groups."""
    concepts: tuple[Tag, ...] = ()
    """Core concepts, with grades."""
    dimension: Dimension | None = None
    """social, economic, environmental or institutional."""
    reference_population: str = ""
    """Whole of which the target groups are a part, such as employed persons aged 15 and over."""
    targets: tuple[Target, ...] = ()
    """Values to be reached."""
    breakdowns: tuple[tuple[str, ...], ...] = ()
    """Disaggregations needed: [["sex"], ["sex", "urbanisation"]] is sex, and sex by area."""
    frequency: str = ""
    """How often figures are needed, such as every year; empty when nobody has said."""
    area_level: str = ""
    """Smallest areas that figures are needed for, such as province."""
    causes: tuple[Cause, ...] = ()
    """Words that make the clause an issue; none where a person added it."""
    decision: Decision = UNDECIDED
    """What was decided on the issue as a whole."""
    stale: str = ""
    """Why a person should look at it again, such as a clause that changed; empty if nothing is."""

    def __post_init__(self) -> None:
        """Refuse an issue that says nothing or says it twice."""
        faults: list[Fault] = list(name_faults(id=self.id, action=self.action))
        faults += _repeated("groups", [tag.code for tag in self.groups])
        faults += _repeated("concepts", [tag.code for tag in self.concepts])
        faults += _repeated("targets", [target.id for target in self.targets])
        if self.dimension is not None and self.dimension not in DIMENSIONS:
            expected = f"one of {', '.join(DIMENSIONS)}"
            faults.append((("dimension",), repr(self.dimension), expected))
        for position, names in enumerate(self.breakdowns):
            if not names or "" in names or len(set(names)) < len(names):
                expected = "different characteristics, one or more"
                found = repr(" x ".join(names))
                faults.append((("breakdowns", position), found, expected))
        if faults:
            raise Faults(faults)


def _repeated(table: str, names: list[str]) -> Iterator[Fault]:
    """Yield names that stand a second time."""
    for position, name in enumerate(names):
        if name in names[:position]:
            yield (table, position), f"{name!r} again", "each once"
