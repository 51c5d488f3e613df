"""What is new: an Atom feed of releases, corrections and withdrawals, and a calendar."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from lxml import etree

from everycount.language.language import Language
from everycount_hub.edition.nouns import PublishedDataset
from everycount_hub.edition.read import Edition
from everycount_hub.portal.citing import PUBLISHER
from everycount_hub.portal.naming import named

ATOM = "http://www.w3.org/2005/Atom"
ENTRIES = 100
"""The newest entries of the feed; older ones stand in the list of releases."""
OCTETS = 75
"""Bytes of a line of a calendar, without its end. RFC 5545, section 3.1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that was published, corrected or withdrawn."""

    id: str
    title: str
    text: str
    at: datetime
    address: str
    kind: str


def events_of(edition: Edition, words: Language) -> list[Event]:
    """Return what happened, newest first."""
    events = [*_releases(edition, words)]
    for dataset in edition.datasets.values():
        events += _corrections(dataset, words)
    return sorted(events, key=lambda each: (each.at, each.id), reverse=True)


def _releases(edition: Edition, words: Language) -> Iterator[Event]:
    for each in edition.releases:
        country = named(edition.workspaces[each.workspace].names, words).text
        address = reverse("portal:release", args=[each.workspace, each.number])
        yield Event(
            id=f"release:{each.workspace}:{each.number}",
            title=_("{place}: {title}").format(place=country, title=each.title),
            text=each.note or _("Release {number}").format(number=words.number(each.number, 0)),
            at=_moment(each.published_at),
            address=address,
            kind="release",
        )


def _corrections(dataset: PublishedDataset, words: Language) -> Iterator[Event]:
    title = named(dataset.titles, words).text
    address = reverse("portal:dataset", args=[dataset.workspace, dataset.slug])
    # The first version is no correction: the release tells of it.
    for version in dataset.versions[1:]:
        if not version.is_withdrawn:
            yield Event(
                id=f"version:{dataset.key}:{version.number}",
                title=_("Correction: {title}").format(title=title),
                text=version.reason,
                at=_moment(version.released_at),
                address=f"{address}#versions",
                kind="correction",
            )
    if dataset.withdrawn_at:
        yield Event(
            id=f"withdrawal:{dataset.key}:{dataset.number}",
            title=_("Withdrawn: {title}").format(title=title),
            text=dataset.withdrawn_reason,
            at=_moment(dataset.withdrawn_at),
            address=address,
            kind="withdrawal",
        )


def atom(edition: Edition, words: Language) -> bytes:
    """Return the feed. RFC 4287."""
    events = events_of(edition, words)
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", words.code)
    here = f"{settings.PUBLIC_URL}{reverse('portal:releases_feed')}"
    _child(feed, "id", here)
    _child(feed, "title", _("Everycount: releases and corrections"))
    _child(feed, "updated", _stamp(events[0].at if events else datetime(1970, 1, 1, tzinfo=UTC)))
    _child(feed, "link", rel="self", type="application/atom+xml", href=here)
    _child(feed, "link", rel="alternate", type="text/html",
           href=f"{settings.PUBLIC_URL}{reverse('portal:releases')}")  # fmt: skip
    author = etree.SubElement(feed, f"{{{ATOM}}}author")
    _child(author, "name", PUBLISHER)
    for each in events[:ENTRIES]:
        entry = etree.SubElement(feed, f"{{{ATOM}}}entry")
        # The same event is the same entry in every language and after every new edition.
        _child(entry, "id", uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.PUBLIC_URL}/{each.id}").urn)
        _child(entry, "title", each.title)
        _child(entry, "updated", _stamp(each.at))
        _child(entry, "published", _stamp(each.at))
        _child(entry, "link", rel="alternate", type="text/html",
               href=f"{settings.PUBLIC_URL}{each.address}")  # fmt: skip
        _child(entry, "category", term=each.kind)
        if each.text:
            _child(entry, "summary", each.text)
    content: bytes = etree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return content


def calendar(edition: Edition, words: Language) -> bytes:
    """Return the releases as a calendar. RFC 5545."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Everycount//Releases//EN",
        f"X-WR-CALNAME:{_escaped(_('Everycount: releases and corrections'))}",
    ]
    for each in events_of(edition, words):
        uid = uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.PUBLIC_URL}/{each.id}")
        lines += [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"DTSTAMP:{each.at:%Y%m%dT%H%M%SZ}",
            f"DTSTART:{each.at:%Y%m%dT%H%M%SZ}",
            f"SUMMARY:{_escaped(each.title)}",
            *([f"DESCRIPTION:{_escaped(each.text)}"] if each.text else []),
            f"URL:{settings.PUBLIC_URL}{each.address}",
            f"CATEGORIES:{each.kind.upper()}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line)).encode()


def _folded(line: str) -> Iterator[str]:
    """Yield a line in parts that are short enough, never within a letter."""
    part, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > OCTETS:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + width
    yield part


def _escaped(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    for sign, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        plain = plain.replace(sign, escaped)
    return "".join(letter for letter in plain if letter.isprintable())


def _child(parent: etree._Element, name: str, text: str = "", **attributes: str) -> None:
    child = etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    if text:
        # XML has no place for control characters.
        child.text = "".join(each for each in text if each.isprintable() or each in "\n\t")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
