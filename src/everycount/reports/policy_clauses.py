"""Show the clauses that have issues, with the words that proposals rest on marked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from everycount.model.issue import Cause, Issue
from everycount.model.review import Clause
from everycount.policy.landscape import Landscape
from everycount.reports.policy_cards import issue_card
from everycount.reports.policy_page import ClauseCard, Piece, Text
from everycount.reports.policy_places import Places, inwards, where

NO_WORDS = "The words of this clause are not kept in the review."
AWAY = "This clause is no longer in the document; these are its words when the issue was made."
Span = tuple[int, int]


def clauses_of(land: Landscape, places: Places) -> tuple[ClauseCard, ...]:
    """Return the clauses that have issues, in the order of the document.

    Parameters
    ----------
    land : Landscape
        The review and what is known of its indicators.
    places : Places
        Where issues and indicators stand in the report.

    Returns
    -------
    tuple of ClauseCard
        Clauses that are no longer in the document come last.
    """
    by_clause: dict[str, list[Issue]] = {number: [] for number in land.clauses}
    away: dict[str, list[Issue]] = {}
    for issue in land.review.issues:
        if issue.passage in by_clause:
            by_clause[issue.passage].append(issue)
        else:
            away.setdefault(issue.clause, []).append(issue)
    numbered = enumerate(
        (*((land.clauses[name], each) for name, each in by_clause.items() if each),
         *((None, each) for each in away.values())),
        1,
    )  # fmt: skip
    return tuple(
        _card(f"clause-{number}", clause, issues, land=land, places=places)
        for number, (clause, issues) in numbered
    )


def _card(
    name: str, clause: Clause | None, issues: list[Issue], *, land: Landscape, places: Places
) -> ClauseCard:
    """Return a clause with its issues."""
    causes = [cause for issue in issues for cause in _causes(issue)]
    cards = tuple(issue_card(issue, land, places) for issue in issues)
    told = issues[0].clause
    if clause is None:
        text = marked(told, _found(told, causes))
        note = AWAY if told else "This clause is no longer in the document."
        title = "Not in the document"
        return ClauseCard(id=name, title=title, text=text, note=note, issues=cards)
    words = clause.text or told
    own = [cause for cause in causes if cause.passage == clause.number]
    heading, at = _heading(clause, land.clauses)
    return ClauseCard(
        id=name,
        title=where(clause, land.clauses),
        heading=marked(heading, _spans(heading, [c for c in causes if _is_of_heading(c, at)])),
        page=f"page {clause.page}",
        text=marked(words, _spans(words, [c for c in own if c.part == "text"])),
        note=_note(words, [c for c in causes if not _is_shown(c, clause.number, at)]),
        issues=cards,
    )


def _causes(issue: Issue) -> Iterator[Cause]:
    """Yield the words that an issue, its tags and its targets rest on."""
    yield from issue.causes
    for tag in (*issue.groups, *issue.concepts):
        yield from tag.causes
    for target in issue.targets:
        yield target.words


def _heading(clause: Clause, clauses: Mapping[str, Clause]) -> tuple[str, str]:
    """Return the nearest heading over a clause, and the number of the clause that has it."""
    path = inwards(clause, clauses)
    headed = next((each for each in reversed(path) if each.heading), clause)
    return headed.heading, headed.number


def _is_of_heading(cause: Cause, number: str) -> bool:
    """Tell whether words stand in the heading of a clause."""
    return cause.part == "heading" and cause.passage == number


def _is_shown(cause: Cause, number: str, heading: str) -> bool:
    """Tell whether words stand in the clause or in the heading that is shown with it."""
    is_of_text = cause.part == "text" and cause.passage == number
    return is_of_text or _is_of_heading(cause, heading)


def _note(words: str, elsewhere: Sequence[Cause]) -> str:
    """Return what a reader of the words must know."""
    notes = [] if words else [NO_WORDS]
    if elsewhere:
        told = dict.fromkeys(f"“{each.words}” ({each.passage})" for each in elsewhere)
        notes.append(f"Also from elsewhere: {'; '.join(told)}.")
    return " ".join(notes)


def _spans(text: str, causes: Iterable[Cause]) -> list[Span]:
    """Return where words stand: as the review says, or where they are found."""
    causes = list(causes)
    exact = [each for each in causes if text[each.start : each.end] == each.words]
    moved = [each for each in causes if text[each.start : each.end] != each.words]
    return [(each.start, each.end) for each in exact] + _found(text, moved)


def _found(text: str, causes: Iterable[Cause]) -> list[Span]:
    """Return where words are found whose offsets are of another text."""
    at = ((text.find(each.words), len(each.words)) for each in causes if each.words)
    return [(start, start + length) for start, length in at if start >= 0]


def marked(text: str, spans: Iterable[Span]) -> Text:
    """Return a text in pieces, with spans of it marked; those that overlap are one.

    Parameters
    ----------
    text : str
        The text.
    spans : iterable of pairs
        Offsets of the first character and behind the last one.

    Returns
    -------
    tuple of Piece
        Together they are the text.

    Examples
    --------
    >>> [(each.words, each.is_cause) for each in marked("shall promote women", [(6, 13), (0, 8)])]
    [('shall promote', True), (' women', False)]
    """
    found: list[Piece] = []
    done = 0
    for start, end in _joined(spans):
        found.append(Piece(words=text[done:start]))
        found.append(Piece(words=text[start:end], is_cause=True))
        done = end
    found.append(Piece(words=text[done:]))
    return tuple(piece for piece in found if piece.words)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that touch as one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
