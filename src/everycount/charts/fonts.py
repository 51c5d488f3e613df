"""The fonts of pictures and reports: which letters they have, and where they stand."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files as resources
from pathlib import Path
from struct import unpack_from
from typing import Final
from unicodedata import category

SANS: Final = "Everycount Sans"
FAMILIES: Final = (SANS, "Everycount Arabic", "Everycount Maths", "Everycount Shapes")
"""Parts of Noto under names that no font of a computer has; see assets/fonts/README.md."""

_INVISIBLE: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
"""Categories of Unicode that leave no ink: controls, marks of direction, spaces."""


class BoxesWarning(UserWarning):
    """Some letters are in none of the fonts: a picture or report prints empty boxes for them."""


def fonts_folder() -> Path:
    """Return the folder of the fonts that ship with the library.

    Examples
    --------
    >>> len(list(fonts_folder().glob("*.ttf")))
    6
    """
    return Path(str(resources("everycount") / "assets" / "fonts"))


def missing_glyphs(text: str) -> tuple[str, ...]:
    """Return the letters of a text that pictures cannot show, each once, in their order.

    Parameters
    ----------
    text : str
        What is to be printed, in any language.

    Returns
    -------
    tuple of str
        Letters that none of the shipped fonts has. Spaces and marks of direction are never
        missing. Latin with Vietnamese, Greek, Cyrillic and Arabic are there.

    Examples
    --------
    >>> missing_glyphs("Đắk Lắk, فيتنام, 中国, ≥ 5 %"), missing_glyphs("Đắk Lắk")
    (('中', '国'), ())
    """
    return tuple(
        letter
        for letter in dict.fromkeys(text)
        if ord(letter) not in letters() and category(letter) not in _INVISIBLE
    )


def boxes_message(missing: tuple[str, ...], *, subject: str) -> str:
    """Return in words which letters print as boxes.

    Examples
    --------
    >>> boxes_message(("中", "国"), subject="the chart")
    'the chart: no font has 中 国, so they print as empty boxes'
    """
    shown = " ".join(missing[:20])
    more = f" and {len(missing) - 20} more letters" if len(missing) > 20 else ""
    return f"{subject}: no font has {shown}{more}, so they print as empty boxes"


@cache
def letters() -> frozenset[int]:
    """Return the code points that the shipped fonts have together."""
    return frozenset(
        code
        for path in sorted(fonts_folder().glob("*.ttf"))
        for code in font_letters(path.read_bytes())
    )


def font_letters(font: bytes) -> frozenset[int]:
    """Return the code points of a font, by its table `cmap`.

    Parameters
    ----------
    font : bytes
        A TrueType or OpenType file.

    Returns
    -------
    frozenset of int
        Those of its tables of formats 4 and 12, which hold Unicode; other formats are old.

    References
    ----------
    OpenType specification 1.9, cmap: formats 4 and 12.
    """
    tables = unpack_from(">H", font, 4)[0]
    entries = (unpack_from(">4sLLL", font, 12 + 16 * number) for number in range(tables))
    start = next(offset for tag, _, offset, _ in entries if tag == b"cmap")
    count = unpack_from(">H", font, start + 2)[0]
    found: set[int] = set()
    for number in range(count):
        place = start + unpack_from(">HHL", font, start + 4 + 8 * number)[2]
        readers = {4: _in_segments, 12: _in_groups}
        reader = readers.get(unpack_from(">H", font, place)[0])
        if reader is not None:
            found.update(reader(font, place))
    return frozenset(found)


def _in_segments(font: bytes, place: int) -> Iterator[int]:
    """Give the code points of a table of format 4 that have a glyph."""
    count = unpack_from(">H", font, place + 6)[0] // 2
    ends = unpack_from(f">{count}H", font, place + 14)
    at = place + 16 + 2 * count
    starts = unpack_from(f">{count}H", font, at)
    deltas = unpack_from(f">{count}H", font, at + 2 * count)
    offsets = unpack_from(f">{count}H", font, at + 4 * count)
    for number, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, last + 1):
            glyph = code
            if offsets[number]:
                # An offset counts from its own place in the file.
                own = at + 4 * count + 2 * number
                glyph = unpack_from(">H", font, own + offsets[number] + 2 * (code - first))[0]
            if glyph and (glyph + deltas[number]) % 65536 and code != 65535:
                yield code


def _in_groups(font: bytes, place: int) -> Iterator[int]:
    """Give the code points of a table of format 12."""
    count = unpack_from(">L", font, place + 12)[0]
    for number in range(count):
        first, last, _ = unpack_from(">LLL", font, place + 16 + 12 * number)
        yield from range(first, last + 1)
