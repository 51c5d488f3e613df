"""Which indicators of a set have figures and which have none: one square an indicator."""

import re
from collections import Counter
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from everycount.language.language import Language
from everycount.model.framework import Framework
from everycount_hub.edition.nouns import IndicatorEntry
from everycount_hub.edition.read import Edition
from everycount_hub.edition.summaries import declared
from everycount_hub.portal.naming import Named, group_title, named

NON_COMMERCIAL = re.compile(r"\bNC\b|non-?commercial", re.IGNORECASE)
"""Words of a licence that forbid commercial use, as Creative Commons writes them."""
STATES = ("open", "limited", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """An indicator."""

    code: str
    title: Named
    state: str
    """open, limited (a licence without commercial use) or none."""
    words: str
    """What the square says to those who do not see it."""
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A group of the set."""

    code: str
    title: Named
    squares: tuple[Square, ...]
    address: str

    @property
    def having(self) -> int:
        """How many have figures."""
        return sum(each.state != "none" for each in self.squares)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """An indicator set with what there is of it."""

    title: Named
    rows: tuple[Row, ...]
    counts: dict[str, int]
    others: int
    """Further sets in use."""

    @property
    def all(self) -> int:
        """How many indicators the set has."""
        return sum(self.counts.values())

    @property
    def having(self) -> int:
        """How many have figures."""
        return self.all - self.counts["none"]


def counted(edition: Edition, words: Language) -> Counted | None:
    """Return the indicator set with the most figures, by number of indicators; None without any.

    Parameters
    ----------
    edition : Edition
    words : Language
    """
    having = Counter(
        each.framework
        for each in edition.indicators.values()
        if each.has_figures and each.framework in edition.frameworks
    )
    if not having:
        return None
    reference = min(having, key=lambda each: (-having[each], each))
    framework = edition.frameworks[reference]
    own = [each for each in edition.indicators.values() if each.framework == reference]
    order = [each.code for each in framework.groups]
    order += sorted({each.group for each in own} - set(order))
    rows = tuple(
        _row(edition, framework, code, [each for each in own if each.group == code], words)
        for code in order
        if any(each.group == code for each in own)
    )
    counts = Counter(square.state for row in rows for square in row.squares)
    return Counted(
        title=named(framework.title, words),
        rows=rows,
        counts={state: counts[state] for state in STATES},
        others=len(having) - 1,
    )


def _row(
    edition: Edition, framework: Framework, code: str, own: list[IndicatorEntry], words: Language
) -> Row:
    query = urlencode({"group": f"{framework.reference} {code}".strip()})
    return Row(
        code=code,
        title=group_title(framework, code, words) if code else Named(text=_("Without a group")),
        squares=tuple(_square(edition, each, words) for each in own),
        address=f"{reverse('portal:indicators')}?{query}",
    )


def _square(edition: Edition, entry: IndicatorEntry, words: Language) -> Square:
    state = _state(edition, entry)
    told = {
        "open": _("{code} {title}: has figures"),
        "limited": _("{code} {title}: has figures, not for commercial use"),
        "none": _("{code} {title}: no figures"),
    }
    title = named(entry.names, words)
    about = declared(edition, entry)
    code = about.code if about else entry.code
    return Square(
        code=code,
        title=title,
        state=state,
        words=told[state].format(code=code, title=words.isolate(title.text)),
        address=reverse("portal:indicator", args=[entry.slug]),
    )


def _state(edition: Edition, entry: IndicatorEntry) -> str:
    if not entry.has_figures:
        return "none"
    licences = [edition.datasets[key].licence for key in entry.datasets]
    return "limited" if all(NON_COMMERCIAL.search(each) for each in licences) else "open"
