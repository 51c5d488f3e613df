"""Code lists: what the codes of a dimension or attribute mean, in several languages."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from everycount.model.code_rule import CodeRule

TOTAL = "_T"
"""The total over a breakdown. SDMX Code List Guidelines: a leading underscore marks codes with
the same meaning in every list."""
UNKNOWN, NOT_APPLICABLE = "_U", "_Z"
CODE = re.compile(r"[A-Za-z0-9_@$\-]+")
"""Characters of a code: SDMX Information Model, common type IDType."""
LISTED = re.compile(r"[A-Za-z0-9_@$\-.]+")
"""Characters of a code in a list: also dots, as in indicators of the World Bank (SP.POP.TOTL)."""
GENERIC: Mapping[str, Mapping[str, str]] = {
    TOTAL: {"en": "Total", "fr": "Total", "es": "Total", "vi": "Tổng số", "ar": "المجموع"},
    UNKNOWN: {
        "en": "Unknown",
        "fr": "Inconnu",
        "es": "Desconocido",
        "vi": "Không rõ",
        "ar": "غير معروف",
    },
    NOT_APPLICABLE: {
        "en": "Not applicable",
        "fr": "Sans objet",
        "es": "No aplicable",
        "vi": "Không áp dụng",
        "ar": "لا ينطبق",
    },
    "_X": {
        "en": "Not specified",
        "fr": "Non précisé",
        "es": "No especificado",
        "vi": "Không xác định",
        "ar": "غير محدد",
    },
    "_O": {"en": "Other", "fr": "Autre", "es": "Otro", "vi": "Khác", "ar": "أخرى"},
    "_N": {
        "en": "No answer",
        "fr": "Non-réponse",
        "es": "Sin respuesta",
        "vi": "Không trả lời",
        "ar": "دون إجابة",
    },
}
"""Names of the codes that mean the same in every list, for lists that do not name them.

SDMX Code List Guidelines, generic codes.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code and what it means."""

    id: str
    name: Mapping[str, str]
    """Short name by language code."""
    parent: str = ""
    """Code that this one is a part of; empty at the top."""
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class CodeList:
    """Codes of one list and version, in their order.

    Examples
    --------
    >>> sex = CodeList(id="CL_SEX", codes=(Code(id="F", name={"en": "Female"}),))
    >>> sex.label("F"), sex.label("M"), "M" in sex
    ('Female', 'M', False)
    """

    id: str
    codes: tuple[Code, ...]
    agency: str = "EVERYCOUNT"
    version: str = "1.0"
    name: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    """Where the codes are from: publisher, list, version and date."""
    pattern: str = ""
    """Regular expression of further codes that have no name of their own."""
    rules: tuple[CodeRule, ...] = ()
    """Further codes that say by their form what they mean, such as ``Y15T24``."""
    is_open: bool = False
    """Other codes may stand in data, such as those of a country's own provinces."""

    def __post_init__(self) -> None:
        """Refuse a list with the same code twice, or with text that is no code."""
        seen: set[str] = set()
        for code in self.codes:
            if code.id in seen:
                raise ValueError(f"{self.id}: the code {code.id!r} stands twice")
            if not LISTED.fullmatch(code.id):
                raise ValueError(f"{self.id}: {code.id!r} is no code of SDMX")
            seen.add(code.id)

    def __contains__(self, code: object) -> bool:
        """Tell whether a code is in the list or follows one of its rules."""
        patterns = [self.pattern, *(rule.pattern for rule in self.rules)]
        return code in self.by_id or any(
            pattern and re.fullmatch(pattern, str(code)) for pattern in patterns
        )

    @cached_property
    def by_id(self) -> Mapping[str, Code]:
        """The codes by their text."""
        return {code.id: code for code in self.codes}

    @property
    def urn(self) -> str:
        """The name of this version in SDMX registries."""
        return (
            f"urn:sdmx:org.sdmx.infomodel.codelist.Codelist={self.agency}:{self.id}({self.version})"
        )

    def label(self, code: str, language: str = "en") -> str:
        """Return the name of a code in a language, else in English, else the code itself."""
        known = self.by_id.get(code)
        if known is not None:
            return known.name.get(language) or known.name.get("en") or code
        read = (rule.read(code, language) for rule in self.rules)
        generic = GENERIC.get(code, {})
        said = next((name for name in read if name), None)
        return said or generic.get(language) or generic.get("en") or code

    def extended(self, codes: Iterable[Code]) -> "CodeList":
        """Return the list with further codes; those it has already stay as they are."""
        further = {code.id: code for code in codes if code.id not in self.by_id}
        return replace(self, codes=(*self.codes, *further.values())) if further else self
