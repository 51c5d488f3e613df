"""Read what a target counts, and out of what: words that a person has to confirm."""

import re
from dataclasses import dataclass
from typing import Final

from everycount.policy.figures import Figure
from everycount.policy.target_holders import held_part

LINKS: Final = {
    "en": r"(?:(?:shall|must|will|should)(?: be)?|are|be|is|were|being|have|has|having|receive|"
    r"hold|use|work|complete|own)(?: to(?: be)?)?",
    "fr": r"(?:doi(?:ven)?t|devr(?:ont|a))(?: être)?|"
    r"sont|soient|seront|est|soit|sera|ont|aient|auront|bénéficient|reçoivent|occupent",
    "es": r"(?:deben?|deberán?)(?: ser)?|"
    r"son|sean|serán|es|sea|será|tienen|tengan|tendrán|reciben|reciban|ocupen|estén",
    "vi": r"(?:phải )?(?:là|có|được|do|sử dụng|tham gia|đạt)",
}
"""Verbs between those who are counted out of and what is counted."""
NOT_LINK: Final = (
    r"(?<!\bwho)(?<!\bthat)(?<!\bwhich)(?<!\bqui)(?<!\bque)(?<!\bmà)(?<!\bin)(?<!\bat)(?<!\bof)"
)
"""What does not stand before that verb: `who are` says more of those counted out of, and `in work`
holds no verb."""
OF: Final = {
    "en": r"of (?:all |the )*",
    "fr": r"(?:des |de la |de l['’]|du |d['’]|de )",
    "es": r"(?:de (?:los |las |la )?|del )",
    "vi": r"(?:số |tổng số |các )?",
}
"""What stands between a share and those it is a share of."""
UNMARKED: Final = ("vi",)
"""Languages in which nothing need stand there, so that a share of something must say more."""
SHARES: Final = {
    "en": r"(?P<kind>percentage|proportion|share|ratio|(?<!total )number|(?:[\w-]+ ){0,3}rate) of "
    r"(?:the )?(?P<part>.+?)(?: (?:in|among|out of|of) (?P<whole>.+?))?"
    r"(?: (?:shall|to(?! \d)|will|is|are|at|(?<!aged )from|by|should|must|reaches|rises|increases|"
    r"gradually)\b| $|$)",
    "fr": r"(?P<kind>proportion|pourcentage|part|nombre|taux) (?:de |d['’]|des )(?:la )?"
    r"(?P<part>.+?)(?: (?:parmi|dans|chez|sur) (?P<whole>.+?))?"
    r"(?: (?:doit|à(?! \d+ (?:ans|mois))|de(?! (?:moins de |plus de )?\d[\d à-]* (?:ans|mois))|est|"
    r"sera|atteint|passe)\b| $|$)",
    "es": r"(?P<kind>proporción|porcentaje|tasa|número|participación) de (?:la |las |los )?"
    r"(?P<part>.+?)(?: (?:entre|en) (?P<whole>.+?))?"
    r"(?: (?:deberá|a(?! \d+ (?:años|meses))|al|hasta|del|alcanzará|será|en)\b| $|$)",
    "vi": r"(?P<kind>tỷ lệ|tỉ lệ|tỷ số|tỉ số|số) (?P<part>.+?)"
    r"(?: (?:trong(?! độ tuổi)|trên(?! \d+ tuổi))(?: tổng số)? (?P<whole>.+?))?"
    r"(?: (?:đạt|lên|xuống|từ(?! \d[\d đến-]* tuổi)|là|ít|tối|không|trên(?! \d+ tuổi)|"
    r"dưới(?! \d+ tuổi)|khoảng|còn|vào)\b| $|$)",
}
"""How a measure is named before its figure."""
TOTAL: Final = {
    "en": r"(?:of|out of|among) the total number of (?P<total>[^,]+)",
    "fr": r"(?:sur|parmi) (?:le nombre total|l['’]ensemble) (?:de |d['’]|des )(?P<total>[^,]+)",
    "es": r"(?:del|sobre el) (?:número )?total de (?P<total>[^,]+)",
    "vi": r"trong tổng số (?P<total>[^,]+)",
}
"""How the whole is named apart from the measure."""
ENDS: Final = re.compile(
    r"[,;:(]| (?:by|before|until|in|from|between|over|during|d['’]ici(?: à)?|avant|en|à|entre|"
    r"depuis|desde|de aquí a|para|hasta|antes de|al|vào|đến|trước|giữa|từ)"
    r"(?: the year| the years| l['’]an(?:née)?| les années| el(?: año)?| los años| (?:các )?năm|"
    r" cuối năm| l['’]horizon| end)?(?: of)? ?(?=(?:19|20)\d\d)"
    r"| (?:(?:in|for|during|over|within|pour|sur|dans|pendant|durant|au cours de|en|para|durante|"
    r"trong) )?(?:the |la |le |el )?"
    r"(?:term|period|years|decade|période|mandat|législature|per[ií]odo|mandato|legislatura|"
    r"giai đoạn|nhiệm kỳ)(?: of| from| de| del| từ)?(?: the years)?(?: năm)? ?(?=(?:19|20)\d\d)"
    r"|\.$"
)
"""Where the words of a measure end: at a comma, or before a year or a period."""
ARTICLE: Final = re.compile(r"^(?:des|de|d['’]|the)\s?(?=\w)")
TAIL: Final = re.compile(r"\s+(?:and|et|y|và)\s*$", re.IGNORECASE)
LEFT: Final = re.compile(r"\s(?:from|de|du|del|desde|từ)\s+\d.*$", re.IGNORECASE)
LOOSE: Final = re.compile(
    r"(?:(?:^|\s)(?:to|by|at|of|reach|about|à|de|a|al|en|un|lên|xuống|còn|đạt|ở mức|from|les?|la|"
    r"el))+"
    r"\s*$",
    re.IGNORECASE,
)
"""A baseline, and loose words, at the end of what stands before a figure."""
WHOSE: Final = re.compile(r"^[\w-]+ (?:des |de las |de los |de la |du |del |de l['’]|d['’]|de )")
"""In `taux de chômage des femmes`, what stands before those it is of."""
RATES: Final = ("rate", "taux", "tasa")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """What a figure measures, in the words of the clause."""

    measure: str
    numerator: str = ""
    denominator: str = ""
    behind: str = ""
    """Those of its words that stand behind the figure."""


