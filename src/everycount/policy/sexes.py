"""Find where a text sets the sexes side by side: as the ground of a difference, or as members."""

import re
from collections.abc import Iterator
from typing import Final

from everycount.policy.words import expression

GROUNDS: Final = {
    "en": expression(
        r"(?:because|regardless|irrespective) of (?:their |his or her |the |a person[’']s )?"
        r"(?:sex|gender) | (?:on|by) (?:the )?(?:grounds?|basis|reasons?) of (?:sex|gender) | "
        r"(?:based|founded) on (?:sex|gender) | without distinction (?:of|as to|by) (?:sex|gender) "
        r"| whatever their (?:sex|gender) | (?:sex|gender) discrimination | "
        r"between (?:the sexes|women and men|men and women|girls and boys|boys and girls) | "
        r"(?:one|other|opposite|either|each|both) sex(?:es)? | "
        r"sex of (?:an?|the) (?:unborn )?(?:child|f(?:o|oe)?etus) | sex[- ]selecti\w+"
    ),
    "fr": expression(
        r"(?:en raison|du fait|à cause|indépendamment|sans distinction|quel que soit) "
        r"(?:de |du |de leur |leur |le |de son )?(?:sexe|genre) | fondée?s? sur le (?:sexe|genre) |"
        r" sans (?:considération|discrimination) de sexe | "
        r"entre (?:les )?(?:sexes|femmes et (?:les )?hommes|hommes et (?:les )?femmes|"
        r"filles et (?:les )?garçons|garçons et (?:les )?filles) | "
        r"(?:un seul|autre|chaque) sexe | sexe de l['’]enfant à naître"
    ),
    "es": expression(
        r"(?:por|en|a) (?:razón|razones|motivos?|causa|función) de(?:l)? (?:su )?(?:sexo|género) | "
        r"independientemente de(?:l)? (?:su )?(?:sexo|género) | "
        r"sin (?:distinción|discriminación) (?:de|por)(?: su)? (?:sexo|género) | "
        r"basad[oa]s? en el (?:sexo|género) | sea cual sea su (?:sexo|género) | "
        r"entre (?:los )?(?:sexos|mujeres y (?:los )?hombres|hombres y (?:las )?mujeres|"
        r"las mujeres y los hombres|niñas y niños|niños y niñas) | "
        r"(?:un solo|otro|cada) sexo | sexo del (?:feto|niño por nacer)"
    ),
    "vi": expression(
        r"(?:vì|do|vì lý do|về|bởi|dựa trên) (?:lý do )?giới(?: tính)?"
        r"(?! (?:hạn|thiệu|chức|trẻ)) | (?:không )?phân biệt (?:nam, nữ|nam nữ|nam hay nữ|"
        r"giới tính|đối xử về giới) | "
        r"(?:giữa|giữa hai) (?:nam và nữ|nữ và nam|phụ nữ và nam giới|nam giới và phụ nữ|"
        r"nam, nữ|giới) | một giới(?: tính)?(?! (?:hạn|thiệu|chức|trẻ)) | giới tính thai nhi"
    ),
}
"""Sex as the ground of a difference: only figures by sex can show whether it is one."""
PAIRS: Final = {
    "en": (("females", "female", "male"), ("males", "male", "female")),
    "fr": (("femmes", r"féminin\w*", r"masculin\w*"), ("hommes", r"masculin\w*", r"féminin\w*")),
    "es": (("mujeres", r"femenin\w*", r"masculin\w*"), ("hombres", r"masculin\w*", r"femenin\w*")),
    "vi": (("phụ nữ", "nữ", "nam"), ("nam giới", "nam", "nữ")),
}
"""A noun for each sex, its adjective, and that of the other."""
_AND: Final = r"\s*(?:,| and | or | et | ou | y | o | và | hoặc )\s*"
_NO_NOUN: Final = r"(?<!\bsexe )(?<!\bsexo )(?<!\bviệt )"
"""`De sexe masculin ou féminin` says what somebody is, and Việt Nam is a country."""
_NOUN: Final = {"en": r"(?= (?!and\b|or\b|is\b|are\b|shall\b|must\b)[^\W\d_])"}
"""What stands behind both where they say who is meant, not what somebody is."""
_PAIRED: Final[dict[str, tuple[tuple[str, re.Pattern[str]], ...]]] = {
    language: tuple(
        (
            noun,
            re.compile(
                rf"{_NO_NOUN}\b(?:(?P<before>{own})(?={_AND}{other}\b{_NOUN.get(language, '')})|"
                rf"{other}{_AND}(?P<behind>{own})\b{_NOUN.get(language, '')})",
                re.IGNORECASE,
            ),
        )
        for noun, own, other in pairs
    )
    for language, pairs in PAIRS.items()
}


def names_sexes(text: str, language: str) -> bool:
    """Tell whether a text speaks of a difference by sex, whoever it names.

    Parameters
    ----------
    text : str
        A sentence in Unicode NFC.
    language : str
        Its language: en, fr, es or vi.

    Examples
    --------
    >>> names_sexes("Nobody may be dismissed because of sex.", "en")
    True
    >>> names_sexes("Nobody may be dismissed.", "en")
    False
    """
    return bool(GROUNDS[language].search(text))


def paired_sexes(text: str, language: str) -> Iterator[tuple[str, int, int]]:
    """Yield the adjectives of both sexes where they stand side by side, as in `male and female`.

    Parameters
    ----------
    text : str
        A text in Unicode NFC.
    language : str
        Its language.

    Yields
    ------
    noun, start, end
        A noun for the sex, by which a list of groups may know it, and where its adjective stands.

    Examples
    --------
    >>> list(paired_sexes("male and female members of a family", "en"))
    [('females', 9, 15), ('males', 0, 4)]
    """
    for noun, adjective in _PAIRED[language]:
        for found in adjective.finditer(text):
            name = "before" if found["before"] else "behind"
            yield noun, found.start(name), found.end(name)
