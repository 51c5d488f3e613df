"""Messages are found wherever they stand, and a catalogue loses no translation and no place."""

from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils.translation import trans_real

import catalogues
from catalogues import Entry, mo_bytes, po_bytes, update

PYTHON = '''
from everycount.language.catalogue import N_

KNOWN = {"Q": N_("A marked one")}


def say(language, count, name):
    # Translators: at the head of a page
    language.gettext("In " "two parts")
    language.ngettext("{n} area", "{n} areas", count)
    language.pgettext("month", "May")
    _("Short"), gettext_lazy("Later"), npgettext_lazy("here", "{n} cat", "{n} cats", count)
    language.gettext(name), language.gettext(f"{name}!"), language.gettext("")
    return """language.gettext("in a text")"""
'''
DJANGO = """{% load i18n %}
<p title="{% translate "It's (not) so" %}">{% translate "May" context "month" %} 100 % (sure)</p>
{# Translators: seen #}
{% blocktranslate with a=b|add:"c" %}{{ a }} of 50 %{% endblocktranslate %}
{% blocktranslate trimmed count n=many %}
  One
  area
{% plural %}
  {{ n }} areas
{% endblocktranslate %}
{% comment %}{% translate "never" %}{% endcomment %}
{{ _("In braces") }}{{ x|default:_("As default") }}{% include "x" with y=_("In a tag") %}
{% if a and f(b) %}gettext("in a text"){% endif %}
"""
JINJA = """<p>{{ language.gettext("Plain") }} {{ _("Short") }} {{ language.gettext(name) }}</p>
{{ language.pgettext("month", "May") }}{{ t.ngettext("{n} area", "{n} areas", n) | upper }}
{% trans n=3 %}{{ n }} cat{% pluralize %}{{ n }} cats{% endtrans %} gettext("in a text")
"""


def found(calls) -> list[tuple[str, tuple[str, ...]]]:
    """Return context and texts of what calls hold."""
    entries = (catalogues.entry(name, arguments) for name, arguments, _ in calls)
    return [(each.context, each.texts) for each in entries if each]


def filled(entries: list[Entry], translations: dict[str, object], language: str = "fr"):
    """Return a catalogue with these translations."""
    catalogue = update({each.key: each for each in entries}, catalogues.Plain(), language)
    for message in catalogue:
        if message.id:
            message.string = translations.get(catalogues.key(message)[1], message.string)
    return catalogue


def read_back(catalogue, language: str = "fr"):
    return read_po(BytesIO(po_bytes(catalogue)), locale=language, abort_invalid=True)


def one(text: str, **more) -> dict[catalogues.Key, Entry]:
    each = Entry(texts=(text,), **more)
    return {each.key: each}


def test_messages_of_python():
    assert found(catalogues.read_python(PYTHON)) == [
        ("", ("A marked one",)),
        ("", ("In two parts",)),
        ("", ("{n} area", "{n} areas")),
        ("month", ("May",)),
        ("", ("Short",)),
        ("", ("Later",)),
        ("here", ("{n} cat", "{n} cats")),
    ]


def test_comment_for_translators_is_kept():
    calls = catalogues.read_python(PYTHON)
    comments = {arguments[0]: notes for _, arguments, notes in calls if arguments}
    assert comments["In two parts"] == ["Translators: at the head of a page"]


def test_messages_of_a_django_template():
    assert found(catalogues.read_django(DJANGO)) == [
        ("", ("It's (not) so",)),
        ("month", ("May",)),
        ("", ("%(a)s of 50 %%",)),
        ("", ("One area", "%(n)s areas")),
        ("", ("In braces",)),
        ("", ("As default",)),
        ("", ("In a tag",)),
    ]


def test_messages_of_a_jinja_template():
    assert sorted(found(catalogues.read_jinja(JINJA))) == [
        ("", ("%(n)s cat", "%(n)s cats")),
        ("", ("Plain",)),
        ("", ("Short",)),
        ("", ("{n} area", "{n} areas")),
        ("month", ("May",)),
    ]


def test_template_without_messages_need_not_be_jinja():
    assert list(catalogues.read_jinja("#show: {% this is typst %}")) == []


def test_same_message_in_two_files_is_one(tmp_path):
    domain = write_package(
        tmp_path, {"a.py": '_("Area")', "b.py": '_("Area"); pgettext("x", "Area")'}
    )
    entries = catalogues.gather(domain)
    assert list(entries) == [("", "Area"), ("x", "Area")]
    assert entries["", "Area"].places == {"package/a.py", "package/b.py"}


