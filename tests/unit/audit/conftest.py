"""A small index, and what an audit needs of it."""

import numpy as np
import pytest

TREE = """
groups = [
  { code = "index" },
  { code = "g", parent = "index" },
  { code = "h", parent = "index", weight = 2 },
]
indicators = [
  { code = "a", parent = "g", worst = 0, best = 100 },
  { code = "b", parent = "g", worst = 0, best = 100, weight = 3 },
  { code = "c", parent = "h", worst = 100, best = 0 },
  { code = "d", parent = "h", worst = 0, best = 100 },
  { code = "e", parent = "h", worst = 0, best = 100 },
]
"""
STEPS = """
steps = [
  { do = "normalise", method = "goalposts", scale = [1, 100] },
  { do = "aggregate", missing = "renormalise" },
]
"""
FIGURES = """unit,a,b,c,d,e
U1,12,34,56,78,90
U2,80,70,60,50,40
U3,15,85,25,75,35
U4,62,,81,44,97
U5,31,41,59,26,53
U6,97,93,23,84,62
U7,5,,,9,14
"""


@pytest.fixture(scope="session")
def tree():
    return TREE


@pytest.fixture(scope="session")
def steps():
    return STEPS


@pytest.fixture(scope="session")
def figures():
    return FIGURES


def assumption(**keys):
    """Return an assumption as TOML."""
    return f"\n[[audit.assumptions]]\n{lines(keys)}"


def lines(keys):
    return "".join(f"{key} = {written(value)}\n" for key, value in keys.items())


def written(value):
    match value:
        case bool():
            return str(value).lower()
        case str():
            return '"' + value + '"'
        case dict():
            return "{ " + ", ".join(f'"{k}" = {written(v)}' for k, v in value.items()) + " }"
        case list() | tuple():
            return "[" + ", ".join(written(each) for each in value) + "]"
        case _:
            return str(value)


@pytest.fixture(scope="session")
def vary():
    """Return an assumption as TOML, from its keys."""
    return assumption


@pytest.fixture(scope="session")
def plan():
    """Return the table of an audit as TOML, from its keys."""
    return lambda **keys: f"\n[audit]\n{lines(keys)}"


@pytest.fixture(scope="session")
def builds_of(method_of, observations_of):
    """Make the builds of a method (TOML) and figures (CSV)."""
    from everycount.audit.builds import Builds
    from everycount.audit.erring import read_errors
    from everycount.index.build import build
    from everycount.index.figures import lay_out
    from everycount.io.units import parse_units
    from everycount.model.units import Units

    def make(text, data=FIGURES, units=None):
        method = method_of(text)
        observations = observations_of(data, method)
        about = Units() if units is None else parse_units(units.encode(), name="units.csv")
        result = build(method, observations, about)
        laid_out = lay_out(method, observations, about)
        nodes = [result.state.tree.position(n) for n in method.audit.nodes or ("index",)]
        errors = read_errors(method, laid_out, observations, about)
        return Builds(result, laid_out, nodes, errors)

    return make


@pytest.fixture(scope="session")
def scores_of(index_of):
    """Return the scores of the top of an index that is built on its own."""
    return lambda text, data=FIGURES: index_of(text, data).score


@pytest.fixture(scope="session")
def drawn():
    """Draw the choices of builds."""
    from everycount.audit.draws import sample

    def draw(builds, count, *, seed=1, stream=0):
        weights = builds.result.state.weights
        return sample(builds.methodology, weights, count, seed=seed, stream=stream)

    return draw


@pytest.fixture(scope="session")
def chosen():
    """Return draws as declared but for the numbers given, by name of the assumption."""
    from everycount.audit.draws import Draws, declared

    def choose(builds, count=None, **numbers):
        named = {name.replace("_", " "): np.atleast_1d(each) for name, each in numbers.items()}
        size = count or max([len(each) for each in named.values()], default=1)
        plain = declared(builds.methodology, builds.result.state.weights, size)
        wide = {name: np.broadcast_to(each, size) for name, each in named.items()}
        return Draws(count=size, numbers={**plain.numbers, **wide}, weights=plain.weights)

    return choose


@pytest.fixture(scope="session")
def audit_of(method_of, observations_of):
    """Audit a method (TOML) and figures (CSV)."""
    from everycount.audit.audit import audit
    from everycount.io.units import parse_units

    def make(text, data=FIGURES, units=None, **keys):
        method = method_of(text)
        about = None if units is None else parse_units(units.encode(), name="units.csv")
        return audit(method, observations_of(data, method), about, **keys)

    return make
