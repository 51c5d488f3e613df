"""Program: how large or small a hidden figure can be, by linear and integer programming (HiGHS)."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import connected_components

from everycount.arrays.bounds import Knowledge, sums_of_figures
from everycount.arrays.lattice import Flags, Ints, Lattice, cells_above, incidence, lines, possible

Array = NDArray[np.float64]

TOLERANCE: Final = 1e-6
"""By how much a bound may be off: HiGHS keeps rows, columns and whole numbers to 1e-7 and 1e-6."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Program:
    """All tables that agree with what is known: `matrix @ x` and x lie between their bounds.

    Figure f of cell c is row `f * cells + c` of `figures @ x + constant`. Columns and rows with
    the same number of `column_part` and `row_part` hang together; each part can be solved alone.
    """

    matrix: sparse.csr_array
    low: Array
    high: Array
    least: Array
    most: Array
    figures: sparse.csr_array
    constant: Array
    column_part: Ints
    row_part: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solution:
    """What a figure cannot exceed, and a table that comes near: the values of some columns.

    `bound` is None where time ran out before anything was proven; without a table `columns` is
    empty.
    """

    bound: float | None
    columns: Ints
    values: Array


def program_of_sums(lattice: Lattice, knowledge: Knowledge) -> Program:
    """Return the relaxation whose unknowns are the hidden figures of cells, tied by sums alone.

    Every table of respondents fulfils it, but not every solution is a table of respondents: it can
    prove that a figure leaks and never that it is safe.
    """
    parent, start, child = sums_of_figures(lattice, len(knowledge.low))
    low, high = knowledge.low.ravel(), knowledge.high.ravel()
    rows = np.concatenate(
        [np.repeat(np.arange(parent.size), np.diff(start)), np.arange(parent.size)]
    )
    ones = np.concatenate([np.ones(child.size), -np.ones(parent.size)])
    columns = np.concatenate([child, parent])
    sums = sparse.csr_array((ones, (rows, columns)), shape=(parent.size, low.size))
    free = np.flatnonzero(high > low)
    constant = np.where(high > low, 0.0, low)
    side = -(sums @ constant)
    identity = sparse.csr_array(sparse.eye_array(low.size, format="csc")[:, free])
    return _program(
        sparse.csr_array(sums[:, free]),
        identity,
        constant,
        sides=(side, side),
        limits=(low[free], high[free]),
    )


def joint_program(
    lattice: Lattice, published: Knowledge, tightened: Knowledge
) -> tuple[Program, Ints, Ints]:
    """Return the program whose unknowns are the respondents of all joint cells.

    Its solutions in whole numbers are all tables that agree with what is published.

    Returns
    -------
    Program
    ndarray of int, shape (columns,)
        The layer of each column.
    ndarray of int, shape (columns,)
        Its joint cell.
    """
    layers = max(1, len(published.low) - 1)
    joints = [possible(lattice, tightened.high[k] == 0) for k in range(layers)]
    blocks = [incidence(lattice, joint) for joint in joints]
    kinds = [sparse.block_diag(blocks, format="csr")]
    if layers > 1:
        kinds.append(sparse.hstack(blocks, format="csr"))
    figures = sparse.csr_array(sparse.vstack(kinds, format="csr"), dtype=float)
    told = (published.high < published.endless / 2) & ~_implied(lattice, published)
    rows = np.flatnonzero(told.ravel())
    most = [
        tightened.high[k][cells_above(lattice, joint)].min(axis=1) for k, joint in enumerate(joints)
    ]
    program = _program(
        sparse.csr_array(figures[rows]),
        figures,
        np.zeros(figures.shape[0]),
        sides=(published.low.ravel()[rows], published.high.ravel()[rows]),
        limits=(np.zeros(figures.shape[1]), np.concatenate(most)),
    )
    layer = np.repeat(np.arange(layers), [joint.size for joint in joints])
    return program, layer, np.concatenate(joints)


def _implied(lattice: Lattice, published: Knowledge) -> Flags:
    """Say which figures are the sum of others that are published as they are."""
    own = lines(lattice)
    exact = published.low == published.high
    result = np.zeros(exact.shape, bool)
    if own.parent.size:
        for figure, known in enumerate(exact):
            result[figure, own.parent] = np.logical_and.reduceat(known[own.child], own.start[:-1])
    if len(exact) > 1:
        result[-1] |= exact[:-1].all(axis=0)
    return result


def _program(
    matrix: sparse.csr_array,
    figures: sparse.csr_array,
    constant: Array,
    *,
    sides: tuple[Array, Array],
    limits: tuple[Array, Array],
) -> Program:
    """Find the parts that hang together, and leave out rows without unknowns."""
    told = np.flatnonzero(np.diff(matrix.indptr))
    matrix = sparse.csr_array(matrix[told])
    rows, columns = matrix.shape
    at = matrix.tocoo()
    links = sparse.coo_array(
        (np.ones(at.nnz), (at.coords[0], at.coords[1] + rows)), shape=(rows + columns,) * 2
    )
    parts = np.asarray(connected_components(links, directed=False)[1], np.int64)
    return Program(
        matrix=matrix,
        low=sides[0][told],
        high=sides[1][told],
        least=limits[0],
        most=limits[1],
        figures=figures,
        constant=constant,
        column_part=parts[rows:],
        row_part=parts[:rows],
    )


def furthest(
    program: Program,
    figure: int,
    direction: Literal[1, -1],
    *,
    unknowns: Literal["whole", "any"],
    seconds: float,
) -> Solution:
    """Find the largest (direction 1) or smallest value that a figure can have.

    Parameters
    ----------
    program : Program
    figure : int
        Row of `program.figures`.
    direction : {1, -1}
    unknowns : {"whole", "any"}
        Whether x is in whole numbers. A bound is proven in either case, also where time ran out.
    seconds : float
        Time at most.
    """
    row = program.figures[[figure]]
    parts = np.unique(program.column_part[row.indices])
    columns = np.flatnonzero(np.isin(program.column_part, parts))
    rows = np.flatnonzero(np.isin(program.row_part, parts))
    constant = float(program.constant[figure])
    if not columns.size:
        return Solution(bound=constant, columns=columns, values=np.empty(0))
    objective = row.toarray().ravel()[columns]
    found = milp(
        -direction * objective,
        integrality=np.full(columns.size, int(unknowns == "whole")),
        bounds=Bounds(program.least[columns], program.most[columns]),
        constraints=LinearConstraint(
            program.matrix[rows][:, columns], program.low[rows], program.high[rows]
        ),
        options={"time_limit": max(seconds, 0.01), "mip_rel_gap": 0.0},
    )
    proven = found.mip_dual_bound if unknowns == "whole" else None
    if found.status == 0:
        proven = found.fun
    bound = None if proven is None or not np.isfinite(proven) else constant - direction * proven
    if found.x is None:
        return Solution(bound=bound, columns=columns[:0], values=np.empty(0))
    return Solution(bound=bound, columns=columns, values=found.x)
