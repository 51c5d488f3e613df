"""The catalogue of all datasets in DCAT-AP 3 and schema.org."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString

from everycount.io.exporters.dcat import dcat
from everycount.io.exporters.triples import Address, Node, Text, embeddable
from everycount_hub.edition.nouns import PublishedDataset
from everycount_hub.edition.read import Edition, open_edition
from everycount_hub.portal.citing import PUBLISHER
from everycount_hub.portal.data.files import distributions
from everycount_hub.portal.data.published import entry_for

TITLE = "Everycount: gender data"


def catalogue_node(edition: Edition, code: str) -> Node:
    """Return a ``dcat:Catalog`` of the datasets with figures.

    A dataset stands in it without a name of its own, as a thing inside another does; its address
    is its landing page and identifier.
    """
    return _catalogue(edition.digest, code)


@lru_cache(8)
def _catalogue(digest: str, code: str) -> Node:
    edition = open_edition(digest)
    publisher = Node(kind="foaf:Agent", statements=[("foaf:name", Text(value=PUBLISHER))])
    newest = max((each.published_at for each in edition.releases), default="")
    statements: list[tuple[str, Address | Text | Node]] = [
        ("dct:title", Text(value=TITLE, language="en")),
        ("dct:description", Text(value=f"Edition {digest}", language="en")),
        ("dct:publisher", publisher),
        ("foaf:homepage", Address(url=settings.PUBLIC_URL)),
    ]
    if newest:
        moment = datetime.fromisoformat(newest).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        statements.append(("dct:modified", Text(value=moment, kind="xsd:dateTime")))
    statements += [
        ("dcat:dataset", _dataset_node(edition, each, code))
        for each in edition.datasets.values()
        if each.has_figures
    ]
    with translation.override(code):
        address = f"{settings.PUBLIC_URL}{reverse('portal:data')}"
    return Node(kind="dcat:Catalog", statements=statements, address=address)


def catalogue_ld(edition: Edition) -> str:
    """Return the catalogue for search engines: a schema.org DataCatalog."""
    sets: list[dict[str, Any]] = [
        {
            "@type": "Dataset",
            "name": each.titles.get("en") or each.slug,
            "url": settings.PUBLIC_URL + _address(each),
            **({"license": each.licence} if each.licence else {}),
        }
        for each in edition.datasets.values()
        if each.digest
    ]
    found = {
        "@context": "https://schema.org/",
        "@type": "DataCatalog",
        "name": TITLE,
        "url": settings.PUBLIC_URL + reverse("portal:data"),
        "publisher": {"@type": "Organization", "name": PUBLISHER},
        "dataset": sets,
    }
    # No text in it can end the script it stands in.
    return SafeString(embeddable(found))


def _dataset_node(edition: Edition, dataset: PublishedDataset, code: str) -> Node:
    with translation.override(code):
        address = f"{settings.PUBLIC_URL}{_address(dataset)}"
    files = distributions(dataset, address)
    node = dcat(entry_for(edition, dataset, address=address, distributions=files))
    return Node(kind=node.kind, statements=node.statements)


def _address(dataset: PublishedDataset) -> str:
    return reverse("portal:dataset", args=[dataset.workspace, dataset.slug])
