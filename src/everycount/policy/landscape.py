"""A review beside the frameworks and figures at hand, looked up from every side."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from textwrap import shorten

from everycount.errors import InputError, Problem
from everycount.model.framework import Framework
from everycount.model.indicator import Indicator, Stage, wording
from everycount.model.issue import Issue
from everycount.model.review import OUTERMOST, Clause, FrameworkUse, IndicatorLink, Review
from everycount.model.supply import Catalogue, Supply
from everycount.policy.characteristics import breakdown
from everycount.policy.slots import slots_of
from everycount.policy.stages import stage_read

End = tuple[str, str]
TITLE = 90
"""Characters of a title in a table; whole titles stand with the issues."""
SEXES = frozenset({"women", "men"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Landscape:
    """What people accepted, and what is known of the indicators. Made by `landscape`."""

    review: Review
    issues: tuple[Issue, ...]
    """Accepted ones, in the order of the document."""
    links: Mapping[str, tuple[IndicatorLink, ...]]
    """Accepted ones by issue."""
    frameworks: Mapping[str, Framework]
    """Those at hand, by id@version."""
    uses: tuple[FrameworkUse, ...]
    """All that the review names, in the order of the rounds."""
    indicators: Mapping[End, Indicator]
    """By framework and key."""
    supplies: Mapping[End, Supply]
    """By framework and key."""
    clauses: Mapping[str, Clause]
    """By number."""

    def answers(self, issue: Issue) -> tuple[IndicatorLink, ...]:
        """Return the accepted links of an issue that answer to it: related ones are no substitute.

        A link whose relation nobody has stated counts, until somebody does.
        """
        return tuple(link for link in self.links.get(issue.id, ()) if link.relation != "related")

    @property
    def language(self) -> str:
        """Language of the policy, in which titles are shown where there are any."""
        return self.review.policy.language

    def level(self, reference: str) -> str:
        """Return whether a framework is national, regional or global."""
        return next(each.level for each in self.uses if each.reference == reference)

    def title(self, framework: str, key: str) -> str:
        """Return an indicator in words: its title, or its key where its framework is not here."""
        indicator = self.indicators.get((framework, key))
        return wording(indicator.title, self.language) if indicator else key

    def name(self, framework: str, key: str) -> str:
        """Return an indicator as one cites it: framework, printed code, title, a long one cut."""
        indicator = self.indicators.get((framework, key))
        if indicator is None:
            return f"{framework} {key}"
        title = shorten(wording(indicator.title, self.language), TITLE, placeholder=" …")
        return f"{framework} {indicator.code}: {title}"

    def at(self, issue: Issue) -> str:
        """Return where an issue stands, as the document calls it."""
        clause = self.clauses.get(issue.passage)
        if clause is None:
            return "not in the document"
        is_told = clause.kind in OUTERMOST or clause.kind == "row"
        return label_of(clause) if is_told else clause.number

    def groups(self, issue: Issue) -> str:
        """Return the target groups of an issue in words."""
        vocabulary = self.review.vocabulary
        titles = (vocabulary.group(tag.code).title for tag in issue.groups)
        return "; ".join(wording(title, self.language) for title in titles)

    def stated_stage(self, end: End) -> Stage | None:
        """Return the place of an indicator in the results chain, where somebody has said it."""
        indicator, supply = self.indicators.get(end), self.supplies.get(end)
        return (indicator and indicator.stage) or (supply and supply.stage) or None

    def stage(self, end: End) -> Stage | None:
        """Return the place of an indicator in the results chain: as stated, else as it reads."""
        return self.stated_stage(end) or stage_read(self.title(*end), self.spoken(end))

    def spoken(self, end: End) -> str:
        """Return the language in which the title of an indicator is shown."""
        indicator = self.indicators.get(end)
        title = indicator.title if indicator else {}
        known = (each for each in (self.language, "en", *title) if each in title)
        return next(known, self.language)

    def expected(self, end: End) -> tuple[frozenset[str], ...]:
        """Return the breakdowns that the framework of an indicator asks for."""
        indicator = self.indicators.get(end)
        if indicator is None:
            return ()
        single = (breakdown([name]) for name in indicator.disaggregations)
        stated = (*single, *(breakdown(names) for names in indicator.combined))
        return self._with_sex(end, stated)

    def available(self, end: End) -> tuple[frozenset[str], ...] | None:
        """Return the breakdowns that figures have; None where nobody has said."""
        supply = self.supplies.get(end)
        if supply is None or (supply.state is None and not supply.available):
            return None
        return self._with_sex(end, tuple(breakdown(names) for names in supply.available))

    def _with_sex(
        self, end: End, breakdowns: tuple[frozenset[str], ...]
    ) -> tuple[frozenset[str], ...]:
        """Return breakdowns with sex in each where an indicator is about one sex alone."""
        people = slots_of(self.title(*end), self.spoken(end)).people
        if len(people & SEXES) != 1:
            return breakdowns
        return (*(each | {"sex"} for each in breakdowns), frozenset({"sex"}))

    @property
    def not_loaded(self) -> tuple[str, ...]:
        """Sentences on frameworks that could not be looked into, or not fully."""
        away = tuple(
            f"{each.title} ({each.reference}) is not loaded: what it has is not known."
            for each in self.uses
            if not each.is_loaded or each.reference not in self.frameworks
        )
        return away + tuple(f"{each.reference}: {each.note}." for each in self.uses if each.note)


def landscape(review: Review, catalogue: Catalogue) -> Landscape:
    """Return a review with what is accepted in it and known of its indicators, ready to look up.

    Parameters
    ----------
    review : Review
        Only what people accepted counts.
    catalogue : Catalogue
        Frameworks at hand. Its supplies come before those that the review carries.

    Returns
    -------
    Landscape
    """
    links: dict[str, list[IndicatorLink]] = defaultdict(list)
    for link in review.accepted_links:
        links[link.issue].append(link)
    frameworks = {
        each.reference: each
        for each in catalogue.frameworks
        if any(use.reference == each.reference for use in review.frameworks)
    }
    return Landscape(
        review=review,
        issues=review.accepted,
        links={name: tuple(each) for name, each in links.items()},
        frameworks=frameworks,
        uses=review.frameworks,
        indicators={
            (reference, indicator.key): indicator
            for reference, framework in frameworks.items()
            for indicator in framework.indicators
        },
        supplies={each.indicator: each for each in (*review.supplies, *catalogue.supplies)},
        clauses={clause.number: clause for clause in review.policy.clauses},
    )


def refuse_unknown(review: Review, frameworks: Iterable[Framework]) -> None:
    """Refuse links that were accepted to indicators which their framework does not have.

    Parameters
    ----------
    review : Review
    frameworks : iterable of Framework
        Those at hand; links to others cannot be judged.

    Raises
    ------
    InputError
        With every such link and the nearest keys.
    """
    keys = {each.reference: [one.key for one in each.indicators] for each in frameworks}
    problems = []
    for link in review.links:
        known = keys.get(link.framework)
        if known is not None and link.decision.is_accepted and link.key not in known:
            near = get_close_matches(link.key, known) or known[:1]
            where = f"link {' '.join(link.ends)}"
            expected = f"an indicator of {link.framework}, such as {', '.join(near)}"
            problems.append(Problem(where, f"the key {link.key!r}", expected))
    if problems:
        raise InputError(review.title, problems)


def label_of(clause: Clause) -> str:
    """Return what a document calls a clause; a row of a table by its place.

    Examples
    --------
    >>> label_of(Clause(number="chapter-2.table-1.row-4", kind="row", label="", text="98 %"))
    'table 1, row 4'
    """
    if clause.kind == "row" and not clause.label:
        return ", ".join(part.replace("-", " ") for part in clause.number.split(".")[-2:])
    return clause.label or clause.number


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> count(1, "issue"), count(0, "issue"), count(2, "body", "bodies")
    ('1 issue', '0 issues', '2 bodies')
    """
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
