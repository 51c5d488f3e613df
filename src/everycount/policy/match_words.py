"""Turn titles and clauses into what they are compared by: clean text, stems, syllables."""

import html
import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, Final

import snowballstemmer

STEMMERS: Final = {"en": "english", "fr": "french", "es": "spanish"}
"""Languages whose words are reduced to stems (Snowball). Vietnamese has no endings to remove."""
STOP: Final = {
    "en": "a an the of and or to in on at for with without by from as is are was were be been "
    "being this that these those who which whom whose whether it its their his her they he "
    "she has have had not no than then into per within between among under over during "
    "after before according include including includes such other others any all each every "
    "some against through out up down do does done can may shall will would should must "
    "also only both upon there where when while if so least most more less first last "
    "previous i ii iii iv b c d",
    "fr": "le la les l un une des de du d et ou à au aux en dans par pour sur avec sans ce cet "
    "cette ces qui que qu dont où est sont été être a ont ayant il elle ils elles leur "
    "leurs son sa ses se ne pas plus moins y compris selon entre sous ainsi toute tout tous "
    "toutes autre autres",
    "es": "el la los las un una unos unas de del y o u a al en por para con sin sobre entre que "
    "quien cuyo cuya es son fue ser ha han haber su sus se no más menos lo le les este esta "
    "estos estas como según todo toda todos todas otro otra otros otras incluido incluida",
    "vi": "và của các có cho trong về là được theo với những này tại từ trên do một để khi hoặc "
    "đã đang sẽ bị bởi ra vào nên thì mà ở đến như số tỷ lệ",
}
"""Words that say nothing about the topic; our own lists."""
MEASURES: Final = (
    "proportion percentage percent per cent share number rate ratio index level total average mean "
    "volume amount extent degree prevalence incidence coverage value annual population people "
    "person persons countries country individuals aged age years old year 000 status indicator "
    "pourcentage taux nombre part indice proporción porcentaje tasa número índice años ans"
)
"""Words found in titles of every topic. They count `LIGHT` and are not dropped, since a title may
hold little else."""
LIGHT: Final = 0.25
"""Weight of a measure word or a number beside a word of the topic; set beforehand, not tuned."""
SAME: Final = {
    "labor": "labour", "anemia": "anaemia", "anemic": "anaemic", "behavior": "behaviour",
    "center": "centre", "neighborhood": "neighbourhood", "program": "programme",
    "pediatric": "paediatric", "maternity": "maternal", "enrollment": "enrolment",
    "immunisation": "immunization", "urbanisation": "urbanization",
}  # fmt: skip
"""Spellings brought together before stemming."""
SPELLED: Final = {
    "en": "two three four five six seven eight nine ten",
    "fr": "deux trois quatre cinq six sept huit - dix",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez",
}
"""Words for 2 to 10: "under-five" is "under 5". One is left out, as it is an article and a pronoun
too; so is French *neuf*, which also means new, and Vietnamese, whose *năm* is five and year."""
APART: Final = (
    "aids wasting wasted organic university universities universal international internal "
    "important importance minority minorities communicable noncommunicable communication "
    "communications executive capital informal information general"
)
"""English words whose Snowball stem is that of a word from another field: AIDS and aid, wasting
children and waste, universal and university, capital and capita. They stay whole."""
LEFT: Final = 2
"""Words that must stand before a tail is cut: "by sex" alone is no title."""
EXCLUDERS: Final = {
    "en": "other than|except(?: for| by| in)?|excluding|not including|apart from"
    "|with the exception of",
    "fr": "autres? que|sauf|hormis|excepté|à l['’]exception d[eu]s?|à l['’]exclusion d[eu]s?",
    "es": "que no sean?|distint[ao]s? de|excepto|salvo|excluid[ao]s?|a excepción de",
    "vi": "không phải là|không phải|không bao gồm|ngoại trừ|trừ",
}
_APART = frozenset(APART.split())
_FIGURES = {
    code: {word: str(number) for number, word in enumerate(words.split(), 2)}
    for code, words in SPELLED.items()
}
_TAG = re.compile(r"<[^<>]{0,300}>")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
_NUMBER = re.compile(r"(?<=\d)[  ,.](?=\d{3}\b)")
_STOPPED = {code: frozenset(words.split()) for code, words in STOP.items()}
_KINDS = {
    "en": "sex|gender|age|age groups?|region|location|place of residence|residence|"
    "area of residence|urban|wealth|income|education(?:al)?|level of education|"
    "disability|ethnicity|types?|sector|occupation|employment status|migrant status|"
    "marital status|geographic(?:al)?|cause|source|mode",
    "fr": "sexe|âge|groupe d['’]âge|région|lieu|milieu|quintile|niveau|handicap|type",
    "es": "sexo|edad|grupos? de edad|región|lugar|zona|quintil|nivel|discapacidad|tipo",
    "vi": "giới tính|giới|tuổi|nhóm tuổi|vùng|thành thị|nơi cư trú|dân tộc|trình độ|loại",
}
_LEADS = {
    "en": r"(?:dis)?aggregated by|broken down by|by",
    "fr": r"ventilée?s? par|désagrégée?s? par|selon|par",
    "es": r"desglosad[oa]s? por|desagregad[oa]s? por|según|por",
    "vi": r"phân tổ theo|phân theo|chia theo|theo",
}
_TAILS = {
    code: re.compile(
        rf"[\s,;(]+(?:{lead})\s+(?:le |la |el |l['’])?(?:{_KINDS[code]})\b.*$", re.I | re.S
    )
    for code, lead in _LEADS.items()
}
_EXCLUDED = {
    code: re.compile(rf"\b(?:{words})\s+((?:[^\W_]+[\s'’-]+){{0,4}}[^\W_]+)", re.I)
    for code, words in EXCLUDERS.items()
}
_CLOSED = re.compile(
    r"\s+(?:who|that|which|in|on|at|and|or|by|during|et|ou|dans|qui|y|o|en|và|hoặc|trong|tại)\s.*$",
    re.I,
)


