"""What follows a review: ratings of indicators by users and producers, and a dated, costed plan."""

from dataclasses import dataclass
from typing import Literal, get_args

from everycount.model.dates import EXPECTED, is_date
from everycount.model.indicator import Fault, name_faults
from everycount.model.letters import person_faults
from everycount.model.strict import STRICT, Faults

Side = Literal["user", "producer"]
SIDES: tuple[Side, ...] = get_args(Side)
CRITERIA: dict[Side, tuple[str, ...]] = {
    "user": ("demand",),
    "producer": ("feasibility", "cost"),
}
"""Users say how much a figure is wanted; producers how well it can be made, and how dear it is."""
LOWEST, HIGHEST = 1, 5
StepState = Literal["planned", "under way", "done", "dropped"]
STEP_STATES: tuple[StepState, ...] = get_args(StepState)
PHASES = (
    "specify needs",
    "design",
    "build",
    "collect",
    "process",
    "analyse",
    "disseminate",
    "evaluate",
)
"""GSBPM 5.1 (UNECE 2019): the phases of statistical production."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What one participant gives an indicator on one criterion."""

    __pydantic_config__ = STRICT

    framework: str
    """Framework version as id@version."""
    key: str
    """Key of the indicator."""
    by: str
    """Who rates."""
    side: Side
    """user or producer."""
    criterion: str
    """demand for users; feasibility or cost for producers."""
    mark: int
    """1 (low) to 5 (high). A high mark for cost is a dear figure."""

    def __post_init__(self) -> None:
        """Refuse marks outside of the scale, and criteria that the side does not judge."""
        faults: list[Fault] = list(name_faults(framework=self.framework, key=self.key, by=self.by))
        faults += person_faults(by=self.by)
        if self.side not in SIDES:
            faults.append((("side",), repr(self.side), f"one of {', '.join(SIDES)}"))
        elif self.criterion not in CRITERIA[self.side]:
            expected = f"for a {self.side} one of {', '.join(CRITERIA[self.side])}"
            faults.append((("criterion",), repr(self.criterion), expected))
        if not LOWEST <= self.mark <= HIGHEST:
            faults.append((("mark",), str(self.mark), f"a number from {LOWEST} to {HIGHEST}"))
        if faults:
            raise Faults(faults)

    @property
    def subject(self) -> tuple[str, str, str, str]:
        """What is rated by whom; it can be rated so only once."""
        return (self.framework, self.key, self.by, self.criterion)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One step towards the figures of an indicator."""

    __pydantic_config__ = STRICT

    id: str
    """Name within the plan, used once; a spreadsheet that comes back is joined by it."""
    framework: str
    """Framework version as id@version."""
    key: str
    """Key of the indicator."""
    step: str
    """What is to be done."""
    phase: str = "specify needs"
    """Phase of statistical production (GSBPM)."""
    source: str = ""
    """Code of the source it is done with."""
    responsible: str = ""
    """Who does it."""
    start: str = ""
    """Date it begins: 2027, 2027-03 or 2027-03-01."""
    due: str = ""
    """Date it is to be done by."""
    cost: float | None = None
    """What it costs, in `currency`."""
    currency: str = ""
    """ISO 4217 code, such as VND."""
    state: StepState = "planned"
    """planned, under way, done or dropped."""
    note: str = ""
    """What a reader must know."""

    def __post_init__(self) -> None:
        """Refuse a step without name, with dates that are none or turned, or a cost below 0."""
        faults: list[Fault] = list(
            name_faults(id=self.id, framework=self.framework, key=self.key, step=self.step)
        )
        for name in ("start", "due"):
            date = getattr(self, name)
            if date and not is_date(date):
                faults.append(((name,), repr(date), EXPECTED))
        if self.start and self.due and self.due < self.start[: len(self.due)]:
            faults.append((("due",), self.due, f"a date not before the start, {self.start}"))
        if self.phase not in PHASES:
            faults.append((("phase",), repr(self.phase), f"one of {', '.join(PHASES)}"))
        if self.state not in STEP_STATES:
            faults.append((("state",), repr(self.state), f"one of {', '.join(STEP_STATES)}"))
        if self.cost is not None and not 0 <= self.cost < float("inf"):
            faults.append((("cost",), f"{self.cost:g}", "a number from 0"))
        if self.cost is not None and not self.currency:
            faults.append((("currency",), "nothing", "the currency of the cost, such as VND"))
        if faults:
            raise Faults(faults)
