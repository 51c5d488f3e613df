"""Lines are found and text is refused in words, whatever a TOML file holds."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from everycount.errors import InputError
from everycount.io import declare
from everycount.io.toml_lines import find_lines
from everycount.model.layout import Layout

KEYS = st.from_regex(r"[a-z]{1,3}", fullmatch=True)
SCALARS = st.sampled_from(
    ["1", "-1.5e3", '"a # ] }"', "'''x\n[y]\n'''", '"""q "" \\""""', "true", "1979-05-27", "inf"]
)
GAPS = st.sampled_from(["", " ", "\n", " # note ] \n"])


@st.composite
def values(draw, depth=2):
    if depth == 0 or draw(st.booleans()):
        return draw(SCALARS)
    items = draw(st.lists(values(depth=depth - 1), max_size=3))
    gap = draw(GAPS)
    if draw(st.booleans()):
        return f"[{gap}{f'{gap},{gap}'.join(items)}{gap}]"
    keys = draw(st.lists(KEYS, min_size=len(items), max_size=len(items), unique=True))
    return "{ " + ", ".join(f"{key} = {item}" for key, item in zip(keys, items, strict=True)) + " }"


@st.composite
def documents(draw):
    text = ""
    for table in draw(st.lists(KEYS, max_size=3)):
        text += draw(GAPS)
        text += f"\n[[t.{table}]]\n"
        for key in draw(st.lists(KEYS, max_size=3, unique=True)):
            text += f"{key} = {draw(values())}\n"
    return text


def places(value, path=()):
    if path:
        yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, below in pairs:
        if isinstance(below, dict | list):
            yield from places(below, (*path, key))
        else:
            yield (*path, key)


@given(documents())
def test_every_place_of_every_document_has_a_line(text):
    lines = find_lines(text)
    assert set(places(tomllib.loads(text))) == set(lines)
    written = text.split("\n")
    for path, line in lines.items():
        if isinstance(path[-1], str):
            assert path[-1] in written[line - 1]


@given(documents() | st.text('ab =[]{}"\n#1', max_size=30))
def test_any_text_is_read_or_refused_in_words(text):
    problems = ()
    try:
        declare.read(text, Layout, subject="a.toml")
    except InputError as error:
        problems = error.problems
    assert all(problem.found and problem.expected for problem in problems)
