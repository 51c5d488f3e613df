"""Words without which a clause says the opposite, asks for less, or counts something else."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, Literal, get_args

from everycount.policy.numbers import SPELLED
from everycount.policy.same_clause import SIGNS, fold

Weight = Literal["negation", "duty", "figure"]
WEIGHTS: Final[tuple[Weight, ...]] = get_args(Weight)
"""What a change may touch, the gravest first: whether something is so at all, whether it must or
may be, and how many, how much or when."""
NEGATION: Final = {
    "en": r"not|no(?!\.\s*\d)|nor|none|neither|never|nobody|nothing|cannot|without|unless"
    r"|except\w*|\w+n['’]t|non(?=-)",
    "fr": r"ne|n(?=['’])|pas|non|ni|sans|jamais|aucune?|nul(?:le)?s?|personne|sauf|excepté\w*",
    "es": r"no(?!\.\s*\d)|ni|sin|nunca|jamás|nadie|nada|ning(?:ún|un[oa])|salvo|excepto",
    "vi": r"không|chưa|chẳng|chớ|trừ|phi",
}
"""Words that turn a sentence into its opposite, or take something out of it."""
DUTY: Final = {
    "en": r"shall|must|may|might|should|will|would|can|could|ought|cannot|obliged|obligat\w+"
    r"|required|bound|entitled|forbidden|prohibit\w*|permit\w*|allow\w*|empowered|rights?|dut(?:y|ies)",
    "fr": r"doi(?:t|vent)|devr\w+|peu(?:t|vent)|pourr\w+|faut|tenue?s?|oblig\w+|interdi\w+"
    r"|permi\w+|permet\w*|autoris\w+|droits?|devoirs?",
    "es": r"deb(?:e|en|er[áí]?|er[áí]an?|erán?)|pued(?:e|en|a|an)|podr\w+|obliga\w+|prohíb\w+"
    r"|prohib\w+|permit\w+|autoriz\w+|derechos?|deberes",
    "vi": r"phải|được|có thể|thể|nên|cần|cấm|cho phép|phép|quyền|nghĩa vụ|trách nhiệm|bắt buộc",
}
"""Verbs and nouns by which laws ask, allow and forbid; single words, for they are looked for in the
few that changed."""
UNITS: Final = {
    "en": r"per ?cent|percent(?:age)?|half|halves|thirds?|quarters?|hundred|thousand|[mb]illion"
    r"|(?:second|hour|day|week|month|year|decade)s?|least|most|minimum|maximum|exceed\w*"
    r"|january|february|march|april|june|july|august|september|october|november|december"
    r"|annual(?:ly)?|monthly|weekly|daily|dollars?|euros?|rupees?|francs?|dong",
    "fr": r"pour ?cent|pourcentage|moitié|tiers|quarts?|cents?|mille|millions?|milliards?"
    r"|heures?|jours?|semaines?|mois|ans?|années?|moins|plus|minimum|maximum"
    r"|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    r"|annuel\w*|mensuel\w*|dollars?|euros?|francs?",
    "es": r"por ?ciento|porcentaje|mitad|tercio|terceras?|cuartas?|cien(?:to)?s?|mil"
    r"|mill(?:ón|ones)"
    r"|horas?|días?|semanas?|mes(?:es)?|años?|menos|más|mínimo|máximo"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    r"|anual\w*|mensual\w*|dólares|euros?|pesos?",
    "vi": r"phần trăm|nửa|phần|trăm|nghìn|ngàn|triệu|tỷ|giờ|ngày|tuần|tháng|năm|tối thiểu|thiểu"
    r"|tối đa|đa|ít nhất|nhất|đồng|đô la",
}
"""Units, fractions, months and words for limits."""
ARTICLES: Final = frozenset({"un", "một"})
"""Words for one that mostly mean any, in French and Vietnamese."""
FIGURE: Final = rf"\d+(?:[.,]\d+)*|[{SIGNS}]"


def _patterns() -> dict[str, dict[Weight, re.Pattern[str]]]:
    """Return what finds the words of each kind, by language."""
    found: dict[str, dict[Weight, re.Pattern[str]]] = {}
    for language in NEGATION:
        spelled = sorted(set(SPELLED[language]) - ARTICLES, key=len, reverse=True)
        figures = "|".join([*map(re.escape, spelled), UNITS[language]])
        found[language] = {
            "negation": re.compile(rf"(?i)\b(?:{NEGATION[language]})\b"),
            "duty": re.compile(rf"(?i)\b(?:{DUTY[language]})\b"),
            "figure": re.compile(rf"(?i){FIGURE}|\b(?:{figures})\b"),
        }
    return found


PATTERNS: Final = _patterns()


def weights(differences: Sequence[tuple[str, str]], language: str) -> tuple[Weight, ...]:
    """Return what of substance changed between two texts.

    Parameters
    ----------
    differences : sequence of pairs
        Words that went, with those in their place.
    language : str
        Of both texts: en, fr, es or vi; others as English.

    Returns
    -------
    tuple of str
        negation, duty (verbs such as shall and may, rights), figure (number, date, unit, limit);
        none where only other words changed. A figure that moved with the words around it did not
        change; a negation that moved denies something else.

    Examples
    --------
    >>> weights([("shall not", "shall")], "en"), weights([("30", "35")], "en")
    (('negation',), ('figure',))
    >>> weights([("peut", "doit"), ("loi", "norme")], "fr")
    ('duty',)
    """
    patterns = PATTERNS.get(language, PATTERNS["en"])
    stayed = _moved(differences)
    return tuple(
        weight
        for weight in WEIGHTS
        if any(
            _words(patterns[weight], was) != _words(patterns[weight], now)
            for was, now in differences
            if weight == "negation" or not {fold(was), fold(now)} & stayed
        )
    )


def _moved(differences: Sequence[tuple[str, str]]) -> set[str]:
    """Return runs of two words and more that went from one place and came to another."""
    gone = {fold(was) for was, now in differences if not now}
    come = {fold(now) for was, now in differences if not was}
    return {run for run in gone & come if " " in run}


def _words(pattern: re.Pattern[str], text: str) -> Counter[str]:
    """Return the words that a pattern finds, with how often."""
    return Counter(found.lower() for found in pattern.findall(text))
