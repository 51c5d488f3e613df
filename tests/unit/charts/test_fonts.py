import struct

import pytest

from everycount.charts import fonts


def test_letters_of_the_five_languages_are_there():
    words = (
        "Thành phố Hồ Chí Minh, Đắk Lắk, Ỹ ẵ ộ ợ ữ; œuvre, Curaçao, ¿Señor?; "
        "النساء في فييت نام: ٪ ؟ ، ؛; 26,7 % − ≥ ± – … ● ◆ ○ ✓ \u2067\u2069\u00a0"
    )
    assert fonts.missing_glyphs(words) == ()


def test_letters_that_no_font_has_are_given_once_in_order():
    assert fonts.missing_glyphs("中国, ខ្មែរ? 中") == ("中", "国", "ខ", "្", "ម", "ែ", "រ")


def test_every_font_has_the_licence_beside_it():
    folder = fonts.fonts_folder()
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8")
    assert sum(path.stat().st_size for path in folder.glob("*.ttf")) < 800_000


@pytest.mark.parametrize("path", sorted(fonts.fonts_folder().glob("*.ttf")), ids=lambda p: p.name)
def test_letters_of_a_font_are_those_that_fonttools_reads(path):
    font = pytest.importorskip("fontTools.ttLib").TTFont(path)
    assert fonts.font_letters(path.read_bytes()) == set(font.getBestCmap())
    assert str(font["name"].getDebugName(1)) in fonts.FAMILIES


def table(*subtables):
    """Return a file whose only table is a cmap of these subtables."""
    head = struct.pack(">HH", 0, len(subtables))
    at = 4 + 8 * len(subtables)
    records, body = b"", b""
    for one in subtables:
        records += struct.pack(">HHL", 3, 1, at + len(body))
        body += one
    return (
        struct.pack(">LHHHH4sLLL", 0x10000, 1, 0, 0, 0, b"cmap", 0, 28, 0) + head + records + body
    )


def segments(*rows, glyphs=()):
    """Return a subtable of format 4: first, last, delta and offset of each segment."""
    first, last, delta, offset = zip(*rows, strict=True)
    count = len(rows)
    words = [*last, 0, *first, *delta, *offset, *glyphs]
    return struct.pack(f">HHHHHHH{len(words)}H", 4, 0, 0, 2 * count, 0, 0, 0, *words)


def test_letters_with_an_offset_are_those_with_a_glyph():
    # The offset of the first segment leads over its own and the last one to two glyphs.
    font = table(segments((65, 66, 0, 4), (0xFFFF, 0xFFFF, 1, 0), glyphs=(7, 0)))
    assert fonts.font_letters(font) == {65}


def test_letters_beyond_the_first_plane_are_read_and_old_tables_left():
    groups = struct.pack(">HHLLLLLL", 12, 0, 0, 0, 1, 0x1F600, 0x1F601, 3)
    old = struct.pack(">HHH", 6, 0, 0)
    assert fonts.font_letters(table(old, groups)) == {0x1F600, 0x1F601}


def test_message_names_the_first_letters_and_counts_the_others():
    many = tuple(chr(0x4E00 + number) for number in range(23))
    assert fonts.boxes_message(many, subject="x").endswith(
        f"{many[19]} and 3 more letters, so they print as empty boxes"
    )
