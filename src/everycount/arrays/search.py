"""Search: for every confidential figure another table, and the cells that must be hidden for it.

A move that no published cell of the lattice notices cannot be undone by any of them: what is hidden
is proven while it is chosen, over all tables and margins at once. In one table the cells hidden are
the corners of a cube, as in the hypercube method ([1]_, [2]_); cubes are chosen by what they cost
and by the respondents that can be moved along them.

References
----------
.. [1] Repsilber, D. (1994), Preservation of confidentiality in aggregated data, second
   international seminar on statistical confidentiality, Luxembourg.
.. [2] Hundepool, A. et al. (2012), Statistical Disclosure Control, Wiley, chapter 4.
"""

from typing import Literal

import numpy as np

from everycount.arrays.lattice import Flags, Lattice
from everycount.arrays.shift import CRUMB, Board, Buy, Target
from everycount.arrays.trial import Proof, Trial, asked_figures, needs_of, prove, show

Standard = Literal["fractions", "mixed", "respondents"]


def choose(trial: Trial, standard: Standard) -> list[Proof]:
    """Hide cells until tables are found for every confidential cell; return these."""
    lattice = trial.lattice
    crossing = np.searchsorted(lattice.starts, np.arange(lattice.cells), side="right") - 1
    order = np.array([len(each) for each in lattice.crossings])[crossing]
    need = trial.demand.up.max(axis=0)
    cells = np.flatnonzero(trial.demand.reason)
    found: dict[int, list[Proof]] = {}
    # Lower crossings first, for what they hide serves the cells below them; the hardest before
    # the others.
    order_of_work = cells[np.lexsort((cells, -need[cells], order[cells]))].tolist()
    for cell in order_of_work:
        is_even = standard != "respondents" and not _has_above(lattice, int(crossing[cell]))
        found[cell] = _secure(trial, cell, first="even" if is_even else "true")
    for cell in order_of_work if standard != "fractions" else []:
        found[cell] += _unsettle(trial, cell, found[cell])
    return [proof for cell in order_of_work for proof in found[cell]]


def _has_above(lattice: Lattice, table: int) -> bool:
    own = set(lattice.crossings[table])
    return any(own < set(other) for other in lattice.crossings)


def _aim(trial: Trial, cell: int, figure: int) -> Target:
    layer = figure if figure < len(trial.cells) else -1
    return Target(cell=cell, layer=layer, direction=1)


def _secure(trial: Trial, cell: int, *, first: Literal["even", "true"]) -> list[Proof]:
    """Find tables that show of a cell what is demanded, hiding others where it must be.

    The even table has respondents everywhere and finds the cheapest cubes of the highest
    crossings; below these the true table is better, whose respondents are in one place.
    """
    boards = [board for board in (trial.whole, trial.fractions) if board is not None]
    boards = boards[::-1] if first == "even" else boards
    proofs: list[Proof] = []
    for figure in asked_figures(trial, cell):
        needs = needs_of(trial, cell, figure)
        best: tuple[float, list[Proof]] = (-np.inf, [])
        tries: list[tuple[Board, Buy]] = [(board, "around") for board in boards]
        for board, buy in [*tries, *((board, "anything") for board in boards[::-1])]:
            found, (up, down) = show(board, _aim(trial, cell, figure), needs, buy=buy)
            lack = max(needs[0] - up, needs[1] - down, needs[2] - up - down)
            best = max(best, (-max(lack, 0.0), found), key=lambda each: each[0])
            if lack <= CRUMB:
                break
        proofs += best[1]
    return proofs


def _unsettle(trial: Trial, cell: int, proofs: list[Proof]) -> list[Proof]:
    """Show with whole respondents that no demanded figure of a cell is determined."""
    board, found = trial.whole, []
    whole = {each.target.layer for each in proofs if each.board is board}
    for figure in asked_figures(trial, cell) if board is not None else []:
        aim = _aim(trial, cell, figure)
        if board is None or aim.layer in whole:
            continue
        for needs in ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0)):
            more, reach = show(board, aim, needs, buy="around")
            found += more
            if max(reach) >= 1:
                break
    return found


def secure_again(trial: Trial, cell: int) -> list[Proof]:
    """Find tables, of whole respondents if possible, whatever must be hidden for it."""
    return [
        proof
        for figure in asked_figures(trial, cell)
        for proof in show(
            trial.whole or trial.fractions,
            _aim(trial, cell, figure),
            needs_of(trial, cell, figure),
            buy="anything",
        )[0]
    ]


def keep(trial: Trial, proofs: list[Proof], needed: Flags) -> None:
    """Hide what the proofs move and what is hidden anyway, and nothing else."""
    trial.hidden[:] = needed
    for proof in proofs:
        trial.hidden[proof.moved] = True


def trim(trial: Trial, proofs: list[Proof], needed: Flags, trims: int) -> None:
    """Show cells again, the dearest first, where all proofs can do without."""
    users: dict[int, set[int]] = {}
    for k, proof in enumerate(proofs):
        for cell in proof.moved.tolist():
            users.setdefault(cell, set()).add(k)
    extra = np.array([cell for cell in sorted(users) if not needed[cell]], np.int64)
    cost = trial.fractions.cost
    for cell in extra[np.argsort(-cost[extra], kind="stable")].tolist():
        mine = sorted(users.get(cell, ()))
        if trims < len(mine):
            break
        trims -= len(mine)
        trial.hidden[cell] = False
        again = _find_again(proofs, mine)
        if again is None:
            trial.hidden[cell] = True
            continue
        for k, proof in zip(mine, again, strict=True):
            for old in proofs[k].moved.tolist():
                users[old].discard(k)
            proofs[k] = proof
            for new in proof.moved.tolist():
                users.setdefault(new, set()).add(k)
    keep(trial, proofs, needed)


def _find_again(proofs: list[Proof], which: list[int]) -> list[Proof] | None:
    """Find the same proofs without hiding more, or None if one is not found."""
    found = []
    for k in which:
        old = proofs[k]
        new = prove(old.board, old.target, old.witness.gain, buy="nothing")
        if new.witness.gain < old.witness.gain - CRUMB:
            return None
        found.append(new)
    return found
