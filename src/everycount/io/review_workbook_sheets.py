"""The sheets of a review that come back from a workbook, and what each column is."""

from collections.abc import Callable

from everycount.io.review_workbook_cells import (
    ABOUT,
    CLAUSE,
    CONCEPTS,
    CROSSINGS,
    DAY,
    FRAMEWORK,
    GROUPS,
    ISSUE,
    LIST,
    NUMBER,
    PERSON,
    SOURCES,
    YEAR,
    Cell,
    choice,
)
from everycount.io.review_workbook_rows import Column, Context, Fields, Row, Sheet, Show, numbered
from everycount.model.crosswalk import RELATIONS
from everycount.model.issue import COMPARATORS, STATUSES, Cause, Issue, Target
from everycount.model.plan import CRITERIA, PHASES, SIDES, STEP_STATES, PlanLine, Rating
from everycount.model.review import VERDICTS, IndicatorLink, Review, SignOff
from everycount.model.supply import FEASIBILITIES, SOURCE_KINDS, STATES, DataSource, Supply
from everycount.model.vocabulary import DIMENSIONS
from everycount.policy.edit_parts import free_name

STAGES = ("input", "process", "output", "outcome")
ROUND = 3
"""Decimals of a score that a reader is shown."""


def _key(row: Row, context: Context) -> Cell:
    return row.key


def _page(row: Row, context: Context) -> Cell:
    clause = context.clauses.get(row.entity.passage)
    return clause.page if clause else None


def _words(row: Row, context: Context) -> Cell:
    """Return the words of the clause of a row's issue."""
    issue = row.issue or row.entity
    clause = context.clauses.get(issue.passage)
    return issue.clause or (clause.text or clause.heading if clause else "")


def _title(row: Row, context: Context) -> Cell:
    return context.titles.get((row.entity.framework, row.entity.key), "")


def _score(row: Row, context: Context) -> Cell:
    score: float | None = row.entity.score
    return None if score is None else round(score, ROUND)


def _joined(name: str) -> Show:
    """Return what shows a list of texts, each on its line."""

    def show(row: Row, context: Context) -> Cell:
        return "\n".join(getattr(row.entity, name))

    return show


def _issue_of_target(row: Row, context: Context) -> Cell:
    return row.issue.id if row.issue else ""


DECIDED = (
    Column(title="Decision", field="decision.status", form=choice(STATUSES), width=12),
    Column(title="By", field="decision.by", form=PERSON, width=16),
    Column(title="On", field="decision.on", form=DAY, width=12),
    Column(title="Why", field="decision.why", width=30),
)
INDICATOR = (
    Column(title="Framework", mark="fixed", field="framework", form=FRAMEWORK, width=22),
    Column(title="Key", mark="fixed", field="key", width=12),
    Column(title="Title", mark="told", show=_title, width=40),
)
STALE = Column(title="To look at", field="stale", width=30)


def _issue_rows(review: Review) -> list[Row]:
    return [Row(key=issue.id, entity=issue) for issue in review.issues]


def _target_rows(review: Review) -> list[Row]:
    return numbered(
        Row(key=f"{issue.id} {target.id}", entity=target, issue=issue)
        for issue in review.issues
        for target in issue.targets
    )


def _link_rows(*, is_national: bool) -> Callable[[Review], list[Row]]:
    """Return what gives the links of one round."""

    def rows(review: Review) -> list[Row]:
        national = {each.reference for each in review.frameworks if each.level == "national"}
        issues = {issue.id: issue for issue in review.issues}
        return numbered(
            Row(key=" ".join(link.ends), entity=link, issue=issues[link.issue])
            for link in review.links
            if (link.framework in national) is is_national
        )

    return rows


def _source_rows(review: Review) -> list[Row]:
    return [Row(key=source.code, entity=source) for source in review.sources]


def _supply_rows(review: Review) -> list[Row]:
    return numbered(Row(key=" ".join(each.indicator), entity=each) for each in review.supplies)


def _rating_rows(review: Review) -> list[Row]:
    return numbered(
        Row(key=f"{each.framework} {each.key} {each.by} {each.side} {each.criterion}", entity=each)
        for each in review.ratings
    )


def _plan_rows(review: Review) -> list[Row]:
    return numbered(Row(key=line.id, entity=line) for line in review.plan)


def _sign_off_rows(review: Review) -> list[Row]:
    return numbered(
        Row(key=" ".join(filter(None, (each.by, each.on, each.about))), entity=each)
        for each in review.sign_offs
    )


def _new_issue(fields: Fields, context: Context, taken: set[str]) -> Fields:
    passage = fields.get("passage", "")
    name = free_name(passage or "new", taken)
    taken.add(name)
    clause = context.clauses.get(passage)
    return {"id": name, "passage": passage, "action": "", "clause": clause.text if clause else ""}


