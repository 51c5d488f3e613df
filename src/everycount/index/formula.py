"""Formulas: a small arithmetic over named figures, checked word by word before it runs."""

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from everycount.arrays.aggregate import arithmetic, geometric, harmonic

Array = NDArray[np.float64]

SHOWN = 80  # characters of a formula in a message
DEEPEST = 400  # operations within one another; Python gives up at about 1000
LONGEST = 2000  # characters; a formula longer than this is a programme, and parsing it costs stack
GRAMMAR = (
    "names, numbers, + - * / **, brackets and the functions "
    "min, max, sqrt, log, exp, mean, gmean, hmean; "
    "a name that is not a plain word stands in back quotes, such as `1a`"
)
_QUOTED = re.compile(r"`([^`]*)`")
_KEPT = re.compile(r"_quoted_(\d+)_")  # what stands for a quoted name while Python reads the rest


class FormulaError(ValueError):
    """The text is not a formula. The message says what stands where."""


def _across(reduce: Callable[[Array], Array]) -> Callable[..., Array]:
    """Return a function of several figures that combines them cell by cell."""

    def apply(*figures: Array) -> Array:
        return reduce(np.stack(np.broadcast_arrays(*figures), axis=-1))

    return apply


def _mean_of(mean: Callable[..., Array]) -> Callable[[Array], Array]:
    def reduce(stacked: Array) -> Array:
        flat = stacked.reshape(-1, stacked.shape[-1])
        positive = np.where((flat > 0).all(axis=1, keepdims=True), flat, np.nan)
        used = flat if mean is arithmetic else positive
        weights = np.ones(flat.shape[1])
        return mean(used, weights, missing="propagate").reshape(stacked.shape[:-1])

    return reduce


# A result that is not a number (the log of -1, a division by nothing) is missing, never infinite.
_FUNCTIONS: dict[str, tuple[Callable[..., Array], int | None]] = {
    "min": (_across(lambda s: s.min(axis=-1)), None),
    "max": (_across(lambda s: s.max(axis=-1)), None),
    "mean": (_across(_mean_of(arithmetic)), None),
    "gmean": (_across(_mean_of(geometric)), None),
    "hmean": (_across(_mean_of(harmonic)), None),
    "sqrt": (np.sqrt, 1),
    "log": (np.log, 1),
    "exp": (np.exp, 1),
}
_OPERATORS: dict[type[ast.operator], Callable[[Array, Array], Array]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
}


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """A formula that has been read and found to hold nothing but arithmetic."""

    text: str
    names: tuple[str, ...]
    """What it needs, in order of appearance."""
    _body: ast.expr
    _quoted: tuple[str, ...]

    def evaluate(self, figures: Mapping[str, Array]) -> Array:
        """Compute the formula, cell by cell.

        Parameters
        ----------
        figures : mapping of name to ndarray, shape (n,)
            One array for each of `names`, each in its own unit. NaN is a missing value. Arrays of
            other shapes are taken too if NumPy can broadcast them.

        Returns
        -------
        ndarray, shape (n,)
            NaN where any figure is missing, or where the arithmetic has no finite result
            (division by zero, the logarithm or an even root of a negative number).

        Examples
        --------
        >>> read_formula("1 - harm / g").evaluate({"harm": np.array([0.5]), "g": np.array([1.0])})
        array([0.5])
        """
        shape = np.broadcast_shapes((1,), *(figures[name].shape for name in self.names))
        with np.errstate(all="ignore"):
            result = np.broadcast_to(self._value(self._body, figures), shape).astype(float)
        # A function such as max() of a missing and a known figure must stay missing.
        absent = np.zeros(shape, bool)
        for name in self.names:
            absent |= np.isnan(figures[name])
        return np.where(absent | ~np.isfinite(result), np.nan, result)

    def _value(self, node: ast.expr, figures: Mapping[str, Array]) -> Array:
        match node:
            case ast.Constant(value=number):
                return np.asarray(float(number))  # type: ignore[arg-type]  # checked when read
            case ast.Name(id=name):
                return figures[_name(name, self._quoted)]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return np.negative(self._value(operand, figures))
            case ast.UnaryOp(operand=operand):
                return self._value(operand, figures)
            case ast.BinOp(left=left, op=op, right=right):
                sides = self._value(left, figures), self._value(right, figures)
                return _OPERATORS[type(op)](*sides)
            case _:
                assert isinstance(node, ast.Call)
                assert isinstance(node.func, ast.Name)
                function = _FUNCTIONS[node.func.id][0]
                return function(*(self._value(each, figures) for each in node.args))


