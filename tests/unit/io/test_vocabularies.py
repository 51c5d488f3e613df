"""Vocabularies: those that are shipped, those in files, and writing them for editing."""

import unicodedata

import pytest

from everycount.errors import InputError, NotFound
from everycount.io.frameworks import shipped_frameworks
from everycount.io.vocabularies import read_vocabulary, shipped_vocabulary, vocabulary_toml
from everycount.model.vocabulary import Concept, TargetGroup, Vocabulary

LANGUAGES = {"en", "fr", "es", "vi"}
OURS = {
    "urbanisation", "pregnancy status", "parental survival", "household type", "marital status",
    "sexual orientation and gender identity", "income", "economic activity",
    "type of institution", "education level",
}  # fmt: skip
"""Characteristics that no shipped framework breaks figures down by."""


def test_shipped_groups_and_concepts_speak_four_languages():
    vocabulary = shipped_vocabulary()
    for entry in (*vocabulary.groups, *vocabulary.concepts):
        assert set(entry.title) == set(entry.terms) == LANGUAGES, entry.code
    assert set(vocabulary.title) == LANGUAGES
    assert all(set(concept.question) == LANGUAGES for concept in vocabulary.concepts)


def test_shipped_words_are_composed_and_each_names_one_group():
    vocabulary = shipped_vocabulary()
    for language in LANGUAGES:
        words = [word for group in vocabulary.groups for word in group.terms[language]]
        assert all(unicodedata.is_normalized("NFC", word) for word in words)
        assert len(words) == len(set(words))


def test_shipped_groups_cover_every_dimension_and_name_their_breakdowns():
    vocabulary = shipped_vocabulary()
    known = {
        name
        for framework in shipped_frameworks()
        for indicator in framework.indicators
        for name in indicator.disaggregations
    }
    assert {group.dimension for group in vocabulary.groups} == {
        "social",
        "economic",
        "institutional",
        "environmental",
    }
    assert {name for group in vocabulary.groups for name in group.breakdowns} <= known | OURS | {
        "level of government",
        "sex of household head",
    }


def test_shipped_concepts_are_named_as_those_of_equiframe():
    vocabulary = shipped_vocabulary()
    assert len(vocabulary.concepts) == 21
    assert "EquiFrame" in vocabulary.title["en"]
    assert "not the list of ESCAP's EPIC" in vocabulary.source
    by_name = [c.code for c in vocabulary.concepts if "by its name only" in c.question["en"]]
    assert len(by_name) == 14
    assert "protection" not in by_name


def test_vocabulary_is_written_and_read_again_without_loss(tmp_path):
    path = tmp_path / "words.toml"
    path.write_bytes(vocabulary_toml(shipped_vocabulary()))
    assert read_vocabulary(path) == shipped_vocabulary()


def test_vocabulary_of_odd_words_is_written_and_read_again(tmp_path):
    own = Vocabulary(
        id="own",
        title={"en": 'A "list"\x7f'},
        source="Ministry",
        groups=(
            TargetGroup(code="a", title={"en": "A"}, terms={"en": ("a*",)}, breakdowns=("x",)),
        ),
        concepts=(
            Concept(code="c", title={"en": "C"}, question={"en": "C?"}, dimension="economic",
                    terms={"tiếng việt": ("nữ",)}),
        ),
    )  # fmt: skip
    path = tmp_path / "own.toml"
    path.write_bytes(vocabulary_toml(own))
    assert read_vocabulary(path) == own


GROUP = '[[groups]]\ncode = "a"\ntitle.en = "A"\nterms.en = ["a"]\n'
CONCEPT = '[[concepts]]\ncode = "c"\ntitle.en = "C"\nquestion.en = "C?"\nterms.en = ["c"]\n'


@pytest.mark.parametrize(
    ("text", "groups", "concepts"),
    [(GROUP, 1, 21), (CONCEPT, None, 1), (GROUP + CONCEPT, 1, 1), ("", None, 21)],
)
def test_vocabulary_file_replaces_groups_concepts_or_both(tmp_path, text, groups, concepts):
    path = tmp_path / "own.toml"
    path.write_text(f'id = "own"\ntitle.en = "Own"\nsource = "Us"\n{text}')
    found = read_vocabulary(path)
    assert found.id == "own"
    assert len(found.groups) == (groups or len(shipped_vocabulary().groups))
    assert len(found.concepts) == concepts


def test_vocabulary_file_tells_every_fault_at_once(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        f'id = "own"\ntitle.en = "Own"\nsource = "Us"\nsauce = 1\n{GROUP}parent = "b"\n'
        '[[groups]]\ncode = "a"\ntitle.en = "Again"\nterms.en = [" "]\ndimension = "odd"\n'
    )
    with pytest.raises(InputError) as caught:
        read_vocabulary(path)
    assert [(problem.where, problem.found) for problem in caught.value.problems] == [
        ("line 4, sauce", "a key that is not known"),
        ("line 9, group 1 (code a), parent", "'b'"),
        ("line 11, group 2 (code a), code", "'a' again, first in entry 1"),
        ("line 13, group 2 (code a), terms, en", "[' ']"),
        ("line 14, group 2 (code a), dimension", "'odd'"),
    ]


def test_vocabulary_file_with_a_broken_tree_is_told(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(f'id = "own"\ntitle.en = "Own"\nsource = "Us"\n{GROUP}parent = "b"\n{GROUP}')
    with pytest.raises(InputError) as caught:
        read_vocabulary(path)
    text = str(caught.value)
    assert "found 'b', expected the code of another group in this list" in text
    assert "found 'a' again, first in entry 1, expected each code once" in text


def test_vocabulary_file_that_does_not_exist_is_told(tmp_path):
    with pytest.raises(NotFound):
        read_vocabulary(tmp_path / "none.toml")
