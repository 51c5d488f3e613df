"""A language: its words, numbers, dates, names and order."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations
from typing import Literal

from everycount.errors import NotFound
from everycount.language.alphabet import SortKey, sort_key
from everycount.language.areas import area_name
from everycount.language.catalogue import Untranslated, load
from everycount.language.numerals import Numerals
from everycount.language.periods import date_words, period_words
from everycount.language.preference import choose

Direction = Literal["ltr", "rtl"]
LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "vi": "Tiếng Việt",
    "ar": "العربية",
}
"""Languages of the portal and of reports, each named in itself; English is the source."""
CLDR: Mapping[str, str] = {"en": "en_001"}
"""Where a language's data are those of another locale: English of the world at large, with the day
before the month and no comma before "and"."""
ISOLATE, END = "\u2068", "\u2069"
"""First strong isolate and pop directional isolate. Unicode Standard Annex 9, section 2.4."""
RIGHT_TO_LEFT = frozenset({"R", "AL"})
"""Bidirectional classes of letters that are written from the right."""
Y_SOUND = re.compile(r"\W*(?:[ií]|h[ií](?![aeáé]))", re.IGNORECASE)
"""Before the sound of i the Spanish "y" becomes "e", but not before that of "hie" or "hia".
Real Academia Española, Nueva gramática de la lengua española, 31.1; CLDR has no pattern for it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Language:
    """What a page, chart or sentence needs to speak a language. Ask `language` for one."""

    code: str
    """One of `LANGUAGES`."""
    name: str
    """The language's name in itself."""
    direction: Direction
    """ltr or rtl, as HTML writes it."""
    months: tuple[str, ...]
    """Names of the twelve months, as they stand in a date."""
    numerals: Numerals
    """Marks of numbers."""
    catalogue: NullTranslations
    """Translations of messages."""
    joined: str
    """Pattern of two or the last two names of a list."""
    parted: str
    """Pattern of other names of a list."""

    def gettext(self, message: str) -> str:
        """Return the translation of a message, or the message if there is none.

        Parameters
        ----------
        message : str
            A whole sentence in English with named places, such as ``"{area}: {share}"``. Fill
            them with ``format`` afterwards.

        Returns
        -------
        str

        Examples
        --------
        >>> language("es").gettext("first quarter of {year}").format(year=2021)
        'primer trimestre de 2021'
        """
        try:
            return self.catalogue.gettext(message)
        except Untranslated:
            return message

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """Return the form of a message for a number of things; English if there is none.

        Examples
        --------
        >>> language("fr").ngettext("{count} more", "{count} more", 3).format(count=3)
        '3 autres'
        """
        try:
            return self.catalogue.ngettext(singular, plural, count)
        except Untranslated:
            return singular if count == 1 else plural

    def pgettext(self, context: str, message: str) -> str:
        """Return the translation of a message that means several things, by what it means here.

        Examples
        --------
        >>> language("fr").pgettext("first day of a month", "{day} {month} {year}")
        '{day}er {month} {year}'
        """
        try:
            return self.catalogue.pgettext(context, message)
        except Untranslated:
            return message

    def is_translated(self, message: str, context: str = "") -> bool:
        """Tell whether the language has a message of its own. English has all.

        Parameters
        ----------
        message : str
            In English; of a message with a plural, its singular.
        context : str, optional
            That of `pgettext`.

        Returns
        -------
        bool

        Examples
        --------
        >>> language("vi").is_translated("{month} {year}"), language("vi").is_translated("Hey")
        (True, False)
        """
        try:
            if context:
                self.catalogue.pgettext(context, message)
            else:
                self.catalogue.gettext(message)
        except Untranslated:
            return False
        return True

    def number(self, value: float, decimals: int = 1) -> str:
        """Return a number with so many decimals: see `Numerals.number`.

        Examples
        --------
        >>> [language(code).number(-1234.5) for code in ("en", "vi")]
        ['−1,234.5', '−1.234,5']
        """
        return self.numerals.number(value, decimals)

    def percent(self, value: float, decimals: int = 1) -> str:
        r"""Return a number of per cent with its sign; 26.7 stands for 26.7 %.

        Examples
        --------
        >>> language("fr").percent(26.7)
        '26,7\xa0%'
        """
        return self.numerals.percent(value, decimals)

    def significant(self, value: float, digits: int = 3) -> str:
        """Return a number with so many significant digits at most; whole digits are all kept.

        Examples
        --------
        >>> language("en").significant(0.044561), language("en").significant(123456.7)
        ('0.0446', '123,457')
        """
        return self.numerals.significant(value, digits)

    def period(self, text: str) -> str:
        """Return a period of observations in words.

        Parameters
        ----------
        text : str
            Such as 2021, 2021-05, 2021-05-31, 2021-S1, 2021-Q3, 2021-W07 or 2019/2021.

        Returns
        -------
        str
            In small letters, to stand within a sentence. What has no known form stays as it is.

        Examples
        --------
        >>> language("en").period("2021-Q3"), language("vi").period("2021-05")
        ('third quarter of 2021', 'tháng 5 năm 2021')
        """
        return period_words(text, self)

    def date(self, day: dt.date) -> str:
        """Return a day in words.

        Examples
        --------
        >>> import datetime as dt
        >>> [language(code).date(dt.date(2025, 7, 1)) for code in ("en", "fr", "es")]
        ['1 July 2025', '1er juillet 2025', '1 de julio de 2025']
        """
        return date_words(day, self)

    def listed(self, names: Iterable[str], most: int | None = None) -> str:
        """Return names as a list in words.

        Parameters
        ----------
        names : iterable of str
            Names, already in this language.
        most : int, optional
            Names that are written out; those beyond are counted. All, if left out.

        Returns
        -------
        str
            Empty if there are no names.

        Examples
        --------
        >>> language("en").listed(["a", "b", "c"]), language("es").listed(["Francia", "Italia"])
        ('a, b and c', 'Francia e Italia')
        >>> language("en").listed("abcde", 2)
        'a, b and 3 more'
        """
        known = list(names)
        # A list cut before its last name would be no shorter.
        if most is not None and len(known) > most + 1:
            rest = len(known) - most
            more = self.ngettext("{count} more", "{count} more", rest)
            known[most:] = [more.format(count=self.number(rest, 0))]
        if len(known) < 2:
            return "".join(known)
        *before, last = known
        text = before[0]
        for name in before[1:]:
            text = self.parted.format(text, name)
        is_e = self.code == "es" and Y_SOUND.match(last)
        return ("{0} e {1}" if is_e else self.joined).format(text, last)

    def isolate(self, text: str) -> str:
        r"""Return a text that cannot disturb the direction of the words around it.

        Parameters
        ----------
        text : str
            A foreign name, a code or a title.

        Returns
        -------
        str
            Between the marks U+2068 and U+2069. In a language written from the left, a text
            that is written from the left as well needs none.

        Examples
        --------
        >>> ascii(language("ar").isolate("Everycount")), language("fr").isolate("Everycount")
        ("'\\u2068Everycount\\u2069'", 'Everycount')
        """
        if self.direction == "ltr" and not _has_right_to_left(text):
            return text
        return f"{ISOLATE}{text}{END}"

    def area(self, code: str, names: Mapping[str, str | Mapping[str, str]] | None = None) -> str:
        """Return the name of an area: see `area_name`.

        Examples
        --------
        >>> language("es").area("VNM"), language("vi").area("250")
        ('Viet Nam', 'Pháp')
        """
        return area_name(code, self.code, names)

    def sort_key(self, name: str) -> SortKey:
        """Return what names are sorted by in this language: see `alphabet.sort_key`.

        Examples
        --------
        >>> sorted(["Oman", "Éthiopie", "Estonie"], key=language("fr").sort_key)
        ['Estonie', 'Éthiopie', 'Oman']
        """
        return sort_key(name, self.code)


