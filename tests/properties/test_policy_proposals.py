"""What holds for every proposal: its words stand in its clause, and nothing hangs on its form."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from everycount.io.vocabularies import shipped_vocabulary
from everycount.model.document import Document, Passage, Span
from everycount.policy.propose import propose

WORDS = {
    "en": "The State shall must promote equal wages for rural women girls Commission 60% by 2030 "
    "5-6% from 24 % in 2010 to half of the employers ; . : and at least 3 schools court fine may",
    "fr": "L'État doit garantir l'égalité des femmes rurales filles 5,5 % d'ici 2030 "
    "de à la moitié . ; :",
    "es": "El Estado deberá promover la igualdad de mujeres niñas 12,5 % en 2030 del al la "
    "mitad . ; :",
    "vi": "Nhà nước phải bảo đảm bình đẳng phụ nữ nông thôn trẻ em gái 5,5% năm 2030 từ lên . ; :",
}


@st.composite
def documents(draw):
    language = draw(st.sampled_from(sorted(WORDS)))
    words = st.sampled_from(WORDS[language].split(" "))
    texts = draw(st.lists(st.lists(words, max_size=14).map(" ".join), min_size=1, max_size=4))
    form = draw(st.sampled_from(["NFC", "NFD"]))
    passages = []
    for at, text in enumerate(texts):
        nested = at and draw(st.booleans())
        passages.append(
            Passage(
                number=f"1.{at}" if nested else str(at + 1), label="",
                kind=draw(st.sampled_from(["clause", "row"])),
                heading=unicodedata.normalize(form, draw(words)),
                parent="1" if nested else "",
                text=unicodedata.normalize(form, text), spans=(Span(page=1, start=0, end=1),),
            )
        )  # fmt: skip
    return Document(name="act", digest="", language=language, pages=("",), passages=tuple(passages))


def causes(issue):
    yield from issue.causes
    for tag in (*issue.groups, *issue.concepts):
        yield from tag.causes
    yield from (target.words for target in issue.targets)


@given(documents())
def test_every_cause_is_what_stands_in_its_passage(document):
    by_number = {passage.number: passage for passage in document.passages}
    for issue in propose(document, shipped_vocabulary()):
        for cause in causes(issue):
            passage = by_number[cause.passage]
            text = passage.heading if cause.part == "heading" else passage.text
            assert text[cause.start : cause.end] == cause.words != ""


@given(documents())
def test_proposals_do_not_hang_on_the_unicode_form(document):
    def composed(text):
        return unicodedata.normalize("NFC", text)

    other = Document(
        name="act", digest="", language=document.language, pages=("",),
        passages=tuple(
            Passage(
                number=p.number, kind=p.kind, label="", heading=composed(p.heading),
                text=composed(p.text), spans=p.spans, parent=p.parent,
            )
            for p in document.passages
        ),
    )  # fmt: skip
    one, two = (propose(each, shipped_vocabulary()) for each in (document, other))
    assert [composed(issue.action) for issue in one] == [issue.action for issue in two]
    for a, b in zip(one, two, strict=True):
        assert [tag.code for tag in a.groups] == [tag.code for tag in b.groups]
        assert [t.value for t in a.targets] == [t.value for t in b.targets]
        assert a.breakdowns == b.breakdowns
