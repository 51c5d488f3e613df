"""The profile of an area: where it stands, what changed, and what is not known."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from everycount.charts.cell_marks import cell_bar
from everycount.figures.area_statements import area_statement, score_statement
from everycount.figures.latest import TOLERANCE
from everycount.figures.profile import Profile
from everycount.figures.wording import Words
from everycount.model.observation import PERIOD
from everycount_hub.portal.areas.around import (
    above_of,
    parts_of,
    peers_of,
    policies_of,
    succession_of,
)
from everycount_hub.portal.areas.charts import goals_chart, trends_chart
from everycount_hub.portal.areas.score import Node
from everycount_hub.portal.areas.told import Told, says_of, sets_of
from everycount_hub.portal.indicators.finding import emphasised
from everycount_hub.portal.naming import (
    DIRECTIONS,
    HIGHER,
    TRENDS,
    VERDICTS,
    Named,
    Tag,
    area_name,
    area_names,
    group_title,
    named,
    number,
    tag,
    told,
    unit_sign,
)
from everycount_hub.portal.places import dataset_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An indicator in a table of the profile."""

    slug: str
    code: str
    title: Named
    value: str
    unit: str
    year: str
    flags: str = ""
    rank: str = ""
    tag: Tag | None = None
    more: tuple[str, ...] = ()
    bar: str = ""
    score: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLine:
    """A group of the indicator set."""

    code: str
    title: Named
    with_figure: int
    of: int
    score: str
    left: str
    why: str
    bar: SafeString
    lines: tuple[Line, ...]


def page_of(asked: Told) -> dict[str, Any]:
    """Return what the template of a profile shows."""
    edition, area, words = asked.edition, asked.area, asked.words
    name = area_name(edition, area.code, words)
    found = asked.profile
    shown: dict[str, Any] = {
        "area": area,
        "name": name,
        "above": above_of(asked),
        "standing": asked.standing,
        "index_address": dataset_address(asked.standing.dataset) if asked.standing else "",
        "finding": _finding(asked),
        "sets": _sets(asked),
        "framework": asked.framework,
        "policies": policies_of(asked),
        "parts": parts_of(asked),
        "succession": succession_of(asked),
        "peers": peers_of(asked),
    }
    if found is None:
        return shown
    strongest, weakest = _extremes(asked, found)
    return shown | {
        "profile": found,
        "availability": availability(asked, found),
        "groups": _groups(asked, found),
        "goals": goals_chart(asked),
        "strongest": strongest,
        "weakest": weakest,
        "changes": [_change(asked, row) for row in found.changes.iter_rows(named=True)],
        "gaps": [_gap(asked, row) for row in found.gaps.iter_rows(named=True)],
        "trends": trends_chart(asked, found),
        "not_collected": [_missing(asked, key) for key in found.not_collected],
        "hidden": [_missing(asked, key) for key in found.hidden],
        "not_by_sex": [_missing(asked, key) for key in found.not_by_sex],
        "old": [
            _line(asked, row)
            for row in found.figures.filter(pl.col("age") > TOLERANCE)
            .sort("age", "key", descending=[True, False])
            .iter_rows(named=True)
        ],
        "old_years": TOLERANCE,
    }


def _finding(asked: Told) -> SafeString:
    says = Words(language=asked.words, title="", names=area_names(asked.edition))
    if asked.standing is not None and asked.standing.score is not None:
        score = asked.standing.score
        text = score_statement(score, says).finding
        return emphasised_first(text, asked.words.number(score.score))
    if asked.profile is None:
        return SafeString("")
    return emphasised(area_statement(asked.profile, says).finding, "")


def emphasised_first(sentence: str, part: str) -> SafeString:
    """Return a sentence with the first place of a part of it set bold."""
    before, found, after = sentence.partition(part)
    if not found:
        return emphasised(sentence, "")
    return mark_safe(  # noqa: S308 - both parts are escaped
        f"{emphasised(before + found, part)}{emphasised(after, '')}"
    )


def availability(asked: Told, found: Profile) -> str:
    """Return how much is known of an area, in a sentence."""
    words = asked.words
    seen = found.figures.height
    old = found.figures.filter(pl.col("age") > TOLERANCE).height
    by_sex = seen - len(found.not_by_sex)
    return _(
        "{seen} of {all} indicators have a figure; {by_sex} of these are by sex or about one sex; "
        "{old} are older than {years} years."
    ).format(
        seen=words.number(seen, 0),
        all=words.number(len(asked.entries), 0),
        by_sex=words.number(by_sex, 0),
        old=words.number(old, 0),
        years=words.number(TOLERANCE, 0),
    )


def _line(asked: Told, row: Mapping[str, Any], **more: Any) -> Line:
    entry, says = asked.edition.indicators[row["key"]], says_of(asked, row["key"])
    rank = ""
    if row.get("rank") is not None:
        rank = _("{rank} of {all}").format(
            rank=asked.words.number(row["rank"], 0), all=asked.words.number(row["of"], 0)
        )
    return Line(
        slug=entry.slug,
        code=entry.code,
        title=named(entry.names, asked.words),
        value=told(row, says),
        unit=unit_sign(says),
        year=asked.words.period(row[PERIOD]),
        flags=row["flags"] or "",
        rank=rank,
        tag=tag(VERDICTS, row["verdict"]),
        **more,
    )


