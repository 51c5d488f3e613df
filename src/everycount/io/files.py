"""Read and write files. The only module of the project that writes."""

import hashlib
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from everycount.errors import InputError, NotFound, Problem

Content = bytes | Callable[[BinaryIO], object]
"""What a file is to hold, or what writes it into the open file where memory would not do."""
FORBIDDEN = frozenset('<>:"|?*\\') | {chr(code) for code in range(32)}
"""Characters that Windows does not allow in a name.

Microsoft, Naming Files, Paths, and Namespaces.
"""
RESERVED = frozenset(
    ["CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))]
)
"""Names that Windows keeps for devices, with any ending. Same source."""


def digest(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal.

    Examples
    --------
    >>> digest(b"")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(content).hexdigest()


def read_bytes(path: Path | str) -> bytes:
    """Return what the file holds; ``-`` is standard input.

    Parameters
    ----------
    path : Path or str
        The file.

    Returns
    -------
    bytes
        All of it.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        If it is a folder or may not be read.
    """
    if str(path) == "-":
        return sys.stdin.buffer.read()
    place = Path(path)
    try:
        return place.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound(f"there is no file {place}") from error
    except OSError as error:
        if place.is_dir():
            problem = Problem(str(place), "a folder", "a file")
        else:
            problem = Problem(str(place), _reason(error), "a file that may be read")
        raise InputError(place.name or str(path), [problem]) from error


def write(path: Path | str, content: bytes) -> None:
    """Write a file whole or not at all.

    The bytes go to a temporary file in the same folder, to the disk, and then take the name.
    A link is followed; a device or pipe such as ``/dev/null`` is written to as it is.

    Parameters
    ----------
    path : Path or str
        The file. Its folder must exist.
    content : bytes
        All of it.

    Raises
    ------
    InputError
        If the place cannot be written to.
    """
    place = Path(path)
    try:
        target = place.resolve()
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(content)
        else:
            _replace(target, content)
    except OSError as error:
        raise _cannot_write(place, error) from error


@contextmanager
def staged_folder(folder: Path | str) -> Iterator[Callable[[str, Content], None]]:
    """Give a function that stages files; all of them appear at the end, or none.

    Staged files wait in a hidden folder inside `folder`. When the block ends without an error
    each takes its name; files that stood there under other names stay. After an error, also
    one while taking names, the folder is as it was before.

    Parameters
    ----------
    folder : Path or str
        Where the files go. Made if it does not exist.

    Yields
    ------
    callable
        ``stage(name, content)``; `name` is relative, with ``/`` between folders, and must be
        allowed on Windows too, else ValueError.

    Raises
    ------
    InputError
        If the folder cannot be written to.
    """
    place = Path(folder)
    made = [parent for parent in (place, *place.parents) if not parent.exists()]
    try:
        place.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".staged-", dir=place))
    except OSError as error:
        _remove_empty(made)
        raise _cannot_write(place, error) from error
    names: dict[str, str] = {}

    def put(name: str, content: Content) -> None:
        _check_name(name)
        if names.setdefault(name.lower(), name) != name:
            raise ValueError(f"{name!r} and {names[name.lower()]!r} are one file on Windows")
        try:
            _store(_made(stage / "new" / name), content)
        except OSError as error:
            raise _cannot_write(place / name, error) from error

    try:
        yield put
        _move_all(stage, place, list(names.values()))
    except BaseException:
        shutil.rmtree(stage)
        _remove_empty(made)
        raise
    shutil.rmtree(stage)


def write_together(contents: Mapping[Path, Content], *, never: Collection[Path]) -> None:
    """Write files into one folder, all of them or none, and none over what was read.

    Parameters
    ----------
    contents : mapping of Path to Content
        What each file is to hold.
    never : collection of Path
        Files that were read, and folders whose files were.

    Raises
    ------
    InputError
        With every fault that `place_problems` finds; or if the folder cannot be written to.
    """
    problems = place_problems(list(contents), never=never)
    if problems:
        raise InputError("the output", problems)
    with staged_folder(next(iter(contents)).parent) as stage:
        for path, content in contents.items():
            stage(path.name, content)


