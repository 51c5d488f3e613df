"""The header of a CSV file, by which formats are recognised and judged."""

import csv
from collections.abc import Sequence

from everycount.errors import InputError, Problem
from everycount.io.csv import CHARACTERS, Delimiter
from everycount.io.words import nearest


def header_of(head: bytes, delimiter: Delimiter | None = None) -> list[str]:
    r"""Return the names in the first row of a file.

    Parameters
    ----------
    head : bytes
        How the file begins.
    delimiter : {",", ";", "tab"}, optional
        What separates cells; a comma if left out.

    Returns
    -------
    list of str
        Without spaces around them. Bytes that are no UTF-8 are passed over, as they are told of
        when the file is read.

    Examples
    --------
    >>> header_of(b'\xef\xbb\xbfYear,"Sex, age",Value\n2019,F,1\n')
    ['Year', 'Sex, age', 'Value']
    """
    text = head.decode("utf-8-sig", errors="ignore").replace("\0", "")
    line = text.replace("\r", "\n").split("\n", 1)[0]
    cells = next(csv.reader([line], delimiter=CHARACTERS[delimiter or ","]), [])
    return [cell.strip() for cell in cells]


def demand_names(columns: Sequence[str], names: Sequence[str], *, subject: str) -> None:
    """Refuse a file without the columns that its format always has.

    Raises
    ------
    InputError
        With every name that is not there.

    Examples
    --------
    >>> demand_names(["Year", "Value"], ["Year"], subject="a.csv")
    """
    problems = []
    for name in names:
        if name not in columns:
            near = nearest(name, list(columns))
            hint = f" (perhaps {near!r})" if near else ""
            found = f"columns {', '.join(columns)}" if any(columns) else "nothing"
            problems.append(Problem("header", found, f"a column {name!r}{hint}"))
    if problems:
        raise InputError(subject, problems)
