"""Characteristics and outcomes as expressions of an Ibis table; they mean what cells.py does."""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any, Final, Literal
from unicodedata import normalize

from everycount.model.conditions import Code, Condition, code_text
from everycount.model.design import Level, Outcome, SurveyDesign
from everycount.model.microdata import Column
from everycount.survey.coding import Coding

Expr = Any
"""An Ibis expression: Ibis is an optional part and has no types of its own here."""
NUMBER = "^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?([0-9]{1,2}|[12][0-9]{2}))?$"
"""Text that is a finite number, whatever a database makes of 1_000, 0x10, 5d or inf."""
FORMS: Final[tuple[Literal["NFC", "NFD"], ...]] = ("NFC", "NFD")
"""Ways of writing letters with marks that are looked for: all composed, and all taken apart. Few
databases know Unicode's forms, so that text which mixes them is another code here."""
LARGEST = 1.7976931348623157e308
"""Largest finite number. IEEE 754-2019, table 3.2, binary64."""
WHOLE = 2**63
"""Whole numbers from here on do not fit the largest integers that all databases have."""


def plain(table: Expr, names: Iterable[str]) -> Expr:
    """Return columns as readers of files hand them out: numbers, or text, or null.

    Truth values are 0 and 1, decimal numbers floating-point numbers, dates and the like text; NaN
    and empty text are null.

    Parameters
    ----------
    table : Ibis table
        The microdata.
    names : iterable of str
        Columns, at least one.
    """
    return table.select(**{name: _plain(table[name]) for name in names})


def _plain(column: Expr) -> Expr:
    """Return one column so."""
    kind = column.type()
    if kind.is_boolean():
        return column.cast("int8")
    if kind.is_integer():
        return column
    if kind.is_floating() or kind.is_decimal():
        number = column.cast("float64")
        return number.isnan().ifelse(_nothing(), number)
    return column.cast("string").nullif("")


def _nothing() -> Expr:
    """Return a number that is null."""
    import ibis  # noqa: PLC0415  # an optional part

    return ibis.null("float64")


def real(number: float) -> Expr:
    """Return a floating-point number to the last digit.

    DuckDB and Spark take 0.1 as it stands for a decimal number, and count on with those.
    """
    import ibis  # noqa: PLC0415

    return ibis.literal(repr(float(number))).cast("float64")


def share(test: Expr) -> Expr:
    """Return 1 where a test is true, 0 elsewhere, to be added up."""
    return test.ifelse(real(1), real(0))


def sure(test: Expr) -> Expr:
    """Return a test that is false where it has no answer."""
    return test.fill_null(False)  # noqa: FBT003  # Ibis takes the value so


def codes_of(column: Expr, codes: Iterable[Code]) -> list[Any]:
    """Return codes as the column's own type would hold them; those it cannot hold are left out.

    The text "01" is not the number 1, as `code_text` writes that as "1".
    """
    texts = [code_text(code) for code in codes]
    if column.type().is_string():
        return list(dict.fromkeys(normalize(form, text) for text in texts for form in FORMS))
    numbers = [number for text in texts for number in _numbers(text)]
    if column.type().is_integer():
        return [int(number) for number in numbers if _is_whole(number)]
    return [real(number) for number in numbers]


def _numbers(text: str) -> list[float]:
    """Return the number that is written so as a code, if it is one."""
    try:
        number = float(text)
    except ValueError:
        return []
    return [number] if isfinite(number) and code_text(number) == text else []


def _is_whole(number: float) -> bool:
    return number.is_integer() and abs(number) < WHOLE


def _bare(column: Expr) -> Expr:
    """Return text without blanks around it; other columns as they are."""
    if not column.type().is_string():
        return column
    return column.replace("\N{NO-BREAK SPACE}", " ").strip()


def number_of(column: Expr) -> Expr:
    """Return a column as numbers; what is no finite number is null."""
    kind = column.type()
    if kind.is_string():
        text = _bare(column)
        return text.re_search(NUMBER).ifelse(text, text.nullif(text)).cast("float64")
    number = column.cast("float64")
    if kind.is_integer():
        return number
    return (number.abs() <= real(LARGEST)).ifelse(number, _nothing())


def no_number(column: Expr) -> Expr:
    """Tell whether a cell holds something that is no finite number."""
    return column.notnull() & number_of(column).isnull()


def is_missing(column: Expr, about: Column, more: Sequence[Code] = ()) -> Expr:
    """Tell whether the value of a row is not known; the column is from `plain`."""
    missing = column.isnull()
    if column.type().is_string():
        missing = missing | sure(_bare(column) == "")
    codes = codes_of(column, (*about.missing, *more))
    if codes:
        missing = missing | sure(_bare(column).isin(codes))
    for low, high in about.missing_ranges:
        missing = missing | sure(number_of(column).between(real(low), real(high)))
    return missing


