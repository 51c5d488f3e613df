"""Write what reports on policies and on indicator sets share into a Word file."""

from collections.abc import Sequence
from typing import Protocol

from everycount.reports.policy_page import Gap, Piece, Stat
from everycount.reports.policy_places import plain
from everycount.reports.policy_word_parts import WordFile


class Headed(Protocol):
    """A report with a title, what was found, and its figures."""

    @property
    def title(self) -> str:
        """Title of the report."""

    @property
    def kicker(self) -> tuple[str, ...]:
        """What stands over the title."""

    @property
    def finding(self) -> str:
        """What was found, in a sentence."""

    @property
    def notices(self) -> tuple[str, ...]:
        """What must be known before anything else."""

    @property
    def stats(self) -> tuple[Stat, ...]:
        """Figures of the head."""

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Its reports."""


def write_head(file: WordFile, page: Headed) -> None:
    """Write title, finding, notices and figures."""
    file.heading(page.title, 0)
    if page.kicker:
        file.paragraph(plain(" · ".join(page.kicker)))
    file.paragraph(plain(page.finding), style="IntenseQuote")
    for words in page.notices:
        file.paragraph(plain(words), label="Note")
    for stat in page.stats:
        note = f" ({stat.note})" if stat.note else ""
        file.paragraph(plain(stat.value + note), label=stat.label)


def write_facts(file: WordFile, rows: Sequence[tuple[str, str]]) -> None:
    """Write labels with their values."""
    for name, words in rows:
        file.paragraph(plain(words), label=name)


def write_reports(file: WordFile, page: Headed, title: str) -> None:
    """Write the reports of a page under a heading, with their figures first."""
    file.heading(title, 1)
    for gap in page.gaps:
        file.paragraph((Piece(words=gap.title, to=gap.id), Piece(words=f": {gap.figure}")))
    for gap in page.gaps:
        file.heading(gap.title, 2, name=gap.id)
        file.paragraph(plain(gap.finding))
        if gap.grid.rows:
            file.table(gap.grid)
        for note in gap.notes:
            file.paragraph(plain(note))
