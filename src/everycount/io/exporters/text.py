"""Cells as text for XML, JSON and CSV, whole columns at a time."""

import json
import re
from collections.abc import Iterable

import polars as pl

from everycount.model.structure import Component

FORBIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
"""Characters that XML 1.0 does not allow in any form; section 2.2, production Char."""
REPLACEMENT = "\ufffd"
"""Stands in place of such a character. Unicode, REPLACEMENT CHARACTER."""
ENTITIES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\t": "&#9;",
    "\n": "&#10;",
    "\r": "&#13;",
}
"""White space too: a parser makes blanks of it in attributes. XML 1.0, section 3.3.3."""
MINDED = f'[&<>"\t\n\r]|{FORBIDDEN}'
"""Text that cannot stand in XML as it is."""
TRANSLATION = {ord(character): entity for character, entity in ENTITIES.items()}
ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    **{chr(code): json.dumps(chr(code))[1:-1] for code in (*range(0x20), 0x7F)},
}
"""Characters that JSON wants escaped (RFC 8259, section 7), and DEL, which terminals act on."""


def number_text(column: str) -> pl.Expr:
    """Return numbers as the shortest text that reads back as the same number.

    Examples
    --------
    >>> pl.DataFrame({"x": [5.0, 0.1, 1e22, -0.0, None]}).select(number_text("x"))["x"].to_list()
    ['5', '0.1', '1e+22', '-0.0', None]
    """
    text = pl.col(column).cast(pl.String)
    # Readers of JSON take -0 for a whole number, which has no sign at zero.
    return pl.when(text == "-0.0").then(text).otherwise(text.str.strip_suffix(".0"))


def plain_text(component: Component) -> pl.Expr:
    """Return the cells of a component as text, missing ones null."""
    if component.kind in {"number", "integer"}:
        return number_text(component.id)
    return pl.col(component.id)


def escape_xml(text: str) -> str:
    r"""Return text as it may stand in XML, in an attribute too.

    Examples
    --------
    >>> escape_xml('<Côte> "a" & \x07')
    '&lt;Côte&gt; &quot;a&quot; &amp; \ufffd'
    """
    return re.sub(FORBIDDEN, REPLACEMENT, text.translate(TRANSLATION))


def xml_text(batch: pl.DataFrame, components: Iterable[Component]) -> dict[str, pl.Expr]:
    """Return the cells of components as XML may hold them, missing ones null.

    Few columns hold anything to escape, and looking is much faster than replacing.

    Examples
    --------
    >>> note = Component(id="NOTE", role="attribute", kind="text", name="Note")
    >>> table = pl.DataFrame({"NOTE": ["a < b", "plain", None]})
    >>> table.select(**xml_text(table, [note]))["NOTE"].to_list()
    ['a &lt; b', 'plain', None]
    """
    cells = {each.id: plain_text(each) for each in components}
    texts = [name for name in cells if batch.schema[name] == pl.String]
    minded = batch.select(pl.col(texts).str.contains(MINDED).any())
    for name in texts:
        if minded[name][0]:
            allowed = cells[name].str.replace_all(FORBIDDEN, REPLACEMENT)
            cells[name] = allowed.str.replace_many(ENTITIES)
    return cells


def json_text(component: Component) -> pl.Expr:
    """Return the cells of a component as JSON values, missing ones null.

    Numbers are numbers and texts are quoted.
    """
    if component.kind in {"number", "integer"}:
        return number_text(component.id)
    cells = pl.col(component.id).str.replace_many(ESCAPES)
    return pl.concat_str(pl.lit('"'), cells, pl.lit('"'))


def joined(table: pl.DataFrame, parts: Iterable[pl.Expr], separator: str) -> bytes:
    """Return one text a row, made of parts, and rows with a separator between, in UTF-8."""
    line = pl.concat_str(list(parts))
    return (table.select(line.str.join(separator)).item() or "").encode()


def forbidden_notes(forbidden: dict[str, int]) -> tuple[str, ...]:
    """Return in words what XML could not hold.

    Examples
    --------
    >>> forbidden_notes({"COMMENT_OBS": 2})
    ('2 cells of COMMENT_OBS hold characters that XML forbids; U+FFFD stands for each of them',)
    """
    return tuple(
        f"{count} cell{'s' if count > 1 else ''} of {name} hold{'' if count > 1 else 's'} "
        f"characters that XML forbids; U+FFFD stands for each of them"
        for name, count in forbidden.items()
    )
