"""Read the words of one meaning in five languages that search knows."""

from functools import cache
from importlib.resources import files
from typing import Final

from everycount.io.csv import read_table

FILE: Final = "search.csv"


@cache
def shipped_meanings() -> tuple[tuple[str, ...], ...]:
    """Return words and phrases of one meaning, in the languages of the portal.

    Examples
    --------
    >>> next(each for each in shipped_meanings() if "ghế" in each)
    ('seats', 'sièges', 'siège', 'escaños', 'ghế', 'مقاعد')
    """
    place = files("everycount") / "thesaurus" / FILE
    table = read_table(place.read_bytes(), subject=FILE)
    return tuple(
        tuple(phrase.strip() for cell in row for phrase in (cell or "").split(";") if phrase)
        for row in table.iter_rows()
    )
