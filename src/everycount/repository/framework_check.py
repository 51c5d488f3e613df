"""Check a framework: what would trouble those who cite, translate or score it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from everycount.errors import InputError
from everycount.model.crosswalk import Link
from everycount.model.framework import Framework
from everycount.model.indicator import Indicator

Severity = Literal["error", "warning", "remark"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "remark")
SMALLEST = 3  # EM2030, SDG Gender Index 2019: "between three and five indicators for each goal"
LARGEST = 2.0  # times the median; beyond it one indicator counts half as much as elsewhere
SAID = 8  # names spelt out before "and N more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found in a framework."""

    rule: str
    """Name of the rule, such as duplicate-code."""
    severity: Severity
    """error: must be put right; warning: will mislead somebody; remark: worth knowing."""
    where: str
    """Group, indicator or link, by code or key."""
    words: str
    """What was found, and why it matters."""


def check_framework(
    framework: Framework,
    *,
    links: Sequence[Link] = (),
    known: Mapping[str, Framework] | None = None,
    languages: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """Check a framework and return everything found, the gravest first.

    Parameters
    ----------
    framework : Framework
        Version to check. That its keys are unique and its groups a tree, it has checked itself.
    links : sequence of Link, optional
        Crosswalk; links that do not touch `framework` are left aside.
    known : mapping of str to Framework, optional
        Other framework versions by ``id@version``, to see whether links arrive somewhere.
    languages : sequence of str, optional
        Languages every title must have, besides those that any title already has.

    Returns
    -------
    tuple of Finding
        Empty when there is nothing to say.

    Examples
    --------
    >>> from everycount.model.framework import Source
    >>> seats = Indicator(key="1", code="1", title={"en": "Seats in parliament"})
    >>> core = Framework(id="core", version="1", title={"en": "Core"}, publisher="NSO",
    ...     level="national", valid_from="2024", source=Source(citation="NSO"), indicators=(seats,))
    >>> [(finding.rule, finding.where) for finding in check_framework(core)]
    [('missing-unit', '1')]
    """
    findings = [
        *_codes(framework),
        *_links(framework, links, {**(known or {}), framework.reference: framework}),
        *_titles(framework, languages),
        *_belonging(framework),
        *_sizes(framework),
        *_units(framework),
    ]
    return tuple(sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity)))


def findings_of(error: InputError) -> tuple[Finding, ...]:
    """Return the faults that kept a file from being a framework, as findings."""
    return tuple(
        Finding(
            rule="structure",
            severity="error",
            where=problem.where,
            words=f"found {problem.found}, expected {problem.expected}",
        )
        for problem in error.problems
    )


def _codes(framework: Framework) -> Iterator[Finding]:
    """Yield printed codes that stand for several indicators."""
    if not framework.indicators:
        words = "the framework has no indicator"
        yield Finding(rule="no-indicators", severity="error", where="indicators", words=words)
    for code, same in _by(framework.indicators, lambda indicator: indicator.code).items():
        if len(same) > 1:
            keys = ", ".join(indicator.key for indicator in same)
            yield Finding(
                rule="duplicate-code",
                severity="warning",
                where=code,
                words=f"the printed code {code} stands for {len(same)} indicators; tell them apart "
                f"by their keys: {keys}",
            )
    originals = _by(
        framework.unique, lambda indicator: "|".join(sorted(indicator.title.items())[0])
    )
    for same in originals.values():
        if len(same) > 1:
            keys = ", ".join(indicator.key for indicator in same)
            yield Finding(
                rule="duplicate-title",
                severity="warning",
                where=same[0].key,
                words=f"{keys} have one title; if they are one indicator printed under several "
                f'groups, say repeats = "{same[0].key}" in the later ones',
            )