def read_formula(text: str) -> Formula:
    """Read a formula such as ``1 - harm / g``.

    A name that is not a plain word stands in back quotes: ```1a` + `women, %```. The grammar is
    names, numbers, ``+ - * / **``, brackets, and min, max, sqrt, log, exp, mean, gmean, hmean.

    Raises
    ------
    FormulaError
        If the text holds anything else.

    Examples
    --------
    >>> read_formula("gmean(`1a`, x) ** 2").names
    ('1a', 'x')
    """
    if len(text) > LONGEST:
        raise FormulaError(f"a formula of {len(text)} characters; {LONGEST} is the most")
    if own := _KEPT.search(text):
        raise FormulaError(f"{_shown(text)} holds {own[0]!r}; choose another name")
    quoted: list[str] = []

    def keep(found: re.Match[str]) -> str:
        quoted.append(found.group(1))
        return f"_quoted_{len(quoted) - 1}_"

    plain = _QUOTED.sub(keep, text).strip()
    names: dict[str, None] = {}
    try:
        body = ast.parse(plain, mode="eval").body
        if _depth(body) > DEEPEST:
            found = f"{_shown(text)} has {_depth(body)} operations within one another"
            raise FormulaError(f"{found}; {DEEPEST} is the most: mean, min and max take any number")
        _check(body, text, tuple(quoted), names)
    except FormulaError:
        raise
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError(
            f"{_shown(text)} does not read as arithmetic; it may hold {GRAMMAR}"
        ) from error
    return Formula(text, tuple(names), body, tuple(quoted))


def _shown(text: str) -> str:
    """Quote a formula for a message; of a long one its beginning."""
    return repr(text if len(text) <= SHOWN else text[: SHOWN - 1] + "…")


def _depth(body: ast.expr) -> int:
    """Return how many operations stand within one another."""
    deepest, waiting = 0, [(body, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        below = (each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr))
        waiting += [(each, depth + 1) for each in below]
    return deepest


def _name(identifier: str, quoted: tuple[str, ...]) -> str:
    found = _KEPT.fullmatch(identifier)
    return quoted[int(found.group(1))] if found else identifier


def _check(node: ast.expr, text: str, quoted: tuple[str, ...], names: dict[str, None]) -> None:
    """Walk the parsed text; add what it needs to `names`; refuse all that is not arithmetic."""
    match node:
        case ast.Constant(value=bool() | str() | bytes() | complex() | None):
            raise FormulaError(f"{_shown(text)} holds {node.value!r}, which is not a number")
        case ast.Constant(value=int() | float() as number):
            if not abs(number) < 1e300:
                raise FormulaError(f"{_shown(text)} holds a number too large to compute with")
        case ast.Name(id=identifier):
            names[_name(identifier, quoted)] = None
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            _check(operand, text, quoted, names)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            _check(left, text, quoted, names)
            _check(right, text, quoted, names)
        case ast.Call(func=ast.Name(id=function), args=args, keywords=[]):
            _check_call(function, args, text)
            for each in args:
                _check(each, text, quoted, names)
        case _:
            part = _KEPT.sub(lambda kept: f"`{quoted[int(kept[1])]}`", ast.unparse(node))
            if isinstance(node, ast.Attribute):
                raise FormulaError(f"{part!r}: a name with a dot stands in back quotes, `{part}`")
            raise FormulaError(f"{_shown(text)} holds {part!r}; a formula may hold {GRAMMAR}")


def _check_call(function: str, args: list[ast.expr], text: str) -> None:
    if function not in _FUNCTIONS:
        raise FormulaError(f"{_shown(text)} calls {function!r}; a formula may hold {GRAMMAR}")
    wanted = _FUNCTIONS[function][1]
    if not args or (wanted is not None and len(args) != wanted):
        count = "one figure" if wanted == 1 else "at least one figure"
        raise FormulaError(f"{_shown(text)} gives {function} {len(args)} figures; it takes {count}")
