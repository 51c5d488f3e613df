"""The list of indicators: by set and group, narrowed by words and facets."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from everycount.figures.wording import PRESENT
from everycount.language.language import Language
from everycount_hub.edition.nouns import IndicatorEntry
from everycount_hub.edition.read import Edition
from everycount_hub.edition.summaries import summaries_of
from everycount_hub.portal.indicators.choice import LENGTH, plain_name
from everycount_hub.portal.naming import Named, group_title, named

FACETS = ("set", "group", "state", "sex", "year")
"""What the list can be narrowed by, besides words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An indicator in the list."""

    entry: IndicatorEntry
    title: Named
    areas: int
    last: str
    by_sex: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group of an indicator set, with its indicators."""

    code: str
    title: Named
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """An indicator set, with its groups."""

    reference: str
    title: Named
    groups: tuple[Group, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A link that narrows the list, or takes the narrowing back."""

    words: str
    query: str
    count: int
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """What the list can be narrowed by."""

    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The page."""

    query: str
    sets: tuple[Set, ...]
    facets: tuple[Facet, ...]
    count: int
    of: int
    asked: tuple[tuple[str, str], ...]
    """Facets that are on, for the form of the search."""


def listing_of(asked: QueryDict, edition: Edition, words: Language, today: date) -> Listing:
    """Return the list that an address asks for. Facets that do not exist find nothing."""
    known = summaries_of(edition, today).every
    every = [
        Row(
            entry=entry,
            title=named(entry.names, words),
            areas=len(entry.areas),
            last=str(known[slug].summary.series["last"].max()) if slug in known else "",
            by_sex=slug in known and bool(known[slug].summary.by_sex),
        )
        for slug, entry in edition.indicators.items()
    ]
    text = asked.get("q", "").strip()[:LENGTH]
    on = {name: asked.get(name, "") for name in FACETS}
    wanted = plain_name(text).split()
    found = [row for row in every if _fits(row, wanted)]
    tests = _tests(today)
    rows = [row for row in found if all(_passes(row, name, on, tests) for name in FACETS)]
    return Listing(
        query=text,
        sets=tuple(_sets(rows, edition, words)),
        facets=tuple(_facets(found, on, text, tests, edition, words)),
        count=len(rows),
        of=len(every),
        asked=tuple((name, value) for name, value in on.items() if value),
    )


def near_slugs(edition: Edition, slug: str, words: Language) -> list[tuple[str, Named]]:
    """Return indicators whose place in addresses or title is like a text."""
    wanted = plain_name(slug[:LENGTH])
    parts = [each for each in wanted.replace("-", " ").split() if each]

    def likeness(entry: IndicatorEntry) -> float:
        title = plain_name(" ".join((entry.slug, *entry.names.values())))
        shared = sum(part in title for part in parts) / max(1, len(parts))
        begin = entry.slug[:1] == wanted[:1] and abs(len(entry.slug) - len(wanted)) <= 1
        return shared + (0.5 if begin else 0)

    ranked = sorted(edition.indicators.values(), key=lambda each: (-likeness(each), each.slug))
    return [(each.slug, named(each.names, words)) for each in ranked[:5] if likeness(each) > 0]


def _fits(row: Row, wanted: Sequence[str]) -> bool:
    if not wanted:
        return True
    titles = plain_name(" ".join((row.entry.code, *row.entry.names.values())))
    return all(word in titles for word in wanted)


Tests = Mapping[str, Callable[[Row], str]]


def _tests(today: date) -> Tests:
    def year(row: Row) -> str:
        if not row.last:
            return ""
        return "recent" if today.year - int(row.last) <= PRESENT else "older"

    return {
        "set": lambda row: row.entry.framework or "none",
        "group": lambda row: f"{row.entry.framework} {row.entry.group}".strip(),
        "state": lambda row: "figures" if row.entry.has_figures else "none",
        "sex": lambda row: "yes" if row.by_sex else "no",
        "year": year,
    }


def _passes(row: Row, name: str, on: Mapping[str, str], tests: Tests) -> bool:
    return not on[name] or tests[name](row) == on[name]


def _facets(
    rows: Sequence[Row],
    on: Mapping[str, str],
    text: str,
    tests: Tests,
    edition: Edition,
    words: Language,
) -> Iterable[Facet]:
    titles = {
        "set": _("Indicator set"),
        "group": _("Group"),
        "state": _("Figures"),
        "sex": _("Women and men"),
        "year": _("Last year"),
    }
    for name in FACETS:
        # A facet counts what it would leave of what the others leave.
        others = [
            row
            for row in rows
            if all(_passes(row, each, on, tests) for each in FACETS if each != name)
        ]
        values: dict[str, int] = {}
        for row in others:
            value = tests[name](row)
            if value:
                values[value] = values.get(value, 0) + 1
        if len(values) < 2 and not on[name]:
            continue
        options = [
            Option(
                words=_option_words(name, value, edition, words),
                query=_query(text, {**on, name: "" if on[name] == value else value}),
                count=count,
                is_on=on[name] == value,
            )
            for value, count in values.items()
        ]
        yield Facet(title=titles[name], options=tuple(options))


def _option_words(name: str, value: str, edition: Edition, words: Language) -> str:
    fixed = {
        ("state", "figures"): _("With figures"),
        ("state", "none"): _("Without figures"),
        ("sex", "yes"): _("By sex"),
        ("sex", "no"): _("Not by sex"),
        ("year", "recent"): _("Last three years"),
        ("year", "older"): _("Older"),
        ("set", "none"): _("Codes of sources"),
    }
    if (name, value) in fixed:
        return fixed[name, value]
    reference, _space, group = value.partition(" ")
    framework = edition.frameworks.get(reference)
    if name == "group":
        title = group_title(framework, group, words).text if group else _("Without a group")
        return f"{group} {title}" if title != group else title
    return named(framework.title, words).text if framework else reference


def _query(text: str, on: Mapping[str, str]) -> str:
    pairs = [("q", text), *on.items()]
    return urlencode([(name, value) for name, value in pairs if value])


def _sets(rows: Sequence[Row], edition: Edition, words: Language) -> Iterable[Set]:
    references = list(dict.fromkeys(row.entry.framework for row in rows))
    for reference in sorted(references, key=lambda each: (not each, each)):
        own = [row for row in rows if row.entry.framework == reference]
        framework = edition.frameworks.get(reference)
        order = {each.code: at for at, each in enumerate(framework.groups)} if framework else {}
        codes = sorted(
            {row.entry.group for row in own}, key=lambda code: order.get(code, len(order))
        )
        if framework:
            title = named(framework.title, words)
        else:
            title = Named(text=reference or _("Codes of sources"))
        yield Set(
            reference=reference,
            title=title,
            groups=tuple(
                Group(
                    code=code,
                    title=group_title(framework, code, words),
                    rows=tuple(row for row in own if row.entry.group == code),
                )
                for code in codes
            ),
            count=len(own),
        )
