"""Keep labels apart: move them along a line as little as can be, until none touches another."""

from collections.abc import Sequence


def apart(
    wanted: Sequence[float], sizes: Sequence[float], *, low: float, high: float
) -> list[float]:
    """Return where labels stand: near where they are wanted, in that order, none over another.

    Parameters
    ----------
    wanted : sequence of float
        Middle that each label would have if it were alone, in pixels.
    sizes : sequence of float
        Pixels that each takes.
    low, high : float
        Ends of the line. If there is less room than labels take, they go beyond the upper end.

    Returns
    -------
    list of float
        Middles, in the order of `wanted`. The sum of squared shifts is the least there is before
        the ends are met.

    References
    ----------
    Isotonic regression by pooling adjacent violators: Barlow, R. E. and others (1972), Statistical
    inference under order restrictions.

    Examples
    --------
    >>> apart([24, 27, 90], [10, 10, 10], low=0, high=100)
    [20.5, 30.5, 90.0]
    """
    order = sorted(range(len(wanted)), key=lambda number: wanted[number])
    offsets, total = [], 0.0
    for number in order:
        offsets.append(total + sizes[number] / 2)
        total += sizes[number]
    pools: list[tuple[float, int]] = []
    for number, offset in zip(order, offsets, strict=True):
        mean, count = wanted[number] - offset, 1
        while pools and pools[-1][0] >= mean:
            before, held = pools.pop()
            mean = (before * held + mean * count) / (held + count)
            count += held
        pools.append((mean, count))
    shifts = [mean for mean, count in pools for _ in range(count)]
    most = max(low, high - total)
    placed = [0.0] * len(order)
    for number, offset, shift in zip(order, offsets, shifts, strict=True):
        placed[number] = round(min(max(shift, low), most) + offset, 2)
    return placed
