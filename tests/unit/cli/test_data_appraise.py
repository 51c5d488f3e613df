"""`data appraise` and `data label` as a user runs them."""

import json

import polars as pl
import pytest
from click.testing import CliRunner

from everycount.cli.data import data
from everycount.errors import InputError
from everycount.io.appraisals import appraisal_form, shipped_scheme

DECISION = """
[decision]
outcome = "supplementary"
date = "2026-05-01"
by = ["committee"]
reason = "fills a gap"
expires = "2028-05-01"
"""


def run(*args):
    words = [str(each) for each in args]
    return CliRunner().invoke(data, words, catch_exceptions=False)


@pytest.fixture
def appraisal(tmp_path):
    """Return a file with every question answered, and a decision."""
    changes = {
        'evidence = ""': 'evidence = "report"',
        'answer = ""': 'answer = "yes"',
        'level = ""': 'level = "A1"',
        "# gate.": "gate.",
        "# scores.": "scores.",
    }
    form = appraisal_form(shipped_scheme())
    for empty, full in changes.items():
        form = form.replace(empty, full)
    place = tmp_path / "helpline.toml"
    place.write_text(form + DECISION, encoding="utf-8")
    return place


def test_form_is_written_and_read(tmp_path):
    place = tmp_path / "new.toml"
    run("appraise", place, "--new", "--language", "fr")
    assert "Licence de réutilisation" in place.read_text(encoding="utf-8")
    result = run("appraise", place)
    assert result.exit_code == 0
    assert "not answered, or without evidence: Producer known, Purpose" in result.stdout
    assert "may be decided: context, declined" in result.stdout


def test_result_is_told(appraisal):
    result = run("appraise", appraisal, "--today", "2026-06-01")
    assert result.stdout.splitlines()[1:] == [
        "risk medium, profile medium: every criterion needs A2 or more",
        "below the level needed: " + ", ".join(c.title["en"] for c in shipped_scheme().criteria),
        "may be decided: supplementary, context, declined",
        "decided 2026-05-01: supplementary, until 2028-05-01 (decided)",
    ]
    told = json.loads(run("appraise", appraisal, "--today", "2029-06-01", "--json").stdout)
    assert (told["state"], told["outcome"], told["faults"]) == ("expired", "supplementary", [])


def test_decision_without_ground_ends_with_its_faults(appraisal):
    text = appraisal.read_text(encoding="utf-8").replace('"supplementary"', '"official_note"')
    appraisal.write_text(text.replace("is_sensitive = false", "is_sensitive = true"))
    with pytest.raises(InputError, match="found 'official_note', expected supplementary or"):
        run("appraise", appraisal)


def test_label_travels_with_every_figure(appraisal, tmp_path):
    figures = tmp_path / "calls.csv"
    figures.write_text("INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\n5a,704,2024,3\n")
    place = tmp_path / "labelled.parquet"
    result = run("label", figures, "--appraisal", appraisal, "-o", place, "--today", "2026-06-01")
    assert result.exit_code == 0
    assert pl.read_parquet(place)["APPRAISAL"].to_list() == ["SUPPLEMENTARY"]
    assert "appraisal short-name: supplementary" in result.stderr


def test_office_may_use_its_own_scheme(appraisal, tmp_path):
    scheme = tmp_path / "scheme.toml"
    levels = "".join(
        f'[needed.{risk}]\nlow = "A1"\nmedium = "A1"\nhigh = "A1"\n'
        for risk in ("low", "medium", "high")
    )
    scheme.write_text(
        'id = "o"\nversion = "1"\ntitle.en = "O"\nsource = "x"\ngate = []\ncriteria = []\n' + levels
    )
    with pytest.raises(InputError, match="gate: found 'gap'"):
        run("appraise", appraisal, "--scheme", scheme)
