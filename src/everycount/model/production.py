"""A checklist for the production of statistics: questions, why they matter, how to find out."""

from collections.abc import Iterator
from dataclasses import dataclass

from everycount.model.sheet import IDENTIFIER, Fault, Publication, citation_faults
from everycount.model.strict import STRICT, Faults

# Generic Statistical Business Process Model, version 5.1 (UNECE, January 2019).
GSBPM = {
    "1": "Specify needs",
    "1.1": "Identify needs",
    "1.2": "Consult and confirm needs",
    "1.3": "Establish output objectives",
    "1.4": "Identify concepts",
    "1.5": "Check data availability",
    "1.6": "Prepare and submit business case",
    "2": "Design",
    "2.1": "Design outputs",
    "2.2": "Design variable descriptions",
    "2.3": "Design collection",
    "2.4": "Design frame and sample",
    "2.5": "Design processing and analysis",
    "2.6": "Design production systems and workflow",
    "3": "Build",
    "3.1": "Reuse or build collection instruments",
    "3.2": "Reuse or build processing and analysis components",
    "3.3": "Reuse or build dissemination components",
    "3.4": "Configure workflows",
    "3.5": "Test production systems",
    "3.6": "Test statistical business process",
    "3.7": "Finalise production systems",
    "4": "Collect",
    "4.1": "Create frame and select sample",
    "4.2": "Set up collection",
    "4.3": "Run collection",
    "4.4": "Finalise collection",
    "5": "Process",
    "5.1": "Integrate data",
    "5.2": "Classify and code",
    "5.3": "Review and validate",
    "5.4": "Edit and impute",
    "5.5": "Derive new variables and units",
    "5.6": "Calculate weights",
    "5.7": "Calculate aggregates",
    "5.8": "Finalise data files",
    "6": "Analyse",
    "6.1": "Prepare draft outputs",
    "6.2": "Validate outputs",
    "6.3": "Interpret and explain outputs",
    "6.4": "Apply disclosure control",
    "6.5": "Finalise outputs",
    "7": "Disseminate",
    "7.1": "Update output systems",
    "7.2": "Produce dissemination products",
    "7.3": "Manage release of dissemination products",
    "7.4": "Promote dissemination products",
    "7.5": "Manage user support",
    "8": "Evaluate",
    "8.1": "Gather evaluation inputs",
    "8.2": "Conduct evaluation",
    "8.3": "Agree an action plan",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question to a survey, before it or after."""

    __pydantic_config__ = STRICT

    id: str
    """Name of the question: lower case, digits and hyphens."""
    question: str
    """The question, to be answered with yes, partly or no."""
    why: str
    """What goes wrong where the answer is no."""
    how: str
    """How to find out with the data and documents at hand."""
    stage: str
    """Where in production it is decided: code of a GSBPM 5.1 phase or sub-process, such as 2.3."""
    source: tuple[str, ...] = ()
    """Keys of the publications it rests on; left out where it is plain statistics."""

    def __post_init__(self) -> None:
        """Refuse a question without words or stage."""
        faults: list[Fault] = [
            ((name,), "nothing", "words")
            for name in ("question", "why", "how")
            if not getattr(self, name).strip()
        ]
        if not IDENTIFIER.fullmatch(self.id):
            faults.append((("id",), repr(self.id), "lower case letters, digits and single hyphens"))
        if self.stage not in GSBPM:
            faults.append((("stage",), repr(self.stage), f"one of {', '.join(GSBPM)}"))
        if faults:
            raise Faults(faults)

    @property
    def stage_words(self) -> str:
        """Return the stage in words.

        Examples
        --------
        >>> asked = Check(id="x", question="Who answers?", why="…", how="…", stage="2.3")
        >>> asked.stage_words
        'GSBPM 2.3, design collection'
        """
        name = GSBPM[self.stage]
        return f"GSBPM {self.stage}, {name[:1].lower()}{name[1:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductionChecklist:
    """Questions to a survey, in the order of production."""

    __pydantic_config__ = STRICT

    id: str
    """Name of the checklist: lower case, digits and hyphens."""
    title: str
    """Title of the checklist."""
    description: str
    """What it is for."""
    items: tuple[Check, ...]
    """The questions."""
    sources: tuple[Publication, ...] = ()
    """What they rest on."""

    def __post_init__(self) -> None:
        """Refuse questions that stand twice and citations of what is not listed."""
        faults = list(self._faults())
        if faults:
            raise Faults(faults)

    def _faults(self) -> Iterator[Fault]:
        if not IDENTIFIER.fullmatch(self.id):
            yield ("id",), repr(self.id), "lower case letters, digits and single hyphens"
        if not self.items:
            yield ("items",), "none", "a question or more"
        names = [each.id for each in self.items]
        for at, name in enumerate(names):
            if name in names[:at]:
                yield ("items", at, "id"), f"{name!r} for the second time", "each question once"
        yield from citation_faults(self.sources, {"items": self.items})
