"""Read appraisals and the scheme they follow, and write a form to fill in."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from everycount.io import declare
from everycount.io.files import read_bytes
from everycount.model.appraisal import Appraisal
from everycount.model.appraisal_scheme import Scheme

SHIPPED = files("everycount") / "appraisal"


@cache
def shipped_scheme() -> Scheme:
    """Return the scheme of appraisal that comes with the library."""
    name = "everycount.toml"
    return declare.read((SHIPPED / name).read_bytes(), Scheme, subject=name)


def read_scheme(path: Path | str) -> Scheme:
    """Read an office's own scheme from a TOML file.

    Raises
    ------
    NotFound, InputError
        If there is no such file; with every fault in it.
    """
    return declare.read(read_bytes(path), Scheme, subject=Path(path).name)


def read_appraisal(path: Path | str) -> Appraisal:
    """Read an appraisal from a TOML file.

    Raises
    ------
    NotFound, InputError
        If there is no such file; with every fault in it.
    """
    return declare.read(read_bytes(path), Appraisal, subject=Path(path).name)


def appraisal_form(scheme: Scheme, *, language: str = "en") -> str:
    """Return an appraisal without answers, as TOML with the questions as comments.

    Parameters
    ----------
    scheme : Scheme
        The questions.
    language : str
        Language of the questions; English where they are not in it.

    Returns
    -------
    str
        Answers are commented out, so that what is not answered stays open.
    """
    lines = [
        f"# {_words(scheme.title, language)} ({scheme.id} {scheme.version})",
        "# Remove the # before a line to answer it.",
        'id = "short-name"',
        'title = "Title of the data"',
        'producer = "Who made them"',
        'kind = "other" # administrative, citizen, private, research, international or other',
        'risk = "medium" # that something is wrong: low, medium or high',
        'profile = "medium" # how much depends on them: low, medium or high',
        "is_sensitive = false",
        "",
        "# The gate: yes, no or not applicable, with evidence.",
    ]
    for question in scheme.gate:
        lines += [
            f"# {_words(question.title, language)}. {_words(question.question, language)}",
            f'# gate.{question.id} = {{ answer = "", evidence = "" }}',
        ]
    lines += ["", "# Levels: A0 none, A1 basic, A2 enhanced, A3 comprehensive; with evidence."]
    for criterion in scheme.criteria:
        lines += [
            f"# {_words(criterion.title, language)}. {_words(criterion.question, language)}",
            f'# scores.{criterion.id} = {{ level = "", evidence = "" }}',
        ]
    lines += [
        "",
        "# [decision]",
        '# outcome = "" # official, official_note, supplementary, context or declined',
        '# date = ""',
        '# by = [""]',
        '# reason = ""',
        '# legal_basis = "" # for official outcomes',
        '# authority = ""',
        "# conditions = []",
        '# expires = ""',
    ]
    return "\n".join(lines) + "\n"


def _words(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or texts["en"]
