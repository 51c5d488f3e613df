"""Who is furthest behind, from files: read designs and microdata, find the groups, write tables."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from everycount.errors import MethodError, Problem
from everycount.io.results import json_bytes
from everycount.io.rules import read_rules
from everycount.io.survey_run import (
    Change,
    SurveyInputs,
    read_survey,
    table_bytes,
    write_folder,
)
from everycount.model.design import SurveyDesign
from everycount.model.rules import Confidentiality
from everycount.survey.furthest import FurthestBehind, furthest_in
from everycount.survey.furthest_groups import Grown
from everycount.survey.furthest_names import codes_of
from everycount.survey.furthest_rows import SUITABLE, FurthestOptions
from everycount.survey.furthest_tables import (
    contributions_table,
    groups_table,
    inequality_table,
    opportunity_table,
    rounds_table,
    tree_table,
)
from everycount.survey.plan import resolve
from everycount.survey.rounds import Round, RoundRow, compare_rounds, round_sentences
from everycount.survey.sample import load

TRACE = "furthest.json"
OFTEN = 5
"""Groups of replicates that the trace names."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoundRun:
    """One round of a survey with what was found in it."""

    label: str
    inputs: SurveyInputs
    results: tuple[FurthestBehind, ...]
    skipped: tuple[str, ...]
    """Outcomes of the design that no tree can be grown on."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FurthestRun:
    """Who is furthest behind in one or several rounds of a survey."""

    rounds: tuple[RoundRun, ...]
    options: FurthestOptions
    rules: Confidentiality | None
    compared: Mapping[str, tuple[RoundRow, ...]]
    """Figures of all rounds by outcome; none of a single round."""
    changes: Mapping[str, tuple[str, ...]]
    """The same in words."""

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """Return the tables by the names of their files."""
        makers = {
            "tree.csv": tree_table,
            "groups.csv": groups_table,
            "opportunity.csv": opportunity_table,
            "contributions.csv": contributions_table,
            "inequality.csv": inequality_table,
        }
        tables = {
            name: pl.concat(
                make(each.results).select(pl.lit(each.label).alias("round"), pl.all())
                for each in self.rounds
            )
            for name, make in makers.items()
        }
        if len(self.rounds) > 1:
            secret = self.rounds[0].results[0].secret
            tables["rounds.csv"] = rounds_table(self.compared, secret)
        return tables

    @property
    def trace(self) -> dict[str, Any]:
        """Return what was done to how many rows and what was found, as plain data."""
        first = self.rounds[0]
        return {
            "everycount": first.inputs.trace["everycount"],
            "options": asdict(self.options),
            "confidentiality": None if self.rules is None else asdict(self.rules),
            "rounds": [_round_trace(each) for each in self.rounds],
            "changes": {name: list(told) for name, told in self.changes.items()},
        }

    def files(self) -> dict[str, bytes]:
        """Return the tables and the trace by the names of their files."""
        files = {name: table_bytes(Path(name), table) for name, table in self.tables.items()}
        files[TRACE] = json_bytes({**self.trace, "files": sorted([*files, TRACE])})
        return files

    def write(self, folder: Path | str) -> tuple[Path, ...]:
        """Write all files into a folder, all or none, and return what was written.

        Raises
        ------
        InputError
            If one of them is an input, or it cannot be written to.
        """
        return write_folder([each.inputs for each in self.rounds], folder, self.files())


def furthest_files(
    pairs: Sequence[tuple[Path | str, Path | str]],
    options: FurthestOptions | None = None,
    *,
    change: Change | None = None,
) -> FurthestRun:
    """Find who is furthest behind, from files of one or several rounds of a survey.

    Parameters
    ----------
    pairs : sequence of (design, microdata)
        As for `everycount.io.survey_run.read_survey`, the first round first.
    options : FurthestOptions, optional
        Methods, circumstances, seed.
    change : callable, optional
        What the caller changes in every design.

    Raises
    ------
    NotFound, InputError, MethodError, Unavailable
        As `read_survey` and `everycount.survey.furthest.furthest`; MethodError also if no outcome
        suits, or rounds have no outcome in common.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from tempfile import TemporaryDirectory
    >>> from everycount.io.sample import sample_path
    >>> from everycount.survey.simulate import simulate
    >>> def on_the_internet(design):
    ...     return replace(design, outcomes=design.outcomes[:1])
    >>> few = FurthestOptions(methods=("escap",), replicates=10, draws=10)  # for a quick look
    >>> with TemporaryDirectory() as folder:
    ...     women = f"{folder}/women.parquet"
    ...     simulate().write_parquet(women)
    ...     pairs = [(sample_path("survey.toml"), women)]
    ...     run = furthest_files(pairs, few, change=on_the_internet)
    >>> run.tables["groups.csv"].filter(role="behind")["words"].item()
    'Wealth: Poorest fifth; Schooling: None'
    """
    options = FurthestOptions() if options is None else options
    read = [read_survey(design, place, change=change) for design, place in pairs]
    rules = read_rules(Confidentiality, read[0].design.confidentiality)
    labels = _labels(read)
    rounds = tuple(
        _round(label, inputs, options, rules) for label, inputs in zip(labels, read, strict=True)
    )
    compared: dict[str, tuple[RoundRow, ...]] = {}
    changes: dict[str, tuple[str, ...]] = {}
    if len(rounds) > 1:
        for name, own in _by_outcome(rounds).items():
            compared[name] = compare_rounds(own)
            changes[name] = round_sentences(own, compared[name])
    return FurthestRun(
        rounds=rounds, options=options, rules=rules, compared=compared, changes=changes
    )


def _round(
    label: str, inputs: SurveyInputs, options: FurthestOptions, rules: Confidentiality | None
) -> RoundRun:
    """Return what is found in one round."""
    names = [each.name for each in inputs.design.outcomes if each.statistic in SUITABLE]
    skipped = [each.name for each in inputs.design.outcomes if each.statistic not in SUITABLE]
    if not names:
        problem = Problem("outcomes", _found(inputs.design), "a proportion or a mean at least")
        raise MethodError(inputs.source.name, [problem])
    sample = load(resolve(inputs.design, inputs.source))
    results = tuple(furthest_in(sample, name, options, rules=rules) for name in names)
    return RoundRun(label=label, inputs=inputs, results=results, skipped=tuple(skipped))


def _found(design: SurveyDesign) -> str:
    found = [f"{each.name}, a {each.statistic}" for each in design.outcomes]
    return "; ".join(found) or "none"


def _labels(read: Sequence[SurveyInputs]) -> list[str]:
    """Return what rounds are called: their period, else their file, else a number."""
    for labels in ([each.design.period for each in read], [each.source.name for each in read]):
        if all(labels) and len(set(labels)) == len(labels):
            return labels
    return [f"round {at}" for at in range(1, len(read) + 1)]


def _by_outcome(rounds: Sequence[RoundRun]) -> dict[str, list[Round]]:
    """Return the rounds of each outcome that all of them have."""
    first = rounds[0]
    named = [{found.outcome.name: found for found in each.results} for each in rounds]
    common = [found.outcome.name for found in first.results
              if all(found.outcome.name in own for own in named)]  # fmt: skip
    if not common:
        problem = Problem("rounds", "no outcome that all of them have", "one at least")
        raise MethodError(first.inputs.source.name, [problem])
    return {
        name: [
            Round(label=each.label, found=own[name])
            for each, own in zip(rounds, named, strict=True)
        ]
        for name in common
    }


def _round_trace(each: RoundRun) -> dict[str, Any]:
    """Return a round as plain data."""
    design = each.inputs.design
    return {
        "round": each.label,
        "title": design.title,
        "inputs": each.inputs.trace["inputs"],
        "outcomes_without_tree": list(each.skipped),
        "outcomes": [_outcome_trace(found) for found in each.results],
    }


def _outcome_trace(found: FurthestBehind) -> dict[str, Any]:
    """Return what was found in an outcome as plain data."""
    reduced, sampled = found.reduced, found.reduced.sample.sampled
    scale = reduced.scale(found.options)
    base = found.secret.base
    return {
        "outcome": found.outcome.name,
        "direction": found.outcome.direction,
        "rows": reduced.rows if base == 1 else base * round(reduced.rows / base),
        "excluded": [asdict(each) for each in found.excluded],
        "circumstances": [
            {
                "name": coding.name,
                "ordered": coding.characteristic.is_ordered,
                "levels": [level.code for level in coding.levels],
            }
            for coding in reduced.codings
        ],
        "identity": reduced.has_identity,
        "variance": "replicates" if sampled is None else "linearisation",
        "replicates": int(scale.rscales.size),
        "draws": found.options.draws_for(reduced.rows),
        "trees": [_tree_trace(found, grown) for grown in found.grown],
        "findings": list(found.sentences),
        "caveats": list(found.caveats),
    }


def _tree_trace(found: FurthestBehind, grown: Grown) -> dict[str, Any]:
    """Return how a tree was chosen and how stable it is, as plain data."""
    stability, names = grown.stability, [coding.name for coding in found.reduced.codings]
    hidden = found.secret.hides(grown.method, grown.behind)
    trace: dict[str, Any] = {
        "method": grown.method,
        "nodes": len(grown.tree.nodes),
        "not_shown": len(found.secret.nodes.get(grown.method, ())),
        "recovered": stability.recovered,
        "mean_overlap": float(np.mean(stability.overlap)),
        "asked": dict(zip(names, stability.used.tolist(), strict=True)),
        "unplaced": grown.halves.unplaced,
        "furthest_groups": [] if hidden else [
            {"definition": codes_of(found.reduced, definition), "share": share}
            for definition, share in stability.furthest_groups[:OFTEN]
        ],
    }  # fmt: skip
    if grown.choice is not None:
        choice = grown.choice
        trace["sizes"] = [
            {
                "depth": size.depth,
                "leaves": int(leaves),
                "loss": float(loss),
                "std_error": float(error),
                "chosen": at == choice.chosen,
            }
            for at, (size, leaves, loss, error) in enumerate(
                zip(choice.sizes, choice.leaves, choice.loss, choice.standard_error, strict=True)
            )
        ]
    return trace
