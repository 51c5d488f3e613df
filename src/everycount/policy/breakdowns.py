"""Tell by which characteristics figures are needed, one at a time and several at once."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Final

from everycount.model.issue import Tag
from everycount.policy.groups import group_hits
from everycount.policy.lexicon import Lexicon
from everycount.policy.sexes import names_sexes
from everycount.policy.terms import Hit
from everycount.policy.words import expression

BY: Final = {
    "en": expression(
        r"(?:dis)?aggregated by | broken down by | breakdown by | classified by | by(?= (?:sex|"
        r"age|"
        r"gender|region|disability|ethnic\w*|place of residence|urban))"
    ),
    "fr": expression(
        r"(?:ventilé|désagrégé)e?s? (?:par|selon) | selon(?= (?:le sexe|l['’]âge|la région)) | "
        r"par(?= (?:sexe|âge|région))"
    ),
    "es": expression(
        r"desagregad[oa]s? (?:por|según) | desglosad[oa]s? por | por(?= (?:sexo|edad|región|"
        r"género)) |"
        r" según(?= (?:el sexo|la edad))"
    ),
    "vi": expression(
        r"phân tách theo | phân tổ theo | chia theo | theo(?= (?:giới tính|độ tuổi|"
        r"vùng))"
    ),
}
"""Words before the characteristics by which figures are asked for."""
CHARACTERISTICS: Final = (
    ("sex", r"sex | gender | sexe | genre | sexo | género | giới tính | giới"),
    ("age", r"ages? | age groups? | âge | groupe d['’]âge | edad | nhóm tuổi | độ tuổi | tuổi"),
    ("location", r"location | regions? | provinces? | districts? | urban(?:[ /-](?:and |or "
                 r")?rural)? | "
     r"place of residence | geograph\w* | région | milieu(?: de résidence)? | provincia | región "
     r"| "
     r"zona | lugar de residencia | vùng(?: miền)? | địa bàn | tỉnh | thành thị"),
    ("disability status", r"disabilit\w* | handicap | discapacidad | khuyết tật | tình trạng "
                          r"khuyết tật"),
    ("population group", r"ethnic\w* | race | appartenance ethnique | ethnie | etnia | "
     r"pertenencia étnica | dân tộc"),
    ("migrant status", r"migrat\w* | migrant status | statut migratoire | condición migratoria | "
                       r"di cư"),
    ("employment status", r"employment status | situation d['’]emploi | situación laboral"),
    ("occupation", r"occupation | profession | ocupación | nghề nghiệp"),
    ("income", r"income | wealth | revenu | ingresos? | thu nhập"),
    ("marital status", r"marital status | état civil | situation matrimoniale | estado civil | "
     r"tình trạng hôn nhân"),
    ("education level", r"education(?:al)? level | level of education | niveau d['’]instruction | "
     r"nivel educativo | trình độ học vấn"),
)  # fmt: skip
"""Characteristics by the names that the shipped frameworks use, and words for them."""
_COMPILED: Final = tuple((name, expression(words)) for name, words in CHARACTERISTICS)
LIST_END: Final = re.compile(r"[.;:()]")
QUALIFIES: Final = {
    "en": r"(?:who |that )?(?:live |work |living |residing |working |resident |employed |are )?"
    r"(?:in|from|at|with) (?:the |all )?(?:[\w-]+ (?:and |or )){0,2}(?:[\w-]+ )?",
    "fr": r"(?:qui )?(?:vivant |vivent |résidant |travaillant )?"
    r"(?:dans |en |des? |du |issue?s? des? |d['’])(?:les? |la )?"
    r"(?:[\w-]+ (?:et |ou )(?:les |des )?){0,2}",
    "es": r"(?:que )?(?:viven |residen |trabajan )?(?:en|de|del|con) (?:las? |los |el )?"
    r"(?:[\w-]+ [yo] ){0,2}",
    "vi": r"(?:sống |sinh sống |làm việc )?(?:ở|tại|thuộc|trong)? ?(?:các )?(?:khu vực |vùng )?",
}
"""What stands between a group and one that says where or under what conditions it lives."""
_QUALIFIES: Final = {
    language: re.compile(rf" (?:{words})?", re.IGNORECASE) for language, words in QUALIFIES.items()
}


def find_breakdowns(
    texts: Sequence[str], groups: Sequence[Tag], lexicon: Lexicon
) -> tuple[tuple[str, ...], ...]:
    """Return the disaggregations that a clause needs, single ones before combined ones.

    A group needs figures by each characteristic that defines it, and one that several define by
    all of them at once: ethnic minority women are seen by sex and population group together.
    So are groups that qualify one another, as in `poor women in remote areas`. What the clause
    itself asks for is added, all that it joins taken together too, and sex where that is the
    ground of a difference.

    Parameters
    ----------
    texts : sequence of str
        Sentences of the clause.
    groups : sequence of Tag
        Its target groups.
    lexicon : Lexicon
        Groups by code.

    Examples
    --------
    >>> from everycount.model.vocabulary import Vocabulary
    >>> from everycount.policy.lexicon import lexicon_of
    >>> words = lexicon_of(Vocabulary(id="own", title={"en": "Own"}, source="Own"), "en")
    >>> find_breakdowns(["Data shall be disaggregated by sex and age."], (), words)
    (('sex',), ('age',), ('sex', 'age'))
    """
    codes = {tag.code for tag in groups}
    needed = [lexicon.groups[tag.code].breakdowns for tag in groups]
    for text in texts:
        needed += _asked(text, lexicon.language)
        needed += _qualified(text, codes, lexicon)
        if names_sexes(text, lexicon.language):
            needed.append(("sex",))
    singles = [(name,) for names in needed for name in names]
    combined = [names for names in needed if len(names) > 1]
    return tuple(dict.fromkeys([*singles, *combined]))


def _qualified(text: str, codes: Collection[str], lexicon: Lexicon) -> Iterator[tuple[str, ...]]:
    """Yield all characteristics of groups that stand together and qualify one another."""
    found = group_hits(text, lexicon) if len(codes) > 1 else ()
    hits = [hit for hit in found if hit.code in codes]
    joined: tuple[str, ...] = ()
    for first, second in pairwise(hits):
        one, other = (lexicon.groups[hit.code].breakdowns for hit in (first, second))
        if _qualifies(text, first, second, lexicon):
            joined = tuple(dict.fromkeys([*(joined or one), *other]))
        else:
            yield from [joined] if joined else []
            joined = ()
    yield from [joined] if joined else []


def _qualifies(text: str, first: Hit, second: Hit, lexicon: Lexicon) -> bool:
    """Tell whether two names of groups that follow one another are of the same people."""
    one, other = (lexicon.groups[hit.code] for hit in (first, second))
    if {one.dimension, other.dimension} != {"social"}:
        return False
    if second.start < first.end:
        return True
    # Who has a sex or an age of their own are other people: `women with children`.
    is_of_own = {"sex", "age", *one.breakdowns} & set(other.breakdowns)
    between = text[first.end : second.start]
    return not is_of_own and bool(_QUALIFIES[lexicon.language].fullmatch(between))


def _asked(text: str, language: str) -> Iterator[tuple[str, ...]]:
    """Yield the characteristics that each `disaggregated by` of a text joins."""
    for by in BY[language].finditer(text):
        stop = LIST_END.search(text, by.end())
        listed = text[by.end() : stop.start() if stop else len(text)]
        found = [
            (match.start(), name) for name, words in _COMPILED if (match := words.search(listed))
        ]
        if found:
            yield tuple(name for _, name in sorted(found))