def level_of(coding: Coding, column: Expr) -> Expr:
    """Return the level of each row from 0, beyond the last where it has none.

    One beyond where it is not known, two where its code belongs to no level.
    """
    import ibis  # noqa: PLC0415

    last = len(coding.levels)
    branches = [(is_missing(column, coding.column, coding.characteristic.missing), last)]
    if coding.cuts:
        number = number_of(column)
        branches += [(sure(number <= real(cut)), at) for at, cut in enumerate(coding.cuts)]
        branches.append((number.notnull(), len(coding.cuts)))
    else:
        branches += _branches(coding, column)
    return ibis.cases(*branches, else_=last + 1).cast("int64")


def _branches(coding: Coding, column: Expr) -> list[tuple[Expr, int]]:
    """Return the test of each level, those of codes before those of ranges."""
    by_code, by_range = [], []
    for at, level in enumerate(coding.levels):
        if not level.values:
            by_range.append((_within(number_of(column), level), at))
            continue
        codes = codes_of(column, level.values)
        if codes:
            by_code.append((_bare(column).isin(codes), at))
    return [*by_code, *by_range]


def _within(number: Expr, level: Level) -> Expr:
    """Tell whether a number lies in the range of a level."""
    test = number.notnull()
    if level.at_least is not None:
        test = test & (number >= real(level.at_least))
    if level.below is not None:
        test = test & (number < real(level.below))
    return sure(test)


def meets(column: Expr, condition: Condition, about: Column) -> tuple[Expr, Expr]:
    """Tell whether a row meets a condition, and whether nobody can say."""
    unknown = is_missing(column, about)
    test = ~unknown
    if condition.among:
        test = test & among(column, condition.among)
    number = number_of(column)
    if condition.at_least is not None:
        test = test & (number >= real(condition.at_least))
    if condition.at_most is not None:
        test = test & (number <= real(condition.at_most))
    if condition.at_least is not None or condition.at_most is not None:
        unknown = unknown | no_number(column)
    return sure(test), unknown


def weight_of(
    design: SurveyDesign, outcome: Outcome, table: Expr, columns: Mapping[str, Column]
) -> Expr:
    """Return the weight of each row for an outcome, null where it has none."""
    name = outcome.weight or design.sampling.weight
    if name is None:
        return real(1)
    number, about = number_of(table[name]), columns[name]
    if about.missing or about.missing_ranges:
        number = is_missing(table[name], about).ifelse(_nothing(), number)
    divisor = divisor_of(design, outcome)
    return number if divisor == 1 else number / real(divisor)


def divisor_of(design: SurveyDesign, outcome: Outcome) -> float:
    """Return the number by which the weight of an outcome is divided."""
    if outcome.weight is None or outcome.weight_divisor is None:
        return design.sampling.weight_divisor
    return outcome.weight_divisor


def measured(
    design: SurveyDesign, outcome: Outcome, table: Expr, columns: Mapping[str, Column]
) -> dict[str, Expr]:
    """Return what each row says of an outcome.

    Parameters
    ----------
    design : SurveyDesign
        How the sample was drawn.
    outcome : Outcome
        What is measured, among whom.
    table : Ibis table
        The microdata, from `plain`.
    columns : mapping of str to Column
        What is known of its columns.

    Returns
    -------
    dict
        ``inside`` (in the universe), ``outside``, ``asked`` (inside and has a weight) and
        ``counts`` (and is known), all true or false; ``weight``, ``value`` and ``below`` (a
        denominator, 1 if there is none), which are null where a row says nothing.
    """
    import ibis  # noqa: PLC0415

    inside, outside = ibis.literal(value=True), ibis.literal(value=False)
    for condition in outcome.universe:
        about = columns[condition.column]
        belongs, unknown = meets(table[condition.column], condition, about)
        inside = inside & belongs
        outside = outside | ~(belongs | unknown)
    weight = weight_of(design, outcome, table, columns)
    asked = inside & sure(weight > 0)
    source, below = table[outcome.source], real(1)
    known = ~is_missing(source, columns[outcome.source], outcome.missing)
    if outcome.denominator is not None:
        under = table[outcome.denominator]
        known = known & ~is_missing(under, columns[outcome.denominator], outcome.missing)
        below = number_of(under)
    value = number_of(source)
    if outcome.yes:
        value = share(among(source, outcome.yes))
    return {
        "inside": inside,
        "outside": outside,
        "asked": asked,
        "counts": asked & known,
        "weight": weight,
        "value": value,
        "below": below,
    }


def among(column: Expr, codes: Iterable[Code]) -> Expr:
    """Tell whether a cell holds one of some codes."""
    import ibis  # noqa: PLC0415

    own = codes_of(column, codes)
    return sure(_bare(column).isin(own)) if own else ibis.literal(value=False)