@cache
def language(code: str) -> Language:
    """Return a language by its code; the same object each time.

    Parameters
    ----------
    code : str
        One of `LANGUAGES`.

    Returns
    -------
    Language

    Raises
    ------
    NotFound
        If there is no such language, with those there are.

    Examples
    --------
    >>> language("ar").direction, language("ar").name
    ('rtl', 'العربية')
    """
    if code not in LANGUAGES:
        raise NotFound(f"there is no language {code!r}; there are {', '.join(LANGUAGES)}")
    # Babel takes 30 ms and only what speaks needs it.
    from babel.core import Locale  # noqa: PLC0415

    locale = Locale.parse(CLDR.get(code, code))
    symbols, patterns = locale.number_symbols["latn"], locale.list_patterns["standard"]
    months = locale.months["format"]["wide"]
    is_rtl = locale.text_direction == "rtl"
    return Language(
        code=code,
        name=LANGUAGES[code],
        direction="rtl" if is_rtl else "ltr",
        months=tuple(months[month] for month in range(1, 13)),
        numerals=Numerals(
            decimal=symbols["decimal"],
            group=symbols["group"],
            is_isolated=is_rtl,
        ),
        catalogue=load(code),
        joined=patterns["2"],
        parted=patterns["middle"],
    )


def prefers(accept_language_header: str) -> str:
    """Return the code of the language that a reader likes best.

    Parameters
    ----------
    accept_language_header : str
        Value of the header Accept-Language; may be empty.

    Returns
    -------
    str
        One of `LANGUAGES`; English for those who ask for none of them.

    Examples
    --------
    >>> prefers("ar-EG, en;q=0.5"), prefers("")
    ('ar', 'en')
    """
    return choose(accept_language_header, LANGUAGES)


def _has_right_to_left(text: str) -> bool:
    """Tell whether any letter is written from the right."""
    return any(unicodedata.bidirectional(letter) in RIGHT_TO_LEFT for letter in text)