def clean(text: str) -> str:
    """Return a text in Unicode NFC without HTML and with single spaces.

    Examples
    --------
    >>> clean("<p>Women&nbsp;in   parliament</p>")
    'Women in parliament'
    """
    plain = html.unescape(_TAG.sub(" ", text)) if "<" in text or "&" in text else text
    return " ".join(unicodedata.normalize("NFC", plain).split())


def split_tail(text: str, language: str = "en") -> tuple[str, str]:
    """Return a clean title without the breakdowns at its end, and those breakdowns.

    Parameters
    ----------
    text : str
        Title as published.
    language : str
        ISO 639-1 code. Without rules for the language nothing is cut.

    Returns
    -------
    tuple of str
        What is measured, and by what it is broken down (empty when the title does not say).

    Examples
    --------
    >>> split_tail("Unemployment rate, by sex and age")
    ('Unemployment rate', 'by sex and age')
    >>> split_tail("By sex")
    ('By sex', '')
    """
    whole = clean(text)
    pattern = _TAILS.get(language)
    found = pattern.search(whole) if pattern else None
    if not found or len(stems(whole[: found.start()], language)) < LEFT:
        return whole, ""
    return whole[: found.start()], found.group().strip(" ,;(")


def split_excluded(text: str, language: str = "en") -> tuple[str, tuple[str, ...]]:
    """Return a text without what it says it leaves out, and what that is.

    Examples
    --------
    >>> split_excluded("Violence by persons other than an intimate partner")
    ('Violence by persons', ('an intimate partner',))
    """
    pattern = _EXCLUDED.get(language)
    left_out = []
    for found in pattern.finditer(text) if pattern else ():
        words_found = _CLOSED.sub("", found.group(1))
        left_out.append((found.start(), found.start(1) + len(words_found), words_found))
    kept = text
    for start, end, _ in reversed(left_out):
        kept = f"{kept[:start].rstrip()}{kept[end:]}"
    return kept, tuple(words_found for _, _, words_found in left_out)


