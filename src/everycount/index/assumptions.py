"""The assumptions an audit varies: choices of a method that someone else might make otherwise."""

from dataclasses import dataclass
from typing import Literal

from everycount.index.nodes import Group, Method, Post
from everycount.index.steps import Step
from everycount.model.strict import STRICT, Faults, Path

Fault = tuple[Path, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOption:
    """One way to do a step."""

    __pydantic_config__ = STRICT

    name: str
    """What tables and reports call it, such as `min-max`."""
    step: Step | None = None
    """The step in full, in place of the method's own. Left out: as the method declares it."""
    leave_out: bool = False
    """Do without the step."""

    def __post_init__(self) -> None:
        if self.leave_out and self.step is not None:
            raise Faults([(("leave_out",), "true beside a step", "one of the two")])


@dataclass(frozen=True, slots=True, kw_only=True)
class VarySteps:
    """Do a step in other ways: normalisation, imputation, treatment, screening, selection."""

    __pydantic_config__ = STRICT

    vary: Literal["step"]
    name: str
    """What is varied, such as `Normalisation`."""
    do: Literal["select", "screen", "impute", "treat", "normalise", "weigh", "aggregate"]
    """The kind of step."""
    nth: int = 1
    """Which one, where the method has several of its kind: 1 is the first."""
    before: (
        Literal["select", "screen", "impute", "treat", "normalise", "weigh", "aggregate"] | None
    ) = None
    """For a step the method has not got: it is put before the first step of this kind, and
    leaving it out is as the method declares."""
    options: tuple[StepOption, ...]
    """The ways, all equally often."""

    def __post_init__(self) -> None:
        faults = [*_name_faults(self.name), *_option_faults([o.name for o in self.options])]
        if self.nth < 1:
            faults.append((("nth",), str(self.nth), "1 or more"))
        for i, option in enumerate(self.options):
            if option.step is not None and option.step.do != self.do:
                want = f'a step with do = "{self.do}"'
                faults.append((("options", i, "step"), f'do = "{option.step.do}"', want))
            if option.leave_out and self.do == "aggregate":
                found = "true for the step that makes the scores"
                faults.append((("options", i, "leave_out"), found, "another way to do it"))
        if faults:
            raise Faults(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupOption:
    """One way to make scores of groups. What is left out is as the method declares it."""

    __pydantic_config__ = STRICT

    name: str
    """What tables and reports call it."""
    aggregate: Method | None = None
    """How parts are combined."""
    power: float | None = None
    """For `generalised`."""
    of: Literal["children", "indicators"] | None = None
    """What is combined."""
    missing: Literal["renormalise", "propagate"] | None = None
    """What a missing part does."""
    least: float | None = None
    """Least share (0 to 1) of the parts that must be there: the threshold of coverage."""
    needs: int | None = None
    """Least number of the parts that must be there."""

    def __post_init__(self) -> None:
        if self.aggregate == "formula":
            raise Faults([(("aggregate",), "'formula'", "a method that needs no formula")])
        try:
            Group(
                code="x",
                aggregate=self.aggregate,
                power=self.power,
                least=self.least,
                needs=self.needs,
            )
        except Faults as error:
            raise Faults(error.faults) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class VaryGroups:
    """Make scores of groups in other ways: aggregation, thresholds of coverage."""

    __pydantic_config__ = STRICT

    vary: Literal["groups"]
    name: str
    """What is varied, such as `Aggregation of goals`."""
    groups: tuple[str, ...] = ()
    """These groups only."""
    level: int | None = None
    """The groups of this level of the tree (2 and up) only. With neither groups nor level, all
    groups but those with a formula."""
    options: tuple[GroupOption, ...]
    """The ways, all equally often."""

    def __post_init__(self) -> None:
        faults = [*_name_faults(self.name), *_option_faults([o.name for o in self.options])]
        if self.groups and self.level is not None:
            faults.append((("level",), f"both level = {self.level} and groups", "one of them"))
        if faults:
            raise Faults(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posts:
    """Other goalposts of an indicator. What is left out is as the method declares it."""

    __pydantic_config__ = STRICT

    worst: Post | tuple[Post, Post] | None = None
    """The figure that scores worst."""
    best: Post | tuple[float, float] | None = None
    """The figure that scores best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalpostOption:
    """One set of goalposts."""

    __pydantic_config__ = STRICT

    name: str
    """What tables and reports call it, such as `parity at 50`."""
    indicators: dict[str, Posts] | None = None
    """Goalposts by indicator. Left out: as the method declares them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VaryGoalposts:
    """Measure indicators between other goalposts, for steps that normalise by goalposts."""

    __pydantic_config__ = STRICT

    vary: Literal["goalposts"]
    name: str
    """What is varied, such as `Targets`."""
    options: tuple[GoalpostOption, ...]
    """The sets, all equally often."""

    def __post_init__(self) -> None:
        faults = [*_name_faults(self.name), *_option_faults([o.name for o in self.options])]
        if faults:
            raise Faults(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightSet:
    """One set of weights, such as that of an expert."""

    __pydantic_config__ = STRICT

    name: str
    """What tables and reports call it."""
    weights: dict[str, float] | None = None
    """Weight by node; nodes that are not named keep theirs. Left out: as the method declares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VaryWeights:
    """Weigh the parts of groups otherwise."""

    __pydantic_config__ = STRICT

    vary: Literal["weights"]
    name: str
    """What is varied, such as `Weights of goals`."""
    how: Literal["noise", "dirichlet", "ranges", "sets"]
    """`noise`: each weight times a number between 1 - spread and 1 + spread; `dirichlet`: shares
    from a Dirichlet distribution around the declared ones, over all splits with `concentration`
    equal to the number of parts and equal weights; `ranges`: each weight uniform between two
    limits; `sets`: one of several sets."""
    levels: tuple[int, ...] = ()
    """Levels of the nodes whose weights vary (1 is the indicators)."""
    groups: tuple[str, ...] = ()
    """Groups whose parts' weights vary. With neither levels nor groups, all of them."""
    spread: float | None = None
    """For `noise`: from 0 to 1; 0.25 is a quarter less or more."""
    concentration: float | None = None
    """For `dirichlet`: above 0; the larger, the nearer to the declared weights."""
    ranges: dict[str, tuple[float, float]] | None = None
    """For `ranges`: lowest and highest weight by node."""
    sets: tuple[WeightSet, ...] = ()
    """For `sets`: the sets, all equally often."""

    def __post_init__(self) -> None:
        faults = [*_name_faults(self.name), *self._options()]
        if self.spread is not None and not 0 <= self.spread <= 1:
            faults.append((("spread",), f"{self.spread:g}", "a share from 0 to 1"))
        if self.concentration is not None and self.concentration <= 0:
            faults.append((("concentration",), f"{self.concentration:g}", "a number above 0"))
        for code, (low, high) in (self.ranges or {}).items():
            if not 0 <= low <= high:
                found = f"[{low:g}, {high:g}]"
                faults.append((("ranges", code), found, "two weights of 0 or more, lower first"))
        for i, each in enumerate(self.sets):
            faults += [
                (("sets", i, "weights", code), f"{weight:g}", "0 or more")
                for code, weight in (each.weights or {}).items()
                if weight < 0
            ]
        if self.how == "sets" and self.sets:
            faults += _option_faults([each.name for each in self.sets], "sets")
        if self.levels and self.groups:
            faults.append((("levels",), "both levels and groups", "one of them"))
        if faults:
            raise Faults(faults)

    def _options(self) -> list[Fault]:
        """Find what another `how` would need, and what this one lacks."""
        needed = {"noise": "spread", "dirichlet": "concentration", "ranges": "ranges"}
        wanted = needed.get(self.how, "sets")
        given = {name: getattr(self, name) for name in (*needed.values(), "sets")}
        faults: list[Fault] = []
        for name, value in given.items():
            if (value not in _NOTHING) != (name == wanted):
                found = "nothing" if value in _NOTHING else f'{name} with how = "{self.how}"'
                faults.append(((name,), found, f'{wanted} with how = "{self.how}"'))
        if self.how in ("ranges", "sets") and (self.levels or self.groups):
            key = "levels" if self.levels else "groups"
            faults.append(((key,), key, f'no {key} with how = "{self.how}"'))
        return faults


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveOneOut:
    """Leave out one indicator, or none: all of these equally often."""

    __pydantic_config__ = STRICT

    vary: Literal["leave_one_out"]
    name: str
    """What is varied, such as `Indicators`."""
    indicators: tuple[str, ...] = ()
    """The indicators that may be left out. Left out: all of them, but those that a formula
    needs."""

    def __post_init__(self) -> None:
        faults = _name_faults(self.name)
        faults += [
            (("indicators", i), f"{code!r} a second time", "each indicator once")
            for i, code in enumerate(self.indicators)
            if code in self.indicators[:i]
        ]
        if faults:
            raise Faults(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class VaryFigures:
    """Let figures vary by their standard errors: each gets a normal error of its own."""

    __pydantic_config__ = STRICT

    vary: Literal["figures"]
    name: str
    """What is varied, such as `Measurement error`."""
    columns: dict[str, str] | None = None
    """Wide data: for a column of figures, the column with its standard errors. Long data have
    them in the attribute STD_ERROR."""
    relative: dict[str, float] | None = None
    """Where no standard error stands beside a figure: a share of the figure itself, by column
    (`"*"` for all others)."""
    limits: dict[str, tuple[float, float]] | None = None
    """Lowest and highest figure there can be, by column (`"*"` for all others), such as
    [0, 100] for percentages; a figure beyond is set to the limit."""

    def __post_init__(self) -> None:
        faults = _name_faults(self.name)
        for code, share in (self.relative or {}).items():
            if not 0 <= share <= 1:
                faults.append((("relative", code), f"{share:g}", "a share from 0 to 1"))
        for code, (low, high) in (self.limits or {}).items():
            if not low < high:
                faults.append((("limits", code), f"[{low:g}, {high:g}]", "the lower figure first"))
        if faults:
            raise Faults(faults)


Assumption = VarySteps | VaryGroups | VaryGoalposts | VaryWeights | LeaveOneOut | VaryFigures


_NOTHING: tuple[object, ...] = (None, (), {})
_KEPT = ("draw", "set")  # columns of tables of draws, where assumptions are columns too


def _name_faults(name: str) -> list[Fault]:
    if name in _KEPT:
        return [(("name",), repr(name), f"another name than {' and '.join(_KEPT)}")]
    if name.strip() == name and name and not set(name) & set("[],\n"):
        return []
    return [(("name",), repr(name), "a name without brackets, commas and spaces around it")]


def _option_faults(names: list[str], key: str = "options") -> list[Fault]:
    faults: list[Fault] = []
    if len(names) < 2:
        faults.append(((key,), f"{len(names)} options", "two or more to choose from"))
    for i, name in enumerate(names):
        if not name or name != name.strip():
            faults.append(((key, i, "name"), repr(name), "a name without spaces around it"))
        if names.count(name) > 1:
            faults.append(((key, i, "name"), repr(name), "a name that no other option has"))
    return faults