JOINS: Final = re.compile(
    r"\b(?:by|until|the|year|end|of|and|then|in|to|reach|d|ici|et|à|l|horizon|an|en|puis|y|para|"
    r"el|"
    r"año|hasta|al|a|vào|năm|đến|và|đạt|lên|cuối|further|above|at|increase|increasing|then)\b",
    re.IGNORECASE,
)
"""Words between two figures of one measure."""


def is_same_measure(between: str) -> bool:
    """Tell whether the words between two figures name no measure of their own.

    Examples
    --------
    >>> is_same_measure(" by 2025 and "), is_same_measure(" of men, and unemployment to ")
    (True, False)
    """
    return not re.search(r"[^\W\d_]", JOINS.sub("", between))


def read_slots(text: str, figure: Figure, until: int, language: str, *, begin: int = 0) -> Slots:
    """Return what a figure measures, what it counts and out of what, in the words of the clause.

    Parameters
    ----------
    text : str
        The sentence.
    figure : Figure
        A figure in it.
    until : int
        Where the next figure begins, or the end.
    language : str
        Language of the sentence.
    begin : int, optional
        Where the words begin that may belong to it, behind a label or verb.

    Examples
    --------
    >>> from everycount.policy.figures import find_figures
    >>> text = "At least 60% of heads of agencies are women by 2025."
    >>> (figure,) = find_figures(text, "en")
    >>> slots = read_slots(text, figure, len(text), "en")
    >>> slots.numerator, slots.denominator
    ('women', 'heads of agencies')
    """
    is_share = figure.unit == "%"
    behind, match = _whole(text, figure, until, language)
    before = _trimmed(text[begin : figure.start])
    if match:
        whole = match["whole"].strip()
        part = ARTICLE.sub("", (match["part"] or "").strip())
        held, at = ("", 0) if part else held_part(before, whole, language)
        if part or held or language not in UNMARKED:
            measure = f"{before[at:]} … {behind.strip()}" if held else behind.strip()
            return Slots(
                measure=measure, numerator=part or held, denominator=whole, behind=behind.rstrip()
            )
    named = _named(text[begin : figure.start].strip(), language)
    if named:
        return named if is_share else Slots(measure=named.measure)
    if is_same_measure(before):
        return Slots(measure=behind.strip(), behind=behind.rstrip())
    return Slots(measure=before)


def _trimmed(before: str) -> str:
    """Return the words before a figure without a baseline and prepositions at their end."""
    return LOOSE.sub("", LEFT.sub("", before)).strip(" ,:;–-")


def has_own_whole(text: str, figure: Figure, until: int, language: str) -> bool:
    """Tell whether a figure says behind it what it is a share of, as in `and 50% of borrowers`.

    Parameters
    ----------
    text : str
        The sentence.
    figure : Figure
        A figure in it.
    until : int
        Where the next figure begins, or the end.
    language : str
        Language of the sentence.

    Examples
    --------
    >>> from everycount.policy.figures import find_figures
    >>> text = "Lend to 80% of households."
    >>> (figure,) = find_figures(text, "en")
    >>> has_own_whole(text, figure, len(text), "en")
    True
    """
    match = _whole(text, figure, until, language)[1]
    return match is not None and (language not in UNMARKED or match["part"] is not None)


def _whole(
    text: str, figure: Figure, until: int, language: str
) -> tuple[str, re.Match[str] | None]:
    """Return the words behind a figure, and the match of a share of something in them."""
    behind = _cut(text[figure.end : until])
    links = rf"{NOT_LINK} (?:{LINKS[language]}) (?P<part>.+)"
    pattern = rf"\s*{OF[language]}(?P<whole>.+?)(?:{links})?"
    match = re.fullmatch(pattern, behind) if figure.unit == "%" else None
    return behind, match


def _cut(text: str) -> str:
    end = ENDS.search(text)
    return TAIL.sub("", text[: end.start()] if end else text)


def _named(before: str, language: str) -> Slots | None:
    """Return the measure named before its figure."""
    match = re.search(SHARES[language], f"{before} ", re.IGNORECASE)
    if match is None:
        return None
    part, whole = match["part"].strip(" ,"), (match["whole"] or "").strip(" ,")
    total = re.search(TOTAL[language], before, re.IGNORECASE)
    if total and not whole:
        whole = total["total"].strip()
    measure = before[match.start() : match.end("whole" if match["whole"] else "part")].strip(" ,")
    if match["kind"].split()[-1].lower() in RATES:
        # A rate names those it is of; what is counted among them is in its name.
        last = match.end("whole" if match["whole"] else "part")
        whose = before[match.start("part") : last].strip(" ,")
        whole = whose if language == "en" else WHOSE.sub("", whose)
        is_named = language == "en" or whole != whose
        return Slots(measure=measure, denominator=whole if is_named else "")
    return Slots(measure=measure, numerator=part, denominator=whole)