def test_message_with_and_without_plural_is_one(tmp_path):
    domain = write_package(tmp_path, {"a.py": 'ngettext("Area", "Areas", 2)', "b.py": '_("Area")'})
    assert [each.texts for each in catalogues.gather(domain).values()] == [("Area", "Areas")]


def test_update_keeps_translations_and_writes_the_same_bytes():
    old = filled([Entry(texts=("Area",), places={"b.py", "a.py"})], {"Area": "Zone"})
    again = update(one("Area", places={"a.py", "b.py"}), read_back(old), "fr")
    assert po_bytes(again) == po_bytes(old)
    assert po_bytes(old).decode().endswith('#: a.py b.py\nmsgid "Area"\nmsgstr "Zone"\n')
    assert b"Date" not in po_bytes(old)


def test_message_that_went_comes_back_with_its_translation():
    old = filled([Entry(texts=("Area",))], {"Area": "Zone"})
    gone = update(one("Something else"), read_back(old), "fr")
    assert '#~ msgid "Area"\n#~ msgstr "Zone"' in po_bytes(gone).decode()
    back = update(one("Area"), read_back(gone), "fr")
    assert back["Area"].string == "Zone"
    assert not back["Area"].fuzzy
    assert b"#~" not in po_bytes(back)


def test_message_that_was_never_translated_leaves_nothing():
    old = filled([Entry(texts=("Area",))], {})
    assert b"Area" not in po_bytes(update(one("Other"), read_back(old), "fr"))


def test_changed_sentence_takes_over_the_translation_to_be_looked_at():
    old = filled(
        [Entry(texts=("Women hold the seats.",))], {"Women hold the seats.": "Les femmes…"}
    )
    new = update(one("Women hold these seats."), read_back(old), "fr")
    message = new["Women hold these seats."]
    assert (message.string, message.fuzzy) == ("Les femmes…", True)
    assert not new.obsolete
    still = update(one("Women hold these seats."), read_back(new), "fr")
    assert still["Women hold these seats."].fuzzy


def test_new_sentence_like_one_that_stays_takes_nothing():
    old = filled(
        [Entry(texts=("Women hold the seats.",))], {"Women hold the seats.": "Les femmes…"}
    )
    both = one("Women hold the seats.") | one("Women hold these seats.")
    new = update(both, read_back(old), "fr")
    assert new["Women hold these seats."].string == ""
    assert new["Women hold the seats."].string == "Les femmes…"


def test_message_that_gets_a_plural_is_to_be_looked_at():
    old = filled([Entry(texts=("{n} area",))], {"{n} area": "{n} zone"})
    plural = Entry(texts=("{n} area", "{n} areas"))
    message = update({plural.key: plural}, read_back(old), "fr")["{n} area"]
    assert (message.string, message.fuzzy) == (("{n} zone", ""), True)


def test_program_reads_only_what_is_done():
    plural = Entry(texts=("{n} area", "{n} areas"))
    catalogue = filled([plural, Entry(texts=("Area",)), Entry(texts=("Year",))],
                       {"{n} area": ("{n} zone", ""), "Area": "Zone", "Year": "Année"})  # fmt: skip
    catalogue["Year"].flags.add("fuzzy")
    spoken = GNUTranslations(BytesIO(mo_bytes(catalogue)))
    assert spoken.gettext("Area") == "Zone"
    assert spoken.gettext("Year") == "Year"
    assert [spoken.ngettext("{n} area", "{n} areas", n) for n in (1, 2)] == [
        "{n} area",
        "{n} areas",
    ]


def test_contexts_stay_apart_in_what_programs_read():
    entries = [Entry(texts=("May",)), Entry(texts=("May",), context="month")]
    catalogue = filled(entries, {"May": "Peut"})
    catalogue.get("May", "month").string = "Mai"
    spoken = GNUTranslations(BytesIO(mo_bytes(read_back(catalogue))))
    assert (spoken.gettext("May"), spoken.pgettext("month", "May")) == ("Peut", "Mai")


def test_arabic_forms_stand_in_the_order_that_translators_know():
    forms = ("none", "one", "two", "few", "many", "other")
    catalogue = filled([Entry(texts=("{n} area", "{n} areas"))], {"{n} area": forms}, "ar")
    spoken = GNUTranslations(BytesIO(mo_bytes(catalogue)))
    numbers = (0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111)
    said = [spoken.ngettext("{n} area", "{n} areas", n) for n in numbers]
    assert said == [
        "none",
        "one",
        "two",
        "few",
        "few",
        "many",
        "many",
        "other",
        "other",
        "few",
        "many",
    ]


