"""Propose the issues for action of a document, each with the words of its clause behind it."""

from collections import Counter
from collections.abc import Sequence

from everycount.errors import MethodError, Problem
from everycount.model.document import Document
from everycount.model.issue import Cause, Issue, Tag
from everycount.model.vocabulary import Vocabulary
from everycount.policy.actions import find_action
from everycount.policy.bodies import find_bodies
from everycount.policy.breakdowns import find_breakdowns
from everycount.policy.clauses import Clause, clauses_of
from everycount.policy.concepts import find_concepts
from everycount.policy.dimension import find_dimension
from everycount.policy.gate import Asking, asks_for_action
from everycount.policy.groups import find_groups
from everycount.policy.languages import READ
from everycount.policy.lexicon import Lexicon, lexicon_of
from everycount.policy.population import find_population
from everycount.policy.targets import find_targets


def propose(document: Document, vocabulary: Vocabulary) -> tuple[Issue, ...]:
    """Propose an issue for each clause that asks for something a figure could show.

    Every part of an issue is a reading that a person accepts, edits or rejects; the words of the
    clause it rests on are in its causes. Which clauses ask, `asks_for_action` tells.

    Parameters
    ----------
    document : Document
        A policy, in en, fr, es or vi.
    vocabulary : Vocabulary
        Target groups and core concepts to look for.

    Returns
    -------
    tuple of Issue
        In the order of the document, undecided. Ids are the numbers of the clauses.

    Raises
    ------
    MethodError
        If the document is in a language whose clauses are not read.

    Examples
    --------
    >>> from everycount.model.document import Passage, Span
    >>> passage = Passage(number="4", kind="article", label="Article 4", heading="",
    ...     text="The Minister shall train teachers. The quorum is four members.",
    ...     spans=(Span(page=1, start=0, end=62),))
    >>> act = Document(name="act.txt", digest="", language="en", pages=("",), passages=(passage,))
    >>> own = Vocabulary(id="own", title={"en": "Own"}, source="Own")
    >>> [(issue.id, issue.action, issue.bodies) for issue in propose(act, own)]
    [('4', 'The Minister shall train teachers', ('Minister',))]
    """
    if document.language not in READ:
        found = repr(document.language) if document.language else "none that is known"
        expected = f"one of {', '.join(READ)}, whose clauses are read"
        raise MethodError(document.name, [Problem("language", found, expected)])
    lexicon = lexicon_of(vocabulary, document.language)
    seen: Counter[str] = Counter()
    issues: list[Issue] = []
    for clause in clauses_of(document):
        verdict = asks_for_action(clause, lexicon)
        if verdict.asks:
            number = clause.passage.number
            seen[number] += 1
            again = f"-{seen[number]}" if seen[number] > 1 else ""
            issues.append(_issue(clause, verdict.asking, lexicon, f"{number}{again}"))
    return tuple(issues)


def _issue(clause: Clause, asking: Sequence[Asking], lexicon: Lexicon, name: str) -> Issue:
    """Return the issue of a clause."""
    targets = find_targets(clause, [each.sentence for each in asking], name)
    bodies = tuple(dict.fromkeys(body for each in asking for body in find_bodies(each)))
    groups = _served(find_groups(clause, lexicon, has_figure=bool(targets)), bodies, lexicon)
    concepts = find_concepts(clause, asking, lexicon)
    causes = [each.cause for each in asking]
    return Issue(
        id=name,
        passage=clause.passage.number,
        action=find_action(asking),
        clause=clause.passage.text,
        bodies=tuple(dict.fromkeys(body.words for body in bodies)),
        groups=groups,
        concepts=concepts,
        dimension=find_dimension(clause.text, lexicon, groups=groups, concepts=concepts),
        reference_population=find_population(clause.text, clause.language, targets),
        targets=targets,
        breakdowns=find_breakdowns([each.text for each in clause.sentences()], groups, lexicon),
        causes=tuple(dict.fromkeys([*causes, *bodies])),
    )


def _served(groups: Sequence[Tag], bodies: Sequence[Cause], lexicon: Lexicon) -> tuple[Tag, ...]:
    """Return groups without enterprises and institutions that are named only as those who act."""
    return tuple(
        tag
        for tag in groups
        if lexicon.dimension(tag.code) == "social"
        or not all(_is_within(cause, bodies) for cause in tag.causes)
    )


def _is_within(cause: Cause, bodies: Sequence[Cause]) -> bool:
    return any(
        body.passage == cause.passage and body.start <= cause.start and cause.end <= body.end
        for body in bodies
    )
