"""Names kept per language, read in one of them."""

from collections.abc import Mapping


def wording(names: Mapping[str, str], language: str | None) -> str:
    """Return the name in `language`, else in English, else in the first language by code.

    Parameters
    ----------
    names : mapping of str to str
        Names by language code, at least one.
    language : str or None
        Such as ``vi`` or ``pt-br``.

    Examples
    --------
    >>> wording({"en": "Viet Nam", "vi": "Việt Nam"}, "vi")
    'Việt Nam'
    >>> wording({"fr": "Maroc", "ar": "المغرب"}, "es") == "المغرب"
    True
    """
    asked = (language or "").lower()
    for code in (asked, asked.partition("-")[0], "en", min(names, default="")):
        if names.get(code):
            return names[code]
    return ""
