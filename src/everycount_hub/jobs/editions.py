"""Making an edition of the portal: after a release, a withdrawal, or a change of what is public.

Its charts are drawn before it is shown, by asking for its pages once; readers find them ready.
"""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial

from django.db import transaction

from everycount_hub.actions.editions import show_edition
from everycount_hub.edition.read import Edition, open_edition
from everycount_hub.edition.write import remove_editions, write_edition
from everycount_hub.inside import ask
from everycount_hub.jobs import Record, Say
from everycount_hub.queries.editions import current_edition, shown_before, trying
from everycount_hub.queries.observed import contents
from everycount_hub.queries.published import edition_inputs

FAULT = 500
"""The first status that says the fault is the program's."""
WRITTEN = 0.3
"""How far the job is when all is counted and nothing is drawn."""

log = logging.getLogger(__name__)


def make_edition(say: Say) -> Record:
    """Make an edition of what is published now, and draw its chief pages in the first languages."""
    digest = write_edition(edition_inputs(), lambda done, words: say(done * WRITTEN, words))
    edition = open_edition(digest)
    for key, dataset in edition.datasets.items():
        if dataset.has_figures:
            contents(edition, key)  # counted before the first program asks
    first = {each.languages[0] for each in edition.workspaces.values()}
    _draw(edition, list(chief_pages(edition, first)), say, since=WRITTEN)
    facts = {"indicators": len(edition.indicators), "areas": len(edition.areas)}

    def record() -> Mapping[str, object]:
        is_shown = show_edition(digest=digest, facts=facts)
        if is_shown:
            transaction.on_commit(partial(remove_editions, shown_before(digest)))
        return {**facts, "shown": is_shown}

    return record


def draw_edition(say: Say, *, digest: str) -> Record:
    """Draw the other pages of the edition that is shown, so that no reader waits for a chart."""
    if current_edition().digest == digest:
        edition = open_edition(digest)
        every = {code for each in edition.workspaces.values() for code in each.languages}
        pages = [*chief_pages(edition, every), *area_pages(edition, every)]
        _draw(edition, pages, say, since=0.0)
    return lambda: {"edition": digest[:12]}


def chief_pages(edition: Edition, languages: Collection[str]) -> Iterator[str]:
    """Yield the pages with charts but those of areas."""
    for language in sorted(languages):
        yield f"/{language}/"
        for slug, entry in edition.indicators.items():
            if entry.has_figures:
                yield f"/{language}/indicators/{slug}/"
        for dataset in edition.of_content("index"):
            yield f"/{language}/indices/{dataset.slug}/"
        for content, part in (("policy", "policies"), ("survey", "surveys")):
            for dataset in edition.of_content(content):
                yield f"/{language}/{part}/{dataset.key}/"


def area_pages(edition: Edition, languages: Collection[str]) -> Iterator[str]:
    """Yield the pages of areas."""
    for language in sorted(languages):
        for slug in edition.areas:
            yield f"/{language}/areas/{slug}/"


def _draw(edition: Edition, pages: Sequence[str], say: Say, *, since: float) -> None:
    """Ask for pages once; their charts are kept from then on."""
    with trying(edition.digest):
        for number, page in enumerate(pages):
            say(since + (1 - since) * number / len(pages), f"Drawing {page}")
            if ask(page).status_code >= FAULT:
                # One page that cannot be drawn is no reason to keep all others from readers.
                log.error("the page %s of %s cannot be made", page, edition.digest[:12])
