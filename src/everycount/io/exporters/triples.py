"""A description as a small tree of statements, written as JSON-LD or as Turtle."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

ALLOWED = re.compile(r"[^\x00-\x20<>\"{}|^`\\]*")
"""Characters of an address in Turtle. RDF 1.1 Turtle, production IRIREF."""
RESERVED = "%:/?#[]@!$&'()*+,;=~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A thing that is named by an address."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A literal: text in a language, or a value of a type such as ``xsd:date``."""

    value: str
    language: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A thing and what is stated of it; without an address it is known by its statements only."""

    kind: str
    statements: Sequence[tuple[str, "Address | Text | Node"]]
    address: str = ""


def json_ld(node: Node, prefixes: Mapping[str, str]) -> str:
    """Return a node as JSON-LD 1.1.

    Examples
    --------
    >>> print(json_ld(Node(kind="a:B", statements=[("a:c", Text(value="d"))]), {"a": "http://a/"}))
    {
      "@context": {
        "a": "http://a/"
      },
      "@type": "a:B",
      "a:c": "d"
    }
    """
    return embeddable({"@context": dict(prefixes), **_object(node)})


def embeddable(value: Any) -> str:
    """Return plain data as JSON that may stand inside a page: no text in it can end a script."""
    return json.dumps(value, ensure_ascii=False, indent=2).replace("<", "\\u003c")


def _object(node: Node) -> dict[str, Any]:
    """Return a node as an object; a property that is stated more than once is a list."""
    found: dict[str, Any] = {"@id": safe(node.address)} if node.address else {}
    found["@type"] = node.kind
    several: dict[str, list[Any]] = {}
    for name, value in node.statements:
        several.setdefault(name, []).append(_plain(value))
    return found | {name: each if len(each) > 1 else each[0] for name, each in several.items()}


def _plain(value: Address | Text | Node) -> Any:
    match value:
        case Address():
            return {"@id": safe(value.url)}
        case Node():
            return _object(value)
    if value.language:
        return {"@value": value.value, "@language": value.language}
    return {"@value": value.value, "@type": value.kind} if value.kind else value.value


def turtle(node: Node, prefixes: Mapping[str, str]) -> str:
    r"""Return a node as RDF 1.1 Turtle.

    Examples
    --------
    >>> print(turtle(Node(kind="a:B", statements=[("a:c", Text(value="d"))]), {"a": "http://a/"}))
    @prefix a: <http://a/> .
    <BLANKLINE>
    [] a a:B ;
      a:c "d" .
    """
    head = "\n".join(f"@prefix {name}: <{url}> ." for name, url in prefixes.items())
    named = f"<{safe(node.address)}>" if node.address else "[]"
    return f"{head}\n\n{named} a {node.kind}{_statements(node, '  ')} .\n"


def _statements(node: Node, indent: str) -> str:
    return "".join(f" ;\n{indent}{name} {_term(value, indent)}" for name, value in node.statements)


def _term(value: Address | Text | Node, indent: str) -> str:
    match value:
        case Address():
            return f"<{safe(value.url)}>"
        case Node(address=""):
            return f"[ a {value.kind}{_statements(value, indent + '  ')} ]"
        case Node():
            raise ValueError(f"{value.address}: a thing inside another is written without address")
    # A JSON string is a Turtle string: the same escapes, RDF 1.1 Turtle, productions 26 and 159s.
    literal = json.dumps(value.value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if value.language:
        return f"{literal}@{value.language}"
    return f"{literal}^^{value.kind}" if value.kind else literal


def safe(url: str) -> str:
    """Return an address with what may not stand in one percent-encoded.

    Examples
    --------
    >>> safe("https://nso.example/a b?c=é")
    'https://nso.example/a%20b?c=é'
    """
    if ALLOWED.fullmatch(url):
        return url
    return "".join(c if ALLOWED.fullmatch(c) else quote(c, safe=RESERVED) for c in url)
