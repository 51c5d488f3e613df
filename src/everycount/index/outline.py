"""The outline of a method whose parts have faults: what is wrong with its tree all the same."""

from collections.abc import Mapping, Sequence
from typing import Any

from everycount.index.nodes import Group, ScoredIndicator
from everycount.index.tree import Fault, tree_faults
from everycount.model.strict import Faults


def outline_faults(declared: Mapping[str, Any]) -> list[Fault]:
    """Return the faults of the tree, from nothing but codes, parents and formulas.

    A method file is checked from its parts up: while an indicator has a misspelt key there is no
    tree to check. So that an author hears of everything at once, this looks at the file as it was
    read. Where codes or parents themselves are faulty there is nothing to go by.

    Parameters
    ----------
    declared : mapping
        The file, as TOML has it.

    Returns
    -------
    list of (path, found, expected)
        Orphans, circles, repeated codes, and indicators without goalposts that are normalised.

    Examples
    --------
    >>> outline_faults({"groups": [{"code": "top"}], "indicators": [{"code": "a", "parent": "b"}]})
    [(('indicators', 0, 'parent'), "'b', which is no group of this method", 'the code of a group')]
    """
    tables = _tables(declared.get("indicators")), _tables(declared.get("groups"))
    if not all(tables):
        return []
    try:
        indicators = [ScoredIndicator(code=t["code"], parent=t["parent"]) for t in tables[0]]
        groups = [_group(table) for table in tables[1]]
        return tree_faults(indicators, groups) + _without_goalposts(declared, tables[0])
    except (Faults, KeyError, TypeError):
        return []


def _tables(value: object) -> list[dict[str, Any]]:
    """Return the tables of a list if it holds nothing else, with codes and parents of text."""
    tables = value if isinstance(value, list) else []
    if not all(isinstance(table, dict) for table in tables):
        return []
    names = [table.get(key, "") for table in tables for key in ("code", "parent", "formula")]
    return tables if all(isinstance(name, str) for name in names) else []


def _group(table: Mapping[str, Any]) -> Group:
    formula = table.get("formula")
    return Group(
        code=table["code"],
        parent=table.get("parent"),
        formula=formula,
        aggregate=None if formula is None else "formula",
    )


def _without_goalposts(
    declared: Mapping[str, Any], indicators: Sequence[Mapping[str, Any]]
) -> list[Fault]:
    """Find indicators without worst and best where a step normalises all of them."""
    for step in _tables(declared.get("steps")):
        if step.get("do") == "normalise" and not step.get("nodes") and step.get("level", 1) == 1:
            want = f"worst and best, as step normalise ({step.get('method')}) needs the direction"
            return [
                (("indicators", i), "no goalposts", want)
                for i, table in enumerate(indicators)
                if not {"worst", "best"} & table.keys()
            ]
    return []
