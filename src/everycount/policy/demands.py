"""Find the words by which a sentence asks for something: rights, duties, prohibitions, aims."""

import re
from dataclasses import dataclass
from typing import Final

from everycount.policy.words import compiled, expression

KINDS: Final = {
    "right": "it gives a right",
    "prohibition": "it forbids something",
    "effect": "it takes away legal force",
    "aim": "it sets an aim",
    "duty": "it lays down a duty",
    "power": "it allows something",
}
"""What a sentence may do, the clearest first, and how that is said."""
DEMANDS: Final = compiled(
    {
        "en": {
            "right": r"ha(?:ve|s|ving) (?:the |an? |equal |full |same )*rights? | entitled to | "
            r"shall (?:also )?enjoy | equal rights | rights? to",
            "prohibition": r"(?:is|are|be) (?:hereby |strictly )?(?:forbidden|prohibited) | "
            r"(?:shall|must|may) not | cannot | no (?:\w+ ){1,3}(?:shall|may|must|can) | "
            r"(?:nobody|no-one|none)(?: of \w+)? (?:shall|may|must|can)",
            "effect": r"null and void | void ab initio | voidable | shall not constitute | "
            r"shall be void",
            "aim": r"aim(?:s|ed|ing)? (?:at|to) | (?:purpose|object(?:ive)?|goal|aim)s? "
            r"(?:of [\w ]{3,60} )?(?:is|are|shall be) | strives? to | seeks? to | intended to",
            "duty": r"shall | must | (?:is|are|be) (?:to|required to|obliged to|bound to|"
            r"responsible for|in charge of|committed to) | undertakes? to | dut(?:y|ies) to | "
            r"ha(?:s|ve) (?:the|an|a) (?:duty|obligation|responsibility|mission) | should | will |"
            r" following (?:responsibilities|powers|functions|duties|measures) | it is the duty",
            "power": r"may | (?:is|are) empowered to",
        },
        "fr": {
            "right": r"(?:a|ont|ait|aura|auront) (?:le |les mêmes |un |également )?droits? | "
            r"droits? (?:à|au|aux|de) | joui(?:t|ssent) d\w* | bénéficie(?:nt|ra|ront)? d\w* |"
            r" égalité de droits | peu(?:t|vent) prétendre",
            "prohibition": r"(?:est|sont) (?:formellement |strictement )?"
            r"(?:interdit|défendu|prohibé)e?s? | (?:nul(?:le)?|personne) ne (?:peut|doit) | "
            r"ne (?:peut|peuvent|doit|doivent|saurait) | aucun\w* [\w’' ]{1,60} ne (?:peut|doit)",
            "effect": r"nul et (?:de nul effet|non avenu) | (?:est|sont) nul(?:le)?s? | "
            r"annulables?",
            "aim": r"vis(?:e|ent|ant) à | (?:a|ont) pour (?:objet|but|objectif|mission) | "
            r"l['’]objectif (?:est|de) | afin de | s['’]efforcent? de",
            "duty": r"doi(?:t|vent) | devr(?:a|ont|ait) | (?:est|sont) tenue?s? (?:de|d) | "
            r"(?:est|sont) (?:chargé|responsable)e?s? d\w* | incombent? | veill(?:e|ent|era|eront)"
            r" | garanti(?:t|ssent|ra|ront) | assur(?:e|ent|era|eront) | s['’]engagent? | "
            r"pren(?:d|nent|dra|dront) | adopt(?:e|ent|era|eront) | met(?:tent|tra|tront)? en | "
            r"protèg(?:e|ent) | favoris(?:e|ent|era|eront) | promeu(?:t|vent) | "
            r"(?:attributions|missions|responsabilités|fonctions) (?:\w+ )?suivantes | "
            r"a l['’]obligation | organis(?:e|ent|era|eront) | soutien(?:t|nent|dra)",
            "power": r"peu(?:t|vent) | pourr(?:a|ont)",
        },
        "es": {
            "right": r"(?:tiene|tienen|tendrá|tendrán) (?:el |los mismos )?derechos? | "
            r"derechos? a(?:l)? | goza(?:n|rá|rán)? de | igualdad de derechos",
            "prohibition": r"se prohíben? | (?:queda|quedan|está|están) "
            r"(?:terminantemente )?prohibid[oa]s? | no (?:se )?(?:podrán?|deberán?|debe|deben) | "
            r"nadie (?:podrá|puede|debe|deberá) | ning(?:ún|una) [\w ]{1,60} (?:podrá|puede)",
            "effect": r"nul[oa]s? de pleno derecho | (?:será|serán|es|son) nul[oa]s? | anulables?",
            "aim": r"(?:tiene|tienen) (?:por|como) (?:objeto|objetivo|finalidad) | "
            r"con el fin de | el objetivo (?:es|de) | procura(?:rá|rán)",
            "duty": r"deber(?:á|án) | deben? | (?:tiene|tienen) la obligación | "
            r"(?:está|están) obligad[oa]s? | corresponde a | garantiza(?:n|rá|rán)? | "
            r"asegura(?:n|rá|rán)? | promueven? | vela(?:n|rá|rán)? | protegen? | fomentan? | "
            r"siguientes (?:funciones|atribuciones|obligaciones) | se comprometen? | ha(?:n)? de "
            r"| "
            r"(?!podrá|será|estará|habrá|tendrá|quedará|entrará)\w{4,}(?:rá|rán)",
            "power": r"podrán? | pueden?",
        },
        "vi": {
            "right": r"có (?:các )?quyền | được quyền | được hưởng | quyền (?:được|bình đẳng) | "
            r"được (?:nghỉ|hỗ trợ|bảo vệ|tạo điều kiện|ưu tiên) | "
            r"có các quyền",
            "prohibition": r"nghiêm cấm | bị cấm | cấm | không được | không ai (?:được|có quyền)",
            "effect": r"vô hiệu",
            "aim": r"phấn đấu | nhằm | mục tiêu | chỉ tiêu",
            "duty": r"phải | có (?:trách nhiệm|nghĩa vụ) | chịu trách nhiệm | có (?:các )?nhiệm "
            r"vụ | bảo đảm | đảm bảo | "
            r"bình đẳng (?:trong|về|với nhau)",
            "power": r"có thể",
        },
    }
)
"""The verbs that laws and strategies use, ours to add to. `phải` is also a word for `right side`,
which laws do not speak of."""
OPENINGS: Final = {
    "en": expression(
        r"(?:to )?(?:annually, )?(?:to )?(?:promot|ensur|guarante|protect|prevent|increas|reduc|"
        r"rais|improv|strengthen|eliminat|eradicat|establish|creat|provid|support|enhanc|achiev|"
        r"encourag|facilitat|develop|implement|build|expand|combat|fight|train|maintain|continue|"
        r"halv|doubl|exercis|striv|have|reach|empower|conduct|tak|introduc|integrat|mainstream)"
        r"(?:e|es|ing|s|ting|y|d)?"
    ),
    "fr": expression(
        r"(?:promouvoir|garantir|assurer|renforcer|réduire|augmenter|porter|améliorer|lutter|"
        r"prévenir|protéger|accroître|atteindre|créer|mettre|favoriser|développer|éliminer|"
        r"veiller|"
        r"former|sensibiliser|faciliter|encourager|soutenir|appuyer|ramener|faire|intégrer|"
        r"interdire|élever|diminuer|instaurer|parvenir)"
    ),
    "es": expression(
        r"(?:promover|garantizar|asegurar|fortalecer|reducir|aumentar|incrementar|mejorar|"
        r"prevenir|"
        r"proteger|eliminar|erradicar|alcanzar|lograr|elevar|impulsar|fomentar|crear|establecer|"
        r"capacitar|sensibilizar|facilitar|apoyar|combatir|integrar|disminuir|ampliar)"
    ),
    "vi": expression(
        r"(?:phấn đấu|tăng cường|tăng|nâng cao|nâng|giảm thiểu|giảm|đẩy mạnh|thúc đẩy|xây dựng|"
        r"duy trì|đạt|"
        r"xóa bỏ|xoá bỏ|tạo|khuyến khích|hỗ trợ|phát triển|thực hiện|tuyên truyền|bồi dưỡng|mở "
        r"rộng|"
        r"phòng ngừa|phòng, chống|từng bước|rút ngắn|hoàn thiện|đào tạo)"
    ),
}
"""Verbs with which a measure or an objective begins, that names nobody who is to act."""
LATE: Final = re.compile(r"To [^.;]*, [^.;]*\b(?:shall|must)\b")
LABEL: Final = re.compile(
    r"[-–•+*]?\s*(?:\(?\w{1,3}[).]\s*)?(?:(?:specific |general |overall )?"
    r"(?:objective|target|criterion|criteria|goal|measure|indicator|objectif|cible|mesure|"
    r"objetivo|"
    r"meta|medida|mục tiêu|chỉ tiêu|giải pháp|biện pháp)s?\s*[\d.]*\s*[:–.-]\s*)?",
    re.IGNORECASE,
)
"""What may stand before that verb."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Words that ask for something."""

    kind: str
    start: int
    end: int


