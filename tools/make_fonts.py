"""Write the fonts shipped with Everycount: parts of Noto, under family names of our own.

    apt-get download fonts-noto-core && dpkg-deb -x fonts-noto-core_*.deb noto
    python tools/make_fonts.py noto/usr/share/fonts/truetype/noto

Needs fontTools. The same files give the same bytes. Families have names that no other font has,
so that a font of the computer is never taken in place of one of these; hints, which paper and
anti-aliased pictures do not use, are left out.
"""

import hashlib
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ASSETS = Path(__file__).resolve().parents[1] / "src/everycount/assets/fonts"

LATIN = (
    *((0x20, 0x24F), (0x250, 0x2AF), (0x2B0, 0x36F), (0x370, 0x3FF), (0x400, 0x52F)),
    *((0x1E00, 0x1EFF), (0x2000, 0x209F), (0x20A0, 0x20C0), (0x2100, 0x218F), (0x25CC, 0x25CC)),
)
"""Latin with Vietnamese and the African alphabets, Greek, Cyrillic, punctuation, currencies."""
ARABIC = ((0x20, 0x7E), (0xA0, 0xA0), (0x600, 0x6FF), (0x750, 0x77F), (0x2000, 0x206F))
MATHS = ((0x2190, 0x2199), (0x2200, 0x22FF))
SHAPES = ((0x25A0, 0x25FF), (0x2605, 0x2606), (0x2610, 0x2612), (0x2713, 0x2718))
FONTS = {
    "sans-regular.ttf": ("NotoSans-Regular.ttf", "Everycount Sans", LATIN),
    "sans-bold.ttf": ("NotoSans-Bold.ttf", "Everycount Sans", LATIN),
    "arabic-regular.ttf": ("NotoSansArabic-Regular.ttf", "Everycount Arabic", ARABIC),
    "arabic-bold.ttf": ("NotoSansArabic-Bold.ttf", "Everycount Arabic", ARABIC),
    "maths.ttf": ("NotoSansMath-Regular.ttf", "Everycount Maths", MATHS),
    "shapes.ttf": ("NotoSansSymbols2-Regular.ttf", "Everycount Shapes", SHAPES),
}
FAMILY_NAMES = (1, 3, 4, 6, 16)
"""Numbers of the name table that hold the family; OpenType specification, `name`."""


def make(source: Path, family: str, ranges: tuple[tuple[int, int], ...]) -> TTFont:
    """Return the part of a font that holds some letters, under another family name."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["*"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    options.notdef_outline = True
    options.drop_tables += ["DSIG", "MATH"]
    options.recalc_timestamp = False
    maker = subset.Subsetter(options)
    maker.populate(unicodes=[n for first, last in ranges for n in range(first, last + 1)])
    maker.subset(font)
    bold = "Bold" if "Bold" in source.name else "Regular"
    for record in font["name"].names:
        if record.nameID in FAMILY_NAMES:
            record.string = {
                1: family,
                3: f"Everycount:{family} {bold}",
                4: f"{family} {bold}",
                6: f"{family.replace(' ', '')}-{bold}",
                16: family,
            }[record.nameID]
    return font


def main() -> int:
    """Write every font and print its size and digest, for the README beside them."""
    folder = Path(sys.argv[1])
    for name, (source, family, ranges) in FONTS.items():
        font = make(folder / source, family, ranges)
        font.save(ASSETS / name, reorderTables=True)
        content = (ASSETS / name).read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:16]
        print(f"{name}: {len(content):,} bytes, {len(font.getBestCmap()):,} letters, {digest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
