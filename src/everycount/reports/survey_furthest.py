"""Show who is furthest behind: the leaves of a tree as a chart, a table and words."""

from collections.abc import Sequence
from dataclasses import replace
from math import isnan
from typing import Final

from everycount.charts import leaves as chart
from everycount.charts.leaves import Leaf
from everycount.charts.theme import Spec
from everycount.reports.audit_page import Column, Table
from everycount.reports.audit_view import chart_of
from everycount.reports.survey_charts import everybody_of, row_words, uncertain_words, unit_words
from everycount.reports.survey_leaves import leaves_of
from everycount.reports.survey_page import FurthestSection
from everycount.reports.survey_view import NO_FIGURE, UNTOLD, SurveyView
from everycount.survey.furthest import FurthestBehind
from everycount.survey.furthest_groups import Grown
from everycount.survey.furthest_words import outcome_words
from everycount.survey.group_figures import GroupFigure
from everycount.survey.words import statement

ELSEWHERE: Final = ("D ", "A group chosen ")
"""How caveats begin that are about figures which are not told where leaves are hidden."""
WORTH: Final = "“Furthest behind” is about circumstances, not about people's worth."


def furthest_of(view: SurveyView, found: FurthestBehind) -> FurthestSection:
    """Return who is furthest behind as a section of the page, by the last of the trees grown.

    Parameters
    ----------
    view : SurveyView
        The outcome.
    found : FurthestBehind
        Of the same outcome. What its rules hide is not in the section.

    Raises
    ------
    ValueError
        If it is of another outcome.
    """
    if found.outcome.name != view.outcome.name:
        raise ValueError(f"found {found.outcome.name!r} furthest behind in {view.outcome.name!r}")
    grown = found.grown[-1]
    leaves = leaves_of(view, found, grown)
    text, caveats = found.sentences, found.caveats
    if not leaves.is_whole:
        text = _partly(view, found, grown, leaves.behind)
        caveats = tuple(told for told in caveats if not told.startswith(ELSEWHERE))
    elif view.own.words is not None:
        # What was found has no words of its own for the outcome but its label.
        plain = outcome_words(found.outcome).present
        text = tuple(told.replace(plain, view.own.words.present) for told in text)
    return furthest_section(view, leaves.shown, text=text, caveats=(*caveats, WORTH))


def _partly(view: SurveyView, found: FurthestBehind, grown: Grown, behind: Leaf) -> tuple[str, ...]:
    """Return what was found where not all leaves of the tree are shown."""
    hidden = (
        "Some groups are not shown, since with the tables of this page a hidden figure could be "
        "worked out from them."
    )
    if isnan(behind.estimate):
        return (f"Who is furthest behind is not shown, to protect people. {hidden}",)
    told = statement(
        GroupFigure(
            words=f"{view.own.people or 'people'} with {'; '.join(behind.path)}",
            estimate=behind.estimate,
            low=behind.low,
            high=behind.high,
        ),
        outcome=view.own.words or outcome_words(found.outcome),
        year=view.year,
        level=view.level,
    )
    everybody = (
        ""
        if isnan(view.total.estimate)
        else (f" For {view.everybody} it is {view.number(view.total.estimate)}.")
    )
    searched = (
        " No group found is further behind. It was found by search in the same data, so its figure "
        "leans to the extreme."
    )
    stability = grown.stability
    stable = (
        f"In {100 * stability.recovered:.0f} % of {len(stability.overlap):,} replicates of the "
        "sample the group furthest behind was mostly the same people."
    )
    return (f"{told}{everybody}{searched}", stable, hidden)


def furthest_section(
    view: SurveyView,
    leaves: Sequence[Leaf],
    *,
    text: Sequence[str] = (),
    caveats: Sequence[str] = (),
) -> FurthestSection:
    """Return the leaves of a tree as a section of the page, furthest behind first.

    Parameters
    ----------
    view : SurveyView
        The outcome; its direction says which end is behind.
    leaves : sequence of Leaf
        Paths in words with their part of the people, estimates and intervals; at least one.
    text : sequence of str
        What was found and how, a sentence each.
    caveats : sequence of str
        What cannot be read out of it, a sentence each.

    Returns
    -------
    FurthestSection
        Chart and table have the leaves in the same order.

    Raises
    ------
    ValueError
        If there are no leaves.
    """
    behind: chart.Behind = "high" if view.outcome.direction == "barrier" else "low"
    people = view.own.people or "people"
    words = chart.Words(share=f"{{share}} of {people}", root=view.everybody, rows=row_words(view))
    line = everybody_of(view)
    ordered = _ordered(leaves, behind)
    sure = [replace(leaf, flag="") if leaf.flag == "few" else leaf for leaf in leaves]
    alt = chart.alt(
        sure, title=view.label, behind=behind, everybody=line, measure=view.measure, words=words
    )
    few = sum(leaf.flag == "few" for leaf in leaves)
    alt += uncertain_words(few)

    def draw(width: int) -> Spec:
        return chart.leaves(
            leaves,
            title=view.label,
            behind=behind,
            everybody=line,
            measure=view.measure,
            words=words,
            description=alt,
            width=width,
        )

    return FurthestSection(
        text=tuple(text),
        chart=chart_of(draw, title=_seen(view, ordered), unit=unit_words(view)),
        table=_table(view, ordered, people),
        caveats=tuple(caveats),
    )


def _ordered(leaves: Sequence[Leaf], behind: chart.Behind) -> list[Leaf]:
    """Return the leaves as the chart has them: those without a figure last, by their paths."""
    known = [leaf for leaf in leaves if not isnan(leaf.estimate)]
    rest = [leaf for leaf in leaves if isnan(leaf.estimate)]
    return [
        *sorted(known, key=lambda leaf: leaf.estimate, reverse=behind == "high"),
        *sorted(rest, key=lambda leaf: leaf.path),
    ]


def _seen(view: SurveyView, leaves: Sequence[Leaf]) -> str:
    """Return what one sees."""
    if isnan(leaves[0].estimate):
        return "No group has a figure that may be shown"
    if len(leaves) == 1:
        return "No circumstance parts the people"
    shown = " of the groups shown" if any(leaf.flag == "hidden" for leaf in leaves) else ""
    return f"Furthest behind{shown}: {_path(leaves[0], view)}"


def _path(leaf: Leaf, view: SurveyView) -> str:
    words = ", ".join(leaf.path) or view.everybody
    return words[:1].upper() + words[1:]


def _table(view: SurveyView, leaves: Sequence[Leaf], people: str) -> Table:
    """Return a row for each leaf."""
    rows = []
    for leaf in leaves:
        share = "–" if isnan(leaf.share) else f"{100 * leaf.share:.1f} %"
        if isnan(leaf.estimate):
            told, span = UNTOLD if leaf.flag == "hidden" else NO_FIGURE, "–"
        else:
            told = view.measure.told(leaf.estimate, leaf.flag)
            no_span = isnan(leaf.low) or isnan(leaf.high)
            span = "–" if no_span else view.measure.span(leaf.low, leaf.high)
        rows.append((_path(leaf, view), share, told, span))
    return Table(
        title=f"{view.label}, from furthest behind to furthest ahead",
        columns=(
            Column(label="Group", kind="words"),
            Column(label=f"Part of {people}", kind="number"),
            Column(label=view.head, kind="number"),
            Column(label=view.interval, kind="number"),
        ),
        rows=tuple(rows),
    )
