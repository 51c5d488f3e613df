import tomllib

from everycount.io.toml_lines import find_lines

TEXT = '''\
# a comment = 1
title = "a [b] # c"   # more
"quoted key" . 'x' = 1979-05-27 07:32:00
long = """
[not a table]
x = 1 "" \\"""
"""
raw = \'\'\'
# no
\'\'\'

[tree]
a.b = { c = 1, "d" = [ 2, # two
  { e = true }, [3] ], f = {} }

[[item]]
code = '[['
[[item.part]]
x = 1
[[item.part]]
  x = [
    1,

    2,
  ]
[item.last]
y = []
[[item]]
[item.part.deep]
z = -1.5e3
'''


def test_every_place_has_its_line():
    tomllib.loads(TEXT)
    lines = find_lines(TEXT)
    assert {path: line for path, line in lines.items() if len(path) > 1} == {
        ("quoted key", "x"): 3,
        ("tree", "a"): 13,
        ("tree", "a", "b"): 13,
        ("tree", "a", "b", "c"): 13,
        ("tree", "a", "b", "d"): 13,
        ("tree", "a", "b", "d", 0): 13,
        ("tree", "a", "b", "d", 1): 14,
        ("tree", "a", "b", "d", 1, "e"): 14,
        ("tree", "a", "b", "d", 2): 14,
        ("tree", "a", "b", "d", 2, 0): 14,
        ("tree", "a", "b", "f"): 14,
        ("item", 0): 16,
        ("item", 0, "code"): 17,
        ("item", 0, "part"): 18,
        ("item", 0, "part", 0): 18,
        ("item", 0, "part", 0, "x"): 19,
        ("item", 0, "part", 1): 20,
        ("item", 0, "part", 1, "x"): 21,
        ("item", 0, "part", 1, "x", 0): 22,
        ("item", 0, "part", 1, "x", 1): 24,
        ("item", 0, "last"): 26,
        ("item", 0, "last", "y"): 27,
        ("item", 1): 28,
        ("item", 1, "part"): 29,
        ("item", 1, "part", "deep"): 29,
        ("item", 1, "part", "deep", "z"): 30,
    }
    assert {path[0]: line for path, line in lines.items() if len(path) == 1} == {
        "title": 2,
        "quoted key": 3,
        "long": 4,
        "raw": 8,
        "tree": 12,
        "item": 16,
    }


def test_windows_line_ends():
    assert find_lines("a = 1\r\nb = 2\r\n") == {("a",): 1, ("b",): 2}
