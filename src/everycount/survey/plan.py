"""A survey design made ready for one file: columns, levels, cut points and tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

import polars as pl

from everycount.arrays.tables import all_tables
from everycount.errors import InputError, MethodError, Problem
from everycount.model.design import RESERVED_CODES, SurveyDesign
from everycount.model.microdata import KnowsValues, Microdata
from everycount.survey.cells import as_codes, is_missing
from everycount.survey.coding import Coding, declared_levels, found_levels, number_in
from everycount.survey.cutting import cut_scores
from everycount.survey.findings import SHOWN, Excluded
from everycount.survey.joinable import vain_pairs

MANY_LEVELS = 2_000
"""Codes of one column beyond which it is taken for a number that needs bands. Our own limit."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SurveyPlan:
    """A design with everything that had to be looked up in the file."""

    design: SurveyDesign
    source: Microdata
    codings: tuple[Coding, ...]
    replicates: tuple[str, ...] = ()
    """Columns of the replicate weights, in order."""
    excluded: tuple[Excluded, ...] = ()
    """Rows left out where scores were cut."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that estimates need."""
        return needed_columns(self.design, self.replicates)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Return the number of levels of each characteristic."""
        return tuple(len(coding.levels) for coding in self.codings)

    @property
    def wanted(self) -> tuple[tuple[int, ...], ...]:
        """Return the wanted tables by positions of characteristics, the total first."""
        names = [coding.name for coding in self.codings]
        crossings = self.design.crossings
        if crossings.only:
            only = (tuple(sorted(names.index(name) for name in table)) for table in crossings.only)
            return tuple(dict.fromkeys([(), *only]))
        return all_tables(len(names), min(crossings.depth, len(names)))

    def cells(self, tables: Sequence[tuple[int, ...]]) -> int:
        """Return the number of cells of tables, for each outcome."""
        return sum(prod(self.sizes[at] for at in table) for table in tables)

    def tables(self) -> tuple[tuple[int, ...], ...]:
        """Return the wanted tables as `wanted` has them.

        Raises
        ------
        MethodError
            If they have more cells than the design allows.
        """
        tables, crossings = self.wanted, self.design.crossings
        cells = self.cells(tables)
        if cells > crossings.limit:
            most = max(self.codings, key=lambda coding: len(coding.levels))
            found = (
                f"{cells:,} cells in {len(tables):,} tables; {most.name} alone has "
                f"{len(most.levels):,} levels"
            )
            expected = (
                f"at most {crossings.limit:,} cells: fewer levels, a smaller depth, chosen tables, "
                "or a higher limit"
            )
            raise MethodError(self.source.name, [Problem("crossings", found, expected)])
        return tables


def resolve(design: SurveyDesign, source: Microdata) -> SurveyPlan:
    """Look up in the file what the design leaves to it.

    Parameters
    ----------
    design : SurveyDesign
        What was declared.
    source : Microdata
        The file. It is read only where levels must be found or scores be cut.

    Returns
    -------
    SurveyPlan
        The design with all its levels.

    Raises
    ------
    InputError
        With every column that the file lacks or that holds lists, or every code that no level may
        have and every order that nobody said, or every characteristic without a single level and
        every pair of levels to be joined that is not there.
    MethodError
        If a characteristic has more values than anyone groups people by.
    """
    replicates, problems = _replicate_columns(design, source)
    problems += [
        Problem(where, f"column {name}, which the file does not have", _near(name, source))
        for name, where in column_places(design).items()
        if name not in source.columns and "*" not in name
    ]
    problems += [
        Problem(where, f"column {name}, which holds lists or records", "numbers or text")
        for name, where in column_places(design).items()
        if name in source.columns and source.columns[name].kind == "nested"
    ]
    if problems:
        raise InputError(source.name, problems)
    found = _found(design, source)
    problems = [*_reserved(found), *_unordered(design, found)]
    if problems:
        raise InputError(source.name, problems)
    codings: list[Coding] = []
    excluded: list[Excluded] = []
    for each in design.characteristics:
        column = source.columns[each.source]
        cuts: tuple[float, ...] = ()
        if each.cut:
            cut = cut_scores(design, each, each.cut, source)
            cuts, problems = cut.points, [*problems, *cut.problems]
            excluded += cut.excluded
        levels = declared_levels(each, column) or found_levels(found[each.name], column)
        codings.append(Coding(characteristic=each, column=column, levels=levels, cuts=cuts))
        if not levels:
            where = f"characteristic {each.name}"
            problems.append(Problem(where, "no row with a value", "at least one"))
    problems += vain_pairs(codings)
    if problems:
        raise InputError(source.name, problems)
    return SurveyPlan(
        design=design,
        source=source,
        codings=tuple(codings),
        replicates=replicates,
        excluded=tuple(excluded),
    )


def column_places(design: SurveyDesign) -> dict[str, str]:
    """Return each column that a design names, with the first place where it names it."""
    places: dict[str, str] = {}
    for name, where in (*_estimate_columns(design), *_other_columns(design)):
        if name is not None:
            places.setdefault(name, where)
    return places


def needed_columns(design: SurveyDesign, replicates: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the columns of the file that estimates need, each once."""
    named = (name for name, _ in _estimate_columns(design) if name is not None)
    return tuple(dict.fromkeys([*named, *replicates]))


