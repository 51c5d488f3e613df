"""Texts and names without what nobody sees."""

import pytest

from everycount.model.letters import named, person_faults, visible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\u200bb\ufeff\u00adc", "abc"),
        ("a\u200db", "ab"),
        ("\u0645\u06cc\u200c\u062e\u0648", "\u0645\u06cc\u200c\u062e\u0648"),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),
        ("\u0645\u200c", "\u0645"),
        ("\u200c\u0645", "\u0645"),
        ("one\ntwo\tthree\x00", "one\ntwo\tthree"),
        ("\u3164\u2800\ufe0f", ""),
        ("Le\u0302 \u202eThi\u0323", "L\u00ea Th\u1ecb"),
    ],
)  # fmt: skip
def test_visible_keeps_what_is_seen_or_joins(text, seen):
    assert visible(text) == seen


def test_named_has_single_spaces():
    assert named(" Lan\n\u200b Anh\u3000B ") == "Lan Anh B"


def test_person_faults_leave_empty_names_to_others():
    assert list(person_faults(by="", organisation="GSO")) == []
    ((path, found, expected),) = person_faults(by="\u200b")
    assert (path, found) == (("by",), "'\\u200b'")
    assert expected == "a name with letters that can be seen"
