"""Print and mark estimates: few cases hollow and in brackets, modelled dashed, hidden never."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isnan, nan
from typing import Final, Literal

from everycount.charts import fitting, marks
from everycount.charts.theme import FOCUS, MEN, MUTED, WOMEN, Spec
from everycount.survey.group_figures import Flag

People = Literal["all", "women", "men"]

LOOKS: Final[Mapping[People, tuple[str, str]]] = {
    "all": ("circle", FOCUS),
    "women": ("circle", WOMEN),
    "men": ("diamond", MEN),
}
"""Shape and colour of a dot by whom it counts, as in the design brief, section 2."""
DASH: Final = (4.0, 3.0)
"""Pixels of a dash and of the gap after it."""
DASHES: Final = "M-.16,-1.1h.32v.55h-.32zM-.16,-.28h.32v.56h-.32zM-.16,.55h.32v.55h-.32z"
"""An upright dashed line, for keys."""
LEVEL_DASHES: Final = "M-1,-.4h.5v.8h-.5zM-.25,-.4h.5v.8h-.5zM.5,-.4h.5v.8h-.5z"
"""A dashed bar, for keys."""
FAINT: Final = 0.35
"""Opacity of an interval, under its dot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEstimate:
    """The estimate for one group with its interval, in the unit of its measure."""

    name: str
    """What the row is called."""
    panel: str = ""
    """The panel it stands in, which makes a heading; empty for none."""
    estimate: float = nan
    """NaN where there is no figure, and where it is hidden."""
    low: float = nan
    """Lower end of the interval; NaN where there is none."""
    high: float = nan
    """Upper end."""
    flag: Flag = ""

    def __post_init__(self) -> None:
        refuse_untold(self.name, self.flag, (self.estimate, self.low, self.high))
        if self.low > self.high:
            raise ValueError(f"{self.name}: found an interval from {self.low} to {self.high}")

    @property
    def is_shown(self) -> bool:
        """Whether there is a figure to draw."""
        return not isnan(self.estimate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What the figures of a chart are, and how they are printed."""

    kind: Literal["share", "number"] = "share"
    """Shares are given from 0 to 1 and printed in per cent."""
    unit: str = ""
    """Of numbers, short: it stands behind the last number of the axis."""
    decimals: int = 1
    ends: tuple[float, float] | None = None
    """What the axis holds at least, as figures are given; from zero to the highest figure unless
    given. So that charts beside one another have one axis."""
    decimal_mark: str = "."
    """In the language of the page, as is the next."""
    thousands_mark: str = ","

    @property
    def factor(self) -> int:
        """What a figure is multiplied by before it is drawn and printed."""
        return 100 if self.kind == "share" else 1

    @property
    def sign(self) -> str:
        """What stands behind a figure in a sentence, with its space."""
        unit = "%" if self.kind == "share" else self.unit
        return f" {unit}" if unit else ""

    def number(self, value: float) -> str:
        """Return a figure as printed; a share that is not quite none, or all, says so.

        Examples
        --------
        >>> share, pay = Measure(), Measure(kind="number", decimals=0)
        >>> share.number(0.4387), share.number(0.0002), share.number(1), pay.number(-1234.5)
        ('43.9', '<0.1', '100.0', '−1,234')
        """
        shown = self.factor * value
        least = 10.0**-self.decimals
        if self.kind == "share" and 0 < shown < least / 2:
            return f"<{self._text(least)}"
        if self.kind == "share" and 100 - least / 2 < shown < 100:
            return f">{self._text(100 - least)}"
        return self._text(shown)

    def told(self, value: float, flag: Flag) -> str:
        """Return a figure with what its flag adds: brackets for few cases, e for modelled.

        Examples
        --------
        >>> Measure().told(0.5, "few"), Measure().told(0.5, "modelled")
        ('(50.0)', '50.0 e')
        """
        text = self.number(value)
        return {"few": f"({text})", "modelled": f"{text} e"}.get(flag, text)

    def span(self, low: float, high: float, words: str = "{low} to {high}") -> str:
        """Return an interval in words.

        Examples
        --------
        >>> Measure().span(0.1, 0.25)
        '10.0 to 25.0'
        """
        return words.format(low=self.number(low), high=self.number(high))

    def tick(self, value: float) -> str:
        """Return a number of an axis, with the decimals it needs.

        Examples
        --------
        >>> Measure(decimal_mark=",").tick(0.5), Measure().tick(20.0)
        ('0,5', '20')
        """
        return self._marked(f"{value:,.10f}".rstrip("0").rstrip("."))

    def _text(self, shown: float) -> str:
        return self._marked(f"{round(shown, self.decimals) + 0.0:,.{self.decimals}f}")

    def _marked(self, text: str) -> str:
        """Return a number with the marks of its language."""
        marked = {",": self.thousands_mark, ".": self.decimal_mark, "-": "−"}
        return "".join(marked.get(letter, letter) for letter in text)


SHARE: Final = Measure()


@dataclass(frozen=True, slots=True, kw_only=True)
class Everybody:
    """The estimate for everybody, which a dashed line shows."""

    words: str
    """Who that is: "all women"."""
    estimate: float


def refuse_untold(name: str, flag: Flag, figures: Sequence[float]) -> None:
    """Refuse figures that are infinite, or that a hidden group carries.

    What is not in a specification cannot be read out of it. The message does not tell the figure
    either, since messages are shown and kept.

    Raises
    ------
    ValueError
        If a figure is infinite, or there is one although the flag is "hidden".
    """
    if flag == "hidden" and not all(isnan(figure) for figure in figures):
        raise ValueError(f"{name}: the figure of a hidden group must not be given to a chart")
    if any(figure in {inf, -inf} for figure in figures):
        raise ValueError(f"{name}: found {tuple(figures)}, expected finite numbers")


def refuse_shares(figures: Iterable[tuple[str, float]], measure: Measure) -> None:
    """Refuse shares that are not from 0 to 1; NaN passes.

    Raises
    ------
    ValueError
        If one is not, such as a share in per cent.
    """
    for name, value in figures:
        if measure.kind == "share" and not (isnan(value) or 0 <= value <= 1):
            raise ValueError(f"{name}: found a share of {value}, expected 0 to 1")


def numbers(values: Iterable[float], measure: Measure, *, count: int) -> list[float]:
    """Return the round numbers of an axis that holds figures: from zero, unless told otherwise.

    Parameters
    ----------
    values : iterable of float
        Figures as given; NaN is passed over.
    measure : Measure
        What they are; its ends are held too.
    count : int
        About how many numbers there is room for.

    Returns
    -------
    list of float
        As drawn: of shares in per cent, and never beyond 0 to 100.

    Examples
    --------
    >>> numbers([0.439, 0.959], Measure(), count=5), numbers([], Measure(), count=2)
    ([0.0, 20.0, 40.0, 60.0, 80.0, 100.0], [0.0, 50.0, 100.0])
    """
    found = [value for value in values if not isnan(value)]
    most = 1.0 if measure.kind == "share" else inf
    ends = measure.ends or (0.0, max([0.0, *found]) or min(1.0, most))
    low, high = min([ends[0], *found]), max([ends[1], *found])
    if measure.kind == "share":
        low, high = max(low, 0.0), min(high, most)
    return fitting.ticks(measure.factor * low, measure.factor * high, count=count)


def within(value: float, domain: Sequence[float]) -> float:
    """Return a place that is not off the axis, where an interval of a share may end.

    Examples
    --------
    >>> within(-0.4, [0, 100])
    0
    """
    return min(max(value, domain[0]), domain[-1])


def place(value: float, domain: Sequence[float], width: float) -> float:
    """Return where a figure stands on an axis, in pixels from its start.

    Examples
    --------
    >>> place(25, [0, 100], 80)
    20.0
    """
    return round(width * (value - domain[0]) / (domain[-1] - domain[0]), 1)


def dashes(
    values: marks.Values, *, colour: str = MUTED, width: float = 1.4, opacity: float = 1
) -> Spec:
    """Return dashed lines in pixels, to the right or down: fields x, y, x2 and y2.

    A page drops the dash patterns of SVG with its other styles, so each line is a mark of its own
    shape: a row of bars.
    """
    drawn = [
        {"x": line["x"], "y": line["y"], "shape": _bars(line, width)}
        for line in values
        if (line["x"], line["y"]) != (line["x2"], line["y2"])
    ]
    return {
        "data": {"values": drawn},
        # Of this size a shape is drawn in pixels.
        "mark": {"type": "point", "filled": True, "size": 4, "color": colour, "opacity": opacity},
        "encoding": {
            "x": marks.PLACE | {"field": "x"},
            "y": marks.PLACE | {"field": "y"},
            "shape": {"field": "shape", "type": "nominal", "scale": None},
        },
    }


def _bars(line: Mapping[str, float], width: float) -> str:
    """Return the dashes of a line as the path of a shape, from its start."""
    across, down = line["x2"] - line["x"], line["y2"] - line["y"]
    length, is_level = max(abs(across), abs(down)), abs(across) >= abs(down)
    half = width / 2
    path = ""
    near = 0.0
    while near < length:
        dash = min(DASH[0], length - near)
        if is_level:
            path += f"M{near:g},{-half:g}h{dash:g}v{width:g}h{-dash:g}z"
        else:
            path += f"M{-half:g},{near:g}v{dash:g}h{width:g}v{-dash:g}z"
        near += sum(DASH)
    return path