@pytest.mark.parametrize(
    ("texts", "translation", "expected"),
    [
        (("{area}: {share}",), "{share} – {area}", []),
        (
            ("{area}: {share}",),
            "{area}",
            ["has {area}, {share}, its translation '{area}' has {area}"],
        ),
        (("{area}",), "{pays}", ["has {area}, its translation '{pays}' has {pays}"]),
        (("%(who)s left",), "%(qui)s est parti", ["has %(who), its translation"]),
        (("%(who)s left",), "Parti", ["has %(who), its translation 'Parti' has no places"]),
        (("Plain",), "{x}", ["has no places, its translation '{x}' has {x}"]),
        (("{n} area", "{n} areas"), ("une zone", "{n} zones"), []),
        (("{n} area", "{n} areas"), ("{n} zone", "des zones"), ["its translation 'des zones'"]),
        (("{a}", "{a} {b} {c}"), ("", "{a}"), []),  # not done, so not yet judged
        (("{a}",), "{a} }", ["'{a}': the braces of '{a} }' do not pair"]),
        (("\n  Untrimmed\n",), "", ["begins with a line break; write blocktranslate trimmed"]),
    ],
)
def test_translation_that_cannot_be_filled_is_told(texts, translation, expected):
    catalogue = filled([Entry(texts=texts)], {texts[0]: translation})
    faults = list(catalogues.faults(catalogue))
    assert len(faults) == len(expected)
    assert all(part in fault for part, fault in zip(expected, faults, strict=True))


def write_package(folder: Path, files: dict[str, str]) -> catalogues.Domain:
    for name, text in files.items():
        path = folder / "package" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return catalogues.Domain(
        name="things", folder=folder / "package", templates=catalogues.read_django
    )


def run(monkeypatch, domain: catalogues.Domain, *options: str) -> str:
    """Run the tool on one package; return what it says at the end, empty if all is well."""
    monkeypatch.setattr(catalogues, "DOMAINS", (domain,))
    monkeypatch.setattr("sys.argv", ["catalogues.py", *options])
    try:
        catalogues.main()
    except SystemExit as stopped:
        return str(stopped)
    return ""


def test_check_tells_what_is_stale_and_changes_nothing(tmp_path, monkeypatch, capsys):
    domain = write_package(
        tmp_path, {"a.py": '_("Area")', "templates/a.html": '{% translate "Year" %}'}
    )
    said = run(monkeypatch, domain, "--check")
    assert "things locale/fr/LC_MESSAGES/things.po is out of date; run make fix" in said
    assert not (tmp_path / "package" / "locale").exists()

    assert run(monkeypatch, domain) == ""
    assert run(monkeypatch, domain, "--check") == ""
    assert capsys.readouterr().out.endswith("things ar: 0 of 2 messages translated\n")

    file = domain.file("fr")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"Area"\nmsgstr ""', '"Area"\nmsgstr "Zone"'), encoding="utf-8")
    stale = "things locale/fr/LC_MESSAGES/things.mo is out of date; run make fix"
    assert run(monkeypatch, domain, "--check") == stale
    assert run(monkeypatch, domain) == ""
    with file.with_suffix(".mo").open("rb") as stream:
        assert GNUTranslations(stream).gettext("Area") == "Zone"
    assert "things fr: 1 of 2 messages translated" in capsys.readouterr().out


def test_templates_outside_templates_and_catalogues_are_not_read(tmp_path):
    files = {"x.html": '{% translate "A" %}', "locale/templates/x.html": '{% translate "B" %}'}
    assert catalogues.gather(write_package(tmp_path, files)) == {}


def test_django_finds_the_catalogues_of_the_hub():
    """Django reads the catalogues of installed applications; ours stands where it looks."""
    hub = next(domain for domain in catalogues.DOMAINS if domain.name == "django")
    folders = {Path(folder) for folder in trans_real.all_locale_paths()}
    assert hub.folder / "locale" in folders
    for language in set(catalogues.LANGUAGES) - {"en"}:
        assert hub.file(language).with_suffix(".mo").exists()
        assert trans_real.translation(language).language() == language


@pytest.mark.parametrize("language", sorted(set(catalogues.LANGUAGES) - {"en"}))
def test_every_message_of_the_library_is_translated(language):
    """A statement half in English would mislead, so none of the library's may be missing."""
    library = next(domain for domain in catalogues.DOMAINS if domain.name == "everycount")
    wanted = set(catalogues.gather(library))
    with library.file(language).open("rb") as stream:
        written = read_po(stream, locale=language)
    done = {catalogues.key(message) for message in written if catalogues.is_done(message)}
    assert wanted - done == set()
