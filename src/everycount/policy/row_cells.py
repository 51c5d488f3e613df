"""Take a row of a table apart into cells, and tell which of them hold a whole sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from everycount.policy.clauses import Sentence
from everycount.policy.demands import find_demand
from everycount.policy.figures import Figure, find_figures
from everycount.policy.target_slots import JOINS, LINKS
from everycount.policy.words import expression

BASELINE: Final = expression(
    r"baselines? | base | situation de référence | référence | valeur de référence | línea de "
    r"base | "
    r"línea base | valor de referencia | hiện trạng | giá trị gốc | cơ sở | năm gốc"
)
TARGET: Final = expression(
    r"targets? | goals? | values? | cibles? | valeur cible | objectifs? | metas? | objetivos? | "
    r"chỉ tiêu | mục tiêu | giá trị"
)
UNIT: Final = expression(r"units? | unité | unidad | đơn vị(?: tính)?")
MEASURED: Final = expression(
    r"indicators? | measures? | indicateurs? | mesures? | indicador(?:es)? | medidas? | chỉ số | "
    r"tên chỉ tiêu"
)
"""Heads of columns."""
CELL: Final = re.compile(r"(?:(?P<head>[^:;]*):\s*)?(?P<words>[^;]*)(?:;\s*|$)")
WORD: Final = re.compile(r"[^\W\d_]+")
FIELD: Final = 3
"""Words of a cell that only names a field, such as `Culture and information`, at most."""
_LINKS: Final = {language: expression(words) for language, words in LINKS.items()}
LONGEST: Final = 80
"""Letters of a cell that names a field, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCell:
    """A cell of a row, with the head of its column."""

    head: str
    words: str
    start: int
    """Offset of its words in the row."""
    figures: tuple[Figure, ...]
    is_prose: bool
    """Whether it holds a whole sentence that asks for something or sets a figure."""

    @property
    def is_base(self) -> bool:
        """Tell whether its head says that it holds a baseline."""
        return bool(BASELINE.search(self.head))

    @property
    def is_unit(self) -> bool:
        """Tell whether its head says that it holds a unit."""
        return bool(UNIT.search(self.head))

    @property
    def is_target(self) -> bool:
        """Tell whether its head says that it holds a target."""
        return bool(TARGET.search(self.head))

    @property
    def is_measure(self) -> bool:
        """Tell whether its head says that it holds what is measured."""
        return bool(MEASURED.search(self.head))


def cells_of(row: Sentence, language: str) -> tuple[RowCell, ...]:
    """Return the cells of a row, without empty ones.

    Parameters
    ----------
    row : Sentence
        Its text, cells with a semicolon between, each behind the head of its column.
    language : str
        Language of the row.

    Examples
    --------
    >>> row = Sentence(text="Field: Work; Target: Women shall hold 30 % of posts", start=0)
    >>> [(cell.head, cell.words, cell.is_prose) for cell in cells_of(row, "en")]
    [('Field', 'Work', False), ('Target', 'Women shall hold 30 % of posts', True)]
    """
    found = []
    for match in CELL.finditer(row.text):
        words = match["words"].rstrip()
        if words:
            head, start = (match["head"] or "").strip(), match.start("words")
            figures = tuple(find_figures(words, language))
            found.append(
                RowCell(head=head, words=words, start=start, figures=figures, is_prose=False)
            )
    return tuple(replace(cell, is_prose=_is_prose(cell, found, language)) for cell in found)


def _is_prose(cell: RowCell, row: Sequence[RowCell], language: str) -> bool:
    """Tell whether a cell says what it is about, and does not leave that to another column."""
    if cell.is_base or cell.is_unit or len(_words_left(cell)) < 2:
        return False
    if find_demand(cell.words, language):
        return True
    if not cell.figures or _LINKS[language].search(cell.words):
        return bool(cell.figures)
    return not any(_names_measure(other) for other in row)


def _words_left(cell: RowCell) -> list[str]:
    """Return the words of a cell beside its figures, its years and what joins them."""
    words = cell.words
    for figure in reversed(cell.figures):
        words = f"{words[: figure.start]} {words[figure.end :]}"
    return WORD.findall(JOINS.sub(" ", words))


def _names_measure(cell: RowCell) -> bool:
    """Tell whether a cell holds what the figures of its row are of, by its head or its length."""
    if cell.is_base or cell.is_unit or cell.figures:
        return False
    return cell.is_measure or cell.is_target or len(WORD.findall(cell.words)) > FIELD


def prose_of(row: Sentence, language: str) -> tuple[str, tuple[RowCell, ...]]:
    """Return the sentences of a row that has no figures beside them, and the field they are of.

    Parameters
    ----------
    row : Sentence
        Its text.
    language : str
        Language of the row.

    Returns
    -------
    field, cells
        Words of a cell before them that names their field, or none; no cells where other columns
        hold the figures.

    Examples
    --------
    >>> row = Sentence(text="Field: Work; Target: Women shall hold 30 % of posts", start=0)
    >>> field, (cell,) = prose_of(row, "en")
    >>> field, cell.words
    ('Work', 'Women shall hold 30 % of posts')
    """
    cells = cells_of(row, language)
    prose = tuple(cell for cell in cells if cell.is_prose)
    others = [cell for cell in cells if not (cell.is_prose or cell.is_base)]
    if not prose or any(cell.figures for cell in others):
        return "", ()
    fields = (
        cell.words
        for cell in others
        if cell.start < prose[0].start and len(cell.words) <= LONGEST and WORD.search(cell.words)
    )
    return next(fields, ""), prose
