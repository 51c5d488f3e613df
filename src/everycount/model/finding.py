"""A finding: what a rule of checking says about some observations."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule that observations are held against."""

    id: str
    """Name by which it is cited and switched off, such as ``totals-parts``."""
    severity: Severity
    """error stops a release, warning needs an answer, note is for information."""
    title: str
    """What it says is wrong, in a few words."""
    why: str
    """Why it matters, and what may be behind it."""
    remedy: str
    """What to do about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How strict the rules are. Offices have their own; these are usual."""

    small_sample: int = 50
    """Observations in the sample below which a figure is flagged; 25 to 50 in DHS and MICS."""
    cv_warning: float = 0.165
    """Coefficient of variation from which a figure is of marginal quality. Statistics Canada."""
    cv_error: float = 1 / 3
    """Coefficient of variation from which a figure is not to be published. Same source."""
    jump: float = 0.5
    """Change against the former figure, relative to it, from which it is asked about."""
    jump_points: float = 10.0
    """The same for percentages, in percentage points."""
    stale_years: int = 5
    """Years since the newest figure from which an indicator is stale."""
    rounding: float = 0.5
    """Units of the last decimal by which each published part may be off."""

    def __post_init__(self) -> None:
        """Refuse limits that are no limits."""
        for name in self.__slots__:
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} must not be negative")
