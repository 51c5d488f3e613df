"""In which format an answer is wanted: by ``?format=``, else by the header Accept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from everycount.io.exporters.formats import EXPORTERS, Exporter
from everycount_hub.api.public import Refused

SDMX = "application/vnd.sdmx."
DATA: Mapping[str, Exporter] = {
    each.name: each for each in EXPORTERS if each.holds == "data" and each.name != "csv"
}
"""The formats of data; CSV is that of SDMX here."""
DATA_TYPES = {each.media_type: name for name, each in DATA.items()} | {
    # Time series forms of 2.1 are the flat form, which every observation-level reader takes.
    "text/csv": "sdmx-csv",
    f"{SDMX}data+json": "sdmx-json",
    f"{SDMX}data+csv": "sdmx-csv",
    f"{SDMX}data+xml": "sdmx-ml-3.0",
    f"{SDMX}genericdata+xml": "sdmx-ml-2.1-generic",
    f"{SDMX}structurespecificdata+xml": "sdmx-ml-2.1",
    f"{SDMX}data+csv;version=1.0": "sdmx-csv-1.0",
    f"{SDMX}data+csv;version=2.0": "sdmx-csv",
    f"{SDMX}data+json;version=1.0": "sdmx-json-1.0",
    f"{SDMX}data+json;version=2.0": "sdmx-json",
    f"{SDMX}data+xml;version=3.0": "sdmx-ml-3.0",
    "application/vnd.json-stat+json": "json-stat",
}
"""Media types and the format of each. Types without a version mean the newest there is."""
DATA_WORDS = {
    "csv": "sdmx-csv",
    "csvfile": "sdmx-csv",
    "jsondata": "sdmx-json",
    "json": "sdmx-json",
    "genericdata": "sdmx-ml-2.1-generic",
    "structurespecificdata": "sdmx-ml-2.1",
    "xml": "sdmx-ml-2.1",
    "xlsx": "excel",
}
"""What services commonly call formats, beside the names of our own."""
STRUCTURES = {
    "structure-ml-2.1": f"{SDMX}structure+xml;version=2.1",
    "structure-ml-3.0": f"{SDMX}structure+xml;version=3.0.0",
    "structure-json-1.0": f"{SDMX}structure+json;version=1.0.0",
    "structure-json": f"{SDMX}structure+json;version=2.0.0",
}
STRUCTURE_TYPES = {media_type: name for name, media_type in STRUCTURES.items()} | {
    f"{SDMX}structure+xml": "structure-ml-3.0",
    f"{SDMX}structure+json": "structure-json",
    f"{SDMX}structure+xml;version=3.0": "structure-ml-3.0",
    f"{SDMX}structure+json;version=1.0": "structure-json-1.0",
    f"{SDMX}structure+json;version=2.0": "structure-json",
}
STRUCTURE_WORDS = {"structure": "structure-ml-2.1"}
PLAIN_OF_2 = {
    "data": {"application/json": "sdmx-json", "application/xml": "sdmx-ml-3.0",
             "text/xml": "sdmx-ml-3.0", "*/*": "sdmx-json", "application/*": "sdmx-json",
             "text/*": "sdmx-csv"},
    "structure": {"application/json": "structure-json", "application/xml": "structure-ml-3.0",
                  "text/xml": "structure-ml-3.0", "*/*": "structure-json",
                  "application/*": "structure-json"},
}  # fmt: skip
"""What is meant by types that name no version, asked of REST 2.x."""
PLAIN_OF_1 = {
    "data": {"application/json": "sdmx-json-1.0", "application/xml": "sdmx-ml-2.1-generic",
             "text/xml": "sdmx-ml-2.1-generic", "*/*": "sdmx-ml-2.1-generic",
             "application/*": "sdmx-ml-2.1-generic", "text/*": "sdmx-csv-1.0",
             "text/csv": "sdmx-csv-1.0"},
    "structure": {"application/json": "structure-json-1.0", "application/xml": "structure-ml-2.1",
                  "text/xml": "structure-ml-2.1", "*/*": "structure-ml-2.1",
                  "application/*": "structure-ml-2.1"},
}  # fmt: skip
"""The same, asked of REST 1.5, whose readers expect SDMX 2.1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Range:
    """One part of the header Accept."""

    media_type: str
    quality: float


def data_format(request: HttpRequest, *, is_2: bool) -> Exporter:
    """Return the format in which data are wanted.

    Raises
    ------
    Refused
        If there is none such: 406, with those there are.
    """
    plain = (PLAIN_OF_2 if is_2 else PLAIN_OF_1)["data"]
    words = {**DATA_WORDS, **{name: name for name in DATA}}
    if not is_2:
        words |= {"json": "sdmx-json-1.0", "jsondata": "sdmx-json-1.0", "csv": "sdmx-csv-1.0"}
    return DATA[_wanted(request, words, {**DATA_TYPES, **plain})]


def structure_format(request: HttpRequest, *, is_2: bool) -> str:
    """Return the format in which structures are wanted; else as `data_format`."""
    plain = (PLAIN_OF_2 if is_2 else PLAIN_OF_1)["structure"]
    words = {**STRUCTURE_WORDS, **{name: name for name in STRUCTURES}}
    words |= {"json": plain["application/json"], "xml": plain["application/xml"]}
    return _wanted(request, words, {**STRUCTURE_TYPES, **plain})


def _wanted(request: HttpRequest, words: Mapping[str, str], types: Mapping[str, str]) -> str:
    asked = request.GET.get("format")
    if asked:
        # "+" of a media type arrives as a blank where the address did not escape it.
        meant = words.get(asked.lower()) or types.get(_plain(asked.replace(" ", "+")))
        if meant is None:
            raise Refused(406, f"format: expected one of {', '.join(sorted(words))}")
        return meant
    header = request.headers.get("Accept", "").strip() or "*/*"
    for each in sorted(_ranges(header), key=lambda each: -each.quality):
        if each.quality > 0 and each.media_type in types:
            return types[each.media_type]
    known = ", ".join(sorted(name for name in types if name.startswith(SDMX)))
    raise Refused(406, f"Accept: expected one of {known}, or text/csv")


def _ranges(header: str) -> Sequence[_Range]:
    """Return the parts of a header Accept in their order: RFC 9110, section 12.5.1."""
    found = []
    for part in header.split(","):
        name, *parameters = (each.strip() for each in part.split(";"))
        quality = 1.0
        kept = [name]
        for each in parameters:
            key, _, value = each.partition("=")
            if key.strip().lower() == "q":
                quality = _number(value)
            elif key.strip().lower() == "labels" and value.strip() != "id":
                quality = 0.0  # labels beside codes are not written
            elif key.strip().lower() == "version":
                kept.append(each)
        found.append(_Range(media_type=_plain(";".join(kept)), quality=quality))
    return found


def _plain(media_type: str) -> str:
    return media_type.lower().replace(" ", "").replace('"', "")


def _number(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text)))
    except ValueError:
        return 0.0
