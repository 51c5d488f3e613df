"""Import metadata from files into one handbook, whatever form they have."""

from collections.abc import Sequence
from pathlib import Path

from everycount.errors import InputError, NotFound, Problem
from everycount.io.handbook_excel import read_excel_metadata
from everycount.io.handbook_gather import Gathering, Imported
from everycount.io.handbook_minimum_set import is_sheet, read_minimum_set
from everycount.io.handbook_open_sdg import is_page, read_open_sdg
from everycount.io.handbook_word import read_word_template
from everycount.model.framework import Framework
from everycount.model.handbook import Preset

FORMS = ("minimum-set", "open-sdg", "excel", "word")
ENDINGS = {".md", ".yml", ".yaml", ".xlsx", ".docx"}


def import_handbook(
    places: Sequence[Path | str],
    framework: Framework,
    *,
    language: str = "en",
    preset: Preset | None = None,
    catalogue: Path | str | None = None,
    indicator: str = "",
    form: str = "",
) -> Imported:
    """Import metadata from files and folders into one handbook.

    Parameters
    ----------
    places : sequence of Path or str
        Sheets of the Minimum Set and pages of Open SDG (Markdown), workbooks, Word templates;
        or folders of them.
    framework : Framework
        The set whose indicators they describe.
    language : str
        Language of texts whose file does not say.
    preset : Preset, optional
        Template whose headings and numbers workbooks and Word files have.
    catalogue : Path or str, optional
        Catalogue of the Minimum Set, for the titles of series.
    indicator : str, optional
        Code of the indicator of a Word file that does not tell it.
    form : str, optional
        One of `FORMS`; each file tells if left out.

    Returns
    -------
    Imported
        The handbook, every text a draft, and notes on what could not be placed. Nothing is
        dropped silently.

    Raises
    ------
    NotFound
        If there is no such file or folder.
    InputError
        With files whose form is not known, or what is wrong with one.
    """
    files = _files(places)
    forms = {path: form or form_of(path) for path in files}
    strange = [path for path, each in forms.items() if not each]
    if strange or not files:
        expected = f"sheets, pages, workbooks or Word files, or one of --from {', '.join(FORMS)}"
        problems = [Problem(path.name, "a file of another form", expected) for path in strange]
        raise InputError("metadata", problems or [Problem("files", "none", expected)])
    gathering = Gathering(language=language)
    catalogue = Path(catalogue) if catalogue else None
    sheets, pages, books, words = ([p for p in files if forms[p] == each] for each in FORMS)
    read_minimum_set(gathering, sheets, framework, catalogue=catalogue)
    read_open_sdg(gathering, pages, framework)
    for path in books:
        read_excel_metadata(gathering, path, framework, preset=preset)
    for path in words:
        read_word_template(gathering, path, framework, preset=preset, indicator=indicator)
    return gathering.handbook(framework)


def form_of(path: Path) -> str:
    """Return the form of a file by its name, or nothing.

    Examples
    --------
    >>> form_of(Path("I_1__I98ba1fd8__metadata.md")), form_of(Path("5-5-1.md"))
    ('minimum-set', 'open-sdg')
    """
    if is_sheet(path):
        return "minimum-set"
    if is_page(path):
        return "open-sdg"
    return {".xlsx": "excel", ".docx": "word"}.get(path.suffix.lower(), "")


def _files(places: Sequence[Path | str]) -> list[Path]:
    """Return the files, those of folders in the order of their names."""
    found: list[Path] = []
    for place in map(Path, places):
        if place.is_dir():
            within = sorted(each for each in place.iterdir() if each.suffix.lower() in ENDINGS)
            found += [each for each in within if not each.name.startswith(("~$", "."))]
        elif place.exists():
            found.append(place)
        else:
            raise NotFound(f"there is no file or folder {place}")
    return found
