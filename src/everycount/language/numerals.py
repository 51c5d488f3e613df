"""Numbers in the marks of a language. What CLDR says is read once; a page prints thousands."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

MINUS = "\u2212"
"""The minus sign, as wide as a plus and as a digit; a hyphen is neither. ISO 80000-1, 7.2."""
NO_BREAK = "\u00a0"
"""Stands between a number and the percent sign: ISO 80000-1, 7.4, and the project's own style."""
ISOLATE, END = "\u2066", "\u2069"
"""Left-to-right isolate and pop directional isolate. Between Arabic words they keep a sign on its
side of Western digits, as CLDR's marks in these signs do; but two numbers beside one another do
not join and change places. Unicode Standard Annex 9, section 2.4."""
FINEST = 10
"""Decimals that `Numerals.significant` prints at most: beyond them a figure reads 0."""
_EXACT = Context(prec=350, rounding=ROUND_HALF_UP)
"""Holds the 309 digits of the largest number and as many decimals as are ever printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numerals:
    """How a language writes numbers with Western digits."""

    decimal: str
    """Between the whole and its parts."""
    group: str
    """Between thousands."""
    is_isolated: bool = False
    """The words around are written from the right, so a number with a sign is kept together."""

    def number(self, value: float, decimals: int = 1) -> str:
        """Return a number with so many decimals, thousands apart.

        Parameters
        ----------
        value : float
            Any finite number.
        decimals : int, default 1
            Digits after the mark; all are written. A number in the middle is rounded away from
            zero as it is written in a table: 26.65 gives 26.7, as in a spreadsheet, though the
            computer's number is a trifle smaller.

        Returns
        -------
        str
            With a true minus sign; what rounds to zero has none.

        Raises
        ------
        ValueError
            If the value is not finite: a missing figure is said in words.

        Examples
        --------
        >>> vietnamese = Numerals(decimal=",", group=".")
        >>> vietnamese.number(-1234.55), vietnamese.number(-0.04), vietnamese.number(7, 0)
        ('−1.234,6', '0,0', '7')
        """
        text = self._signed(value, decimals)
        return f"{ISOLATE}{text}{END}" if self.is_isolated and text[0] == MINUS else text

    def percent(self, value: float, decimals: int = 1) -> str:
        r"""Return a number of per cent with its sign; 26.7 stands for 26.7 %.

        Examples
        --------
        >>> Numerals(decimal=".", group=",").percent(26.65)
        '26.7\xa0%'
        """
        text = f"{self._signed(value, decimals)}{NO_BREAK}%"
        return f"{ISOLATE}{text}{END}" if self.is_isolated else text

    def significant(self, value: float, digits: int = 3) -> str:
        """Return a number with so many significant digits at most; whole digits are all kept.

        Examples
        --------
        >>> english = Numerals(decimal=".", group=",")
        >>> [english.significant(value) for value in (123456.7, 72.04, 0.09996, -3e-7)]
        ['123,457', '72', '0.1', '−0.0000003']
        """
        leading = Decimal(repr(float(value))).adjusted() if value else 0
        text = self._signed(value, min(max(digits - 1 - leading, 0), FINEST))
        if self.decimal in text:
            text = text.rstrip("0").removesuffix(self.decimal)
        return f"{ISOLATE}{text}{END}" if self.is_isolated and text[0] == MINUS else text

    def _signed(self, value: float, decimals: int) -> str:
        """Return a number in the marks of the language, with its sign."""
        text = _rounded(value, decimals)
        is_negative = text[0] == "-"
        if is_negative:
            text = text[1:]
            is_negative = text.strip("0.,") != ""
        if self.decimal != "." or self.group != ",":
            text = text.replace(".", "\0").replace(",", self.group).replace("\0", self.decimal)
        return f"{MINUS}{text}" if is_negative else text


def _rounded(value: float, decimals: int) -> str:
    """Return a number in English marks, rounded as its shortest form is."""
    if isinstance(value, int):
        return f"{value:,}.{'0' * decimals}" if decimals else f"{value:,}"
    written = repr(float(value))
    last = written[-1]
    if "e" in written or (last == "5" and len(written) - written.find(".") == decimals + 2):
        exact = Decimal(written).quantize(Decimal((0, (1,), -decimals)), context=_EXACT)
        return f"{exact:,f}"
    if last > "9":
        raise ValueError(f"a number to print must be finite, not {written}")
    return f"{value:,.{decimals}f}"
