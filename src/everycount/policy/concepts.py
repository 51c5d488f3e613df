"""Find the core concepts that a clause honours, and grade how far it goes with each."""

import re
from collections.abc import Sequence
from typing import Final

from everycount.model.issue import Cause, Grade, Tag
from everycount.policy.clauses import Clause, Sentence
from everycount.policy.gate import Asking
from everycount.policy.lexicon import Lexicon
from everycount.policy.words import expression

MONITORING: Final = {
    "en": expression(
        r"monitor\w* | evaluat\w* | indicators? | statistic\w* | (?:annual |periodic(?:al)? |"
        r"regular )?reports? (?:on|to|containing) | data | survey\w* | disaggregated | baseline | "
        r"returns and statistics | assess the impact | track\w* | measur(?:ed|able)"
    ),
    "fr": expression(
        r"suivi(?:e|s)? | suivre | évalu\w* | indicateurs? | statisti\w* | rapports? (?:annuel|"
        r"périodique)\w* | fait rapport | données | enquêtes? | ventilées?s? | désagrégées?s? | "
        r"mesur\w*"
    ),
    "es": expression(
        r"seguimiento | monitore\w* | evalua\w* | indicador(?:es)? | estadístic\w* | informes? "
        r"(?:anual|periódic)\w* | informará | datos | encuestas? | desagregad[oa]s? | medi(?:r|"
        r"ción)"
    ),
    "vi": expression(
        r"giám sát | theo dõi | đánh giá | chỉ số | thống kê | báo cáo | số liệu | dữ liệu | "
        r"điều tra |"
        r" khảo sát | phân tách | đo lường"
    ),
}
"""Words of an intention to see whether it is done."""
ACTION: Final = {
    "en": expression(
        r"establish\w* | creat\w* | provid\w* | train\w* | build\w* | conduct\w* | organi[sz]\w* "
        r"| "
        r"introduc\w* | allocat\w* | fund(?:ed|ing)? | pay | paid | grant\w* | develop\w* | "
        r"implement\w* | formulat\w* | set up | open\w* | inquire | investigate | receive | "
        r"appoint\w* |"
        r" take (?:\w+ )?(?:steps|measures) | forbidden | prohibited | entitled | leave | "
        r"undertake | "
        r"make recommendations | amend\w* | revis\w* | intervene | teach\w* | recruit\w* | "
        r"publish\w*"
    ),
    "fr": expression(
        r"créer? | crée(?:nt|ra)? | met(?:tent|tre|tra)? en place | former | forme(?:nt|ra)? | "
        r"organis\w* |"
        r" accord\w* | vers\w* | finance\w* | élabor\w* | instaur\w* | ouvr\w* | interdite?s? | "
        r"interdit |"
        r" recrut\w* | publi(?:e|er|era) | dispens\w* | congé | fourni\w* | construi\w*"
    ),
    "es": expression(
        r"crear\w* | crea | establec\w* | capacit\w* | organiz\w* | otorg\w* | concede\w* | "
        r"financi\w* | "
        r"elabor\w* | implement\w* | abrir\w* | prohíbe\w* | prohibid\w* | contrat\w* | "
        r"publicar\w* | "
        r"licencia | proporcion\w* | constru\w* | adoptar\w* medidas"
    ),
    "vi": expression(
        r"xây dựng | thành lập | tổ chức | đào tạo | tập huấn | cung cấp | cấp kinh phí | bố trí "
        r"| "
        r"ban hành | triển khai | nghiêm cấm | được nghỉ | mở | bồi dưỡng | trợ cấp | tuyển dụng"
    ),
}
"""Words of a specific action, not of an aim alone."""
EXPLAINING: Final = {
    "en": expression(
        r"including | such as | in order to | by (?:\w+ing) | so that | because | in particular | "
        r"especially | with (?:special )?regards? | through | namely | in relation to | "
        r"irrespective"
    ),
    "fr": expression(
        r"notamment | y compris | afin de | afin que | tels? que | telles? que | en particulier | "
        r"grâce à | au moyen d\w+ | à savoir | quel que soit"
    ),
    "es": expression(
        r"incluid[oa]s? | incluyendo | a fin de | con el fin de | tales como | en particular | "
        r"mediante | a través de | es decir | especialmente"
    ),
    "vi": expression(
        r"bao gồm | như | nhằm | để | đặc biệt | thông qua | cụ thể | gồm | trong "
        r"đó"
    ),
}
"""Words behind which a concept is explained."""


def find_concepts(clause: Clause, asking: Sequence[Asking], lexicon: Lexicon) -> tuple[Tag, ...]:
    """Return the core concepts of a clause, each with the highest grade that its words bear.

    A concept is monitored (4) if the sentence that names it speaks of reports, data or
    evaluation; acted on (3) if the sentence asks for something specific or sets a figure;
    explained (2) if it goes on to say how, why or for whom; otherwise it is mentioned (1).

    Parameters
    ----------
    clause : Clause
        The clause.
    asking : sequence of Asking
        Its sentences that ask for something.
    lexicon : Lexicon
        The list of concepts.

    Returns
    -------
    tuple of Tag
        With the words of the concept and those that gave the grade.

    References
    ----------
    .. [1] Amin, M., et al. (2011). EquiFrame: A framework for analysis of the inclusion of human
       rights and vulnerable groups in health policies. Health and Human Rights 13(2).
    """
    asked = {each.sentence.start for each in asking}
    found: dict[str, tuple[Grade, list[Cause]]] = {}
    for sentence in clause.sentences():
        grade, reason = grade_sentence(clause, sentence, is_asked=sentence.start in asked)
        for hit in lexicon.find_concepts(sentence.text):
            words = clause.cause(sentence.start + hit.start, sentence.start + hit.end)
            best, causes = found.get(hit.code, (grade, []))
            new = [*causes, words]
            if reason and (not causes or grade > best):
                new.append(reason)
            found[hit.code] = (max(best, grade), list(dict.fromkeys(new)))
    return tuple(
        Tag(code=code, grade=grade, causes=tuple(causes)) for code, (grade, causes) in found.items()
    )


def grade_sentence(
    clause: Clause, sentence: Sentence, *, is_asked: bool
) -> tuple[Grade, Cause | None]:
    """Return how far a sentence goes with the concepts it names, and the words that show it.

    Parameters
    ----------
    clause : Clause
        The clause.
    sentence : Sentence
        One of its sentences.
    is_asked : bool
        Whether the sentence asks for something.

    Returns
    -------
    grade, words
        1 to 4; no words with 1.

    Examples
    --------
    >>> from everycount.policy.clauses import clause_of
    >>> clause = clause_of("Equality shall be monitored every year.", "en")
    >>> grade, cause = grade_sentence(clause, clause.sentences()[0], is_asked=True)
    >>> grade, cause.words
    (4, 'monitored')
    """
    text, language = sentence.text, clause.language
    ladder: tuple[tuple[Grade, bool, dict[str, re.Pattern[str]]], ...] = (
        (4, True, MONITORING),
        (3, is_asked, ACTION),
        (2, True, EXPLAINING),
    )
    for grade, counts, words in ladder:
        match = words[language].search(text) if counts else None
        if match:
            start = sentence.start
            return grade, clause.cause(start + match.start(), start + match.end())
    return 1, None