def _estimate_columns(design: SurveyDesign) -> Iterator[tuple[str | None, str]]:
    """Yield the columns that estimates need, with where they are named."""
    sampling = design.sampling
    yield from ((name, "sampling, strata") for name in sampling.strata)
    yield sampling.psu, "sampling, psu"
    yield sampling.weight, "sampling, weight"
    yield sampling.population, "sampling, population"
    for number, stage in enumerate(sampling.stages, start=2):
        yield from ((name, f"stage {number}, strata") for name in stage.strata)
        yield stage.units, f"stage {number}, units"
        yield stage.population, f"stage {number}, population"
    for each in design.characteristics:
        yield each.source, f"characteristic {each.name}"
    for outcome in design.outcomes:
        where = f"outcome {outcome.name}"
        yield outcome.source, where
        yield outcome.denominator, f"{where}, denominator"
        yield outcome.weight, f"{where}, weight"
        yield from ((each.column, f"{where}, universe") for each in outcome.universe)


def _other_columns(design: SurveyDesign) -> Iterator[tuple[str | None, str]]:
    """Yield the columns that are needed beforehand, or that may be patterns of names."""
    if design.sampling.replicates:
        yield from ((name, "replicates, columns") for name in design.sampling.replicates.columns)
    for each in design.characteristics:
        if each.cut:
            named = (each.cut.members, each.cut.weight, *each.cut.once_per)
            yield from ((name, f"characteristic {each.name}, cut") for name in named)


def _replicate_columns(
    design: SurveyDesign, source: Microdata
) -> tuple[tuple[str, ...], list[Problem]]:
    """Return the columns of replicate weights, patterns replaced by what the file has; problems."""
    given = design.sampling.replicates
    if given is None:
        return (), []
    names: list[str] = []
    problems = []
    for pattern in given.columns:
        if "*" not in pattern:
            names.append(pattern)  # whether the file has it is looked at with all other columns
            continue
        alike = re.compile(".*".join(map(re.escape, pattern.split("*"))))
        # perwt* means perwt1, perwt2, ... and not the weight perwt itself.
        others = (name for name in source.columns if name != design.sampling.weight)
        matched = sorted(filter(alike.fullmatch, others), key=_by_number)
        if not matched:
            found = f"{pattern!r}, which matches no column"
            problems.append(Problem("replicates, columns", found, _near(pattern, source)))
        names += matched
    names = list(dict.fromkeys(names))
    if not problems and len(given.rscales) not in (0, 1, len(names)):
        found = f"{len(given.rscales)} rscales for {len(names)} columns of replicate weights"
        problems.append(Problem("replicates, rscales", found, "one for each, or one for all"))
    return tuple(names), problems


