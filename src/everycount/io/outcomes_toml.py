"""Write outcomes as TOML, to be pasted into a survey design."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, fields
from typing import Any

from everycount.model.conditions import Condition
from everycount.model.design import Outcome


def outcomes_toml(outcomes: Iterable[Outcome]) -> str:
    """Return outcomes as they stand in a design file; what has its default value is left out.

    Parameters
    ----------
    outcomes : iterable of Outcome

    Returns
    -------
    str
        A table ``[[outcomes]]`` for each; text that reads back as the same outcomes.

    Examples
    --------
    >>> print(outcomes_toml([Outcome(name="violence", weight="d005", direction="barrier")]))
    [[outcomes]]
    name = "violence"
    weight = "d005"
    direction = "barrier"
    <BLANKLINE>
    """
    return "\n".join(f"[[outcomes]]\n{_lines(each)}" for each in outcomes)


def _lines(outcome: Outcome) -> str:
    return "".join(f"{name} = {_value(value)}\n" for name, value in _said(outcome))


def _said(noun: Outcome | Condition) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a noun that say something, in their order."""
    for each in fields(noun):
        value = getattr(noun, each.name)
        if each.default is MISSING or value != each.default:
            yield each.name, value


def _value(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, str):
        # A JSON string is a TOML string, but for DEL, which TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Condition):
        return f"{{ {', '.join(f'{name} = {_value(each)}' for name, each in _said(value))} }}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    return repr(value)
