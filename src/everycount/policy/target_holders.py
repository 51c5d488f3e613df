"""Say what is counted where somebody is to hold a share: `women are to own 30 % of enterprises`."""

import re
from typing import Final

PARTICIPLES: Final = {
    "own": "owned",
    "hold": "held",
    "occupy": "occupied",
    "fill": "filled",
    "run": "run",
    "manage": "managed",
    "lead": "led",
    "head": "headed",
    "receive": "received",
}
"""English verbs of holding, with what they make of the things held."""
SUBJECT: Final = r"(?:^|[,;:] |\d )(?P<subject>[^\s,;:.\d][^,;:.\d]*?) "
"""Those who hold, behind a label, a comma or a year."""
HOLDING: Final = {
    "en": rf"(?:(?:are|is) to |shall |must |will |should |to )?(?P<verb>{'|'.join(PARTICIPLES)})s?",
    "fr": r"(?P<verb>(?:(?:doi(?:ven)?t|devr(?:ont|a)) )?(?:détenir|posséder|occuper|diriger)|"
    r"(?:détienn|possèd|occup|dirig)ent|(?:détiendr|posséder|occuper|diriger)ont)",
    "es": r"(?P<verb>(?:(?:deben|debe|deberán?|han de) )?(?:poseer|ocupar|dirigir|tener)(?:án)?|"
    r"poseen|ocupan|dirigen|tienen|tendrán)",
    "vi": r"(?P<verb>(?:(?:phải|cần|sẽ) )?(?:làm chủ|sở hữu|nắm giữ|giữ|quản lý|điều hành))",
}
BEING: Final = {
    "en": r"(?:(?:are|is) to |shall |must |will |should |to )?"
    r"(?:make up|be|constitute|form|represent|account for)s?",
    "fr": r"(?:(?:doi(?:ven)?t|devr(?:ont|a)) )?(?:(?:représenter|constituer|former|être)(?:ont)?|"
    r"(?:représent|constitu|form)ent)",
    "es": r"(?:(?:deben|debe|deberán?|han de) )?(?:(?:representar|constituir|formar|ser)(?:án)?|"
    r"representan|constituyen|forman)",
    "vi": r"(?:(?:phải|cần|sẽ) )?chiếm",
}
"""Verbs by which those named are themselves what is counted."""
BY: Final = {"fr": "que", "es": "que", "vi": "do"}
"""What joins those who hold to what they hold."""
_HOLDING: Final = {
    language: re.compile(rf"{SUBJECT}{verb}$", re.IGNORECASE) for language, verb in HOLDING.items()
}
_BEING: Final = {
    language: re.compile(rf"{SUBJECT}{verb}$", re.IGNORECASE) for language, verb in BEING.items()
}


ARTICLE: Final = re.compile(r"^(?:les |la |le |l['’]|las |los |el |the )", re.IGNORECASE)


def held_part(before: str, whole: str, language: str) -> tuple[str, int]:
    """Return what is counted of a whole, by who is to hold it, and where those are named.

    Parameters
    ----------
    before : str
        Words before the figure.
    whole : str
        What the figure is a share of.
    language : str
        Language of both.

    Returns
    -------
    part, offset
        Made of the words of the clause, for a person to confirm; nothing if nobody is named.

    Examples
    --------
    >>> held_part("Women are to own", "enterprises", "en")
    ('women-owned enterprises', 0)
    >>> held_part("By 2030, women shall hold", "seats of the councils", "en")
    ('seats of the councils held by women', 9)
    >>> held_part("Women shall make up", "judges", "en")
    ('women', 0)
    >>> held_part("Les femmes doivent diriger", "entreprises", "fr")
    ('entreprises que les femmes doivent diriger', 0)
    """
    being = _BEING[language].search(before)
    if being:
        return _lower(ARTICLE.sub("", being["subject"], count=1)), being.start("subject")
    holding = _HOLDING[language].search(before)
    if holding is None:
        return "", 0
    subject, verb, at = _lower(holding["subject"]), holding["verb"], holding.start("subject")
    if language != "en":
        return f"{whole} {BY[language]} {subject} {verb}", at
    held = PARTICIPLES[verb.lower()]
    if " " in subject or " " in whole:
        return f"{whole} {held} by {subject}", at
    return f"{subject}-{held} {whole}", at


def _lower(subject: str) -> str:
    """Return those who hold as they are written within a sentence."""
    return subject[0].lower() + subject[1:]
