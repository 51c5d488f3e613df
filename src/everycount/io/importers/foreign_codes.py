"""Codes of attributes that a file explains itself and that no list of ours has."""

from collections import Counter
from collections.abc import Mapping

import polars as pl

from everycount.model.codes import Code, CodeList

ATTRIBUTES = ("OBS_STATUS", "CONF_STATUS", "NATURE")
"""Attributes with a closed list of which producers have lists of their own."""
COMMENT = "COMMENT_OBS"


class ForeignCodes:
    """Moves such codes to the comment on the observation, where nothing is lost, and counts them.

    A code without a label is a mistake, which stays for the reader to refuse.

    Parameters
    ----------
    labels : mapping
        Labels that the file gives, by component and code; may grow while reading.

    Examples
    --------
    >>> labels = {"OBS_STATUS": {"EX": Code(id="EX", name={"en": "Left out"})}}
    >>> status = {"OBS_STATUS": CodeList(id="S", codes=(Code(id="A", name={"en": "Normal"}),))}
    >>> foreign = ForeignCodes(labels)
    >>> foreign.set_apart(pl.DataFrame({"OBS_STATUS": ["A", "EX"]}), status).rows()
    [('A', None), (None, 'OBS_STATUS EX: Left out')]
    >>> foreign.notes()
    ['OBS_STATUS: 1 codes that its list does not have (EX) are kept in COMMENT_OBS']
    """

    def __init__(self, labels: Mapping[str, Mapping[str, Code]]) -> None:
        self.labels = labels
        self.counts: dict[str, Counter[str]] = {}

    def set_apart(self, cells: pl.DataFrame, lists: Mapping[str, CodeList]) -> pl.DataFrame:
        """Return cells of components with such codes in the comment."""
        for name in ATTRIBUTES:
            known = lists.get(name)
            if name in cells.columns and known is not None and not known.is_open:
                cells = self._move(cells, name, known)
        return cells

    def notes(self) -> list[str]:
        """Return what was moved, in words."""
        return [
            f"{name}: {counts.total()} codes that its list does not have "
            f"({', '.join(sorted(counts))}) are kept in {COMMENT}"
            for name, counts in self.counts.items()
        ]

    def _move(self, cells: pl.DataFrame, name: str, known: CodeList) -> pl.DataFrame:
        """Return cells with the foreign codes of one attribute in the comment."""
        foreign = {
            code: f"{name} {code}: {label.name.get('en') or next(iter(label.name.values()), code)}"
            for code, label in self.labels.get(name, {}).items()
            if code not in known
        }
        code = pl.col(name).str.strip_chars()
        is_foreign = cells.select(code.is_in(list(foreign)).fill_null(value=False)).to_series()
        if not is_foreign.any():
            return cells
        self.counts.setdefault(name, Counter()).update(cells[name].filter(is_foreign).to_list())
        if COMMENT not in cells.columns:
            cells = cells.with_columns(pl.lit(None, pl.String).alias(COMMENT))
        words = code.replace_strict(foreign, default=None, return_dtype=pl.String)
        joined = pl.concat_str(words, COMMENT, separator="; ", ignore_nulls=True)
        return cells.with_columns(
            pl.when(is_foreign).then(None).otherwise(pl.col(name)).alias(name),
            pl.when(is_foreign).then(joined).otherwise(pl.col(COMMENT)).alias(COMMENT),
        )
