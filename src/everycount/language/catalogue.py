"""The translations that come with the library, by language."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

SHIPPED = files("everycount") / "locale"
DOMAIN = "everycount"


class Untranslated(LookupError):
    """A catalogue does not have a message. `Language` turns it into English."""


class _End(NullTranslations):
    """Ends the search of a catalogue, so that "missing" and "the same as in English" differ."""

    def gettext(self, message: str) -> str:
        raise Untranslated(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:  # noqa: ARG002
        raise Untranslated(msgid1)

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002
        raise Untranslated(message)


def N_(message: str) -> str:  # noqa: N802 - the name under which tools look for messages
    """Return a message as it is, and mark it for the catalogues.

    Examples
    --------
    >>> N_("first quarter of {year}")
    'first quarter of {year}'
    """
    return message


@cache
def load(code: str) -> NullTranslations:
    """Return the catalogue of a language. It raises `Untranslated` for what it lacks.

    Parameters
    ----------
    code : str
        One of the languages; English, in which messages are written, has none.

    Returns
    -------
    NullTranslations

    Examples
    --------
    >>> load("fr").gettext("{month} {year}"), load("en").gettext("{month} {year}")
    ('{month} {year}', '{month} {year}')
    """
    if code == "en":
        return NullTranslations()
    with (SHIPPED / code / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as stream:
        catalogue = GNUTranslations(stream)
    catalogue.add_fallback(_End())
    return catalogue
