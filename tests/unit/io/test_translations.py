"""Titles in further languages, as a file."""

import pytest

from everycount.errors import InputError, NotFound
from everycount.io.translations import read_translations
from everycount.policy.match_translations import Translation


def test_rows_are_read_with_their_places(tmp_path):
    file = tmp_path / "titles.csv"
    file.write_text("key,language,title\n1,vi, Hộ nghèo \n\n2,,\n", encoding="utf-8")
    assert read_translations(file) == (
        Translation(key="1", language="vi", title="Hộ nghèo", where="row 2"),
        Translation(key="2", language="", title="", where="row 4"),
    )


def test_an_empty_key_is_left_to_whoever_knows_the_framework(tmp_path):
    file = tmp_path / "titles.csv"
    file.write_text("key,language,title\n,vi,Hộ nghèo\n", encoding="utf-8")
    assert read_translations(file)[0].key == ""


def test_a_missing_column_is_told(tmp_path):
    file = tmp_path / "titles.csv"
    file.write_text("key,lang,title\n1,vi,Hộ nghèo\n", encoding="utf-8")
    with pytest.raises(InputError, match="header: found columns key, lang, title, expected a col"):
        read_translations(file)


def test_a_file_that_is_not_there_is_not_found(tmp_path):
    with pytest.raises(NotFound):
        read_translations(tmp_path / "titles.csv")
