"""Modules stay short, are named for what they hold, and keep to their layer."""

import ast
import sys
from pathlib import Path

import pytest

LINES_AT_MOST = 400
NAMELESS = {"base", "common", "helper", "helpers", "manager", "managers", "misc", "service"}
NAMELESS |= {"services", "util", "utils"}
ARITHMETIC = {"everycount", "numpy", "scipy"}  # what arrays may import; errors by the layers
ALSO = {"scatter": {"numba"}}  # the one compiled kernel

SOURCE = Path(__file__).parents[2] / "src"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)


def name_imports(path: Path) -> set[str]:
    """Return the top packages a module imports, the standard library's left out."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add((node.module or "").split(".")[0])
    return names - sys.stdlib_module_names


def test_modules_are_found():
    assert MODULES


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_module_is_short_enough(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LINES_AT_MOST, "split it by idea, not by size"


def test_module_names_say_what_is_inside():
    named = [path.relative_to(SOURCE) for path in MODULES]
    assert [path for path in named if NAMELESS & {*path.parts[:-1], path.stem}] == []


def test_arrays_import_arithmetic_only():
    foreign = {
        path.name: found
        for path in sorted((SOURCE / "everycount" / "arrays").rglob("*.py"))
        if (found := name_imports(path) - ARITHMETIC - ALSO.get(path.stem, set()))
    }
    assert foreign == {}
