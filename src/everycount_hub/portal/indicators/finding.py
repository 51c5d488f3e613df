"""The head of an indicator page: what the figures say, and the one thing to know first."""

from dataclasses import dataclass

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from everycount.figures.reading import FIGURES
from everycount.figures.statements import (
    change_statement,
    distance_statement,
    figure_statement,
    indicator_statement,
)
from everycount.figures.wording import Statement, Words
from everycount.model.observation import AREA
from everycount_hub.edition.nouns import IndicatorEntry
from everycount_hub.edition.read import Edition
from everycount_hub.edition.summaries import Known
from everycount_hub.portal.indicators.choice import Choice
from everycount_hub.portal.naming import area_name, code_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What stands under the title."""

    text: SafeString
    """One sentence with its number emphasised."""
    more: tuple[str, ...] = ()
    """What else is known of the area in focus, and what limits it."""


def finding_of(known: Known | None, choice: Choice, says: Words | None) -> Finding:
    """Return the finding: of the area in focus, else of all areas."""
    if known is None or says is None:
        return Finding(text=emphasised(_("No figures are published for this indicator."), ""))
    summary = known.summary
    if choice.focus is None:
        told = indicator_statement(summary, says)
        median = summary.spread.median
        value = "" if median is None else says.value(median)
        return Finding(text=emphasised(told.finding, value), more=told.caveats)
    code = choice.focus.code
    rows = summary.latest.filter(summary.latest[AREA] == code)
    if not rows.height:
        message = says.say("{area} – {title}: there is no figure.", code)
        return Finding(text=emphasised(message, ""))
    row = rows.row(0, named=True)
    told = figure_statement(row, says)
    seen = row["state"] in FIGURES and row["value"] is not None
    moved = summary.changes.filter(summary.changes[AREA] == code)
    more: list[Statement] = []
    if moved.height:
        more.append(change_statement(moved.row(0, named=True), says))
    apart = distance_statement(row, says)
    if apart is not None:
        more.append(apart)
    return Finding(
        text=emphasised(told.finding, says.value(row["value"]) if seen else ""),
        more=tuple(each.text for each in more) + told.caveats,
    )


def emphasised(sentence: str, part: str) -> SafeString:
    """Return a sentence for a page with the last place of a part of it set bold.

    Examples
    --------
    >>> emphasised("5 & 6 of 5", "5")
    '5 &amp; 6 of <b>5</b>'
    """
    before, found, after = sentence.rpartition(part) if part else (sentence, "", "")
    if not found:
        return SafeString(conditional_escape(sentence))
    bold = f"<b>{conditional_escape(found)}</b>"
    return mark_safe(f"{conditional_escape(before)}{bold}{conditional_escape(after)}")  # noqa: S308 - each part is escaped


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The one thing a reader has to know first."""

    text: str
    kind: str = ""


def notice_of(
    edition: Edition, entry: IndicatorEntry, choice: Choice, says: Words | None
) -> Notice | None:
    """Return the notice that matters most; None if there is nothing to say."""
    if choice.unknown and says is not None:
        asked = says.language.listed(says.language.isolate(each) for each in choice.unknown)
        return Notice(
            text=_("No area with figures has this name or code: {names}.").format(names=asked),
            kind="warn",
        )
    for key in entry.datasets:
        label = edition.datasets[key].label_of(entry.code)
        if label is not None and label.code in ("SUPPLEMENTARY", "CONTEXT") and says is not None:
            name = code_name("APPRAISAL", label.code, says.language, {})
            return Notice(
                text=_("Part of the figures are of a third party, labelled: {label}.").format(
                    label=name
                )
            )
    if len(entry.datasets) > 1 and not choice.dataset and says is not None:
        return Notice(
            text=ngettext(
                "Figures of {count} dataset, each area from one only; they are never mixed in one "
                "series.",
                "Figures of {count} datasets, each area from one only; they are never mixed in one "
                "series.",
                len(entry.datasets),
            ).format(count=says.language.number(len(entry.datasets), 0))
        )
    return None


def why_these(edition: Edition, choice: Choice, says: Words) -> str:
    """Return why these areas are shown."""
    names = says.language.listed(
        says.language.isolate(area_name(edition, code, says.language)) for code in choice.codes
    )
    if choice.why == "asked":
        text = _("Shown: {areas}.")
    elif choice.why == "home":
        text = _("Shown: {areas}, whose offices publish here. Choose others below.")
    elif choice.why == "spread":
        text = _(
            "Shown: {areas}, the areas with the highest, the median and the lowest figure. Choose "
            "others below."
        )
    else:
        text = _("Shown: {areas}. No other areas are ranked.")
    return text.format(areas=names)
