"""The published mapping by which observations fold to a structure of fewer dimensions."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldRules:
    """How each component folds that the other structure does not have as it is."""

    renamed: Mapping[str, str]
    """Component there by component here."""
    codes: Mapping[str, Mapping[str, tuple[str, str]]]
    """Component and code there, by component and code here."""
    generated: tuple[str, ...]
    """Dimensions whose codes go into the custom breakdown, in order."""
    lost: tuple[str, ...]
    """Attributes that have no place."""
    areas: frozenset[str]
    """Areas that have leading zeros here and none there."""
