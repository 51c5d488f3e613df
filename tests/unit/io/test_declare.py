import datetime as dt
from dataclasses import dataclass, field
from typing import Annotated, Literal

import pytest
from annotated_types import Gt

from everycount.errors import InputError
from everycount.io import declare
from everycount.model.strict import STRICT, Faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """From low to high."""

    __pydantic_config__ = STRICT
    low: float
    high: float

    def __post_init__(self):
        if self.low > self.high:
            raise ValueError("found low above high, expected low up to high")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    __pydantic_config__ = STRICT
    do: Literal["rank"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Impute:
    __pydantic_config__ = STRICT
    do: Literal["impute", "fill"]
    method: Literal["mean", "median"]
    limit: int = 0
    """How far."""


Step = Rank | Impute


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    __pydantic_config__ = STRICT
    code: str
    """The code."""
    best: float | Literal["min", "max"] | Interval | tuple[float, float] | list[str] | None = None
    children: tuple["Node", ...] = ()
    positive: Annotated[float, Gt(0)] = 1.0
    scores: dict[str, float] = field(default_factory=dict)
    names: dict[Annotated[str, Gt("A")], int] | None = None
    since: dt.date | None = None
    at: dt.time | None = None
    tags: frozenset[str] = frozenset({"x"})
    interval: Interval = field(default_factory=lambda: Interval(low=0, high=1))

    def __post_init__(self):
        if self.code == "bad":
            raise Faults([(("best",), "1", "2"), (("children", 0), "3", "4")])
        if self.code == "worse":
            raise ValueError("the code is worse")


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    __pydantic_config__ = STRICT
    title: str
    """What people read."""
    node: tuple[Node, ...] = ()
    steps: tuple[Step, ...] = ()
    countries: tuple[str, ...] = ()
    given: Rank | None = None


def problems(text, kind=Method):
    with pytest.raises(InputError) as caught:
        declare.read(text, kind, subject="m.toml")
    return [str(problem) for problem in caught.value.problems]


def test_declaration_that_is_right():
    text = """
    title = "x"
    [[node]]
    code = "1"
    best = [1, 2.5]
    since = 2019-12-31
    at = 12:30:00
    [[node]]
    code = "2"
    best = { low = 1, high = 2 }
    children = [{ code = "3", best = "min" }]
    [[steps]]
    do = "fill"
    method = "mean"
    """
    got = declare.read(text.encode(), Method, subject="m.toml")
    assert got.node[0].best == (1, 2.5)
    assert got.node[0].since == dt.date(2019, 12, 31)
    assert got.node[0].at == dt.time(12, 30)
    assert got.node[1].best == Interval(low=1, high=2)
    assert got.node[1].children[0].code == "3"
    assert got.steps == (Impute(do="fill", method="mean"),)


def test_every_fault_with_its_line():
    text = """titel = "x"
[[node]]
code = 5
best = "middle"
[[node]]
code = "2"
best = [1, "2"]
scores = { a = "x", b = inf }
[[node]]
best = { low = "0" }
children = [
  { code = "3a", wosrt = 1 },
  { code = "3b", best = { low = 3, high = 2 } },
]
[[steps]]
do = "imptue"
[[steps]]
do = "impute"
method = "mode"
limits = 2
[[steps]]
do = ["rank"]
[[steps]]
"""
    assert problems(text) == [
        "title: found nothing, expected text",
        "line 1, titel: found a key that is not known, expected one of title, node, steps,"
        " countries, given; nearest is title",
        "line 3, node 1 (code 5), code: found 5, expected text",
        "line 4, node 1 (code 5), best: found 'middle', expected a number or one of 'min', 'max'"
        " or a table with low, high or a list of 2: a number, a number or a list of texts",
        "line 7, node 2 (code 2), best, item 2: found '2', expected a number",
        "line 8, node 2 (code 2), scores, a: found 'x', expected a number",
        "line 8, node 2 (code 2), scores, b: found inf, expected a finite number",
        "line 9, node 3, code: found nothing, expected text",
        "line 10, node 3, best, low: found '0', expected a number",
        "line 10, node 3, best, high: found nothing, expected a number",
        "line 12, node 3, child 1 (code 3a), wosrt: found a key that is not known, expected one"
        " of code, best, children, positive, scores, names, since, at, tags, interval",
        "line 13, node 3, child 2 (code 3b), best: found low above high, expected low up to high",
        "line 16, step 1 (do imptue), do: found 'imptue', expected one of rank, impute, fill;"
        " nearest is impute",
        "line 19, step 2 (do impute), method: found 'mode', expected one of 'mean', 'median'",
        "line 20, step 2 (do impute), limits: found a key that is not known, expected one of do,"
        " method, limit; nearest is limit",
        "line 22, step 3, do: found a list of 1, expected one of rank, impute, fill",
        "line 23, step 4, do: found nothing, expected one of rank, impute, fill",
    ]


def test_values_of_the_wrong_kind():
    text = """title = "x"
node = 3
countries = ["VNM", 4]
steps = [3, []]
given = "x"
"""
    assert problems(text) == [
        "line 2, node: found 3, expected a list, each a table with code",
        "line 3, countries, item 2: found 4, expected text",
        "line 4, steps, item 1: found 3, expected a table with do = one of 'rank', 'impute',"
        " 'fill'",
        "line 4, steps, item 2: found an empty list, expected a table with do = one of 'rank',"
        " 'impute', 'fill'",
        "line 5, given: found 'x', expected a table with do",
    ]


def test_what_tables_find_in_themselves():
    text = """title = "x"
[[node]]
code = "bad"
best = 1
[[node]]
code = "worse"
"""
    assert problems(text) == [
        "line 2, node 1 (code bad), children, item 1: found 3, expected 4",
        "line 4, node 1 (code bad), best: found 1, expected 2",
        "line 5, node 2 (code worse): found the code is worse, expected a declaration without"
        " this fault",
    ]


def test_constraints_and_keys_in_the_words_of_pydantic():
    assert problems('code = "1"\npositive = -1\nnames = { " " = 1 }\n', Node) == [
        "line 2, positive: found -1, expected greater than 0",
        "line 3, names,  : found the key ' ', expected greater than A",
    ]


def test_fault_of_the_whole():
    assert problems("low = 2\nhigh = 1\n", Interval) == [
        "file: found low above high, expected low up to high"
    ]


def test_names_of_items():
    @dataclass(frozen=True, kw_only=True)
    class Lists:
        __pydantic_config__ = STRICT
        policies: tuple[Rank, ...]
        glass: tuple[Rank, ...]

    assert problems("policies = [{}]\nglass = [{}]", Lists) == [
        "line 1, policy 1, do: found nothing, expected 'rank'",
        "line 2, glas 1, do: found nothing, expected 'rank'",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("title = = 1", "line 1, column 9: found 'title = = 1' (invalid value), expected TOML,"),
        (
            "a = 1\na = 2\n",
            "line 2, column 6: found a key or table that stands twice, expected each once",
        ),
        ("[a]\n[a]\n", "line 2, column 3: found a key or table that stands twice"),
        ("a = 'x\n", 'line 1: found "a = \'x"'),
        ("a = 1\n\n[[b", "line 3: found '[[b' ("),
        ("a = " + "9" * 5000, "file: found a number with thousands of digits"),
    ],
)
def test_text_that_is_not_toml(text, problem):
    [found] = problems(text)
    assert found.startswith(problem)


