from everycount.index.derivation import derivation_order
from everycount.index.nodes import Derivation, ScoredIndicator


def derived(**formulas):
    return [
        ScoredIndicator(
            code=code,
            parent="index",
            derive=None if text is None else Derivation(kind="formula", formula=text),
        )
        for code, text in formulas.items()
    ]


def test_each_after_those_it_is_derived_from():
    assert derivation_order(derived(a="b * 2", b="c + x", c="x", d=None)) == ([2, 1, 0], [])


def test_those_in_a_circle():
    assert derivation_order(derived(a="b", b="a", c="x")) == ([2], [0, 1])
