"""How what is published here is cited: in words, as BibTeX, as RIS."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from everycount_hub.edition.nouns import PublishedDataset, PublishedRelease, PublishedVersion
from everycount_hub.edition.read import Edition
from everycount_hub.models.wording import wording

PUBLISHER = "Everycount"
BIBTEX = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%",
        "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\n": " ",
        "\r": " ",
    }
)  # fmt: skip
"""Signs that TeX takes for orders."""
TYPES = {
    "txt": "text/plain; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Something that can be cited."""

    key: str
    """Letters, digits and hyphens."""
    authors: tuple[str, ...]
    title: str
    version: str
    day: str
    """As 2026-11-23."""
    address: str
    licence: str = ""
    digest: str = ""

    @property
    def year(self) -> str:
        """When it was published."""
        return self.day[:4]


def dataset_work(
    edition: Edition, dataset: PublishedDataset, *, version: PublishedVersion, language: str = "en"
) -> Work:
    """Return a version of a dataset as a work, with the address of its page in a language."""
    return Work(
        key=_key(dataset.workspace, dataset.slug, str(version.number)),
        authors=(producer(edition, dataset, language),),
        title=wording(dataset.titles, language) or dataset.slug,
        version=str(version.number),
        day=version.released_at[:10],
        address=f"{settings.PUBLIC_URL}/{language}/data/{dataset.key}/",
        licence=dataset.licence,
        digest=version.digest,
    )


def release_work(edition: Edition, release: PublishedRelease, language: str = "en") -> Work:
    """Return a release as a work."""
    return Work(
        key=_key(release.workspace, "release", str(release.number)),
        authors=(wording(edition.workspaces[release.workspace].names, language),),
        title=release.title,
        version=str(release.number),
        day=release.published_at[:10],
        address=f"{settings.PUBLIC_URL}/{language}/releases/{release.workspace}/{release.number}/",
        digest=release.digest,
    )


def producer(edition: Edition, dataset: PublishedDataset, language: str) -> str:
    """Return who produced a dataset: the organisation, else the country or network."""
    own = wording(dataset.producer, language) if dataset.producer else ""
    return own or wording(edition.workspaces[dataset.workspace].names, language)


def plain(work: Work) -> str:
    """Return a citation in words."""
    sentence = _(
        "{authors} ({year}). {title}. Version {version}, released {day}. {publisher}. {address}"
    )
    return sentence.format(
        authors="; ".join(work.authors), year=work.year, title=work.title.rstrip("."),
        version=work.version, day=work.day, publisher=PUBLISHER, address=work.address,
    )  # fmt: skip


def bibtex(work: Work) -> str:
    r"""Return a citation as BibTeX.

    Examples
    --------
    >>> print(bibtex(Work(key="a-1", authors=("R & D",), title="50 %", version="1",
    ...                   day="2026-11-23", address="https://a.example/")))
    @misc{a-1,
      author = {{R \& D}},
      title = {{50 \%}},
      year = {2026},
      month = {11},
      version = {1},
      publisher = {Everycount},
      url = {https://a.example/},
    }
    <BLANKLINE>
    """
    fields = [
        ("author", " and ".join(f"{{{each.translate(BIBTEX)}}}" for each in work.authors)),
        ("title", f"{{{work.title.translate(BIBTEX)}}}"),
        ("year", work.year),
        ("month", work.day[5:7]),
        ("version", work.version),
        ("publisher", PUBLISHER),
        ("url", work.address),
        ("note", f"Licence: {work.licence}".translate(BIBTEX) if work.licence else ""),
    ]
    lines = [f"  {name} = {{{value}}}," for name, value in fields if value]
    return "\n".join([f"@misc{{{work.key},", *lines, "}", ""])


def ris(work: Work) -> str:
    """Return a citation as RIS, for reference managers."""
    fields = [
        ("TY", "DATA"),
        *(("AU", each) for each in work.authors),
        ("TI", work.title),
        ("PY", work.year),
        ("DA", work.day.replace("-", "/")),
        ("ET", work.version),
        ("PB", PUBLISHER),
        ("UR", work.address),
        ("C1", f"Licence: {work.licence}" if work.licence else ""),
        ("ID", work.key),
    ]
    return _lines(fields) + "ER  - \r\n"


def cited(work: Work, ending: str) -> str:
    """Return a citation in the form a file's ending asks for: txt, bib or ris."""
    return {"txt": lambda each: plain(each) + "\n", "bib": bibtex, "ris": ris}[ending](work)


def _lines(fields: Iterable[tuple[str, str]]) -> str:
    told = ((tag, " ".join(text.split())) for tag, text in fields)
    return "".join(f"{tag}  - {text}\r\n" for tag, text in told if text)


def _key(*parts: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "-", "-".join(("everycount", *parts)))