def words(text: str) -> list[str]:
    """Return the lower-case words and numbers of a clean text, thousands joined.

    Examples
    --------
    >>> words("Deaths per 100,000 women’s births")
    ['deaths', 'per', '100000', 'women', 'births']
    """
    joined = _NUMBER.sub("", text) if any(map(str.isdigit, text)) else text
    return [_bare(word) for word in _WORD.findall(joined.lower())]


def stems(text: str, language: str = "en") -> list[str]:
    """Return the stems of a clean text in order, without function words; in Vietnamese, syllables.

    Examples
    --------
    >>> stems("Seats held by women"), stems("Bạo lực và gia đình", "vi")
    (['seat', 'held', 'women'], ['bạo', 'lực', 'gia', 'đình'])
    """
    stopped = _STOPPED.get(language, frozenset())
    return [stem(word, language) for word in words(text) if word not in stopped]


def terms(text: str, language: str = "en") -> list[str]:
    """Return what a clean text is compared by: stems, or in Vietnamese syllables and their pairs.

    Parameters
    ----------
    text : str
        Title or clause, from `clean`.
    language : str
        ISO 639-1 code. Words of a language without a stemmer stay as they are.

    Returns
    -------
    list of str
        Function words are left out. A pair of neighbouring syllables is joined by an underscore,
        so that Vietnamese words need not be told apart.

    Examples
    --------
    >>> terms("Women in national parliaments")
    ['women', 'nation', 'parliament']
    >>> terms("Bạo lực gia đình", "vi")
    ['bạo', 'lực', 'gia', 'đình', 'bạo_lực', 'lực_gia', 'gia_đình']
    """
    kept = stems(text, language)
    if language != "vi":
        return kept
    return kept + [f"{first}_{second}" for first, second in pairwise(kept)]


@lru_cache(maxsize=200_000)
def stem(word: str, language: str = "en") -> str:
    """Return the stem of a lower-case word.

    Examples
    --------
    >>> stem("parliaments"), stem("aids"), stem("aid"), stem("five"), stem("femmes", "fr")
    ('parliament', 'aids', 'aid', '5', 'femm')
    """
    if word in _FIGURES.get(language, ()):
        return _FIGURES[language][word]
    if language == "en":
        word = SAME.get(word, word)
        if word in _APART:
            return word
    stemmer = _stemmer(language)
    return str(stemmer.stemWord(word)) if stemmer else word


@lru_cache(maxsize=200_000)
def topic_stem(word: str, language: str = "en") -> str:
    """Return the stem of a word that tells a topic; nothing for others.

    Examples
    --------
    >>> topic_stem("women"), topic_stem("number"), topic_stem("the")
    ('women', '', '')
    """
    stemmed = "" if word in _STOPPED.get(language, ()) else stem(word, language)
    return stemmed if stemmed and weight_of(stemmed) == 1 else ""


def weight_of(term: str) -> float:
    """Return how much a term counts: `LIGHT` for a measure word or a number, else 1.

    Examples
    --------
    >>> weight_of("proport"), weight_of("2030"), weight_of("parliament")
    (0.25, 0.25, 1.0)
    """
    return LIGHT if term.isdigit() or term in _light() else 1.0


@cache
def _stemmer(language: str) -> Any:
    """Return the stemmer of a language, if there is one."""
    return snowballstemmer.stemmer(STEMMERS[language]) if language in STEMMERS else None


@cache
def _light() -> frozenset[str]:
    """Return the stems of the measure words."""
    measures = MEASURES.split()
    return frozenset(measures) | {stem(each, code) for each in measures for code in STEMMERS}


def _bare(word: str) -> str:
    """Return a word without a possessive ending, or without the article elided before it."""
    first, mark, second = word.replace("’", "'").partition("'")
    return second if mark and len(first) <= 2 else first
