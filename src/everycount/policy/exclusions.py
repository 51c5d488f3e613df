"""Tell what a sentence does that no figure could show: penalties, procedure, definitions."""

import re
from dataclasses import dataclass
from typing import Final

from everycount.policy.words import compiled

REASONS: Final = {
    "penalty": "it sets a penalty",
    "definition": "it says what a word means",
    "validity": "it says from when, where or under what name the text applies",
    "amendment": "it changes or ends a text",
    "immunity": "it shields those who act",
    "appointment": "it says who may sit on a body",
    "rules": "it leaves rules to be made or published",
    "organisation": "it orders the affairs of a body",
    "court": "it is a step before a court or in an inquiry",
}
"""Kinds of sentences, and how they are said. From `appointment` on some ask for something all the
same: those that set a quota, or name people and a change for them."""
ABSOLUTE: Final = ("penalty", "definition", "validity", "amendment", "immunity")
"""Kinds that ask for nothing, whoever they name."""
SENTENCES: Final = compiled(
    {
        "en": {
            "penalty": r"liable to (?:\w+ ){0,3}(?:imprisonment|fine|penalt\w+|sanction\w*) | "
            r"punish(?:able|ed) | imprisonment | (?:administrative |be |a )fined? (?:of|between|"
            r"not)"
            r" | guilty (?:of|with) | convicted | commits an offence | penalt(?:y|ies) provided | "
            r"subject to (?:the )?sanctions?",
            "definition": r"[“\"][^”\"]{2,60}[”\"],?[^.]{0,80} "
            r"(?:means|includes|has the meaning) | "
            r"following (?:terms|definitions|words|meanings) | unless the context otherwise | "
            r"construed as | (?:refers?|means) to",
            "validity": r"(?:come|comes|enter|enters) into (?:force|operation|effect) | may be "
            r"cited "
            r"as | shall prevail | scope of application | sub-?section shall apply",
            "amendment": r"(?:is|are|be) (?:hereby )?(?:repealed|abrogated|rescinded) | "
            r"be (?:substituted|inserted|omitted|deleted) | mutatis mutandis | such repeal",
            "immunity": r"no (?:suit|liability|action) | good faith | suit or prosecution | "
            r"deemed to be (?:public servants?|judicial)",
            "appointment": r"from among (?:the )?persons | person of good repute | "
            r"eligible for re-?appointment | disqualified | members? (?:to|of) the "
            r"(?:commission|committee|council|board|panel|office) (?:shall|unless|may) | "
            r"appointing (?:\w+ ){1,3}members? | be composed of | adjudged",
            "rules": r"(?:make|making|made) (?:\w+ ){0,3}(?:rules|regulations) | "
            r"(?:rules?|regulations?) (?:shall|may|made) | in the (?:official )?gazette | "
            r"be prescribed | as prescribed | prescribing | (?:laid|lay|brought|submit\w*) "
            r"[\w ]{0,40}before [\w ]{0,12}(?:parliament|legislature) | "
            r"(?:determined|established) by (?:an? )?[\w’' ]{0,30}order | order shall determine | "
            r"(?:an? )?[\w’' ]{0,40}order of the (?:prime )?minister\w*",
            "organisation": r"quorum | meetings? of | remuneration | salaries (?:of|and) | term "
            r"of "
            r"office | vacate[sd]? | vacant | resign\w* | (?:be|to) (?:re)?appoint(?:ed)? | "
            r"appoint | "
            r"body corporate | common seal | chairperson | preside\w* | officers and employees | "
            r"staff | office bearers? | fund | moneys? | accounts | audit\w* | headquarters | "
            r"movable | casting vote | vote[sd]? | delegate[sd]? | personnel | budget of the "
            r"office |"
            r" grants, gifts | activity reports? | property of the",
            "court": r"courts? | magistrates? | petition\w* | injunctions? | decrees? | evidence "
            r"| "
            r"testimon(?:y|ies) | witness(?:es)? | summons | prosecut(?:ion|e|ed) | cogni[sz]\w+ "
            r"| "
            r"bail\w* | jurisdiction | proceedings | panel of mediators | mediation process | "
            r"investigation is | certificate | on conclusion of",
        },
        "fr": {
            "penalty": r"passibles? d\w* | punie?s? d\w* | emprisonnement | (?:une|d['’]une) "
            r"amende | "
            r"amende d\w* | condamnée?s? | coupables? de | réclusion | est puni\w*",
            "definition": r"on entend par | s['’]entend(?:ent)? d\w* | au sens d\w+ (?:présente|"
            r"la) | "
            r"sont définis | signifie(?:nt)?",
            "validity": r"entre(?:nt|ra)? en vigueur | peut être citée? | fait foi",
            "amendment": r"(?:est|sont) (?:abrogé|modifié|remplacé)e?s? | dispositions contraires",
            "immunity": r"bonne foi | immunité | poursuites? judiciaires? contre",
            "appointment": r"(?:est|sont) (?:composé|nommé|désigné|élu)e?s? (?:d\w*|par) | "
            r"mandat d\w+",
            "rules": r"(?:par|un) (?:décret|arrêté|voie réglementaire) | fixée?s? par | "
            r"journal officiel | déterminée?s? par",
            "organisation": r"quorum | réunions? d\w* | se réunit | rémunération des membres | "
            r"mandat | siège (?:est|social) | règlement intérieur | personnel d\w* | "
            r"personnalité (?:juridique|morale) | vérification des comptes | président du conseil",
            "court": r"tribuna(?:l|ux) | juges? | procédure | preuves? | témoins? | audience | "
            r"requête | poursuite | appel | ordonnance",
        },
        "es": {
            "penalty": r"prisión | multas? | sancionad[oa]s? | castigad[oa]s? | pena de | "
            r"serán? penad[oa]s? | culpables? de",
            "definition": r"se entiende(?:n|rá|rán)? por | a los efectos de | significa",
            "validity": r"entra(?:rá|n|rán)? en vigor | entrará en vigencia | podrá citarse",
            "amendment": r"(?:queda|quedan) (?:derogad|modificad|sustituid)[oa]s? | se derogan? | "
            r"disposiciones contrarias",
            "immunity": r"buena fe | inmunidad",
            "appointment": r"(?:estará|está) (?:integrad|compuest)[oa] | (?:será|serán) "
            r"(?:nombrad|designad|elegid)[oa]s? por",
            "rules": r"por (?:reglamento|decreto) | reglamentariamente | gaceta oficial | "
            r"diario oficial | reglamentará",
            "organisation": r"quórum | reuniones d\w* | se reunirá | remuneración de los "
            r"miembros | "
            r"mandato | sede | personal d\w* | personalidad jurídica | presidente del consejo",
            "court": r"tribunal(?:es)? | juez | jueza | jueces | procedimiento | pruebas? | "
            r"testigos? |"
            r" audiencia | recurso | demanda judicial",
        },
        "vi": {
            "penalty": r"phạt tù | phạt tiền | xử phạt | bị phạt | hình phạt | "
            r"truy cứu trách nhiệm hình sự | xử lý kỷ luật | bị xử lý",
            "definition": r"được hiểu (?:như sau|là) | giải thích từ ngữ | sau đây gọi là",
            "validity": r"có hiệu lực | phạm vi điều chỉnh | đối tượng áp dụng",
            "amendment": r"bãi bỏ | hết hiệu lực | được thay thế | sửa đổi, bổ sung",
            "immunity": r"miễn trừ",
            "appointment": r"bổ nhiệm | miễn nhiệm | bao gồm các thành viên",
            "rules": r"quy định chi tiết | hướng dẫn thi hành | theo quy định của chính phủ về | "
            r"công báo",
            "organisation": r"cuộc họp | nhiệm kỳ | biên chế | trụ sở | con dấu | thù lao",
            "court": r"tòa án | toà án | khởi kiện | tố tụng | chứng cứ | nhân chứng | xét xử",
        },
    }
)
"""Our own lists, after the laws that were read. `fund` and `court` alone tell of procedure, not
of a subject."""
HEADINGS: Final = compiled(
    {
        "en": {
            "penalty": r"penalt(?:y|ies) | punishment | offences?",
            "definition": r"definitions?(?: of terms)? | interpretation(?: of terms)?",
            "validity": r"commencement | short title | citation | scope(?: of application)? | "
            r"text to prevail | application of treaties | subjects of regulation",
            "amendment": r"repeals?(?: and savings)? | abrogating provisions | amendment of",
            "immunity": r"protection of (?:action|members)[\w ]*",
            "appointment": r"disqualifications?[\w ]* | constitution of the | members? of the",
            "rules": r"regulations? | rules | power to make rules",
            "organisation": r"meetings?[\w ]* | remuneration[\w ]* | term of office[\w ]* | "
            r"removal | "
            r"resignation | staff[\w ]* | chairperson[\w ]* | delegation[\w ]* | audit[\w ]* | "
            r"fund | "
            r"accounts | benefits of the members | taking oath | headquarters | property of the",
            "court": r"powers of inquiry[\w ]* | evidence | testimonies | prosecution | "
            r"place of hearing | contempt | court | inquir(?:y|ies)",
        },
        "fr": {
            "penalty": r"peines? | sanctions?(?: pénales)? | infractions?",
            "definition": r"définitions?",
            "validity": r"entrée en vigueur | champ d['’]application",
            "amendment": r"dispositions abrogatoires | abrogation",
            "organisation": r"réunions | quorum | rémunération | mandat | personnel",
        },
        "es": {
            "penalty": r"sanciones | penas? | infracciones",
            "definition": r"definiciones",
            "validity": r"entrada en vigor | ámbito de aplicación",
            "amendment": r"derogatoria | disposición derogatoria",
            "organisation": r"reuniones | quórum | remuneración | mandato | personal",
        },
        "vi": {
            "penalty": r"xử lý vi phạm | hình thức xử lý",
            "definition": r"giải thích từ ngữ",
            "validity": r"hiệu lực thi hành | phạm vi điều chỉnh | đối tượng áp dụng",
            "amendment": r"điều khoản chuyển tiếp",
        },
    }
)
"""Headings that tell so of all below them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Why a sentence asks for nothing that a figure could show."""

    kind: str
    words: str
    """The words that tell so."""

    @property
    def is_absolute(self) -> bool:
        """Tell whether it holds whoever the sentence names."""
        return self.kind in ABSOLUTE

    @property
    def reason(self) -> str:
        """Return the reason in words."""
        return f"{REASONS[self.kind]} (“{self.words}”)"


def find_exclusion(text: str, language: str) -> Exclusion | None:
    """Return why a sentence asks for nothing that a figure could show.

    Parameters
    ----------
    text : str
        A sentence.
    language : str
        Its language: en, fr, es or vi.

    Examples
    --------
    >>> find_exclusion("Whoever does so shall be liable to imprisonment.", "en").reason
    'it sets a penalty (“liable to imprisonment”)'
    >>> find_exclusion("Every girl shall go to school.", "en") is None
    True
    """
    return _first(SENTENCES[language], text)


def heading_exclusion(heading: str, language: str) -> Exclusion | None:
    """Return why what stands under a heading asks for nothing.

    Parameters
    ----------
    heading : str
        A heading of a passage or of one around it.
    language : str
        Its language: en, fr, es or vi.

    Examples
    --------
    >>> heading_exclusion("Definitions of terms", "en").kind
    'definition'
    """
    return _first(HEADINGS[language], heading)


def _first(expressions: dict[str, re.Pattern[str]], text: str) -> Exclusion | None:
    for kind, words in expressions.items():
        found = words.search(text)
        if found:
            return Exclusion(kind=kind, words=found.group())
    return None
