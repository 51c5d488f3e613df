"""Build an index from files: a method, figures and units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from everycount.errors import InputError, MethodError, Problem
from everycount.index.build import build
from everycount.index.figures import numeric_columns, text_columns
from everycount.index.methodology import Methodology
from everycount.index.result import IndexResult
from everycount.index.steps import Select
from everycount.io.files import digest, read_bytes, staged_folder
from everycount.io.methods import read_method
from everycount.io.observations import parse_observations
from everycount.io.results import result_files
from everycount.io.units import parse_units
from everycount.model.observations import Observations
from everycount.model.strict import Faults
from everycount.model.units import Units


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inputs:
    """What an index is built from, as read from files."""

    methodology: Methodology
    observations: Observations
    about: Units
    trace: dict[str, Any]
    """Version of the library, and name and digest of every file."""
    places: tuple[Path, ...]
    """The files, which no result may overwrite."""

    def refuse_overwriting(self, folder: Path | str, names: Iterable[str]) -> None:
        """Raise InputError if a file to be written into `folder` is one of the inputs."""
        inputs = {place.resolve() for place in self.places}
        problems = [
            Problem(str(Path(folder) / name), "a file that was read", "another folder for results")
            for name in sorted(names)
            if (Path(folder) / name).resolve() in inputs
        ]
        if problems:
            raise InputError(f"folder {folder}", problems)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IndexRun:
    """An index that was built from files, and what it was built from."""

    result: IndexResult
    inputs: Inputs

    @property
    def trace(self) -> dict[str, Any]:
        """Version of the library, and name and digest of every input."""
        return self.inputs.trace

    def write(self, folder: Path | str) -> tuple[str, ...]:
        """Write the result files into `folder`, all of them or none, and return their names.

        Raises
        ------
        InputError
            If a result would overwrite an input, or the folder cannot be written to.
        """
        files = result_files(self.result, self.trace)
        self.refuse_overwriting(folder, files)
        with staged_folder(folder) as stage:
            for name, content in files.items():
                stage(name, content)
        return tuple(sorted(files))

    def refuse_overwriting(self, folder: Path | str, names: Iterable[str]) -> None:
        """Raise InputError if a file to be written into `folder` is one of the inputs."""
        self.inputs.refuse_overwriting(folder, names)


def build_index(
    method: Path | str,
    data: Path | str,
    *,
    units: Path | str | None = None,
    periods: Sequence[int] = (),
) -> IndexRun:
    """Build an index from files.

    Parameters
    ----------
    method : Path or str
        A method file (TOML), or the name of a shipped method such as ``undp-gii``.
    data : Path or str
        A CSV or Excel file of figures, laid out as the method's ``data`` says.
    units : Path or str, optional
        A CSV or Excel file with names, groups, population and denominators of the units.
    periods : sequence of int, optional
        Reference years instead of those of the method's select step.

    Returns
    -------
    IndexRun

    Raises
    ------
    NotFound
        If a file does not exist.
    InputError
        If a file is faulty; it lists every fault.
    MethodError
        If the method cannot be applied to the figures.

    Examples
    --------
    >>> from everycount.io.sample import sample_path
    >>> figures, units = sample_path("observations.csv"), sample_path("units.csv")
    >>> run = build_index("sdg-gender-index-2019-open", figures, units=units)
    >>> run.result.scores().filter(node="index", unit="VNM")["rank"].item()
    52
    """
    inputs = read_inputs(method, data, units=units, periods=periods)
    return IndexRun(
        result=build(inputs.methodology, inputs.observations, inputs.about), inputs=inputs
    )


def read_inputs(
    method: Path | str,
    data: Path | str,
    *,
    units: Path | str | None = None,
    periods: Sequence[int] = (),
) -> Inputs:
    """Read a method, figures and units from files; parameters and faults are `build_index`'s."""
    found = read_method(method)
    methodology = _with_periods(found.methodology, periods) if periods else found.methodology
    content, name = read_bytes(data), _name(data)
    texts = text_columns(methodology)
    observations = parse_observations(
        content,
        methodology.data,
        name=name,
        categorical=texts,
        variables={*numeric_columns(methodology), *texts},
    )
    inputs = [
        {"role": "method", "name": found.name, "sha256": found.digest},
        {"role": "data", "name": name, "sha256": digest(content)},
    ]
    about = Units()
    if units is not None:
        content, name = read_bytes(units), _name(units)
        about = parse_units(content, methodology.units, name=name)
        inputs.append({"role": "units", "name": name, "sha256": digest(content)})
    return Inputs(
        methodology=methodology,
        observations=observations,
        about=about,
        trace={"everycount": version("everycount"), "inputs": inputs},
        places=tuple(Path(each) for each in (method, data, units) if each is not None),
    )


def _name(place: Path | str) -> str:
    return "standard input" if str(place) == "-" else Path(place).name


def _with_periods(methodology: Methodology, periods: Sequence[int]) -> Methodology:
    """Return the method with other reference years."""
    if not any(isinstance(step, Select) for step in methodology.steps):
        found = ", ".join(str(year) for year in periods)
        problem = Problem("periods", found, "none, as the method has no select step")
        raise MethodError(f"method {methodology.id}", [problem])
    try:
        steps = tuple(
            replace(step, periods=tuple(periods), last=None) if isinstance(step, Select) else step
            for step in methodology.steps
        )
        return replace(methodology, steps=steps)
    except Faults as error:
        problems = [Problem("periods", found, want) for _, found, want in error.faults]
        raise MethodError(f"method {methodology.id}", problems) from error
