"""The report on an indicator set from the command line."""

from click.testing import CliRunner

from everycount.cli.main import everycount
from everycount.errors import InputError

HEAD = "key,by,relevance,selected,on,why\n"


def call(*arguments):
    return CliRunner().invoke(everycount, [*map(str, arguments)])


def test_a_report_is_written_in_all_three_forms(tmp_path):
    marks = tmp_path / "marks.csv"
    marks.write_text(HEAD + "1.1.1,An,3,yes,2026-11-22,asked for\n", encoding="utf-8")
    places = [tmp_path / f"set{ending}" for ending in (".html", ".pdf", ".docx")]
    outputs = [word for place in places for word in ("-o", place)]
    given = ("--scorecard", marks, "--against", "sdg-global", *outputs)
    result = call("report", "assessment", "rwanda-sdg", *given)
    assert result.exception is None, result.exception
    assert [place.read_bytes()[:4] for place in places] == [b"<!do", b"%PDF", b"PK\x03\x04"]
    assert "selected by An on 2026-11-22: asked for" in places[0].read_text(encoding="utf-8")
    assert result.stderr.count("written: ") == 3


def test_another_ending_and_marks_of_no_candidate_are_refused(tmp_path):
    error = call("report", "assessment", "rwanda-sdg", "-o", tmp_path / "a.txt").exception
    assert isinstance(error, InputError)
    assert "expected one of .html, .pdf, .docx" in str(error)
    marks = tmp_path / "marks.csv"
    marks.write_text(HEAD + "none,An,3,,,\n", encoding="utf-8")
    place = tmp_path / "a.html"
    error = call("report", "assessment", "rwanda-sdg", "--scorecard", marks, "-o", place).exception
    assert "candidate none: found no such indicator" in str(error)
    assert not place.exists()


def test_help_names_the_other_command():
    pages = [
        call(*name, "--help").stdout for name in (("report", "assessment"), ("policy", "assess"))
    ]
    first, second = (" ".join(page.split()) for page in pages)
    assert "those of `policy assess`" in first
    assert "`report assessment` writes the same" in second
