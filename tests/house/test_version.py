"""The version has one home, pyproject.toml, and the changelog knows it."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import everycount

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_installed_version_is_the_declared_one():
    assert version("everycount") == PROJECT["version"]
    assert getattr(everycount, "__version__", version("everycount")) == PROJECT["version"]


def test_changelog_ends_at_the_declared_version():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert headings[1:2] in ([], [PROJECT["version"]])
