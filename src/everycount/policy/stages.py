"""Read from a title where an indicator stands in the results chain: a proposal, to be confirmed."""

import re
from typing import Final

from everycount.model.indicator import Stage
from everycount.policy.slots import slots_of

SIGNS: Final[tuple[tuple[Stage, str], ...]] = (
    (
        "input",
        r"budget|expenditure|spending|allocation|official development assistance|investment"
        r"|funding|dollar value|dépenses|crédits budgétaires|gasto|presupuesto|ngân sách|chi tiêu",
    ),
    (
        "process",
        r"\blaws?\b|legal|legislat|polic(?:y|ies)\b|strateg|\bplans?\b|quota"
        r"|countries (?:that|with)|number of countries|countries where|existence of"
        r"|whether or not|ratified|commitment to"
        r"|presence of|\blois?\b|juridique|politiques?\b|\bleyes\b|\bley\b|jurídic|políticas\b"
        r"|luật|pháp lý|chính sách|chiến lược",
    ),
    (
        "output",
        r"coverage|covered by|access to|with access|attended by|enrol|participation rate|teachers"
        r"|need for family planning|demand .*satisfied|internet|account at|bank account"
        r"|registered|received|trained|health workers?|vaccin|facilities|services|couverture"
        r"|accès à|scolarisation|cobertura|acceso a|matrícula|tiếp cận|được đào tạo|nhập học",
    ),
)
"""Words that tell of money and staff, of rules and plans, of what reaches people; in this order.
Our own reading of the OECD's glossary of results based management (2002)."""


def stage_read(title: str, language: str = "en") -> Stage | None:
    """Return the stage that the words of a title suggest, or None where they suggest none.

    Parameters
    ----------
    title : str
        Title of an indicator.
    language : str
        Its ISO 639-1 code.

    Returns
    -------
    {"input", "process", "output", "outcome"} or None
        A share, rate or average of people or things that tells of none of the first three is
        taken for an outcome.

    References
    ----------
    OECD DAC, Glossary of key terms in evaluation and results based management (2002).

    Examples
    --------
    >>> stage_read("Whether or not legal frameworks are in place to promote equality")
    'process'
    >>> stage_read("Coverage of essential health services"), stage_read("Maternal mortality ratio")
    ('output', 'outcome')
    """
    words = title.lower()
    for stage, signs in SIGNS:
        if re.search(signs, words):
            return stage
    return "outcome" if slots_of(title, language).measure not in {"", "number", "amount"} else None
