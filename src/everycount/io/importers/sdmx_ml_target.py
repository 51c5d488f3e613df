"""Take the elements of a data message in SDMX-ML: generic and structure-specific."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from everycount.io.importers.sdmx_flow import FLOW
from everycount.io.sdmx_names import DELETE, Reference, read_reference
from everycount.model.observation import PERIOD, VALUE

Values = dict[str, str]


@dataclass(kw_only=True)
class Described:
    """What the header says of the data sets that refer to one structure."""

    reference: Reference
    at_observation: str = PERIOD


@dataclass(kw_only=True)
class DataSet:
    """What was read of one data set and not yet taken away."""

    described: Described
    general: Values = field(default_factory=dict)
    """Attributes of the whole set."""
    groups: list[tuple[Values, Values]] = field(default_factory=list)
    """Keys with attributes of parts of the set; in structure-specific data not yet told apart."""
    series: list[Values] = field(default_factory=list)
    observations: list[Values] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    """Position in `series` of each observation's series."""
    keys: dict[str, None] = field(default_factory=dict)
    """Concepts that are known to be dimensions, as generic data say."""
    is_deleted: bool = False
    is_series: bool = False


class DataReader:
    """Collects data sets. `take` gives away what is complete.

    Elements are known by their names alone: namespaces differ by version and structure.
    """

    def __init__(self) -> None:
        self.sets: list[DataSet] = []
        self.sender: Values = {}
        self.described: dict[str, Described] = {}
        self.root = ""
        self._local: dict[str, str] = {}
        self._path: list[str] = []
        self._text: list[str] = []
        self._now: Values = {}
        self._group: tuple[Values, Values] = ({}, {})
        self._series: Values | None = None
        self._observation: Values = {}
        self._structure: Described | None = None
        self._component = ""
        self._parts: list[str] = []
        self._starts: dict[str, Callable[[Values], None]] = {
            name: getattr(self, f"_start_{name.lower()}")
            for name in (
                *("Structure", "Ref", "DataSet", "Series", "Obs", "Group", "Atts", "Attributes"),
                *("SeriesKey", "ObsKey", "GroupKey", "Value", "ObsDimension", "ObsValue"),
                *("Comp", "Sender"),
            )
        }
        self._ends: dict[str, Callable[[], None]] = {
            name: getattr(self, f"_end_{name.lower()}")
            for name in ("Structure", "Name", "Series", "Obs", "Group", "Value", "Comp", "Atts")
        }
        for name in ("StructureUsage", "ProvisionAgreement", "ProvisionAgrement", "URN"):
            self._ends[name] = self._end_structure  # SDMX 2.1 has one e less

    # ------------------------------------------------------------------------------- elements

    def start(self, tag: str, attributes: Values) -> None:
        """Take the beginning of an element."""
        name = self._local.get(tag)
        if name is None:
            name = self._local[tag] = tag.rpartition("}")[2]
        self._path.append(name)
        self.root = self.root or name
        self._text = []
        taken = self._starts.get(name)
        if taken:
            taken(attributes)

    def end(self, tag: str) -> None:  # noqa: ARG002
        """Take the end of an element."""
        taken = self._ends.get(self._path.pop())
        if taken:
            taken()

    def data(self, text: str) -> None:
        """Take text."""
        self._text.append(text)

    def _inside(self, name: str) -> bool:
        """Tell whether the element that began last stands in another."""
        return len(self._path) > 1 and self._path[-2] == name

    # --------------------------------------------------------------------------------- header

    def _start_sender(self, attributes: Values) -> None:
        self.sender["id"] = attributes.get("id", "")

    def _end_name(self) -> None:
        if self._path[-1:] == ["Sender"]:
            self.sender.setdefault("name", "".join(self._text).strip())

    def _start_structure(self, attributes: Values) -> None:
        if self._inside("Header"):
            self._structure = Described(
                reference=Reference(id=attributes.get("structureID", "")),
                at_observation=attributes.get("dimensionAtObservation", PERIOD),
            )
            self.described[attributes.get("structureID", "")] = self._structure

    def _start_ref(self, attributes: Values) -> None:
        if self._structure and "id" in attributes:
            self._structure.reference = Reference(
                id=attributes["id"],
                agency=attributes.get("agencyID", ""),
                version=attributes.get("version", ""),
            )

    def _end_structure(self) -> None:
        text = "".join(self._text).strip()
        if self._structure and "Header" in self._path and text:
            self._structure.reference = read_reference(text)
        if self._path[-1:] == ["Header"]:
            self._structure = None

    # ------------------------------------------------------------------------------- data set

    def _start_dataset(self, attributes: Values) -> None:
        plain = _local_names(attributes)
        named = plain.get("structureRef", "")
        described = self.described.get(named) or next(
            iter(self.described.values()), Described(reference=Reference(id=named or FLOW))
        )
        at = plain.get("dimensionAtObservation")
        if at:
            described = Described(reference=described.reference, at_observation=at)
        general = {name: text for name, text in attributes.items() if name[0] != "{"}
        general = {name: text for name, text in general.items() if name not in ABOUT_SET}
        deleted = plain.get("action", "").upper() in DELETE
        self.sets.append(DataSet(described=described, general=general, is_deleted=deleted))
        self._series = None

    def _start_series(self, attributes: Values) -> None:
        if self.sets:
            # The parser's mapping of no attributes cannot be written to.
            attributes = attributes or {}
            self._series = self._now = attributes
            self.sets[-1].is_series = True
            self.sets[-1].series.append(attributes)

    def _end_series(self) -> None:
        self._series = None

    def _start_obs(self, attributes: Values) -> None:
        self._observation = self._now = attributes or {}

    def _end_obs(self) -> None:
        if self.sets:
            current = self.sets[-1]
            if not current.series:
                current.series.append({})
            current.rows.append(len(current.series) - 1)
            current.observations.append(self._observation)
            self._observation = {}

    def _start_group(self, attributes: Values) -> None:
        values = {name: text for name, text in attributes.items() if name != "type"}
        self._group = ({}, values)

    _start_atts = _start_group

    def _end_group(self) -> None:
        if self.sets:
            self.sets[-1].groups.append(self._group)

    _end_atts = _end_group

    # --------------------------------------------------------------------------------- values

    def _start_attributes(self, _: Values) -> None:
        above = self._path[-2] if len(self._path) > 1 else ""
        if above == "DataSet":
            self._now = self.sets[-1].general
        elif above == "Series" and self._series is not None:
            self._now = self._series
        elif above == "Group":
            self._now = self._group[1]
        else:
            self._now = self._observation

    def _start_serieskey(self, _: Values) -> None:
        if self._series is not None:
            self._now = self._series

    def _start_obskey(self, _: Values) -> None:
        self._now = self._observation

    def _start_groupkey(self, _: Values) -> None:
        self._now = self._group[0]

    def _start_value(self, attributes: Values) -> None:
        name = attributes.get("id")
        if name and "value" in attributes and self._path[-2:-1] != ["Comp"]:
            self._now[name] = attributes["value"]
            if self._path[-2] in {"SeriesKey", "ObsKey"} and self.sets:
                self.sets[-1].keys[name] = None

    def _end_value(self) -> None:
        if self._component:
            self._parts.append("".join(self._text).strip())

    def _start_obsdimension(self, attributes: Values) -> None:
        if self.sets:
            name = attributes.get("id") or self.sets[-1].described.at_observation
            self._observation[name] = attributes.get("value", "")
            self.sets[-1].keys[name] = None

    def _start_obsvalue(self, attributes: Values) -> None:
        self._observation[VALUE] = attributes.get("value", "")

    def _start_comp(self, attributes: Values) -> None:
        self._component, self._parts = attributes.get("id", ""), []

    def _end_comp(self) -> None:
        """Take the values of an attribute that may have several, or several languages."""
        above = self._path[-1] if self._path else ""
        values = {"Obs": self._observation, "Series": self._series}.get(above, self._group[1])
        if self._component and values is not None:
            values[self._component] = "; ".join(filter(None, self._parts))
        self._component = ""

    # ----------------------------------------------------------------------------------- away

    def take(self, *, is_all: bool = False) -> list[DataSet]:
        """Return what is to be handed over, and forget it: sets that have ended, and full batches.

        Parameters
        ----------
        is_all : bool
            The file has ended.
        """
        ended, going = (self.sets, []) if is_all else (self.sets[:-1], self.sets[-1:])
        taken = [each for each in ended if each.observations]
        for current in going:
            if len(current.observations) >= BATCH:
                taken.append(replace(current))
                is_open = self._series is not None
                current.series = current.series[-1:] if is_open else []
                current.observations, current.rows = [], []
        self.sets = going
        return taken


ABOUT_SET = frozenset(
    {"structureRef", "setID", "action", "dimensionAtObservation", "dataScope", "validFromDate"}
    | {"validToDate", "publicationYear", "publicationPeriod", "reportingBeginDate"}
    | {"reportingEndDate", "type"}
)
"""XML attributes of a data set that are no attributes of data (SDMX-ML, SetAttributeGroup)."""
BATCH = 50_000
"""Observations that are handed over at a time."""


def _local_names(attributes: Values) -> Values:
    """Return attributes without their namespaces."""
    return {name.rpartition("}")[2]: text for name, text in attributes.items()}
