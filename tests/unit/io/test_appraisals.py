"""Appraisals and their schemes as files."""

import tomllib

import pytest

from everycount.errors import InputError
from everycount.io.appraisals import (
    appraisal_form,
    read_appraisal,
    read_scheme,
    shipped_scheme,
)


def test_form_is_an_appraisal_without_answers(tmp_path):
    place = tmp_path / "appraisal.toml"
    place.write_text(appraisal_form(shipped_scheme()), encoding="utf-8")
    found = read_appraisal(place)
    assert found.gate == {}
    assert found.decision is None


def test_form_can_be_filled_in_by_removing_marks():
    form = appraisal_form(shipped_scheme(), language="vi")
    assert "# Giấy phép sử dụng lại. May the office use" in form
    answered = "\n".join(
        line.removeprefix("# ") if line.startswith(("# gate.", "# scores.")) else line
        for line in form.splitlines()
    )
    filled = tomllib.loads(answered)
    assert len(filled["gate"]) == 8
    assert len(filled["scores"]) == 15


def test_office_may_bring_its_own_scheme(tmp_path):
    place = tmp_path / "scheme.toml"
    place.write_text(
        'id = "own"\nversion = "1"\ntitle.en = "Own"\nsource = "decree"\ngate = []\ncriteria = []\n'
        + "".join(
            f'[needed.{risk}]\nlow = "A1"\nmedium = "A2"\nhigh = "A3"\n'
            for risk in ("low", "medium", "high")
        ),
        encoding="utf-8",
    )
    assert read_scheme(place).level_needed("high", "low") == "A1"


def test_faults_of_an_appraisal_are_told_at_once(tmp_path):
    place = tmp_path / "appraisal.toml"
    place.write_text(
        'id = "a"\ntitle = "b"\nproducer = "c"\nkind = "x"\nrisk = "y"\nprofile = "low"\n'
    )
    with pytest.raises(InputError) as error:
        read_appraisal(place)
    assert len(error.value.problems) == 2
