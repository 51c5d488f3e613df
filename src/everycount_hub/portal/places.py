"""Addresses of what pages of indicators and areas point to."""

from django.urls import NoReverseMatch, reverse

from everycount_hub.edition.nouns import PublishedDataset


def dataset_address(dataset: PublishedDataset) -> str:
    """Return the page of what a dataset holds; empty where it has none."""
    names = {"policy": "portal:policy", "index": "portal:index", "survey": "portal:survey"}
    name = names.get(dataset.content, "portal:dataset")
    for given in ([dataset.workspace, dataset.slug], [dataset.slug]):
        try:
            return reverse(name, args=given)
        except NoReverseMatch:
            continue
    return ""
