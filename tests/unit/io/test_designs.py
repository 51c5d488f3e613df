import hashlib
import io

import pytest

from everycount.errors import InputError, NotFound
from everycount.io.designs import list_designs, read_design
from everycount.model.design import SurveyDesign
from everycount.model.sampling import Sampling

OWN = """title = "Ours"
preset = "dhs"
outcomes = [{ name = "reads", yes = [1, 2.5, "x"] }]
[sampling]
strata = ["v024", "v025"]
lonely = "certainty"
"""


@pytest.fixture
def written(tmp_path):
    """Write a design and return its place."""

    def write(text, name="mine.toml"):
        place = tmp_path / name
        place.write_bytes(text.encode())
        return place

    return write


def problems(place):
    with pytest.raises(InputError) as caught:
        read_design(place)
    return [str(problem) for problem in caught.value.problems]


def test_presets_are_valid_and_name_no_characteristics_or_outcomes():
    assert list_designs() == ("dhs", "lfs", "mics")
    for name in list_designs():
        found = read_design(name)
        assert found.name == f"{name}.toml"
        assert found.design == SurveyDesign(sampling=found.design.sampling)
        assert found.design.sampling.strata
        assert found.design.sampling.psu
        assert found.design.sampling.weight


def test_the_preset_of_the_dhs():
    expected = Sampling(strata=("v022",), psu="v021", weight="v005", weight_divisor=1_000_000.0)
    assert read_design("dhs").design.sampling == expected


def test_a_design_over_a_preset(written):
    found = read_design(written(OWN))
    assert type(found.design) is SurveyDesign
    assert found.design.preset == "dhs"
    assert found.design.sampling == Sampling(
        strata=("v024", "v025"),
        psu="v021",
        weight="v005",
        weight_divisor=1_000_000.0,
        lonely="certainty",
    )
    assert found.design.outcomes[0].yes == (1, 2.5, "x")
    assert (found.name, found.content) == ("mine.toml", OWN.encode())
    assert found.digest == hashlib.sha256(OWN.encode()).hexdigest()


def test_an_empty_list_takes_the_strata_of_the_preset_away(written):
    found = read_design(written('preset = "dhs"\n[sampling]\nstrata = []\n'))
    assert found.design.sampling.strata == ()


def test_a_design_without_a_preset(written):
    found = read_design(written('[sampling]\npsu = "ea"\n', name="mine"))
    assert found.design == SurveyDesign(sampling=Sampling(psu="ea"))


def test_a_design_that_is_right_only_over_its_preset(written):
    text = 'preset = "dhs"\nsampling.nested = true\n'
    assert read_design(written(text)).design.sampling.nested


def test_standard_input(monkeypatch):
    class Stdin:
        buffer = io.BytesIO(b"\xef\xbb\xbf" + OWN.encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    found = read_design("-")
    assert (found.name, found.design.title) == ("standard input", "Ours")


def test_faults_stand_on_lines_of_the_file_and_none_is_the_presets(written):
    text = """preset = "dhs"
[sampling]
lonely = "adjst"
weight_divisor = "a"
strata = "v023"
[[outcomes]]
nme = "a"
[[characteristics]]
name = "age"
bands = [20, 15]
"""
    found = problems(written(text))
    assert found[:4] == [
        "line 3, sampling, lonely: found 'adjst', expected one of 'fail', 'remove', 'certainty', "
        "'adjust', 'average'",
        "line 4, sampling, weight_divisor: found 'a', expected a number",
        "line 5, sampling, strata: found 'v023', expected a list of texts",
        "line 6, outcome 1, name: found nothing, expected text",
    ]
    assert found[4].startswith("line 7, outcome 1, nme: found a key that is not known")
    assert found[5].startswith("line 10, characteristic 1 (name age), bands: found [20.0, 15.0]")
    assert len(found) == 6


def test_a_table_where_the_preset_has_one(written):
    (found,) = problems(written('preset = "dhs"\nsampling = 3\n'))
    assert found.startswith("line 2, sampling: found 3, expected a table")


def test_what_does_not_fit_the_preset_is_found(written):
    text = 'preset = "dhs"\n[[sampling.stages]]\nunits = "hh"\npopulation = "n"\n'
    (found,) = problems(written(text))
    assert found.startswith("line 4, sampling, stage 1, population: found a population below a")


def test_a_preset_that_is_not_shipped(written):
    assert problems(written('\ufefftitle = "x"\npreset = "dsh"\nlevel = 2.0\n')) == [
        "line 2, preset: found 'dsh', expected one of dhs, lfs, mics; nearest is dhs",
        "line 3, level: found 2, expected a number between 0 and 1, such as 0.95",
    ]
    assert problems(written('preset = "zzz"\n')) == [
        "line 1, preset: found 'zzz', expected one of dhs, lfs, mics"
    ]


def test_a_preset_that_is_no_name(written):
    assert problems(written("preset = 3\n")) == ["line 1, preset: found 3, expected text"]


def test_files_that_are_no_toml(written):
    assert problems(written("preset = \n"))[0].startswith("line 1, column 10: found 'preset ='")
    place = written("")
    place.write_bytes(b"title = '\xe9'\n")
    assert problems(place)[0].startswith("line 1, byte 10: found byte 0xE9")
    assert problems(written("a = " + "[" * 5_000 + "]" * 5_000))[0].startswith("file: found brack")


def test_a_name_nearly_right():
    found = r"no file and no design 'dsh' \(did you mean dhs\?\); shipped: dhs, lfs, mics"
    with pytest.raises(NotFound, match=found):
        read_design("dsh")
    with pytest.raises(NotFound, match="shipped: dhs, lfs, mics"):
        read_design("zzz")
    with pytest.raises(NotFound, match=r"there is no file mine\.toml"):
        read_design("mine.toml")
