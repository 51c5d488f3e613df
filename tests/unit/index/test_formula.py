import numpy as np
import pytest

from everycount.index.formula import LONGEST, FormulaError, read_formula

X = np.array([4.0, 9.0, np.nan])
Y = np.array([1.0, -1.0, 2.0])


def evaluate(text, **figures):
    return read_formula(text).evaluate(figures)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x + y", [5, 8, np.nan]),
        ("x - y", [3, 10, np.nan]),
        ("x * y", [4, -9, np.nan]),
        ("x / y", [4, -9, np.nan]),
        ("y ** 2", [1, 1, 4]),
        ("-y", [-1, 1, -2]),
        ("+y", [1, -1, 2]),
        ("(x + y) * 2", [10, 16, np.nan]),
        ("sqrt(x)", [2, 3, np.nan]),
        ("exp(y - y)", [1, 1, 1]),
        ("log(exp(y))", [1, -1, 2]),
        ("min(x, y, 3)", [1, -1, np.nan]),
        ("max(y, 1.5)", [1.5, 1.5, 2]),
        ("mean(x, y)", [2.5, 4, np.nan]),
        ("gmean(x, y)", [2, np.nan, np.nan]),
        ("hmean(x, y)", [1.6, np.nan, np.nan]),
    ],
)
def test_arithmetic_goes_cell_by_cell_and_missing_stays_missing(text, expected):
    formula = read_formula(text)
    figures = {"x": X, "y": Y}
    found = formula.evaluate({name: figures[name] for name in formula.names})
    np.testing.assert_allclose(found, expected)


@pytest.mark.parametrize(
    "text", ["1 / (y - y)", "log(0 - y * y)", "sqrt(0 - y * y)", "exp(y * 1e6)"]
)
def test_no_finite_result_is_missing(text):
    assert np.isnan(evaluate(text, y=np.array([1.0]))).all()


def test_a_formula_without_names_has_one_result():
    assert evaluate("2 * 3").tolist() == [6]


def test_names_in_order_of_appearance_each_once():
    assert read_formula("b + a * b").names == ("b", "a")


def test_quoted_names_may_be_anything_but_a_quote():
    formula = read_formula("`1a` + `women, %` + plain")
    assert formula.names == ("1a", "women, %", "plain")
    ones = np.ones(1)
    assert formula.evaluate({"1a": ones, "women, %": 2 * ones, "plain": 3 * ones}).tolist() == [6]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("'women' + 1", "holds 'women', which is not a number"),
        ("True + 1", "holds True, which is not a number"),
        ("1e400 + x", "a number too large to compute with"),
        ("open(x)", "calls 'open'; a formula may hold names, numbers"),
        ("x.real", "'x.real': a name with a dot stands in back quotes, `x.real`"),
        ("x[0]", "holds 'x[0]'"),
        ("`1a`[0]", "holds '`1a`[0]'"),
        ("x < y", "holds 'x < y'"),
        ("x % y", "holds 'x % y'"),
        ("not x", "holds 'not x'"),
        ("min()", "gives min 0 figures; it takes at least one figure"),
        ("sqrt(x, y)", "gives sqrt 2 figures; it takes one figure"),
        ("mean(*x)", "holds '*x'"),
        ("mean(x, axis=0)", "holds 'mean(x, axis=0)'"),
        ("_quoted_0_ + 1", "holds '_quoted_0_'; choose another name"),
        ("x +", "does not read as arithmetic"),
        ("", "does not read as arithmetic"),
        ("x" + " + x" * LONGEST, "characters; 2000 is the most"),
        ("-" * (LONGEST - 1) + "1", "operations within one another; 400 is the most"),
        ("(" * 900 + "1" + ")" * 900, "…' does not read as arithmetic"),
    ],
)
def test_anything_else_is_refused_in_words(text, found):
    with pytest.raises(FormulaError) as raised:
        read_formula(text)
    assert found in str(raised.value)


def test_a_sum_of_many_is_read_and_computed():
    names = [f"n{k}" for k in range(390)]
    formula = read_formula("+".join(names))
    assert formula.evaluate(dict.fromkeys(names, np.ones(2))).tolist() == [390, 390]


def test_a_code_that_is_no_word_is_told_how_to_stand():
    with pytest.raises(FormulaError, match="back quotes, such as `1a`"):
        read_formula("1a / 1b")
