"""What holds for every test: the shared data, the programs tests drive, and what CI may not skip.

The network is blocked by pytest-socket (options in pyproject.toml); this machine stays reachable.
"""

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import settings

from needs import NEEDS

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"
SHARED = Path(os.environ.get("EVERYCOUNT_SHARED") or ROOT.parent / "shared")
IS_CI = os.environ.get("CI", "").lower() == "true"
NEVER_SKIPPED = frozenset({"parity", *NEEDS})  # in CI, where a skip would hide a failure
LEFT_OUT = pytest.StashKey[int]()

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if IS_CI else "here")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of golden and real data. A test that uses it is left out where it is absent."""
    return SHARED.resolve()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        _mark_by_folder(item)
        _skip_without_program(item)
    _leave_out_without_shared(config, items)


def _mark_by_folder(item: pytest.Item) -> None:
    """Give tests/parity/* the marker parity, tests/browser/* the marker browser, and so on."""
    if item.path.is_relative_to(TESTS):
        for name in NEVER_SKIPPED.intersection(item.path.relative_to(TESTS).parts[:-1]):
            item.add_marker(name)


def _skip_without_program(item: pytest.Item) -> None:
    for marker, need in NEEDS.items():
        if item.get_closest_marker(marker) and not need.find():
            reason = f"needs {need.programs[0]} (Debian package {need.package})"
            item.add_marker(pytest.mark.skip(reason=reason))


def _leave_out_without_shared(config: pytest.Config, items: list[pytest.Item]) -> None:
    waiting = [item for item in items if _is_shared(item)]
    config.stash[LEFT_OUT] = 0
    if SHARED.is_dir() or not waiting:
        return
    if IS_CI:
        raise pytest.UsageError(
            f"EVERYCOUNT_SHARED: found no folder {SHARED}, expected the golden and real data; "
            f"{len(waiting)} tests need it, and under CI=true none may be left out"
        )
    items[:] = [item for item in items if not _is_shared(item)]
    config.hook.pytest_deselected(items=waiting)
    config.stash[LEFT_OUT] = len(waiting)


def _is_shared(item: pytest.Item) -> bool:
    uses_fixture = "shared" in getattr(item, "fixturenames", ())
    return uses_fixture or item.get_closest_marker("shared") is not None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    is_strict = any(item.get_closest_marker(marker) for marker in NEVER_SKIPPED)
    if IS_CI and report.skipped and is_strict and not hasattr(report, "wasxfail"):
        _fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector):
    report = yield
    is_strict = bool(NEVER_SKIPPED.intersection(Path(collector.path).parts))
    if IS_CI and report.skipped and is_strict:
        _fail(report)
    return report


def _fail(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"Under CI=true this may not be skipped. {reason}"


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    count = config.stash.get(LEFT_OUT, 0)
    if count:
        terminalreporter.write_line(
            f"{count} tests left out: they need the golden and real data, and the folder "
            "EVERYCOUNT_SHARED (default ../shared) is absent."
        )


# ---------------------------------------------------------------- indices from a few lines of text

USUAL = {
    "id": '"test"',
    "title": '"Test"',
    "groups": '[{ code = "index" }]',
    "steps": '[{ do = "aggregate", missing = "renormalise" }]',
}
"""What a method in a test has where it says nothing else."""


@pytest.fixture(scope="session")
def method_of():
    """Read a methodology from TOML; id, title, one group and a plain mean may be left out."""
    from everycount.index.methodology import Methodology
    from everycount.io import declare

    def read(text: str) -> Methodology:
        given = tomllib.loads(text)
        usual = [f"{key} = {value}" for key, value in USUAL.items() if key not in given]
        return declare.read("\n".join([*usual, text]), Methodology, subject="method.toml")

    return read


@pytest.fixture(scope="session")
def observations_of():
    """Read observations from CSV as a method lays them out."""
    from everycount.index.figures import numeric_columns, text_columns
    from everycount.io.observations import parse_observations

    def read(text: str, methodology):
        texts = text_columns(methodology)
        return parse_observations(
            text.encode(),
            methodology.data,
            name="data.csv",
            categorical=texts,
            variables={*numeric_columns(methodology), *texts},
        )

    return read


@pytest.fixture(scope="session")
def index_of(method_of, observations_of):
    """Build an index from the text of a method (TOML), of figures and of units (CSV)."""
    from everycount.index.build import build
    from everycount.io.units import parse_units

    def make(method: str, data: str, units: str | None = None):
        methodology = method_of(method)
        about = None if units is None else parse_units(units.encode(), name="units.csv")
        return build(methodology, observations_of(data, methodology), about)

    return make
