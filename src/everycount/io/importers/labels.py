"""Keep the labels that a file gives beside its codes."""

import polars as pl

from everycount.model.codes import LISTED, Code

Labels = dict[str, dict[str, Code]]
"""Codes with what they mean, by component."""


def note_labels(
    labels: Labels,
    component: str,
    codes: pl.Series,
    names: pl.Series,
    *,
    descriptions: pl.Series | None = None,
) -> None:
    """Add to `labels` what the codes of a column mean by the column beside it.

    Parameters
    ----------
    labels : dict
        Filled here. The first name that a code has stays.
    component : str
        Whose codes they are.
    codes, names : Series
        Text, row by row; names are English.
    descriptions : Series, optional
        What more is said of the codes, such as the number of the indicator that a series is of.

    Examples
    --------
    >>> labels: Labels = {}
    >>> note_labels(labels, "REF_AREA", pl.Series(["ARB"]), pl.Series(["Arab World"]))
    >>> labels["REF_AREA"]["ARB"].name["en"]
    'Arab World'
    """
    known = labels.setdefault(component, {})
    more = pl.repeat("", len(codes), eager=True) if descriptions is None else descriptions
    rows = pl.DataFrame({"code": codes, "name": names, "more": more.fill_null("")})
    stripped = rows.select(pl.all().str.strip_chars()).drop_nulls()
    for code, name, description in stripped.unique("code", maintain_order=True).iter_rows():
        if name and code not in known and LISTED.fullmatch(code):
            known[code] = Code(id=code, name={"en": name}, description=description)
