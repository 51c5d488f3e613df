"""Gather the messages of the library and the hub, update their catalogues and compile them.

With --check, change nothing and say what is out of date or wrong. No program of GNU gettext is
needed. The same sources give the same bytes: no dates, no line numbers, messages in order.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path
from string import Formatter

import jinja2
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from everycount.language.language import LANGUAGES

ROOT = Path(__file__).parent.parent
SOURCE = "en"
KEYWORDS = DEFAULT_KEYWORDS | {
    f"{name}_lazy": places
    for name, places in DEFAULT_KEYWORDS.items()
    if name in {"gettext", "ngettext", "pgettext", "npgettext"}
}
"""Functions whose arguments are messages, as Babel writes them: 1 and 2 are singular and plural,
(1, "c") is the context. Those with _lazy are Django's."""
COMMENT = "Translators:"
"""Begins a comment in the source that translators see."""
PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 ? 4 : 5);"
}
"""Where Babel's order of forms is not that of GNU gettext, Django and every translator's program:
in Arabic none, one, two, few, many, other; Babel has "other" before "many"."""
ALIKE = 0.8
"""How like an old message a new one must be to take over its translation, to be looked at."""
CALL = re.compile(
    rf"\b({'|'.join(KEYWORDS)})\(((?:[^()'\"]|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")*)\)"
)
LITERAL = re.compile(r"u?('(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")")
PERCENT = re.compile(r"%\((\w+)\)[a-z]")
Key = tuple[str, str]
"""Context, empty if there is none, and the message or its singular."""
Found = tuple[str, tuple[str | None, ...], list[str]]
"""A function that was called, its arguments (None where they are no text), and comments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """Messages that go into one catalogue for each language."""

    name: str
    folder: Path
    templates: Callable[[str], Iterable[Found]]
    """Reads the messages of an HTML or text template."""

    def file(self, language: str) -> Path:
        """Return the catalogue of a language."""
        return self.folder / "locale" / language / "LC_MESSAGES" / f"{self.name}.po"


@dataclass(slots=True, kw_only=True)
class Entry:
    """One message and what is known of it."""

    texts: tuple[str, ...]
    """The message, or its singular and plural."""
    context: str = ""
    places: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """What names the message in a catalogue."""
        return self.context, self.texts[0]


class Plain(Catalog):
    """A catalogue whose head says how to read it, and nothing of when and by whom."""

    def _head(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", PLURALS.get(str(self.locale_identifier), self.plural_forms)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit\n"),
        ]

    mime_headers = property(_head)


# ---------------------------------------------------------------- from sources


def read_python(text: str) -> Iterator[Found]:
    """Yield the messages of a Python module."""
    calls = extract_python(BytesIO(text.encode()), KEYWORDS, [COMMENT], {"encoding": "utf-8"})
    for _, name, texts, comments in calls:
        arguments = (texts,) if isinstance(texts, str) else tuple(texts or ())
        yield name, arguments, comments


def read_django(text: str) -> Iterator[Found]:
    """Yield the messages of a Django template, by the calls that Django turns it into."""
    for name, arguments in CALL.findall(templatize(text)):
        yield name, tuple(map(ast.literal_eval, LITERAL.findall(arguments))), []


def read_jinja(text: str) -> Iterator[Found]:
    """Yield the messages of a Jinja template: calls such as ``language.gettext("…")`` and trans."""
    if not re.search(rf"\b({'|'.join(KEYWORDS)})\(|{{%-?\s*trans\b", text):
        return
    environment = jinja2.Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    for call in environment.parse(text).find_all(jinja2.nodes.Call):
        name = getattr(call.node, "attr", getattr(call.node, "name", ""))
        constants = [getattr(argument, "value", None) for argument in call.args]
        if name in KEYWORDS:
            yield name, tuple(one if isinstance(one, str) else None for one in constants), []


DOMAINS = (
    Domain(name="everycount", folder=ROOT / "src" / "everycount", templates=read_jinja),
    Domain(name="django", folder=ROOT / "src" / "everycount_hub", templates=read_django),
)


def gather(domain: Domain) -> dict[Key, Entry]:
    """Return the messages of a domain, in order."""
    entries: dict[Key, Entry] = {}
    for path in sorted(domain.folder.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt", ".xml"} or "locale" in path.parts:
            continue
        if path.suffix != ".py" and "templates" not in path.parts:
            continue
        read = read_python if path.suffix == ".py" else domain.templates
        for name, arguments, comments in read(path.read_text(encoding="utf-8")):
            new = entry(name, arguments)
            if new is None:
                continue
            known = entries.setdefault(new.key, new)
            # The same message with and without a plural is one, with it.
            known.texts = max(known.texts, new.texts, key=len)
            known.places.add(path.relative_to(domain.folder.parent).as_posix())
            known.comments += [line for line in comments if line not in known.comments]
    return dict(sorted(entries.items(), key=lambda pair: pair[0][::-1]))


def entry(name: str, arguments: tuple[str | None, ...]) -> Entry | None:
    """Return the message of one call; None if it is made of no text."""
    context, texts = "", []
    for place in KEYWORDS[name] or (1,):
        at = place if isinstance(place, int) else place[0]
        text = arguments[at - 1] if at <= len(arguments) else None
        if not text:
            return None
        if isinstance(place, int):
            texts.append(text)
        else:
            context = text
    return Entry(texts=tuple(texts), context=context)


# ---------------------------------------------------------------- catalogues


def update(entries: dict[Key, Entry], old: Catalog, language: str) -> Plain:
    """Return the catalogue with these messages and the translations of the old one."""
    new = Plain(locale=language, header_comment=f"# {LANGUAGES[language]}", fuzzy=False)
    messages = [message for message in old if message.id] + list(old.obsolete.values())
    kept = {key(message): message for message in reversed(messages) if any(forms(message))}
    gone = {name: message for name, message in kept.items() if name not in entries}
    for name, each in entries.items():
        before, is_sure = kept.get(name), True
        if before is None:
            near = get_close_matches(name[1], [text for _, text in gone], n=1, cutoff=ALIKE)
            found = next((other for other in gone if near and other[1] == near[0]), None)
            before, is_sure = (gone.pop(found) if found else None), False
        new_message(new, each, before, is_sure=is_sure)
    new.obsolete = {name: gone[name] for name in sorted(gone)}
    return new


def new_message(new: Catalog, each: Entry, before: Message | None, *, is_sure: bool) -> None:
    """Add a message with the translation it had before, marked fuzzy if it may not fit."""
    is_plural = len(each.texts) > 1
    count = new.num_plurals if is_plural else 1
    strings = forms(before) if before else ()
    fits = len(strings) == count
    strings = tuple((*strings, *[""] * count)[:count])
    message = new.add(
        each.texts if is_plural else each.texts[0],
        strings if is_plural else strings[0],
        locations=[(place, 0) for place in sorted(each.places)],
        auto_comments=each.comments,
        user_comments=before.user_comments if before else (),
        context=each.context or None,
    )
    message.flags = {
        flag
        for flag, applies in {
            "fuzzy": before is not None and (before.fuzzy or not is_sure or not fits),
            "python-brace-format": brace_fields(each.texts[-1]),
            "python-format": PERCENT.search(each.texts[-1]),
        }.items()
        if applies
    }


def key(message: Message) -> Key:
    """Return what names a message."""
    return message.context or "", message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> tuple[str, ...]:
    """Return the translations of a message, one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def is_done(message: Message) -> bool:
    """Tell whether a message is translated in all its forms and nobody need look at it."""
    return bool(message.id) and not message.fuzzy and all(forms(message))