def test_wrong_encoding():
    with pytest.raises(InputError, match="Windows-1252"):
        declare.read("title = 'é'".encode("cp1252"), Method, subject="m.toml")


def test_a_byte_order_mark_is_no_fault():
    source = 'title = "é"'.encode("utf-8-sig")
    assert declare.read(source, Method, subject="m.toml").title == "é"


def test_schema_is_of_2020():
    schema = declare.schema(Method)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["properties"]["title"]["description"] == "What people read."
    assert schema["additionalProperties"] is False


def test_describe_has_a_row_for_each_key():
    rows = {row.path: row for row in declare.describe(Method)}
    assert list(rows) == [
        "title",
        "node",
        "node[].code",
        "node[].best",
        "node[].best.low",
        "node[].best.high",
        "node[].children",
        "node[].positive",
        "node[].scores",
        "node[].names",
        "node[].since",
        "node[].at",
        "node[].tags",
        "node[].interval",
        "node[].interval.low",
        "node[].interval.high",
        "steps",
        "steps[do=rank].do",
        "steps[do=impute|fill].do",
        "steps[do=impute|fill].method",
        "steps[do=impute|fill].limit",
        "countries",
        "given",
        "given.do",
    ]
    assert rows["title"].default == "required"
    assert rows["given"].default == "none"
    assert rows["node[].positive"].default == "1.0"
    assert rows["node[].scores"].default == "an empty table"
    assert rows["node[].scores"].type == "a table of names, each with a number"
    assert rows["node[].tags"].default == "'x'"
    assert rows["node[].interval"].default == "a table with the defaults below"
    assert rows["node[].code"].description == "The code."
    assert rows["steps[do=impute|fill].limit"].description == "How far."
    assert rows["node[].since"].type == "a date such as 2019-12-31"


def test_brackets_nested_too_deeply():
    with pytest.raises(InputError, match="file: found brackets nested too deeply to be read"):
        declare.read(f"low = {'[' * 5000}1{']' * 5000}", Interval, subject="a.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Intervals, checked on their own and together."""

    __pydantic_config__ = STRICT
    parts: tuple[Interval, ...]
    name: str = ""

    def __post_init__(self):
        if len(self.parts) < 2:
            raise Faults([(("parts",), str(len(self.parts)), "2 or more")])


def test_beside_a_misspelt_key_what_tables_find_wrong_in_themselves():
    text = """nmae = "x"
parts = [{ low = 2, high = 1 }, { low = 1, hgih = 2 }]
"""
    with pytest.raises(InputError) as raised:
        declare.read(text, Scale, subject="a.toml")
    assert [(problem.where, problem.found) for problem in raised.value.problems] == [
        ("line 1, nmae", "a key that is not known"),
        ("line 2, part 1", "low above high"),
        ("line 2, part 2, high", "nothing"),
        ("line 2, part 2, hgih", "a key that is not known"),
    ]
    with pytest.raises(InputError) as raised:
        declare.read('nmae = "x"\nparts = [{ low = 1, high = 2 }]\n', Scale, subject="a.toml")
    assert [problem.found for problem in raised.value.problems] == ["a key that is not known", "1"]


class Whole(Scale):
    """A scale that says of a faulty file what is wrong across its parts."""

    __pydantic_config__ = STRICT

    @staticmethod
    def outline_faults(declared):
        return [(("parts",), "few", "many")] if len(declared["parts"]) < 2 else []


def test_a_kind_with_an_outline_judges_the_file_as_it_is():
    with pytest.raises(InputError) as raised:
        declare.read('nmae = "x"\nparts = [{ low = 1, high = 2 }]\n', Whole, subject="a.toml")
    assert [problem.found for problem in raised.value.problems] == [
        "a key that is not known",
        "few",
    ]
