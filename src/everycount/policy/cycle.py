"""How often figures come out and for how small areas, as numbers that can be compared."""

import re
from typing import Final

RARE: Final = {
    "monthly": 1 / 12,
    "every month": 1 / 12,
    "quarterly": 1 / 4,
    "every quarter": 1 / 4,
    "half-yearly": 1 / 2,
    "every half year": 1 / 2,
    "yearly": 1.0,
    "annual": 1.0,
    "annually": 1.0,
    "every year": 1.0,
    "biennial": 2.0,
    "every second year": 2.0,
    "every other year": 2.0,
    "decennial": 10.0,
}
LEVELS: Final = (
    ("national", "country"),
    ("region", "state"),
    ("province", "city", "governorate", "department"),
    ("district", "county"),
    ("commune", "ward", "municipality", "sector"),
    ("village", "neighbourhood"),
)
"""Areas from the largest; words on one line are of about one size."""
_YEARS: Final = re.compile(r"(?:every )?(\d+(?:\.\d+)?)(?:[- ]?year(?:s|ly)?)")


def years_between(frequency: str) -> float | None:
    """Return how many years lie between figures; None where the words do not tell.

    Examples
    --------
    >>> years_between("every 5 years"), years_between("Annual"), years_between("ad hoc")
    (5.0, 1.0, None)
    """
    plain = " ".join(frequency.lower().split())
    numbered = _YEARS.fullmatch(plain)
    return float(numbered[1]) if numbered else RARE.get(plain)


def fineness(level: str) -> int | None:
    """Return how fine areas are, 0 for the whole country; None where the word is not known.

    Examples
    --------
    >>> fineness("Provinces"), fineness("national"), fineness("zone")
    (2, 0, None)
    """
    plain = level.lower().strip()
    singular = plain[:-3] + "y" if plain.endswith("ies") else plain.removesuffix("s")
    return next((at for at, names in enumerate(LEVELS) if {plain, singular} & set(names)), None)