def _new_target(fields: Fields, context: Context, taken: set[str]) -> Fields:
    issue = context.issues.get(fields.get("issue", ""))
    words = fields.pop("words.words", "")
    clause = context.clauses.get(issue.passage) if issue else None
    start = clause.text.find(words) if clause else -1
    end = start + len(words) if start >= 0 else 0
    passage = issue.passage if issue else ""
    name = free_name("added", taken)
    taken.add(name)
    return {
        "id": name,
        "words": Cause(passage=passage, start=max(start, 0), end=end, words=words),
    }


def _new_plan_line(fields: Fields, context: Context, taken: set[str]) -> Fields:
    name = next(name for number in range(1, len(taken) + 2) if (name := f"P{number}") not in taken)
    taken.add(name)
    return {"id": name, "framework": "", "key": "", "step": ""}


def _starting(**fields: object) -> Callable[[Fields, Context, set[str]], Fields]:
    """Return what gives new things the same fields to begin with."""

    def blank(filled: Fields, context: Context, taken: set[str]) -> Fields:
        return dict(fields)

    return blank


ISSUES = Sheet(
    name="Issues",
    note="What each clause wants done, by whom and for whom. Decide on each.",
    table="issues",
    kind=Issue,
    rows=_issue_rows,
    blank=_new_issue,
    columns=(
        Column(title="Issue", mark="key", show=_key, width=10),
        Column(title="Clause", mark="fixed", field="passage", form=CLAUSE, width=10),
        Column(title="Page", mark="shown", show=_page, width=6),
        Column(title="Words of the clause", mark="shown", show=_words, width=50),
        Column(title="Action", field="action", width=40),
        Column(title="Bodies", field="bodies", form=LIST, width=24),
        Column(title="Target groups", field="groups", form=GROUPS, width=24),
        Column(title="Core concepts", field="concepts", form=CONCEPTS, width=24),
        Column(title="Dimension", field="dimension", form=choice(DIMENSIONS, empty=True)),
        Column(title="Reference population", field="reference_population", width=24),
        Column(title="Breakdowns", field="breakdowns", form=CROSSINGS, width=24),
        Column(title="Frequency", field="frequency"),
        Column(title="Area level", field="area_level"),
        *DECIDED,
        STALE,
    ),
)
TARGETS = Sheet(
    name="Targets",
    note="Values to be reached. Say what is counted out of what, and confirm the reading.",
    table="targets",
    kind=Target,
    rows=_target_rows,
    blank=_new_target,
    columns=(
        Column(title="Target", mark="key", show=_key, width=12),
        Column(title="Issue", mark="fixed", field="issue", form=ISSUE, show=_issue_of_target),
        Column(title="Words of the clause", mark="fixed", field="words.words", width=40),
        Column(title="Measure", field="measure", width=30),
        Column(title="Comparator", field="comparator", form=choice(COMPARATORS), width=12),
        Column(title="Value", field="value", form=NUMBER, width=10),
        Column(title="Upper end", field="upper", form=NUMBER, width=10),
        Column(title="Unit", field="unit", width=12),
        Column(title="Year", field="year", form=YEAR, width=8),
        Column(title="Baseline", field="baseline", form=NUMBER, width=10),
        Column(title="Baseline year", field="baseline_year", form=YEAR, width=10),
        Column(title="Numerator", field="numerator", width=30),
        Column(title="Denominator", field="denominator", width=30),
        *DECIDED,
    ),
)
LINK_COLUMNS = (
    Column(title="Link", mark="key", show=_key, width=20),
    Column(title="Issue", mark="fixed", field="issue", form=ISSUE, width=10),
    Column(title="Words of the clause", mark="shown", show=_words, width=40),
    *INDICATOR,
    Column(title="Band", mark="shown", field="band", width=10),
    Column(title="Score", mark="shown", show=_score, width=8),
    Column(title="Reasons", mark="shown", show=_joined("reasons"), width=36),
    Column(title="Warnings", mark="shown", show=_joined("warnings"), width=30),
    Column(title="Relation", field="relation", form=choice(RELATIONS, empty=True), width=12),
    *DECIDED,
    STALE,
)
NATIONAL = Sheet(
    name="Links national",
    note="Indicators of national sets that would show whether an issue is acted on.",
    table="links",
    kind=IndicatorLink,
    rows=_link_rows(is_national=True),
    blank=_starting(issue="", framework="", key="", band="added"),
    columns=LINK_COLUMNS,
)
INTERNATIONAL = Sheet(
    name="Links international",
    note="The same for regional and global sets.",
    table="links",
    kind=IndicatorLink,
    rows=_link_rows(is_national=False),
    blank=_starting(issue="", framework="", key="", band="added"),
    columns=LINK_COLUMNS,
)
SOURCE_SHEET = Sheet(
    name="Sources",
    note="Censuses, surveys and registers that figures come from.",
    table="sources",
    kind=DataSource,
    rows=_source_rows,
    blank=_starting(code="", title=""),
    columns=(
        Column(title="Row", mark="key", show=_key, width=10),
        Column(title="Code", mark="fixed", field="code", width=12),
        Column(title="Title", field="title", width=40),
        Column(title="Kind", field="kind", form=choice(SOURCE_KINDS)),
        Column(title="Agency", field="agency", width=24),
        Column(title="Frequency", field="frequency"),
        Column(title="Last round", field="last", form=YEAR, width=10),
        Column(title="Next round", field="next", form=YEAR, width=10),
    ),
)
SUPPLY_SHEET = Sheet(
    name="Supply",
    note="What is known of the figures of each indicator.",
    table="supplies",
    kind=Supply,
    rows=_supply_rows,
    blank=_starting(framework="", key=""),
    columns=(
        Column(title="Row", mark="key", show=_key, width=20),
        Column(title="Framework", mark="fixed", field="framework", width=22),
        *INDICATOR[1:],
        Column(title="State", field="state", form=choice(STATES, empty=True)),
        Column(title="Sources", field="sources", form=SOURCES),
        Column(title="Available by", field="available", form=CROSSINGS, width=24),
        Column(title="Frequency", field="frequency"),
        Column(title="Area level", field="area_level"),
        Column(title="Stage", field="stage", form=choice(STAGES, empty=True), width=10),
        Column(title="Population", field="population", width=24),
        Column(title="Age", field="age", width=10),
        Column(title="Numerator", field="numerator", width=24),
        Column(title="Denominator", field="denominator", width=24),
        Column(title="Feasible now", field="feasible_now", form=choice(FEASIBILITIES)),
        Column(title="Feasible later", field="feasible_later", form=choice(FEASIBILITIES)),
        Column(title="Note", field="note", width=30),
    ),
)
RATING_SHEET = Sheet(
    name="Ratings",
    note="How users rate the demand for an indicator, and producers its feasibility and cost.",
    table="ratings",
    kind=Rating,
    rows=_rating_rows,
    blank=_starting(framework="", key="", by="", side="", criterion="", mark=0),
    columns=(
        Column(title="Row", mark="key", show=_key, width=24),
        *INDICATOR,
        Column(title="Rated by", mark="fixed", field="by", form=PERSON, width=20),
        Column(title="Side", mark="fixed", field="side", form=choice(SIDES), width=12),
        Column(
            title="Criterion",
            mark="fixed",
            field="criterion",
            form=choice(tuple(name for names in CRITERIA.values() for name in names)),
        ),
        Column(title="Mark", field="mark", form=YEAR, width=8),
    ),
)
PLAN_SHEET = Sheet(
    name="Plan",
    note="What is to be done until when, by whom, at what cost.",
    table="plan",
    kind=PlanLine,
    rows=_plan_rows,
    blank=_new_plan_line,
    columns=(
        Column(title="Line", mark="key", show=_key, width=8),
        Column(title="Framework", field="framework", width=22),
        Column(title="Key", field="key", width=12),
        INDICATOR[2],
        Column(title="Step", field="step", width=40),
        Column(title="Phase", field="phase", form=choice(PHASES)),
        Column(title="Source", field="source", width=12),
        Column(title="Responsible", field="responsible", width=24),
        Column(title="Start", field="start", form=DAY, width=12),
        Column(title="Due", field="due", form=DAY, width=12),
        Column(title="Cost", field="cost", form=NUMBER, width=12),
        Column(title="Currency", field="currency", width=10),
        Column(title="State", field="state", form=choice(STEP_STATES), width=12),
        Column(title="Note", field="note", width=30),
    ),
)
SIGN_OFF_SHEET = Sheet(
    name="Sign-offs",
    note="What participants of the validation say, dissent with its ground. Only new rows.",
    table="sign_offs",
    kind=SignOff,
    rows=_sign_off_rows,
    blank=_starting(by="", organisation="", verdict="", on=""),
    columns=(
        Column(title="Row", mark="key", show=_key, width=20),
        Column(title="Name", mark="fixed", field="by", form=PERSON, width=20),
        Column(title="Organisation", mark="fixed", field="organisation", form=PERSON, width=24),
        Column(title="Verdict", mark="fixed", field="verdict", form=choice(VERDICTS), width=18),
        Column(title="On", mark="fixed", field="on", form=DAY, width=12),
        Column(title="About", mark="fixed", field="about", form=ABOUT, width=20),
        Column(title="Words", mark="fixed", field="words", width=50),
    ),
)
SHEETS = (
    ISSUES,
    TARGETS,
    NATIONAL,
    INTERNATIONAL,
    SOURCE_SHEET,
    SUPPLY_SHEET,
    RATING_SHEET,
    PLAN_SHEET,
    SIGN_OFF_SHEET,
)
"""In the order of the workbook, in which they are read too: later ones may name what earlier
ones add."""
