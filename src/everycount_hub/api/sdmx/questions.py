"""What a data query asks for: the key, filters of components, and periods."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from everycount.errors import InputError, NotFound, Problem
from everycount.io.words import quote
from everycount.model.observation import AREA, PERIOD
from everycount.model.period import read_period
from everycount_hub.api import described
from everycount_hub.api.limits import CODES, TooMuch
from everycount_hub.api.public import Refused
from everycount_hub.api.rest.catalogue import find_area
from everycount_hub.api.sdmx.flows import Flow
from everycount_hub.edition.read import DATASET, Edition
from everycount_hub.queries import observed
from everycount_hub.queries.observed import Wanted, begins, ends

FILTER = re.compile(r"c\[([A-Z][A-Z0-9_]*)\]")
CONDITION = re.compile(r"(?:(eq|ne|lt|le|gt|ge|co|nc|sw|ew):)?(.*)", re.DOTALL)
"""An operator and a value. SDMX REST 2.2, filters of components."""
EVERYTHING = frozenset({"", "*", "all"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a query restricts, component by component."""

    where: Mapping[str, Collection[str]]
    """Codes of each component that is restricted, as figures have them."""
    datasets: tuple[str, ...]
    first: str = ""
    last: str = ""

    def wanted(self) -> Wanted:
        """Return it as a question to the figures."""
        return Wanted(datasets=self.datasets, where=self.where, first=self.first, last=self.last)


def read_question(request: HttpRequest, edition: Edition, flow: Flow, key: str) -> Asked:
    """Return what a data query asks for.

    Parameters
    ----------
    request : HttpRequest
        Its parameters hold filters and periods.
    edition : Edition
        Where the figures are.
    flow : Flow
        The data flow.
    key : str
        Values of dimensions between dots, as REST 2.x or 1.5 writes them.

    Raises
    ------
    InputError
        With everything that is wrong with key and filters.
    """
    found = observed.together(edition, flow.keys)
    values = {**found.values, DATASET: {described.dataset_code(k) for k in flow.keys}}
    where: dict[str, set[str]] = {}
    for name, codes in _of_key(edition, flow, key):
        where[name] = where.get(name, set(codes)) & set(codes)
    problems: list[Problem] = []
    for name, text in _filters(request):
        if name not in flow.structure.by_id:
            known = ", ".join(flow.structure.ids)
            problems.append(Problem(f"c[{name}]", quote(name), f"one of {known}"))
        elif name not in values:
            raise Refused(501, f"c[{name}]: figures can be chosen by codes and periods only.")
        else:
            fitting, wrong = _chosen(edition, name, text, values[name])
            where[name] = where.get(name, fitting) & fitting
            problems += wrong
    first, last, wrong = _span(request)
    observed.refuse("the query", [*problems, *wrong])
    datasets = flow.keys
    if DATASET in where:
        chosen = where.pop(DATASET)
        datasets = tuple(k for k in flow.keys if described.dataset_code(k) in chosen)
    return Asked(where=where, datasets=datasets, first=first, last=last)


def _of_key(edition: Edition, flow: Flow, key: str) -> Iterator[tuple[str, set[str]]]:
    """Yield the codes that a key lists for each dimension that it restricts."""
    if key in EVERYTHING:
        return
    dimensions = flow.structure.dimensions
    keys = [each.split(".") for each in key.split(",")]
    if len(keys) > CODES:
        raise TooMuch(f"the query lists {len(keys):,} keys, at most {CODES:,} are allowed")
    for parts in keys:
        if len(parts) != len(dimensions):
            expected = f"{len(dimensions)} between dots, for {'.'.join(dimensions)}"
            problem = Problem("key", f"{len(parts)} values in {quote(key)}", expected)
            raise InputError("the query", [problem])
    if len(keys) > 1:
        _demand_product(key, keys)
    for place, name in enumerate(dimensions):
        texts = [parts[place] for parts in keys]
        if any(text in EVERYTHING for text in texts):
            continue
        codes = {code for text in texts for code in re.split(r"[+ ]", text) if code}
        yield name, _areas(edition, codes) if name == AREA else codes


