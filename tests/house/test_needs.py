"""A program is asked for as soon as a test that needs it exists, and no sooner."""

import pytest

import needs


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(needs, "TESTS", tmp_path / "tests")
    for name, text in {
        "browser/test_page.py": "",
        # Spelled apart, or this file itself would ask for PostgreSQL.
        "hub/test_store.py": f"@pytest.{'mark'}.postgresql\ndef test_store(): ...\n",
        "unit/test_spark.py": "def test_sparks(): ...\n",
    }.items():
        path = tmp_path / "tests" / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "tests"


def test_tests_are_found_by_folder_and_by_marker(folder):
    assert list(needs.find_tests("browser")) == [folder / "browser" / "test_page.py"]
    assert list(needs.find_tests("postgresql")) == [folder / "hub" / "test_store.py"]
    assert list(needs.find_tests("spark")) == []


def test_missing_program_is_named_with_the_tests_that_wait(folder, monkeypatch, capsys):
    monkeypatch.setattr(needs.Need, "find", lambda need: None)
    monkeypatch.setattr("sys.argv", ["needs.py"])
    needs.main()
    assert capsys.readouterr().out == (
        "Missing: chromium (Debian package chromium). "
        "The tests marked 'browser' are skipped: tests/browser/test_page.py\n"
        "Missing: initdb (Debian package postgresql). "
        "The tests marked 'postgresql' are skipped: tests/hub/test_store.py\n"
    )
