"""Turn the faults of a noun made from arguments of a command into an error in words."""

from collections.abc import Iterator
from contextlib import contextmanager

from everycount.errors import InputError, Problem
from everycount.model.strict import Faults


@contextmanager
def told_of(subject: str, *, option: str = "") -> Iterator[None]:
    """Raise InputError where what stands in the block finds faults in what it is given.

    Parameters
    ----------
    subject : str
        What the error calls that which was given.
    option : str
        Where it was given, if at one place; else each fault is named by its field.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> from everycount.model.issue import Tag
    >>> with told_of("the edit", option="--set concepts"):
    ...     Tag(code="access", grade=9)
    Traceback (most recent call last):
    everycount.errors.InputError: the edit has 1 problem:
      --set concepts: found 9, expected a grade from 0 to 4
    """
    try:
        yield
    except Faults as error:
        problems = [
            Problem(
                option or ", ".join(each for each in path if isinstance(each, str)), found, expected
            )
            for path, found, expected in error.faults
        ]
        raise InputError(subject, problems) from error