def _demand_product(key: str, keys: Sequence[Sequence[str]]) -> None:
    """Refuse several keys that differ in more than one dimension: they are no block of figures."""
    differ = [place for place, texts in enumerate(zip(*keys, strict=True)) if len(set(texts)) > 1]
    if len(differ) > 1:
        words = f"several keys that differ in more than one dimension: {quote(key)}"
        raise Refused(501, f"{words}. Ask for them one by one, or with filters c[…].")


def _areas(edition: Edition, codes: Collection[str]) -> set[str]:
    """Return areas as figures have them: other services write ISO codes, ours those of M49."""
    return {_area(edition, each) for each in codes}


def _area(edition: Edition, code: str) -> str:
    try:
        return find_area(edition, code).code
    except NotFound:
        return code


def _filters(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name in request.GET:
        found = FILTER.fullmatch(name)
        if found:
            for text in request.GET.getlist(name):
                yield found[1], text


def _chosen(
    edition: Edition, name: str, text: str, values: Collection[str]
) -> tuple[set[str], list[Problem]]:
    """Return the values of a component that a filter lets through, and what is wrong with it.

    A comma is or, a plus is and.
    """
    problems: list[Problem] = []
    alternatives = text.split(",")
    if len(alternatives) > CODES:
        raise TooMuch(f"c[{name}] lists {len(alternatives):,} codes, {CODES:,} are allowed")
    chosen: set[str] = set()
    for alternative in alternatives:
        left = set(values)
        for condition in re.split(r"[+ ]", alternative):
            found = CONDITION.fullmatch(condition)
            assert found is not None, "every text is a condition"
            operator, value = found[1] or "eq", found[2]
            if name == AREA and operator in {"eq", "ne"}:
                value = _area(edition, value)
            if (
                name == PERIOD
                and not _is_period(value)
                and operator not in {"co", "nc", "sw", "ew"}
            ):
                expected = "a period such as 2019, 2019-05 or 2019-Q2"
                problems.append(Problem(f"c[{name}]", quote(value), expected))
                continue
            test = _test(name, operator, value)
            left = {each for each in left if test(each)}
        chosen |= left
    return chosen, problems


def _test(name: str, operator: str, value: str) -> Callable[[str], bool]:
    if name == PERIOD and operator in {"lt", "le", "gt", "ge"}:
        first, last = begins(value), ends(value)
        return {
            "lt": lambda each: begins(each) < first,
            "le": lambda each: begins(each) <= last,
            "gt": lambda each: begins(each) > last,
            "ge": lambda each: begins(each) >= first,
        }[operator]
    return {
        "eq": lambda each: each == value,
        "ne": lambda each: each != value,
        "lt": lambda each: each < value,
        "le": lambda each: each <= value,
        "gt": lambda each: each > value,
        "ge": lambda each: each >= value,
        "co": lambda each: value in each,
        "nc": lambda each: value not in each,
        "sw": lambda each: each.startswith(value),
        "ew": lambda each: each.endswith(value),
    }[operator]


def _is_period(text: str) -> bool:
    try:
        read_period(text)
    except ValueError:
        return False
    return True


def _span(request: HttpRequest) -> tuple[str, str, list[Problem]]:
    """Return startPeriod and endPeriod as days."""
    problems = []
    given = {}
    for name in ("startPeriod", "endPeriod"):
        text = request.GET.get(name, "")
        if text and not _is_period(text):
            problems.append(Problem(name, quote(text), "a period such as 2019 or 2019-Q2"))
            text = ""
        given[name] = text
    first = begins(given["startPeriod"]) if given["startPeriod"] else ""
    last = ends(given["endPeriod"]) if given["endPeriod"] else ""
    return first, last, problems


def whole_number(request: HttpRequest, name: str) -> int | None:
    """Return a parameter that is a whole number above 0; None if it is not given.

    Raises
    ------
    InputError
        If it is none.
    """
    text = request.GET.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"[1-9]\d{0,8}", text, re.ASCII):
        raise InputError("the query", [Problem(name, quote(text), "a whole number above 0")])
    return int(text)