def place_problems(paths: Sequence[Path], *, never: Collection[Path]) -> list[Problem]:
    """Return what speaks against writing files into one folder, before there is anything to write.

    Parameters
    ----------
    paths : sequence of Path
        Where they are to go: into the folder of the first.
    never : collection of Path
        Files that were read, and folders whose files were.

    Examples
    --------
    >>> for each in place_problems([Path("a.csv"), Path("A.csv"), Path("nul.csv")], never=[]):
    ...     print(each)
    A.csv: found a name for two files, expected a name for each
    nul.csv: found the name 'nul.csv', expected a name of a file on every computer
    """
    folder = paths[0].parent
    read = {place.resolve() for place in never if place.exists()}
    taken: set[str] = set()
    problems = []
    for path in paths:
        place = path.resolve()
        if not _is_name(path.name):
            expected = "a name of a file on every computer"
            problems.append(Problem(str(path), f"the name {path.name!r}", expected))
        elif read & {place, place.parent}:
            problems.append(Problem(str(path), "a file or folder that is read", "another place"))
        elif place.parent != folder.resolve():
            found = f"the folder {path.parent}"
            problems.append(Problem(str(path), found, f"{folder}, as for {paths[0]}"))
        elif path.name.lower() in taken:
            problems.append(Problem(str(path), "a name for two files", "a name for each"))
        elif place.is_dir():
            problems.append(Problem(str(path), "a folder", "a file"))
        taken.add(path.name.lower())
    return problems


def _replace(target: Path, content: bytes) -> None:
    """Write beside `target`, then take its name."""
    temporary = target.with_name(f".{target.name[:100]}-{secrets.token_hex(4)}.tmp")
    try:
        _store(temporary, content)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _store(path: Path, content: Content) -> None:
    """Write a new file and wait until the disk has it."""
    with path.open("xb" if not path.exists() else "wb") as file:
        if isinstance(content, bytes):
            file.write(content)
        else:
            content(file)
        file.flush()
        os.fsync(file.fileno())


def _move_all(stage: Path, place: Path, names: list[str]) -> None:
    """Give every staged file its name; undo all if one cannot have it."""
    done: list[str] = []
    made: list[Path] = []
    try:
        for name in names:
            target = place / name
            made += [parent for parent in target.parents if not parent.exists()]
            _made(target)
            if target.is_file():
                shutil.copy2(target, _made(stage / "old" / name))
            (stage / "new" / name).replace(target)
            done.append(name)
    except OSError as error:
        for name in done:
            (place / name).unlink()
            if (stage / "old" / name).exists():
                (stage / "old" / name).replace(place / name)
        _remove_empty(sorted(made, reverse=True))
        raise _cannot_write(target, error) from error


def _made(path: Path) -> Path:
    """Return `path` after making the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _remove_empty(folders: list[Path]) -> None:
    """Remove folders made in vain, innermost first."""
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _check_name(name: str) -> None:
    """Refuse a name that leaves the folder or that Windows does not allow."""
    if not all(map(_is_name, name.split("/"))):
        raise ValueError(f"{name!r} is not a name of a file on every computer")


def _is_name(part: str) -> bool:
    """Tell whether a file or folder may be called so on every computer."""
    return not (
        part in ("", ".", "..")
        or part[-1] in ". "
        or FORBIDDEN & set(part)
        or part.partition(".")[0].upper() in RESERVED
    )


def _cannot_write(place: Path, error: OSError) -> InputError:
    """Return the error for a place that cannot be written to."""
    expected = "a file in a folder that exists and may be written to"
    found = "a folder" if isinstance(error, IsADirectoryError) else _reason(error)
    return InputError(place.name or str(place), [Problem(str(place), found, expected)])


def _reason(error: OSError) -> str:
    """Return in words why the system refused."""
    words = {
        FileNotFoundError: "no such folder",
        NotADirectoryError: "a file where a folder should be",
        FileExistsError: "a file where a folder should be",
        PermissionError: "no permission",
    }
    return words.get(type(error)) or f"a refusal ({error.strerror or error})"