def po_bytes(catalogue: Catalog) -> bytes:
    """Return a catalogue as people edit it."""
    stream = BytesIO()
    write_po(stream, catalogue, width=0, include_lineno=False)
    return stream.getvalue().rstrip(b"\n") + b"\n"


def mo_bytes(catalogue: Catalog) -> bytes:
    """Return a catalogue as programs read it: what is done, and nothing else."""
    done = Plain(locale=catalogue.locale, fuzzy=False)
    for message in filter(is_done, catalogue):
        done.add(message.id, message.string, context=message.context)
    stream = BytesIO()
    write_mo(stream, done)
    return stream.getvalue()


# ---------------------------------------------------------------- faults


def brace_fields(text: str) -> set[str] | None:
    """Return the {named} places of a text; None if its braces do not pair."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return None


def fields(text: str) -> set[str]:
    """Return the places of a text, as they are written."""
    braces = {f"{{{name}}}" for name in brace_fields(text) or ()}
    return braces | {f"%({name})" for name in PERCENT.findall(text)}


def faults(catalogue: Catalog) -> Iterator[str]:
    """Yield messages and translations whose places differ or cannot be filled."""
    for message in catalogue:
        texts = (message.id,) if isinstance(message.id, str) else message.id
        head = f"{catalogue.locale_identifier}: {texts[0]!r}"
        if texts[-1][:1] == "\n":
            yield f"{head} begins with a line break; write blocktranslate trimmed"
        if not is_done(message):
            continue
        needed, last = fields(texts[-1]), len(forms(message)) - 1
        for at, form in enumerate(forms(message)):
            has = fields(form)
            # "One area" needs no number, so a form for few may leave out one place.
            spare = 1 if at < last else 0
            if brace_fields(texts[-1]) and brace_fields(form) is None:
                yield f"{head}: the braces of {form!r} do not pair"
            elif has - needed or len(needed - has) > spare:
                yield f"{head} has {names(needed)}, its translation {form!r} has {names(has)}"


def names(places: set[str]) -> str:
    """Return places in words."""
    return ", ".join(sorted(places)) or "no places"


# ---------------------------------------------------------------- the whole


def refresh(
    domain: Domain, language: str, entries: dict[Key, Entry], *, is_check: bool
) -> Iterator[str]:
    """Bring one catalogue up to date, or only compare it; yield what is wrong."""
    file = domain.file(language)
    with BytesIO(file.read_bytes() if file.exists() else b"") as stream:
        old = read_po(stream, locale=language, abort_invalid=True)
    new = update(entries, old, language)
    yield from faults(new)
    for path, content in ((file, po_bytes(new)), (file.with_suffix(".mo"), mo_bytes(new))):
        if path.exists() and path.read_bytes() == content:
            continue
        if is_check:
            yield f"{path.relative_to(domain.folder)} is out of date; run make fix"
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    done = sum(map(is_done, new))
    print(f"{domain.name} {language}: {done} of {len(entries)} messages translated")


def main() -> None:
    """Bring all catalogues up to date, or with --check say what is not."""
    found, is_check = [], "--check" in sys.argv
    for domain in DOMAINS:
        entries = gather(domain)
        for language in LANGUAGES:
            if language != SOURCE:
                wrong = refresh(domain, language, entries, is_check=is_check)
                found += [f"{domain.name} {each}" for each in wrong]
    if found:
        raise SystemExit("\n".join(found))


if __name__ == "__main__":
    main()
