"""The handbook of the UN Minimum Set and of a national repository, against independent counts."""

import re

import yaml

from everycount.io.frameworks import load_framework
from everycount.io.handbook_import import import_handbook
from everycount.io.handbooks import load_preset
from everycount.repository.handbook import completeness

PERSONAL = re.compile(r"[\w.-]+@[\w-]+\.\w+")


def test_sheets_of_the_minimum_set_lose_no_word(shared):
    folder = shared / "data" / "unsd_minimum_set"
    found = import_handbook(
        [folder / "metadata_md"],
        load_framework("un-minimum-set@2021"),
        catalogue=folder / "minset_catalog.json",
    )
    sheets = sorted((folder / "metadata_md").glob("*.md"))
    assert len(sheets) == 61
    # Two of them are of IV.2, and II.6 is in no list.
    assert len(found.handbook.entries) == 60
    written = {}
    for entry in found.handbook.entries:
        texts = " ".join(text["en"].text for text in entry.fields.values())
        written[entry.indicator] = set(re.findall(r"[^\W_]{4,}", texts))
    for place in sheets:
        key = place.name.split("__")[0].replace("_", ".")
        try:
            source = place.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            source = place.read_text(encoding="cp1252")
        body = re.sub(
            r"(?m)^(##.*|\*\*(Name|Agency|Title|Email|Website|Disaggregation)\*\*:?)", "", source
        )
        lacking = set(re.findall(r"[^\W_]{4,}", body)) - written[key]
        assert not lacking - {"http", "https", "mailto"}, (place.name, sorted(lacking)[:10])
    headings = [note for note in found.notes if note.startswith("The heading")]
    assert headings == []


def test_sheets_name_persons_only_in_personal_fields(shared):
    folder = shared / "data" / "unsd_minimum_set" / "metadata_md"
    found = import_handbook([folder], load_framework("un-minimum-set@2021"))
    contacts = {"contact_email", "contact_name"}
    for entry in found.handbook.entries:
        assert entry.fields.keys() - contacts
        for name in contacts & entry.fields.keys():
            assert entry.fields[name]["en"].text
    addresses = sum("contact_email" in entry.fields for entry in found.handbook.entries)
    assert addresses > 40


def test_completeness_of_the_minimum_set_is_that_of_its_sheets(shared):
    folder = shared / "data" / "unsd_minimum_set" / "metadata_md"
    found = import_handbook([folder], load_framework("un-minimum-set@2021"))
    (first, *_) = completeness(found.handbook, load_preset("minimum-set"), language="en")
    # Counted by hand on the sheet of I.1: no missing values, availability, time of release.
    assert set(first.missing) == {"imputation", "coverage", "release_calendar"}


def test_pages_of_the_united_kingdom_are_all_read(shared):
    folder = shared / "data" / "national_uk_open_sdg" / "meta"
    found = import_handbook([folder], load_framework("sdg-global@2023"))
    places = sorted(folder.glob("*.md"))
    assert [each.indicator for each in found.handbook.entries]
    assert len(found.handbook.entries) == len(places) == 32
    assert not [note for note in found.notes if note.startswith("The heading")]
    for place in places:
        said = yaml.safe_load(place.read_text(encoding="utf-8").split("\n---")[0].strip("-\n"))
        entry = found.handbook.by_indicator[place.stem.replace("-", ".")]
        assert entry.fields["custodian"]["en"].text.split() == said["un_custodian_agency"].split()
        sources = [key for key in said if key.startswith("source_organisation_") and said[key]]
        if len(sources) > 1:
            numbers = re.findall(r"(?m)^\d+\. ", entry.fields["sources"]["en"].text)
            assert len(numbers) >= len(sources)
