"""Elements of XML as text, for the small parts of a message; rows are made whole columns a time."""

from collections.abc import Iterable, Mapping

from everycount.io.exporters.text import escape_xml

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def element(name: str, attributes: Mapping[str, str] | None = None, content: str = "") -> str:
    """Return an element; `content` is XML already.

    Examples
    --------
    >>> element("a", {"b": "<"}), element("c", content="d")
    ('<a b="&lt;"/>', '<c>d</c>')
    """
    opened = start(name, attributes)
    return f"{opened[:-1]}/>" if not content else f"{opened}{content}</{name}>"


def start(name: str, attributes: Mapping[str, str] | None = None) -> str:
    """Return the tag that begins an element."""
    given = "".join(
        f' {key}="{escape_xml(value)}"' for key, value in (attributes or {}).items() if value
    )
    return f"<{name}{given}>"


def wording(name: str, texts: Mapping[str, str]) -> str:
    """Return an element for each language of a text.

    Examples
    --------
    >>> wording("com:Name", {"en": "Women", "vi": "Nữ"})
    '<com:Name xml:lang="en">Women</com:Name><com:Name xml:lang="vi">Nữ</com:Name>'
    """
    return "".join(
        element(name, {"xml:lang": language}, escape_xml(text)) for language, text in texts.items()
    )


def annotations(texts: Iterable[tuple[str, str]], prefix: str = "com") -> str:
    """Return annotations of a kind and a text each, or nothing.

    Examples
    --------
    >>> annotations([])
    ''
    """
    each = "".join(
        element(
            f"{prefix}:Annotation",
            content=element(f"{prefix}:AnnotationType", content=escape_xml(kind))
            + wording(f"{prefix}:AnnotationText", {"en": text}),
        )
        for kind, text in texts
    )
    return element(f"{prefix}:Annotations", content=each) if each else ""
