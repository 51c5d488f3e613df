"""Tell the reference population of an issue: the whole that its target groups are a part of."""

import re
from collections.abc import Sequence
from typing import Final

from everycount.model.issue import Target
from everycount.policy.words import expression

PEOPLE: Final = {
    "en": r"persons|people|women|men|population|child|children|adults|girls|boys|youth|workers|"
    r"mothers|females|males|infants",
    "fr": r"personnes|femmes|hommes|population|enfants?|adultes|filles|garçons|jeunes|mères|"
    r"travailleu(?:rs|ses)",
    "es": r"personas|mujeres|hombres|población|niños y niñas|niñas y niños|niños|niñas|jóvenes|"
    r"adultos|madres|trabajador(?:es|as)",
    "vi": r"phụ nữ|nam giới|nữ|trẻ em gái|trẻ em trai|trẻ em|trẻ|người|dân số|lao động nữ|lao động",
}
"""Those whose age is given."""
AGES: Final = {
    "en": rf"(?:{PEOPLE['en']}),? (?:who are )?(?:"
    r"(?:aged )?(?:under|over|above|below|(?:younger|older) than) (?:the age of )?"
    r"\d+(?: (?:years|months)(?: of age| old)?)?(?![\d.,]*\d| ?%| per)|"
    r"aged? (?:between |from )?\d+(?:\s?[-–]\s?\d+| (?:to|and|through) \d+)?"
    r"(?: (?:years|months)(?: of age| old)?)?(?: (?:and|or) (?:over|above|older|more|under)|\+)?|"
    r"(?:of |between |from )?(?:the ages of )?\d+(?:\s?[-–]\s?\d+| (?:to|and) \d+)? "
    r"(?:years|months)(?: of age| old)?(?: (?:and|or) (?:over|above|older|more|under))?)",
    "fr": rf"(?:{PEOPLE['fr']}) (?:âgée?s? )?(?:de |d['’]|entre )(?:moins de |plus de |au moins )?"
    r"\d+(?:\s?[-–]\s?\d+| (?:à|et) \d+)? (?:ans|mois)(?: (?:et|ou) (?:plus|moins))?",
    "es": rf"(?:{PEOPLE['es']}) (?:de |menores de |mayores de |entre )(?:edad )?(?:entre )?"
    r"(?:menos de |más de )?"
    r"\d+(?:\s?[-–]\s?\d+| (?:a|y) \d+)? (?:años|meses)(?: (?:y|o) (?:más|menos))?",
    "vi": rf"(?:{PEOPLE['vi']})(?: trong| ở)?(?: độ)?(?: tuổi)?(?: từ| dưới| trên| đủ)* "
    r"\d+(?:\s?[-–]\s?\d+| (?:đến|tới) (?:dưới )?\d+)?(?: tháng)? tuổi(?: trở (?:lên|xuống))?|"
    rf"(?:{PEOPLE['vi']})(?: trong| ở) độ tuổi(?: từ)? \d+(?:\s?[-–]\s?| (?:đến|tới) )\d+",
}
"""How an age or a range of ages is written behind them."""
_AGED: Final = {language: expression(words) for language, words in AGES.items()}
WHOLES: Final = {
    "en": (
        (r"pregnan\w* | maternity | childbirth | delivery | births? | maternal",
         "women who gave birth"),
        (r"business owners? | entrepreneurs? | owners of (?:enterprises|businesses)",
         "owners of enterprises"),
        (r"seats | parliament | people[’']s councils | elected", "members of elected bodies"),
        (r"leaders | leadership | managerial | managers | decision-? ?making", "holders of posts"),
        (r"agricultur\w* | farmers | land", "agricultural population"),
        (r"unemploy\w*", "labour force"),
        (r"employed | employ(?:ees?|ment|ers?) | workers | wages? | salar(?:y|ies) | laborers | "
         r"jobs?",
         "employed persons"),
        (r"students? | pupils? | schools? | enrol\w*", "population of school age"),
        (r"illitera\w* | literacy", "population aged 15 and over"),
        (r"households?", "households"),
        (r"victims? | survivors?", "persons who suffered violence"),
        (r"child marriage\w*", "women aged 20-24"),
        (r"spouses? | husband\w* | wife | wives", "persons married or in union"),
    ),
    "fr": (
        (r"enceinte\w* | maternité | accouch\w* | naissances?", "femmes ayant accouché"),
        (r"entrepreneur\w* | chefs d['’]entreprise", "chefs d'entreprise"),
        (r"sièges | parlement | élues?", "membres d'organes élus"),
        (r"postes de (?:décision|responsabilité) | dirigeant\w*", "titulaires de postes"),
        (r"agricol\w* | agricult\w* | terres?", "population agricole"),
        (r"chômage", "population active"),
        (r"emplois? | salaires? | salarié\w* | travaill\w*", "personnes en emploi"),
        (r"élèves? | écoles? | scolaris\w*", "population d'âge scolaire"),
        (r"ménages?", "ménages"),
        (r"victimes? | survivant\w*", "personnes ayant subi des violences"),
    ),
    "es": (
        (r"embaraz\w* | maternidad | parto | nacidos", "mujeres que dieron a luz"),
        (r"empresari\w* | emprendedor\w*", "personas empresarias"),
        (r"escaños | parlamento | electas?", "miembros de órganos electos"),
        (r"cargos | directiv\w*", "titulares de cargos"),
        (r"agrícola\w* | agricult\w* | tierras?", "población agrícola"),
        (r"desempleo", "población activa"),
        (r"empleos? | salari\w* | trabajador\w* | laboral\w*", "personas ocupadas"),
        (r"estudiantes? | escuelas? | alumn\w*", "población en edad escolar"),
        (r"hogares", "hogares"),
        (r"víctimas? | sobreviviente\w*", "personas que sufrieron violencia"),
    ),
    "vi": (
        (r"mang thai | thai sản | sinh con | tử vong mẹ", "phụ nữ đã sinh con"),
        (r"doanh nhân | giám đốc | chủ doanh nghiệp | chủ hợp tác xã", "chủ doanh nghiệp"),
        (r"quốc hội | hội đồng nhân dân | đại biểu", "đại biểu dân cử"),
        (r"lãnh đạo | quản lý", "người giữ chức danh lãnh đạo"),
        (r"nông nghiệp | nông dân", "dân số làm nông nghiệp"),
        (r"thất nghiệp", "lực lượng lao động"),
        (r"việc làm | tiền lương | lao động | người lao động", "người có việc làm"),
        (r"học sinh | sinh viên | trường học | nhập học", "dân số trong độ tuổi đi học"),
        (r"hộ (?:gia đình|nghèo)", "hộ gia đình"),
        (r"nạn nhân | bị bạo lực", "người bị bạo lực"),
    ),
}  # fmt: skip
"""Words of a clause, and the whole they point to, narrower ones first. Our own list."""
_COMPILED: Final[dict[str, tuple[tuple[re.Pattern[str], str], ...]]] = {
    language: tuple((expression(words), whole) for words, whole in entries)
    for language, entries in WHOLES.items()
}


def find_population(text: str, language: str, targets: Sequence[Target]) -> str:
    """Return the reference population of a clause, or nothing if no word points to one.

    Parameters
    ----------
    text : str
        The clause, in Unicode NFC.
    language : str
        Its language, and that of the answer.
    targets : sequence of Target
        Those of the clause; what the first is a share of comes first.

    Examples
    --------
    >>> find_population("equal wages for women", "en", ())
    'employed persons'
    >>> find_population("literacy of women aged 15-60", "en", ())
    'women aged 15-60'
    >>> find_population("a clean house", "en", ())
    ''
    """
    for target in targets:
        if target.denominator:
            return target.denominator
    aged = _AGED[language].search(text)
    if aged:
        return aged.group()
    return next((whole for words, whole in _COMPILED[language] if words.search(text)), "")
