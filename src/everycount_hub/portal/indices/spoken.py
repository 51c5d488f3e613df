"""An index in the language of its reader: names of units and nodes, numbers, periods."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from everycount.language.language import Language
from everycount.language.numerals import END, ISOLATE
from everycount_hub.edition.nouns import IndicatorEntry, PublishedDataset
from everycount_hub.edition.read import Edition
from everycount_hub.models.wording import wording
from everycount_hub.portal.indices.opened import Interval, OpenIndex

KNOWN = 0.75
"""Share of the units that must be areas of the shipped lists before their names come from there:
an index of provinces may use codes that happen to be those of countries."""
COLOURS = 5
"""Classes that maps and cells have colours for; the darkest is the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text of the data, with its language where that is not the reader's."""

    text: str
    lang: str = ""

    def __str__(self) -> SafeString:
        """Return it for a page, escaped; templates take it as it is."""
        if not self.lang:
            return format_html("{}", self.text)
        return format_html('<bdi lang="{}">{}</bdi>', self.lang, self.text)

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, kw_only=True, eq=False)
class Spoken:
    """One published version of an index, as a reader of a language meets it."""

    index: OpenIndex
    edition: Edition
    dataset: PublishedDataset
    words: Language
    slug: str

    # ---------------------------------------------------------------- names

    @cached_property
    def source_language(self) -> str:
        """The language in which the method is written, as far as the titles tell."""
        titles = self.dataset.titles
        return next(iter(titles)) if len(titles) == 1 else "en" if "en" in titles else min(titles)

    def given(self, text: str) -> Text:
        """Return a text of the method, such as its title."""
        same = self.source_language == self.words.code
        return Text(text=text, lang="" if same else self.source_language)

    @cached_property
    def title(self) -> Text:
        """The title of the dataset."""
        titles = self.dataset.titles
        if self.words.code in titles:
            return Text(text=titles[self.words.code])
        return Text(
            text=wording(titles, self.words.code), lang="en" if "en" in titles else min(titles)
        )

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What people read for each unit."""
        own = self.index.inputs.about.names
        units = self.index.result.state.units
        shipped = {unit: self.words.area(unit) for unit in units}
        known = sum(shipped[unit] != unit for unit in units) >= KNOWN * len(units)
        return {
            unit: shipped[unit] if known and shipped[unit] != unit else own.get(unit) or unit
            for unit in units
        }

    def unit(self, unit: str) -> str:
        """Return what people read for a unit."""
        return self.names[unit]

    def by_name(self, units: Iterable[str]) -> list[str]:
        """Return units in the order of their names in this language."""
        return sorted(units, key=lambda unit: self.words.sort_key(self.names[unit]))

    def listed(self, units: Iterable[str], most: int | None = None) -> str:
        """Return the names of units as a list in words."""
        return self.words.listed([self.words.isolate(self.names[unit]) for unit in units], most)

    @cached_property
    def nodes(self) -> Mapping[str, Text]:
        """What people read for each indicator and group."""
        method = self.index.result.methodology
        found = {}
        for each in method.indicators:
            entry = self.indicator(each.code)
            own = entry.names if entry else {}
            if self.words.code in own:
                found[each.code] = Text(text=own[self.words.code])
            else:
                found[each.code] = self.given(each.name or each.code)
        for group in method.groups:
            found[group.code] = self.given(group.name or group.code)
        return found

    def node(self, code: str) -> Text:
        """Return what people read for an indicator or group."""
        return self.nodes[code]

    def nodes_listed(self, codes: Iterable[str], most: int | None = None) -> str:
        """Return the names of nodes as a list in words."""
        known = [self.nodes[code].text if code in self.nodes else code for code in codes]
        return self.words.listed([self.words.isolate(name) for name in known], most)

    def indicator(self, code: str) -> IndicatorEntry | None:
        """Return the indicator of the portal that an indicator of the index is."""
        return self.edition.indicator_by_key.get((self.dataset.framework, code))

    # ---------------------------------------------------------------- numbers

    def score(self, value: float) -> str:
        """Return a score with the decimals of the index."""
        return self.words.number(value, self.index.newest.decimals)

    def rank(self, value: float) -> str:
        """Return a rank; a mean of ranks with a decimal."""
        return self.words.number(value, 0 if value == int(value) else 1)

    def count(self, value: float) -> str:
        """Return a whole number."""
        return self.words.number(value, 0)

    def share(self, value: float) -> str:
        """Return a share from 0 to 1 in per cent."""
        percent = 100 * value
        return self.words.percent(percent, 0 if abs(percent - round(percent)) < 1e-6 else 1)

    def signed(self, value: float, decimals: int | None = None) -> str:
        """Return a number with its sign."""
        places = self.index.newest.decimals if decimals is None else decimals
        text = self.words.number(value, places)
        if round(value, places) <= 0:
            return text
        # Between words written from the right a sign would change sides.
        is_rtl = self.words.direction == "rtl"
        return f"{ISOLATE}+{text}{END}" if is_rtl else f"+{text}"

    def interval(self, found: Interval) -> str:
        """Return an interval of ranks."""
        return _("{low}–{high}").format(low=self.rank(found.low), high=self.rank(found.high))

    @cached_property
    def percentiles(self) -> str:
        """The interval of the audit in words."""
        low, high = self.index.verdict["percentiles"]
        return _("{share} of {builds} builds").format(
            share=self.share((high - low) / 100), builds=self.count(self.index.verdict["builds"])
        )

    @cached_property
    def highest(self) -> str:
        """The end of the scale, where the method names one and more is better."""
        low = self.index.result.methodology.ranking.best == "low"
        declared = self.index.newest.declared
        if declared is None or low:
            return ""
        return self.words.significant(declared[1], 4)


def classes_of(spoken: Spoken, breaks: Sequence[float]) -> tuple[tuple[int, str], ...]:
    """Return the number of the colour and the label of each class, lowest first."""
    if not breaks:
        return ()
    texts = [spoken.words.significant(value) for value in breaks]
    said = [
        _("under {high}").format(high=texts[0]),
        *(_("{low} to under {high}").format(low=low, high=high) for low, high in pairwise(texts)),
        _("{low} and over").format(low=texts[-1]),
    ]
    return tuple((COLOURS - len(breaks) + k, words) for k, words in enumerate(said))
