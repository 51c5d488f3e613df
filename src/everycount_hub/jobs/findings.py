"""What a check that could not even read a file says of it."""

from everycount.errors import InputError
from everycount_hub.actions.datasets import Checked

EXAMPLES = 20
"""Findings of a rule that are kept in words; all are counted."""
UNREADABLE = "unreadable"
"""What findings of a file are called that does not even fit its structure."""


def unreadable(error: InputError) -> Checked:
    """Return the faults of a file that cannot be read as what it is said to hold."""
    problems = error.problems
    finding = {
        "rule": UNREADABLE,
        "severity": "error",
        "title": "cannot be read as what it is said to hold",
        "why": "A file is stored whole or not at all: nothing of it was taken over.",
        "remedy": "Put the file right and send it again. Figures whose columns have other names "
        "are read with a column mapping.",
        "count": len(problems),
        "examples": [
            {"where": each.where, "found": each.found, "expected": each.expected}
            for each in problems[:EXAMPLES]
        ],
    }
    return Checked(
        figures=None, metadata={}, findings=[finding], errors=max(len(problems), 1), warnings=0
    )
