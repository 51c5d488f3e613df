"""Locks pin and hash all that pyproject.toml asks for, agree with one another, name no place."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
BASE = PROJECT["project"]["dependencies"]
# An extra's lock holds the base too, so that it can be installed alone.
ASKED = {"base": BASE} | {extra: [*BASE, *needs] for extra, needs in EXTRAS.items()}
ASKED |= PROJECT["dependency-groups"]  # build, and the model that tests run


def read_pins(path: Path) -> dict[str, str]:
    """Return the version of each package a lock pins; a line that is no pin is an error."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    pins = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            match = re.match(r"([\w.-]+)==(\S+)( ;[^#]*?)?(\s+--hash=sha256:[0-9a-f]{64})+$", line)
            assert match, f"{path.name}: found {line[:60]!r}, expected a pinned package with hashes"
            pins[canonicalize_name(match[1])] = match[2]
    return pins


def test_every_extra_has_a_lock():
    assert {path.stem for path in LOCKS} == set(ASKED)


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_lock_holds_what_is_asked_for(path):
    pins = read_pins(path)
    for need in map(Requirement, ASKED[path.stem]):
        assert need.specifier.contains(pins[canonicalize_name(need.name)]), f"run make lock: {need}"


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_lock_names_no_place(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"://|^-|file:|@ |/tmp|index", text, re.MULTILINE)


def test_locks_agree():
    found: dict[str, set[str]] = {}
    for path in LOCKS:
        if path.stem != "spark":  # holds back versions of its own
            for name, version in read_pins(path).items():
                found.setdefault(name, set()).add(version)
    assert {name: versions for name, versions in found.items() if len(versions) > 1} == {}


def test_spark_agrees_with_base():
    base = read_pins(ROOT / "requirements" / "base.txt")
    assert base.items() <= read_pins(ROOT / "requirements" / "spark.txt").items()


def test_build_requirements_agree():
    assert set(PROJECT["build-system"]["requires"]) <= set(ASKED["build"])
