"""Where things of a review stand in its report, so that one part can lead to another."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from everycount.model.review import OUTERMOST, Clause, IndicatorLink, SignOff
from everycount.policy.landscape import End, Landscape, label_of
from everycount.reports.policy_page import Head, Piece, Text

WORDY = 24
"""A column with a longer cell wraps."""
LONGEST = 65
"""Longer cells get no more room: they wrap whatever the width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Ids of the parts of a report. Ids of issues and keys may hold any character; these do not."""

    issues: Mapping[str, str]
    """By id of the issue."""
    clauses: Mapping[str, str] = field(default_factory=dict)
    """Where an issue stands in the document, by its id."""
    indicators: Mapping[End, str] = field(default_factory=dict)
    """By framework and key, of those that accepted issues ask for."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The same by the name one cites an indicator by."""
    links: Mapping[str, Sequence[IndicatorLink]] = field(default_factory=dict)
    """By id of the issue, whatever was decided on them."""
    sign_offs: Mapping[str, Sequence[SignOff]] = field(default_factory=dict)
    """By what they are about."""

    def issue(self, name: str) -> Piece:
        """Return the id of an issue, leading to its card where there is one."""
        return Piece(words=name, to=self.issues.get(name, ""))

    def issue_list(self, words: str) -> Text:
        """Return a list of ids, each leading to its card.

        Examples
        --------
        >>> places = Places(issues={"2": "issue-1"})
        >>> [(piece.words, piece.to) for piece in places.issue_list("2, 4 and 3 more")]
        [('2', 'issue-1'), (', ', ''), ('4', ''), (' and 3 more', '')]
        """
        return tuple(piece for piece in self._listed(words) if piece.words)

    def _listed(self, words: str) -> Iterator[Piece]:
        """Yield ids and what stands between them."""
        for position, part in enumerate(words.split(", ")):
            name, joint, rest = part.partition(" and ")
            yield Piece(words=", " if position else "")
            yield self.issue(name)
            yield Piece(words=joint + rest)


def places_of(land: Landscape) -> Places:
    """Return an id for each issue and for each indicator that an accepted issue asks for."""
    ends = dict.fromkeys(
        (link.framework, link.key) for issue in land.issues for link in land.links.get(issue.id, ())
    )
    links: dict[str, list[IndicatorLink]] = defaultdict(list)
    for link in land.review.links:
        links[link.issue].append(link)
    sign_offs: dict[str, list[SignOff]] = defaultdict(list)
    for sign_off in land.review.sign_offs:
        sign_offs[sign_off.about].append(sign_off)
    indicators = {end: f"indicator-{number}" for number, end in enumerate(ends, 1)}
    return Places(
        issues={each.id: f"issue-{number}" for number, each in enumerate(land.review.issues, 1)},
        clauses={
            each.id: where(land.clauses[each.passage], land.clauses)
            for each in land.review.issues
            if each.passage in land.clauses
        },
        indicators=indicators,
        names={land.name(*end): name for end, name in indicators.items()},
        links=links,
        sign_offs=sign_offs,
    )


def where(clause: Clause, clauses: Mapping[str, Clause]) -> str:
    """Return where a clause is, from its article or section inwards.

    Parameters
    ----------
    clause : Clause
        The clause.
    clauses : mapping
        All of the document, by number.

    Returns
    -------
    str
        Labels as the document has them.

    Examples
    --------
    >>> article = Clause(number="11", kind="article", label="Article 11", text="")
    >>> point = Clause(number="11.a", kind="point", label="(a)", text="", parent="11")
    >>> where(point, {"11": article, "11.a": point})
    'Article 11, (a)'
    """
    labels = [label_of(each) for each in inwards(clause, clauses)]
    return ", ".join(labels)


def inwards(clause: Clause, clauses: Mapping[str, Clause]) -> list[Clause]:
    """Return the clauses that one is in, from its article or section inwards, and itself.

    Parameters
    ----------
    clause : Clause
        The clause.
    clauses : mapping
        All of the document, by number.

    Returns
    -------
    list of Clause
        The clause itself is the last.
    """
    path = [clause]
    while path[-1].kind not in OUTERMOST and (above := clauses.get(path[-1].parent)):
        path.append(above)
    return path[::-1]


def heads_of(
    labels: Sequence[str], rows: Sequence[Sequence[Text]], *, numbers: Sequence[str] = ()
) -> tuple[Head, ...]:
    """Return the heads of a table, with how much room each column needs.

    Parameters
    ----------
    labels : sequence of str
        What stands over the columns.
    rows : sequence of sequence of Text
        The cells.
    numbers : sequence of str
        Labels of the columns that hold numbers.

    Returns
    -------
    tuple of Head
        Columns whose cells are long wrap; a word of up to 14 letters is not broken on paper.

    Examples
    --------
    >>> rows = [[(Piece(words="11.2"),), (Piece(words="reach " * 9),)]]
    >>> [(head.kind, head.share) for head in heads_of(["Issue", "Action"], rows)]
    [('text', 6.25), ('words', 30.0)]
    """
    found = []
    for position, name in enumerate(labels):
        cells = ["".join(piece.words for piece in row[position]) for row in rows]
        words = [word for text in (name, *cells) for word in text.split()]
        longest = max((len(cell) for cell in cells), default=0)
        share = max(1.25 * min(max(map(len, words)), 14), min(longest, LONGEST) / 1.8)
        wrapping: Literal["words", "text"] = "words" if longest > WORDY else "text"
        found.append(Head(label=name, kind="number" if name in numbers else wrapping, share=share))
    return tuple(found)


def plain(words: str) -> Text:
    """Return words as a cell that leads nowhere."""
    return (Piece(words=words),) if words else ()
