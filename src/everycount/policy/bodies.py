"""Find who is to act: the bodies and persons before the verb of a sentence."""

import re
from typing import Final

from everycount.model.issue import Cause
from everycount.policy.gate import Asking
from everycount.policy.words import expression

NAMES: Final = {
    "en": re.compile(
        r"(?:[A-Z][\w’'-]+ (?:and |of |on |for |in |the |charge of )*){0,6}"
        r"(?:State|Government|Minister|Ministry|Commission|Council|Committee|Office|Officer|"
        r"Bureau|"
        r"Department|Agency|Authority|Ombuds\w*|Parliament|Cabinet|President|Secretary|Union|"
        r"Assembly|"
        r"Board|Police|Court|Director|Fund|Ministries|Agencies|Authorities|Officers)\b"
        r"(?: (?:of|for|on|in charge of|responsible for)(?: the)? [A-Z][\w’'-]+"
        r"(?: (?:and|of|on|for|the) (?:the )?[A-Z][\w’'-]+)*)?"
        r"|\b(?i:state|states|government|governments|local governments?|local authorit(?:y|ies)|"
        r"employers?|parents?|trustees?|guardians?|spouses|schools?|hospitals?|enterprises?|"
        r"(?:public |state |government )?(?:agencies|institutions|bodies|organi[sz]ations)|"
        r"companies|"
        r"service providers?|teachers?|police|district court|any person|every person|ministries|"
        r"families|individuals|citizens|political parties|trade unions?|media|people’s committees|"
        r"people's committees)\b"
    ),
    "fr": re.compile(
        r"\b(?:l['’])?(?:[ÉE]tat|[Gg]ouvernement|[Mm]inist(?:re|ère)s?|[Cc]ommission|[Cc]onseil|"
        r"[Cc]omité|[Oo]ffice|[Oo]bservatoire|[Pp]arlement|[Aa]gence)"
        r"(?: (?:chargée?s? (?:de la |du |des |de l['’])|de la |du |des |de l['’]|de |national |"
        r"nationale )[\w’'-]+(?: \w+ense)?)*"
        r"|\b(?i:employeurs?|parents|tuteurs?|écoles|entreprises|communes|collectivités "
        r"(?:locales|"
        r"territoriales)|établissements (?:scolaires|de santé)|partis politiques|syndicats|"
        r"toute personne|pouvoirs publics|autorités (?:locales|publiques|compétentes))\b"
    ),
    "es": re.compile(
        r"\b(?:[Ee]stado|[Gg]obierno|[Mm]inisterios?|[Mm]inistro|[Cc]omisión|[Cc]onsejo|"
        r"[Ii]nstituto|"
        r"[Cc]omité|[Pp]arlamento|[Ss]ecretaría|[Aa]gencia)"
        r"(?: (?:de la |de las |de los |del |de |nacional |Nacional )[\w-]+)*"
        r"|\b(?i:empleadores?|empresas|padres|tutores?|escuelas|municipios|ayuntamientos|"
        r"gobiernos locales|autoridades (?:locales|competentes)|poderes públicos|partidos "
        r"políticos|"
        r"sindicatos|toda persona|centros educativos|administraciones públicas)\b"
    ),
    "vi": re.compile(
        r"(?:[Nn]hà nước|[Cc]hính phủ|[Bb]ộ [A-ZĐ][\wđ]*(?:[ ,-]+(?:[A-ZĐ][\w]*|và [A-ZĐ]\w*|"
        r"binh và|"
        r"hội|\w+ tạo|vốn|tế|chính|dục))*|[UuỦủ]ỷ? ?[yỷ]? ?ban nhân dân(?: (?:các cấp|cấp \w+))?|"
        r"[Hh]ội đồng nhân dân|[Hh]ội [Ll]iên hiệp [Pp]hụ nữ(?: Việt Nam)?|[Qq]uốc hội|"
        r"[Nn]gười sử dụng lao động|[Cc]ơ quan(?:, tổ chức)?(?: và cá nhân|, cá nhân)?|"
        r"[Dd]oanh nghiệp|[Cc]ha mẹ|[Nn]hà trường|[Cc]ơ sở giáo dục|[Cc]ơ sở y tế|[Gg]ia đình|"
        r"[Cc]hính quyền địa phương|[Mm]ọi người)"
    ),
}
"""Nouns of those who act, with what names them further."""
BY: Final = expression(
    r"(?:by|duty of|responsibility of|incumbent on)(?: the| an| a)? | "
    r"(?:par|incombe à|appartient à)(?: le| la| les| l['’])? | "
    r"(?:por|corresponde a|obligación de)(?: el| la| los| las)? | do | trách nhiệm của"
)
"""Words behind the verb that come before those who act."""
ARTICLE: Final = re.compile(
    r"(?:(?:Among|In|For|To|Under|Upon|By|At) )?(?:[Tt]he|An?|Each|Every|Any) |[Ll]['’]"
)


def find_bodies(asking: Asking) -> tuple[Cause, ...]:
    """Return who is to do what a sentence asks for, as it names them.

    They stand before the verb; where that is passive, behind `by`. A point of a list has those
    of the words that lead into it. Nobody is guessed.

    Parameters
    ----------
    asking : Asking
        A sentence that asks for something.

    Returns
    -------
    tuple of Cause
        In the order of the text, each name once.

    Examples
    --------
    >>> from everycount.model.vocabulary import Vocabulary
    >>> from everycount.policy.clauses import clause_of
    >>> from everycount.policy.gate import asks_for_action
    >>> from everycount.policy.lexicon import lexicon_of
    >>> words = lexicon_of(Vocabulary(id="own", title={"en": "Own"}, source="Own"), "en")
    >>> clause = clause_of("The Minister of Labour shall raise wages.", "en")
    >>> verdict = asks_for_action(clause, words)
    >>> [cause.words for cause in find_bodies(verdict.asking[0])]
    ['Minister of Labour']
    """
    place, names = asking.place, NAMES[asking.place.language]
    sentence = asking.sentence
    begin, end = (0, len(place.text)) if asking.is_led else (
        sentence.start, sentence.start + len(sentence.text)
    )  # fmt: skip
    found = list(names.finditer(place.text, begin, asking.start))
    for by in () if found else BY.finditer(place.text, asking.start, end):
        match = names.match(place.text, by.end() + place.text.startswith(" ", by.end()))
        found += [match] if match else []
    first: dict[str, Cause] = {}
    for match in found:
        article = ARTICLE.match(match.group())
        cause = place.cause(match.start() + (article.end() if article else 0), match.end())
        first.setdefault(cause.words, cause)
    return tuple(first.values())
