"""Words by which texts in four languages deny something, and words that are one another's reverse.

Every expression is matched at word borders and without regard to case.
"""

from typing import Final

REVERSE: Final = {
    "en": {
        "employed": r"unemployed|unemployment|jobless(?:ness)?",
        "formal": r"informal(?:ity|ly)?|nonformal",
        "literate": r"illiterate|illiteracy",
        "paid": r"unpaid|unremunerated",
        "married": r"unmarried",
        "school": r"out[-‑ ]of[-‑ ]school",
        "safe": r"afraid",
    },
    "fr": {
        "emploi": r"chômage|chômeu(?:rs?|ses?)",
        "formel": r"informel(?:le)?s?|informalité",
        "alphabétisé": r"analphabètes?|analphabétisme|illettré\w*",
    },
    "es": {
        "empleo": r"desempleo|desemplead[oa]s?|desocupad[oa]s?|desocupación",
        "formal": r"informal(?:es|idad)?",
        "alfabetizado": r"analfabet[oa]s?|analfabetismo",
    },
    "vi": {
        "việc làm": r"thất nghiệp",
        "chính thức": r"phi chính thức",
        "biết chữ": r"mù chữ",
    },
}
"""What a single word denies, by the name of what it denies. Our own list of the states that
statistics on women and men count from either side."""
STATE: Final = {
    "en": {
        "employed": r"employed|employment",
        "formal": r"formal(?:ly|ity)?",
        "literate": r"literate|literacy",
        "paid": r"paid|remunerated",
        "married": r"married",
        "school": r"schools?",
        "safe": r"safe(?:ly)?",
        "women": r"wom[ae]n|females?",
    },
    "fr": {
        "emploi": r"emplois?|employé\w*",
        "formel": r"formel(?:le)?s?",
        "alphabétisé": r"alphabétisé\w*|alphabétisation",
    },
    "es": {
        "empleo": r"empleo|emplead[oa]s?|ocupad[oa]s?",
        "formal": r"formal(?:es|idad)?",
        "alfabetizado": r"alfabetizad[oa]s?|alfabetización|alfabetismo",
    },
    "vi": {
        "việc làm": r"việc làm",
        "chính thức": r"chính thức",
        "biết chữ": r"biết chữ",
    },
}
"""Words for the same states, affirmed."""
IDLE: Final = {
    "en": r"(?:whether )?or not|not (?:only|less|more|later|exceed\w*|limited)"
    r"|(?:shall|must|may|should) not|(?:must|should)n['’]t"
    r"|paid (?:an?|the)",
    "fr": r"ou non|non seulement|(?:ne |n['’])(?:peu(?:t|vent)|doi(?:t|vent)|pourr\w+|devr\w+)"
    r"|pas|jamais|aucune?",
    "es": r"o no|no (?:s[oó]lo|solamente|menos|más|podrán?|deberán?|pueden?|deben?)",
    "vi": r"(?:có )?hay không|không (?:chỉ|quá|dưới)"
    r"|không được(?! (?:trả|đào|học|hưởng|tiếp|đi|đăng|khám|chăm|bảo))",
}
"""Expressions with a word of denial that deny nothing of those a text is about: alternatives,
limits, and prohibitions, since what a law prohibits is what an indicator counts. Paying something,
such as a bribe, is not the reverse of unpaid work."""
DENIAL: Final = {
    "en": r"not|cannot|without|never|neither|lacking|\w+n['’]t|(?:with|ha(?:ve|s|d|ving)) no",
    "fr": r"sans|ni|(?:ne|n)(?=(?:\W+\w+){1,4}?\W+(?:pas|jamais|aucune?|ni))",
    "es": r"sin|no|nunca|ni",
    "vi": r"không có|không được|không|chưa",
}
"""Words after which a text names what its people do not have, are or do. In French, "ne" opens the
part that "pas" denies, the verb between them included."""
BOTH: Final = {
    "en": r"with (?:and|or) without",
    "fr": r"avec (?:et|ou) sans",
    "es": r"con [yo] sin",
    "vi": r"có (?:và|hoặc) không có",
}
"""Words after which a text names what some of its people have and others have not."""
NEXT: Final = {"en": r"non", "fr": r"non", "vi": r"phi"}
"""Words that deny the next word alone; "non-discrimination" is an exception, see `WHOLE`."""
WHOLE: Final = {"en": r"non[-‑ ]?discriminat\w+", "fr": r"non[-‑ ]discriminat\w+"}
"""Denials that name a principle of their own; a text on discrimination is about the same."""
END: Final = {
    "en": r"who|whose|that|which|but|and|with|on|at|for|by|during|among|from|as|since|until",
    "fr": r"qui|que|dont|mais|et|avec|pour|par|parmi|depuis",
    "es": r"que|quienes|pero|y|con|por|para|entre|desde",
    "vi": r"mà|nhưng|và|trong|tại|theo",
}
"""Words with which the part that is denied ends."""
OR: Final = {"en": r"or|nor", "fr": r"ou|ni", "es": r"o|u|ni", "vi": r"hoặc|hay"}
"""Words between things that are all denied, as in "not in education, employment or training"."""
