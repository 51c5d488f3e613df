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
        The file, whose folder must exist; ``-`` is standard output.
    content : bytes
        All of it.

    Raises
    ------
    InputError
        If the place cannot be written to.
    """
    if str(path) == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    place = Path(path)
    try:
        target = place.resolve()
        if _is_device(target):
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
    one while taking names, the folder is as it was before. A link that has the name of a file is
    followed; a device or pipe is refused.

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
        if _is_device(place / name):
            found = Problem(str(place / name), "a device or pipe", "a file")
            raise InputError(name, [found])
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

    Links are followed. What goes to a device or pipe is sent there when all of it is made.

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
    devices = {path: content for path, content in contents.items() if _is_device(path)}
    plain = {path: content for path, content in contents.items() if path not in devices}
    if plain:
        with staged_folder(next(iter(plain)).parent) as stage:
            for path, content in plain.items():
                stage(path.name, content)
            _send_all(devices)
    else:
        _send_all(devices)


def folder_problems(path: Path | str) -> list[Problem]:
    """Return what speaks against writing a file where there is no folder: a slip in its name.

    Examples
    --------
    >>> print(*folder_problems("no/such/a.csv"), *folder_problems("a.csv"))
    no/such/a.csv: found no such folder, expected a file in a folder that exists
    """
    if Path(path).parent.is_dir():
        return []
    return [Problem(str(path), "no such folder", "a file in a folder that exists")]


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
        names = {path.name.lower(), str(place)}
        if not _is_name(path.name):
            expected = "a name of a file on every computer"
            problems.append(Problem(str(path), f"the name {path.name!r}", expected))
        elif read & {place, place.parent}:
            problems.append(Problem(str(path), "a file or folder that is read", "another place"))
        elif path.parent.resolve() != folder.resolve():
            found = f"the folder {path.parent}"
            problems.append(Problem(str(path), found, f"{folder}, as for {paths[0]}"))
        elif taken & names:
            problems.append(Problem(str(path), "a name for two files", "a name for each"))
        elif place.is_dir():
            problems.append(Problem(str(path), "a folder", "a file"))
        taken |= names
    return problems


def _replace(target: Path, content: bytes) -> None:
    """Write beside `target`, then take its name."""
    with _beside(target) as temporary:
        _store(temporary, content)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Give a name in the folder of `target`; the file under it takes the place of `target`."""
    temporary = target.with_name(f".{target.name[:100]}-{secrets.token_hex(4)}.tmp")
    try:
        yield temporary
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _is_device(path: Path) -> bool:
    """Tell whether a path leads to something that is neither a file nor a folder."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _send_all(devices: Mapping[Path, Content]) -> None:
    """Send contents to devices and pipes, each when the whole of it waits in a file."""
    for path, content in devices.items():
        try:
            with tempfile.TemporaryFile() as waiting:
                _fill(waiting, content)
                waiting.seek(0)
                with path.open("wb") as device:
                    shutil.copyfileobj(waiting, device)
        except OSError as error:
            raise _cannot_write(path, error) from error


def _store(path: Path, content: Content) -> None:
    """Write a new file and wait until the disk has it."""
    with path.open("xb" if not path.exists() else "wb") as file:
        _fill(file, content)
        file.flush()
        os.fsync(file.fileno())


def _fill(file: BinaryIO, content: Content) -> None:
    """Write what a file is to hold."""
    if isinstance(content, bytes):
        file.write(content)
    else:
        content(file)


def _move_all(stage: Path, place: Path, names: list[str]) -> None:
    """Give every staged file its name; undo all if one cannot have it."""
    done: dict[str, Path] = {}
    made: list[Path] = []
    try:
        for name in names:
            target = place / name
            target = target.resolve() if target.is_symlink() else target
            made += [parent for parent in target.parents if not parent.exists()]
            _made(target)
            if target.is_file():
                shutil.copy2(target, _made(stage / "old" / name))
            _take(stage / "new" / name, target)
            done[name] = target
    except OSError as error:
        for name, taken in done.items():
            taken.unlink()
            if (stage / "old" / name).exists():
                _take(stage / "old" / name, taken)
        _remove_empty(sorted(made, reverse=True))
        raise _cannot_write(target, error) from error


def _take(staged: Path, target: Path) -> None:
    """Give a staged file its place, which a link may have put on another disk."""
    with _beside(target) as temporary:
        shutil.move(staged, temporary)


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