def find_demand(text: str, language: str) -> Demand | None:
    """Return the words by which a sentence asks for something, the clearest kind first.

    Parameters
    ----------
    text : str
        A sentence.
    language : str
        Its language: en, fr, es or vi.

    Examples
    --------
    >>> find_demand("No employer shall dismiss a pregnant worker.", "en")
    Demand(kind='prohibition', start=0, end=17)
    >>> find_demand("L'employeur doit accorder une pause.", "fr").kind
    'duty'
    """
    words = DEMANDS[language]
    for kind in ("right", "prohibition", "effect"):
        found = words[kind].search(text)
        if found:
            return Demand(kind=kind, start=found.start(), end=found.end())
    label = label_end(text)
    opening = OPENINGS[language].match(text, label)
    # `To this end, the Office shall …` begins with a purpose and lays down a duty.
    if opening and not LATE.match(text, label):
        return Demand(kind="aim", start=opening.start(), end=opening.end())
    for kind in ("aim", "duty", "power"):
        found = words[kind].search(text)
        if found:
            return Demand(kind=kind, start=found.start(), end=found.end())
    return None


def label_end(text: str) -> int:
    """Return where the words behind a label such as `Target 3:` or a dash begin.

    Examples
    --------
    >>> label_end("Target 3: reduce it"), label_end("Reduce it")
    (10, 0)
    """
    label = LABEL.match(text)
    return label.end() if label else 0


def opening_end(text: str, language: str) -> int:
    """Return where the words behind a label and the verb of a measure begin.

    Parameters
    ----------
    text : str
        A sentence.
    language : str
        Its language.

    Examples
    --------
    >>> opening_end("Target 3: To reduce the rate", "en")
    19
    """
    label = label_end(text)
    opening = OPENINGS[language].match(text, label)
    return opening.end() if opening else label