def _missing(asked: Told, key: str) -> Line:
    entry = asked.edition.indicators[key]
    known = asked.known.of(key)
    count = 0 if known is None else known.summary.headline.of
    return Line(
        slug=entry.slug, code=entry.code, title=named(entry.names, asked.words),
        value="", unit="", year="", more=(asked.words.number(count, 0),),
    )  # fmt: skip


def _groups(asked: Told, found: Profile) -> list[GroupLine]:
    """Return the groups of the indicator set with their figures."""
    framework = asked.edition.frameworks.get(asked.framework)
    rows = {row["key"]: row for row in found.figures.iter_rows(named=True)}
    groups = {entry.group for entry in asked.entries}
    order = [each.code for each in framework.groups] if framework else []
    scores = _scores_by_group(asked)
    made = []
    for code in sorted(groups, key=lambda each: order.index(each) if each in order else len(order)):
        own = [each for each in asked.entries if each.group == code]
        lines = tuple(_line(asked, rows[each.slug]) for each in own if each.slug in rows)
        node = scores.get(code)
        score = None if node is None else node.score
        made.append(
            GroupLine(
                code=code,
                title=group_title(framework, code, asked.words) if code else Named(text=_("Other")),
                with_figure=len(lines),
                of=len(own),
                score="" if score is None else asked.words.number(score),
                left="" if score is None else asked.words.number(100 - score),
                why=_("too few figures") if node is not None and score is None else "",
                bar=mark_safe(cell_bar(score, target=100)) if score is not None else SafeString(""),  # noqa: S308 - drawn from a number
                lines=lines,
            )
        )
    return made


def _scores_by_group(asked: Told) -> dict[str, Node]:
    """Return the groups of the index by those of the indicator set, where their codes are alike."""
    if asked.standing is None:
        return {}
    found = {}
    for node in asked.standing.groups:
        found[node.code] = node
        found[node.code.rpartition("-")[2]] = node
    return found


def _extremes(asked: Told, found: Profile) -> tuple[list[Line], list[Line]]:
    """Return the strongest and the weakest indicators: by the index, else by distance or rank."""
    scores = {}
    if asked.standing is not None:
        scores = {
            each.code: each.score for each in asked.standing.indicators if each.score is not None
        }
    rows = {row["key"]: row for row in found.figures.iter_rows(named=True)}
    scored = [
        (scores[asked.edition.indicators[key].code], row)
        for key, row in rows.items()
        if asked.edition.indicators[key].code in scores
    ]
    if len(scored) > 1:
        scored.sort(key=lambda each: -each[0])
        most = min(5, len(scored) // 2)
        return (
            [_scored(asked, row, score) for score, row in scored[:most]],
            [_scored(asked, row, score) for score, row in scored[: -most - 1 : -1]],
        )
    return (
        [_line(asked, row) for row in found.strongest.iter_rows(named=True)],
        [_line(asked, row) for row in found.weakest.iter_rows(named=True)],
    )


def _scored(asked: Told, row: Mapping[str, Any], score: float) -> Line:
    bar = mark_safe(cell_bar(score, target=100))  # noqa: S308 - drawn from a number
    return _line(asked, row, bar=bar, score=asked.words.number(score))


def _change(asked: Told, row: Mapping[str, Any]) -> Line:
    entry, says = asked.edition.indicators[row["key"]], says_of(asked, row["key"])
    words = asked.words
    size = says.points(row["points"]) if says.is_percent else number(abs(row["points"]), says)
    sign = "+" if row["points"] > 0 else "−"
    return Line(
        slug=entry.slug, code=entry.code, title=named(entry.names, words),
        value=f"{sign}{size}", unit=unit_sign(says),
        year="", tag=tag(DIRECTIONS, row["direction"]),
        more=(
            number(row["first"], says), words.period(row["first_period"]),
            number(row["last"], says), words.period(row["last_period"]),
        ),
    )  # fmt: skip


def _gap(asked: Told, row: Mapping[str, Any]) -> Line:
    entry, says = asked.edition.indicators[row["key"]], says_of(asked, row["key"])
    return Line(
        slug=entry.slug, code=entry.code, title=named(entry.names, asked.words),
        value=says.points(row["points"]) if says.is_percent else number(abs(row["points"]), says),
        unit=unit_sign(says), year=asked.words.period(row[PERIOD]),
        more=(
            number(row["women"], says), number(row["men"], says),
            str(HIGHER.get(row["higher"], "")), str(TRENDS.get(row["trend"] or "", "")),
        ),
    )  # fmt: skip


def _sets(asked: Told) -> list[tuple[str, Named, int, bool]]:
    """Return the indicator sets a reader can choose among; none where there is but one."""
    sets = sets_of(asked.edition, asked.area)
    if len(sets) < 2:
        return []
    made = []
    for reference, count in sets.items():
        framework = asked.edition.frameworks.get(reference)
        title = (
            named(framework.title, asked.words)
            if framework
            else Named(text=reference or _("Codes of sources"))
        )
        made.append((reference, title, count, reference == asked.framework))
    return made
