"""Which of many things have been seen before, told by their hashes."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

BoolArray = npt.NDArray[np.bool_]
HashArray = npt.NDArray[np.uint64]
SEED = 20_190_603
"""Where hashes start: any number, always the same."""


@dataclass(slots=True, eq=False)
class Seen:
    """Hashes seen so far, in sorted runs of which each is longer than all after it.

    So that few are looked through, and each hash is moved few times: adding n of them takes about
    n log(n) steps in all.
    """

    runs: list[HashArray] = field(default_factory=list)

    def new(self, marks: HashArray) -> BoolArray:
        """Tell which hashes are seen for the first time, and remember them.

        Two things with the same hash of 64 bits are taken for one: with 30 million things the
        chance that this happens anywhere is 1 in 40,000.

        Parameters
        ----------
        marks : uint64 array, shape (n,)
            Hashes of what comes next.

        Examples
        --------
        >>> seen = Seen()
        >>> seen.new(np.array([7, 8, 7], dtype=np.uint64)).tolist()
        [True, True, False]
        >>> seen.new(np.array([9, 8], dtype=np.uint64)).tolist()
        [True, False]
        """
        different, first = np.unique(marks, return_index=True)
        is_new = np.ones(len(different), dtype=np.bool_)
        for run in self.runs:
            place = np.minimum(np.searchsorted(run, different), len(run) - 1)
            is_new &= run[place] != different
        found = np.zeros(len(marks), dtype=np.bool_)
        found[first[is_new]] = True
        added = different[is_new]
        while self.runs and len(self.runs[-1]) <= len(added):
            added = np.sort(np.concatenate([self.runs.pop(), added]))
        if len(added):
            self.runs.append(added)
        return found
