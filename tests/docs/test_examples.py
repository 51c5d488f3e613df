"""Examples in README and docs, written as a Python session (>>>), print what they say."""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```(?:python|pycon)\n(.*?)^```", re.MULTILINE | re.DOTALL)
OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def read_session(page: Path) -> str:
    """Return a page's sessions as one, so that a later block may use an earlier one's names."""
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    return "\n".join(block for block in blocks if ">>>" in block)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_examples_print_what_they_say(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = str(page.relative_to(ROOT))
    session = doctest.DocTestParser().get_doctest(read_session(page), {}, name, name, 0)
    report: list[str] = []
    outcome = doctest.DocTestRunner(optionflags=OPTIONS).run(session, out=report.append)
    assert outcome.failed == 0, "".join(report)