def _by_number(name: str) -> tuple[str, int, str]:
    """Return what sorts rw2 before rw10."""
    stem = name.rstrip("0123456789")
    number = name[len(stem) :]
    return stem, int(number) if number else -1, name


def _near(name: str, source: Microdata) -> str:
    """Return in words which columns are called nearly so."""
    from difflib import get_close_matches  # noqa: PLC0415  # only for a message

    lower = {each.lower(): each for each in source.columns}
    near = [lower[each] for each in get_close_matches(name.lower(), lower, n=3)]
    if near:
        return f"a column of the file, perhaps {' or '.join(near)}"
    some = list(source.columns)
    return f"one of {', '.join(some[:12])}{', …' if len(some) > 12 else ''}"


def _found(design: SurveyDesign, source: Microdata) -> dict[str, list[int | str]]:
    """Return the codes of characteristics whose levels are not declared."""
    open_ = [each for each in design.characteristics if not (each.levels or each.bands or each.cut)]
    codes: dict[str, set[int | str]] = {each.name: set() for each in open_}
    columns = tuple(dict.fromkeys(each.source for each in open_))
    for frame in _values(source, columns):
        for each in open_:
            if each.source in frame.columns:
                series = frame[each.source]
                known = ~is_missing(series, source.columns[each.source], each.missing)
                codes[each.name].update(
                    as_codes(series.filter(pl.Series(known))).unique().to_list()
                )
        _refuse_many(codes, source)
    return {name: _alike(values) for name, values in codes.items()}


def _values(source: Microdata, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
    """Yield what stands in some columns: all rows, or each value once if the source knows them."""
    if isinstance(source, KnowsValues):
        # So many that what is left are too many levels even if some mean not known.
        yield from (source.distinct(name, most=10 * MANY_LEVELS).to_frame() for name in columns)
    elif columns:
        yield from source.batches(columns)


def _alike(codes: set[int | str]) -> list[int | str]:
    """Return codes once each, all as text if some are: batches may differ in what numbers are.

    1.0 is a whole number in a batch of whole numbers, and otherwise text.
    """
    has_text = any(isinstance(code, str) for code in codes)
    return list({str(code) for code in codes}) if has_text else list(codes)


def _reserved(found: dict[str, list[int | str]]) -> Iterator[Problem]:
    """Yield a problem for each code that stands for something else in tables of estimates."""
    for name, codes in found.items():
        for code in sorted(set(RESERVED_CODES).intersection(map(str, codes))):
            expected = "levels, as this one is reserved"
            yield Problem(f"characteristic {name}", f"code {code!r}", expected)


def _unordered(design: SurveyDesign, found: dict[str, list[int | str]]) -> Iterator[Problem]:
    """Yield a problem for each characteristic that ascends in an order that nobody said."""
    for each in design.characteristics:
        codes = sorted(map(str, found.get(each.name, ())))
        texts = [code for code in codes if number_in(code) is None]
        if each.ordered and texts:
            some = ", ".join(codes[:SHOWN]) + (", …" if len(codes) > SHOWN else "")
            found_words = f"ordered = true, and codes that are text ({some})"
            expected = "`levels` with these codes in their order"
            yield Problem(f"characteristic {each.name}", found_words, expected)


def _refuse_many(codes: dict[str, set[int | str]], source: Microdata) -> None:
    """Refuse characteristics with more codes than anyone groups people by."""
    problems = [
        Problem(
            f"characteristic {name}",
            f"more than {MANY_LEVELS:,} different values",
            "levels, bands or cut, so that there are groups",
        )
        for name, values in codes.items()
        if len(values) > MANY_LEVELS
    ]
    if problems:
        raise MethodError(source.name, problems)
