"""Merging a handbook with a copy that somebody changed."""

from everycount.model.handbook import Entry, Handbook, Text
from everycount.repository.handbook_merge import merge_handbooks


def book(*entries: Entry) -> Handbook:
    return Handbook(id="h", version="1", title={}, framework="f@1", entries=entries)


def entry(key: str = "I.1", **texts: str) -> Entry:
    fields = {name: {"en": Text(text=text)} for name, text in texts.items()}
    return Entry(indicator=key, fields=fields)


def test_changes_of_both_sides_are_kept():
    base = book(entry(unit="%", limits="none"))
    mine, theirs = book(entry(unit="per cent", limits="none")), book(entry(unit="%", limits="few"))
    merged, conflicts = merge_handbooks(base, mine, theirs)
    assert merged == book(entry(unit="per cent", limits="few"))
    assert conflicts == ()


def test_a_text_changed_on_both_sides_is_a_conflict_and_mine_stays():
    base, mine, theirs = (book(entry(unit=text)) for text in ("%", "per cent", "share"))
    merged, (conflict,) = merge_handbooks(base, mine, theirs)
    assert merged == mine
    assert (conflict.base, conflict.mine, conflict.theirs) == ("%", "per cent", "share")
    assert (conflict.indicator, conflict.field, conflict.language) == ("I.1", "unit", "en")


def test_the_same_change_on_both_sides_is_no_conflict():
    base, both = book(entry(unit="%")), book(entry(unit="share"))
    assert merge_handbooks(base, both, both) == (both, ())


def test_a_text_they_emptied_is_taken_out():
    base = book(entry(unit="%", limits="none"))
    theirs = book(entry(unit="", limits="none"))
    merged, _ = merge_handbooks(base, base, theirs)
    assert merged == book(entry(limits="none"))


def test_an_indicator_they_added_comes_with_its_languages():
    added = Entry(indicator="I.2", fields={"unit": {"vi": Text(text="giờ", state="approved")}})
    merged, _ = merge_handbooks(book(entry(unit="%")), book(entry(unit="%")), book(added))
    assert merged.by_indicator["I.2"] == added
    assert merged.languages == ("en", "vi")


def test_a_state_alone_is_a_change():
    base = book(entry(unit="%"))
    approved = {"unit": {"en": Text(text="%", state="approved")}}
    theirs = book(Entry(indicator="I.1", fields=approved))
    assert merge_handbooks(base, base, theirs)[0] == theirs
