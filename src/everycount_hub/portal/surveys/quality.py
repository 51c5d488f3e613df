"""How good the figures of a survey are, from what was recorded when they were made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from everycount_hub.portal.surveys.telling import Telling

LONG = 12
"""Letters that stand beside the name of a fact."""
REASONS = {
    "not known": gettext_lazy("not known"),
    "outside the universe": gettext_lazy("not among those asked about it"),
    "without weight": gettext_lazy("without weight"),
    "universe not known": gettext_lazy("whether they are among those asked is not known"),
}
VARIANCES = {
    "linearisation": gettext_lazy("linearisation, by strata and sampled units"),
    "jackknife": gettext_lazy("jackknife"),
    "bootstrap": gettext_lazy("bootstrap"),
    "brr": gettext_lazy("balanced repeated replication"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A line of the quality box."""

    name: str
    text: str
    lang: str = ""
    """Of the text, where it is as recorded."""

    @property
    def is_long(self) -> bool:
        """Whether it needs lines of its own."""
        return len(self.text) > LONG


def facts_of(telling: Telling) -> list[Fact]:
    """Return sample, errors, rules and what is hidden, those that are recorded."""
    return [*_sample(telling), *_errors(telling), *_rules(telling), *_hidden(telling)]


def _part(trace: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = trace.get(name)
    return found if isinstance(found, dict) else {}


def _sample(telling: Telling) -> Iterator[Fact]:
    trace, words = telling.survey.trace, telling.words
    rows = trace.get("rows")
    if isinstance(rows, int):
        yield Fact(name=_("Rows read"), text=words.number(rows, 0))
    if telling.total.n is not None:
        yield Fact(name=_("Rows that count here"), text=words.number(telling.total.n, 0))
    sampling = _part(trace, "sampling")
    for key, name in (("units", _("Sampled units")), ("strata", _("Strata"))):
        if isinstance(sampling.get(key), int):
            yield Fact(name=name, text=words.number(sampling[key], 0))
    weight = telling.outcome.weight or telling.survey.design.sampling.weight
    text = weight if isinstance(weight, str) and weight else _("none: every row counts alike")
    yield Fact(name=_("Weight"), text=text)


def _errors(telling: Telling) -> Iterator[Fact]:
    words, total = telling.words, telling.total
    variance = _part(telling.survey.trace, "sampling").get("variance")
    if isinstance(variance, str):
        known = VARIANCES.get(variance)
        yield Fact(
            name=_("Standard errors"), text=str(known or variance), lang="" if known else "en"
        )
    yield Fact(name=_("Intervals"), text=telling.level)
    if total.deff == total.deff:
        yield Fact(name=_("Design effect, everybody"), text=words.number(total.deff))
    if total.df is not None:
        yield Fact(name=_("Degrees of freedom"), text=words.number(total.df, 0))


def _rules(telling: Telling) -> Iterator[Fact]:
    rules = _part(telling.survey.trace, "rules")
    names = {"reliability": _("Rules on reliability"), "confidentiality": _("Rules on secrecy")}
    for key, name in names.items():
        own = _part(rules, key)
        title = own.get("title")
        if not isinstance(title, str):
            yield Fact(name=name, text=_("none were applied"))
            continue
        source = own.get("source")
        yield Fact(
            name=name, text=f"{title}. {source}" if isinstance(source, str) else title, lang="en"
        )


def _hidden(telling: Telling) -> Iterator[Fact]:
    survey, words = telling.survey, telling.words
    own = survey.estimates.filter(survey.estimates["outcome"] == telling.outcome.name)
    flags = dict(own["flag"].value_counts().iter_rows())
    yield Fact(name=_("Cells of this outcome"), text=words.number(own.height, 0))
    yield Fact(name=_("Not shown"), text=words.number(flags.get("not_shown", 0), 0))
    unsure = sum(flags.get(each, 0) for each in ("caution", "unreliable", "review"))
    yield Fact(name=_("In brackets"), text=words.number(unsure, 0))
    joined = survey.trace.get("joined")
    for each in joined if isinstance(joined, list) else ():
        if isinstance(each, dict) and each.get("characteristic") in survey.names:
            name = str(each["characteristic"])
            levels = each.get("levels")
            told = [survey.level(name, str(code)) for code in levels or ()]
            yield Fact(
                name=_("Groups joined to protect people"),
                text=_("{characteristic}: {levels}").format(
                    characteristic=survey.label(name), levels=words.listed(told)
                ),
            )


def left_out(telling: Telling) -> list[tuple[str, str]]:
    """Return the rows left out of the outcome: reason, number."""
    excluded = telling.survey.trace.get("excluded")
    return [
        (
            str(REASONS.get(str(each.get("reason")), each.get("reason"))),
            telling.words.number(each["rows"], 0),
        )
        for each in (excluded if isinstance(excluded, list) else ())
        if isinstance(each, dict)
        and each.get("subject") == telling.outcome.name
        and isinstance(each.get("rows"), int)
    ]
