"""Audit an index from files: a method, figures, units, and what it is compared with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from everycount.audit.audit import Audit, audit, design_of
from everycount.audit.coherence_long import long
from everycount.audit.replay import draws_table
from everycount.audit.verdict_file import verdict_facts
from everycount.errors import InputError, MethodError, Problem
from everycount.index.methodology import Methodology
from everycount.io.files import digest, read_bytes, staged_folder
from everycount.io.index_run import Inputs, read_inputs
from everycount.io.observations import read_cells
from everycount.io.results import csv_bytes, json_bytes
from everycount.io.units import parse_units
from everycount.model.layout import Layout
from everycount.model.strict import Faults


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AuditRun:
    """An audit of an index that was built from files."""

    audit: Audit
    inputs: Inputs

    def write(
        self,
        folder: Path | str,
        *,
        beside: Mapping[str, bytes] | None = None,
        builds: bool = False,
    ) -> tuple[str, ...]:
        """Write the tables and the verdict into `folder`, all of them or none.

        Parameters
        ----------
        folder : Path or str
            Made if it does not exist.
        beside : mapping of str to bytes, optional
            Other files to write with them, such as the report.
        builds : bool
            Whether to write the draws, and scores and ranks of every build, as well.

        Returns
        -------
        tuple of str
            The names of the files.

        Raises
        ------
        InputError
            If a file would overwrite an input, or the folder cannot be written to.
        """
        files = {**audit_files(self, builds=builds, others=tuple(beside or ())), **(beside or {})}
        self.inputs.refuse_overwriting(folder, files)
        with staged_folder(folder) as stage:
            for name, content in files.items():
                stage(name, content)
        return tuple(sorted(files))


def audit_index(  # one argument for each file and option
    method: Path | str,
    data: Path | str,
    *,
    units: Path | str | None = None,
    periods: Sequence[int] = (),
    draws: int | None = None,
    seed: int | None = None,
    node: str | None = None,
    pairs: Sequence[tuple[str, str]] = (),
    replay: Path | str | None = None,
    external: Path | str | None = None,
) -> AuditRun:
    """Audit an index from files.

    Parameters
    ----------
    method : Path or str
        A method file (TOML), or the name of a shipped method. Its ``[audit]`` says what varies.
    data : Path or str
        A CSV or Excel file of figures, laid out as the method's ``data`` says.
    units : Path or str, optional
        A CSV or Excel file with names, groups, population and denominators of the units.
    periods : sequence of int, optional
        Reference years instead of those of the method's select step.
    draws, seed : int, optional
        How many builds, and where random numbers start, instead of what the method says.
    node : str, optional
        The group whose ranks are tested, instead of those the method says.
    pairs : sequence of tuple of str, optional
        Pairs of units whose sensitivities are wanted, besides those of the method.
    replay : Path or str, optional
        A CSV file of draws to build instead, a row each.
    external : Path or str, optional
        A CSV or Excel file of other indices: a column ``unit`` and a column of numbers for each.

    Returns
    -------
    AuditRun

    Raises
    ------
    NotFound
        If a file does not exist.
    InputError
        If a file is faulty; it lists every fault.
    MethodError
        If the method cannot be applied, or options of its assumptions cannot go together.

    Examples
    --------
    >>> from everycount.io.sample import sample_path
    >>> figures, units = sample_path("observations.csv"), sample_path("units.csv")
    >>> run = audit_index("sdg-gender-index-2019-open", figures, units=units, draws=200)
    >>> run.audit.uncertainty.builds
    200
    """
    inputs = read_inputs(method, data, units=units, periods=periods)
    places = [Path(each) for each in (replay, external) if each is not None]
    trace = [*inputs.trace["inputs"]]
    given = None
    if replay is not None:
        content = read_bytes(replay)
        given, _ = read_cells(content, Layout(), Path(replay).name)
        trace.append({"role": "draws", "name": Path(replay).name, "sha256": digest(content)})
    others = None
    if external is not None:
        content = read_bytes(external)
        others = read_external(content, name=Path(external).name)
        trace.append({"role": "external", "name": Path(external).name, "sha256": digest(content)})
    inputs = replace(
        inputs,
        trace={**inputs.trace, "inputs": trace},
        places=(*inputs.places, *places),
    )
    inputs = replace(inputs, methodology=_asked(inputs.methodology, node, pairs))
    return audit_run(
        inputs,
        draws=draws,
        seed=seed,
        replay=given,
        external=others,
        replay_name="draws" if replay is None else Path(replay).name,
    )


def audit_run(
    inputs: Inputs,
    *,
    draws: int | None = None,
    seed: int | None = None,
    replay: pl.DataFrame | None = None,
    external: pl.DataFrame | None = None,
    replay_name: str = "draws",
) -> AuditRun:
    """Audit an index whose inputs are read; parameters and faults are those of `audit.audit`."""
    found = audit(
        inputs.methodology,
        inputs.observations,
        inputs.about,
        draws=draws,
        seed=seed,
        replay=replay,
        external=external,
        replay_name=replay_name,
    )
    return AuditRun(audit=found, inputs=inputs)


def _asked(
    methodology: Methodology, node: str | None, pairs: Sequence[tuple[str, str]]
) -> Methodology:
    """Return the method with another group to test, and with more pairs of units."""
    if node is None and not pairs:
        return methodology
    plan = methodology.audit
    nodes = plan.nodes if node is None else (node,)
    try:
        plan = replace(plan, nodes=nodes, pairs=tuple(dict.fromkeys([*plan.pairs, *pairs])))
        return replace(methodology, audit=plan)
    except Faults as error:
        problems = [
            Problem("node" if "nodes" in path else "pair", found, want)
            for path, found, want in error.faults
        ]
        raise MethodError(f"method {methodology.id}", problems) from error


def read_external(content: bytes, *, name: str) -> pl.DataFrame:
    """Read other indices: a column `unit` and a column of numbers for each.

    Raises
    ------
    InputError
        If there is no column of units, or no column of numbers, or a column of text.
    """
    read = parse_units(content, name=name)
    problems = [
        Problem(f"column {column!r}", "text", "the numbers of an index") for column in read.groups
    ]
    if not read.figures and not problems:
        problems = [Problem("header", "no column of numbers", "a column for each index")]
    if problems:
        raise InputError(name, problems)
    columns = {column: pl.Series(each).fill_nan(None) for column, each in read.figures.items()}
    return pl.DataFrame({"unit": list(read.codes), **columns})


def audit_files(
    run: AuditRun, *, builds: bool = False, others: Sequence[str] = ()
) -> dict[str, bytes]:
    """Return the files that hold an audit, by name.

    Parameters
    ----------
    run : AuditRun
        What was found, and from what.
    builds : bool
        Whether to give the draws, and the scores and ranks of every build, as well.
    others : sequence of str
        Names of files that will stand beside them.

    Returns
    -------
    dict of str to bytes
        As docs/reference/formats.md describes them. The same audit gives the same bytes.
    """
    found = run.audit
    tables = {
        "coherence.csv": long(found.coherence),
        "ranks.csv": found.uncertainty.ranks,
        "acceptability.csv": found.uncertainty.acceptability,
        "pairs.csv": found.uncertainty.pairs,
        "choices.csv": found.choices,
        "left_out.csv": found.left_out,
        "sensitivity.csv": found.sensitivity.table,
    }
    if builds:
        tables |= _builds(found)
    files = {name: csv_bytes(table) for name, table in tables.items()}
    beside = tuple(sorted([*files, *others]))
    files["verdict.json"] = json_bytes(verdict_facts(found, run.inputs.trace, beside))
    return files


def _builds(found: Audit) -> dict[str, pl.DataFrame]:
    """Return the draws that repeat the audit, and the scores of every build."""
    method, state = found.result.methodology, found.result.state
    design, samples = design_of(found)
    own = found.outcome.rows
    units = pl.Series([state.units[u] for u in state.row_units[own]], dtype=pl.String)
    periods = pl.Series(state.row_periods[own], dtype=pl.Int64).replace(0, None)
    tables = []
    for node, scores in found.outcome.scores.items():
        draws, rows = scores.shape
        at = np.tile(np.arange(rows), draws)
        table = pl.DataFrame(
            {
                "draw": np.repeat(np.arange(1, draws + 1), rows),
                "node": [state.tree.codes[node]] * len(at),
                "unit": units.gather(at),
                "period": periods.gather(at),
                "score": scores.ravel(),
            }
        )
        tables.append(table.fill_nan(None))
    return {
        "draws.csv": draws_table(method, design, list(samples) or None),
        "builds.csv": pl.concat(tables),
    }
