"""Data flows: each published dataset one of its workspace's agency, and one of all together."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from everycount.errors import NotFound
from everycount.model.observation import OBSERVATION
from everycount.model.structure import DataStructure
from everycount_hub.api import described
from everycount_hub.edition.nouns import PublishedDataset
from everycount_hub.edition.read import Edition, open_edition

ALL = "ALL_FIGURES"
"""The flow of everything, whose key begins with the dataset."""
NEWEST = frozenset({"*", "~", "+", "latest", "all"})
"""What asks for the newest version, of which there is one: SDMX REST 2.2 and 1.5, versions."""
NUMBERS = re.compile(r"(\d+)(\+)?(?:\.(\d+)(\+)?(?:\.(\d+)(\+)?)?)?~?")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flow:
    """A data flow."""

    agency: str
    id: str
    version: str
    names: Mapping[str, str]
    structure: DataStructure
    datasets: tuple[PublishedDataset, ...]

    @property
    def urn(self) -> str:
        """The name of this version in SDMX registries."""
        name = f"{self.agency}:{self.id}({self.version})"
        return f"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow={name}"

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its datasets."""
        return tuple(each.key for each in self.datasets)

    @property
    def published(self) -> str:
        """When the newest of its figures were published; empty without any."""
        return max((each.released_at for each in self.datasets), default="")

    @property
    def title(self) -> str:
        """Its name in English."""
        return described.text(self.names)


def flows(edition: Edition) -> tuple[Flow, ...]:
    """Return the data flows of an edition, that of everything first."""
    return _flows(edition.digest)


@lru_cache(8)
def _flows(digest: str) -> tuple[Flow, ...]:
    edition = open_edition(digest)
    datasets = [each for each in edition.datasets.values() if each.has_figures]
    whole = Flow(
        agency=described.AGENCY,
        id=ALL,
        version="1.0.0",
        names={"en": "All published figures"},
        structure=described.BY_DATASET,
        datasets=tuple(datasets),
    )
    return (
        whole,
        *(
            Flow(
                agency=agency_of(each.workspace),
                id=_name(each.slug, "D"),
                version=f"{each.number}.0.0",
                names=each.titles,
                structure=OBSERVATION,
                datasets=(each,),
            )
            for each in datasets
        ),
    )


def agency_of(workspace: str) -> str:
    """Return the agency that a workspace is in SDMX.

    Examples
    --------
    >>> agency_of("viet-nam"), agency_of("2030-network")
    ('VIET-NAM', 'W-2030-NETWORK')
    """
    return _name(workspace, "W")


def _name(slug: str, letter: str) -> str:
    # An id of a flow or agency begins with a letter: SDMX common type NCNameIDType.
    upper = slug.upper()
    return upper if upper[:1].isalpha() else f"{letter}-{upper}"


def find_flows(edition: Edition, agency: str, id: str, version: str) -> tuple[Flow, ...]:
    """Return the flows that a reference means, whose parts may be wildcards or lists.

    Raises
    ------
    NotFound
        If it means none.
    """
    found = tuple(each for each in flows(edition) if fits(each, agency, id, version))
    if not found:
        raise NotFound(
            f"there is no data flow {agency}:{id}({version}): all are listed at /sdmx/v2/structure"
            "/dataflow"
        )
    return found


def fits(thing: object, agency: str, id: str, version: str) -> bool:
    """Tell whether something maintained is what a reference means."""
    own_agency, own_id, own_version = (getattr(thing, name) for name in ("agency", "id", "version"))
    return (
        _among(own_agency, agency)
        and _among(own_id, id)
        and any(fits_version(own_version, each) for each in re.split(r",", version))
    )


def _among(value: str, asked: str) -> bool:
    return asked in {"*", "all"} or value in re.split(r"[,+]", asked)


def fits_version(version: str, asked: str) -> bool:
    """Tell whether a version is what is asked for.

    Examples
    --------
    >>> [fits_version("2.0.0", each) for each in ("*", "2.0", "2.0.0", "1+.0.0", "3.0.0", "x")]
    [True, True, True, True, False, False]
    """
    if asked in NEWEST or asked == "":
        return True
    found = NUMBERS.fullmatch(asked)
    if found is None:
        return False
    own = [int(each) for each in version.split(".")] if version else [1]
    wanted = [int(found[place] or 0) for place in (1, 3, 5)]
    own += [0] * (3 - len(own))
    open_at = next((place for place, sign in enumerate((2, 4, 6)) if found[sign]), None)
    if open_at is None:
        return own == wanted
    return own[:open_at] == wanted[:open_at] and own[open_at:] >= wanted[open_at:]


def one_of(found: Iterable[Flow]) -> Flow | None:
    """Return the flow if it is one only."""
    several = list(found)
    return several[0] if len(several) == 1 else None
