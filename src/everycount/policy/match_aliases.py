"""Turn accepted links into further wordings of the indicators they lead to."""

from collections.abc import Iterable, Mapping

from everycount.model.crosswalk import Link, Relation
from everycount.model.framework import Framework
from everycount.model.match import Alias
from everycount.policy.match_words import clean

ACCEPTED: frozenset[Relation] = frozenset({"exact", "close", "broader", "narrower"})
"""Relations that make a title a wording of the other indicator. `related` is no substitute."""


def aliases_of(
    links: Iterable[Link], frameworks: Mapping[str, Framework], *, without: str = ""
) -> tuple[Alias, ...]:
    """Return the titles at either end of links as aliases of the other end.

    Parameters
    ----------
    links : iterable of Link
        Accepted links: of this workspace, and of sets that other countries published.
    frameworks : mapping of str to Framework
        Framework versions by ``id@version``. A link with an end not among them says nothing.
    without : str, optional
        Framework version whose titles must not serve: the set that is about to be matched.

    Returns
    -------
    tuple of Alias
        Each wording once for each indicator. An indicator's own title is no alias of it.

    Examples
    --------
    >>> from everycount.model.framework import Source
    >>> from everycount.model.indicator import Indicator
    >>> def one(name, title):
    ...     return Framework(id=name, version="1", title={"en": name}, publisher="NSO",
    ...         level="national", valid_from="2024", source=Source(citation="NSO"),
    ...         indicators=(Indicator(key="1", code="1", title={"en": title}),))
    >>> known = {"rwa@1": one("rwa", "Women MPs"), "sdg@1": one("sdg", "Seats held by women")}
    >>> link = Link(from_framework="rwa@1", from_key="1", to_framework="sdg@1", to_key="1",
    ...     relation="close", by="NISR")
    >>> aliases_of([link], known, without="sdg@1")
    (Alias(framework='sdg@1', key='1', title='Women MPs', origin='rwa@1 1', language='en'),)
    """
    titles = {
        (reference, indicator.key): indicator.title
        for reference, framework in frameworks.items()
        for indicator in framework.indicators
    }
    found: dict[tuple[str, str, str, str], Alias] = {}
    for link in links:
        for side in (link, link.turned()) if link.relation in ACCEPTED else ():
            if side.from_framework == without:
                continue
            own = titles.get((side.to_framework, side.to_key), {})
            for language, title in titles.get((side.from_framework, side.from_key), {}).items():
                same = clean(own.get(language, "")).lower() == clean(title).lower()
                if own and not same:
                    alias = Alias(
                        framework=side.to_framework,
                        key=side.to_key,
                        title=clean(title),
                        origin=f"{side.from_framework} {side.from_key}",
                        language=language,
                    )
                    name = (alias.framework, alias.key, language, alias.title.lower())
                    found.setdefault(name, alias)
    return tuple(found.values())