def _links(
    framework: Framework, links: Sequence[Link], known: Mapping[str, Framework]
) -> Iterator[Finding]:
    """Yield links of this framework that lead nowhere."""
    for link in links:
        if framework.reference not in (link.from_framework, link.to_framework):
            continue
        where = f"{link.from_framework} {link.from_key} to {link.to_framework} {link.to_key}"
        ends = ((link.from_framework, link.from_key), (link.to_framework, link.to_key))
        for reference, key in ends:
            if reference not in known:
                yield Finding(
                    rule="unknown-framework",
                    severity="warning",
                    where=where,
                    words=f"{reference} is not at hand, so the link was not followed",
                )
            elif key not in {indicator.key for indicator in known[reference].indicators}:
                yield Finding(
                    rule="broken-link",
                    severity="error",
                    where=where,
                    words=f"{reference} has no indicator with the key {key}",
                )


def _titles(framework: Framework, languages: Sequence[str]) -> Iterator[Finding]:
    """Yield titles that lack a language the framework speaks."""
    titled = [("the framework", framework.title)]
    titled += [(f"group {group.code}", group.title) for group in framework.groups]
    titled += [(indicator.key, indicator.title) for indicator in framework.indicators]
    for language in sorted({*framework.languages, *languages}):
        for where, title in titled:
            if language not in title:
                yield Finding(
                    rule="missing-title",
                    severity="warning",
                    where=where,
                    words=f"no title in {language}; its readers will see another language",
                )


def _belonging(framework: Framework) -> Iterator[Finding]:
    """Yield indicators without a group and groups without an indicator."""
    if framework.groups:
        for indicator in framework.members():
            yield Finding(
                rule="no-group",
                severity="warning",
                where=indicator.key,
                words="the indicator belongs to no group, so no group score or page will show it",
            )
    for group in framework.groups:
        if not framework.within(group.code):
            yield Finding(
                rule="empty-group",
                severity="warning",
                where=f"group {group.code}",
                words="no indicator in the group or below it",
            )


def _sizes(framework: Framework) -> Iterator[Finding]:
    """Yield groups much smaller or larger than the others of their level."""
    level = framework.children()
    while level:
        sizes = {group.code: len(framework.within(group.code)) for group in level}
        yield from _uneven({code: size for code, size in sizes.items() if size})
        level = tuple(child for group in level for child in framework.children(group.code))


def _uneven(sizes: Mapping[str, int]) -> Iterator[Finding]:
    """Yield what stands out among the sizes of groups of one level."""
    typical = median(sizes.values()) if sizes else 0
    small = [code for code, size in sizes.items() if size < SMALLEST]
    scored = typical >= SMALLEST
    if small and not scored:
        yield Finding(
            rule="uneven-groups",
            severity="remark",
            where=f"groups {_some(small)}",
            words=f"{len(small)} of {len(sizes)} groups of this level have fewer than "
            f"{SMALLEST} indicators: a finer division than can be scored",
        )
    for code, size in sizes.items():
        if scored and size < SMALLEST:
            why = f"fewer than {SMALLEST}: a score would rest on them alone"
            yield _size(code, size, why)
        elif size > LARGEST * max(typical, SMALLEST):
            yield _size(code, size, f"over twice the median of its level, {typical:g}")


def _size(code: str, size: int, why: str) -> Finding:
    """Return the remark that a group has an unusual size."""
    noun = "indicator" if size == 1 else "indicators"
    words = f"{size} {noun}, {why}"
    return Finding(rule="uneven-groups", severity="remark", where=f"group {code}", words=words)


def _units(framework: Framework) -> Iterator[Finding]:
    """Yield counted indicators without a unit, each unique one once."""
    for indicator in framework.unique:
        if not indicator.unit and indicator.kind == "quantitative":
            yield Finding(
                rule="missing-unit",
                severity="remark",
                where=indicator.key,
                words="no unit; figures from two sources cannot be checked against each other",
            )


def _some(names: Sequence[str]) -> str:
    """Return the first names in words."""
    more = f" and {len(names) - SAID} more" if len(names) > SAID else ""
    return ", ".join(names[:SAID]) + more


def _by(
    indicators: Sequence[Indicator], label: Callable[[Indicator], str]
) -> dict[str, list[Indicator]]:
    """Return indicators gathered by a label."""
    gathered: dict[str, list[Indicator]] = {}
    for indicator in indicators:
        gathered.setdefault(label(indicator), []).append(indicator)
    return gathered
