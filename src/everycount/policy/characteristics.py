"""Characteristics that figures are broken down by, whatever a source calls them."""

from collections.abc import Collection, Iterable
from typing import Final

NAMES: Final = {
    "sex": ("sex", "gender", "sexe", "sexo", "giới tính"),
    "age": ("age", "age group", "age groups", "âge", "edad", "tuổi", "nhóm tuổi"),
    "urbanisation": (
        "urbanisation",
        "urbanization",
        "urban/rural",
        "urban and rural",
        "rural/urban",
        "location",
        "residence",
        "place of residence",
        "milieu de résidence",
        "zona",
        "área de residencia",
        "thành thị/nông thôn",
        "thành thị, nông thôn",
    ),
    "area": (
        "area",
        "region",
        "geographic location",
        "geographical location",
        "geographical area",
        "province",
        "district",
        "région",
        "región",
        "vùng",
        "tỉnh",
    ),
    "wealth": (
        "wealth",
        "wealth quintile",
        "income",
        "income group",
        "economic status",
        "poverty",
        "niveau de vie",
        "ingreso",
        "mức sống",
    ),
    "education": (
        "education",
        "education level",
        "level of education",
        "educational attainment",
        "niveau d’instruction",
        "nivel educativo",
        "trình độ học vấn",
    ),
    "disability": (
        "disability",
        "disability status",
        "handicap",
        "discapacidad",
        "khuyết tật",
        "tình trạng khuyết tật",
    ),
    "ethnicity": (
        "ethnicity",
        "ethnic group",
        "race",
        "indigenous status",
        "population group",
        "ethnie",
        "etnia",
        "dân tộc",
    ),
    "migration": (
        "migration",
        "migrant status",
        "migratory status",
        "migration status",
        "statut migratoire",
        "situación migratoria",
        "tình trạng di cư",
    ),
    "marital status": ("marital status", "état matrimonial", "estado civil", "tình trạng hôn nhân"),
    "occupation": ("occupation", "profession", "ocupación", "nghề nghiệp"),
    "employment status": (
        "employment status",
        "status in employment",
        "statut d’emploi",
        "situación en el empleo",
        "vị thế việc làm",
    ),
}
"""What our vocabularies call a characteristic, and what frameworks and people call it."""
_KNOWN: Final = {name: code for code, names in NAMES.items() for name in (*names, code)}


def characteristic(name: str) -> str:
    """Return the one name of a characteristic; unknown ones in lower case as they are.

    Examples
    --------
    >>> characteristic("Gender"), characteristic("urban/rural"), characteristic("Type of tenure")
    ('sex', 'urbanisation', 'type of tenure')
    """
    plain = " ".join(name.lower().replace("'", "’").split())
    return _KNOWN.get(plain, plain)


def breakdown(names: Iterable[str]) -> frozenset[str]:
    """Return a breakdown by one or several characteristics, under their one names."""
    return frozenset(map(characteristic, names))


def is_met(needed: frozenset[str], given: Collection[frozenset[str]]) -> bool:
    """Tell whether some table has a breakdown: by itself, or as the margin of a finer one.

    Examples
    --------
    >>> is_met(breakdown(["sex"]), [breakdown(["sex", "age"])])
    True
    >>> is_met(breakdown(["sex", "age"]), [breakdown(["sex"]), breakdown(["age"])])
    False
    """
    return any(needed <= each for each in given)


def say(names: Iterable[str]) -> str:
    """Return a breakdown in words, in a stable order.

    Examples
    --------
    >>> say({"urbanisation", "sex"})
    'sex x urbanisation'
    """
    order = list(NAMES)
    known = sorted(names, key=lambda name: (order.index(name) if name in order else 99, name))
    return " x ".join(known)
