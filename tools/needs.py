"""Name the programs that today's tests wait for, and install them where that is allowed.

A test that needs a program carries the marker of that program, or lives in the folder named after
it (tests/browser). A program is needed as soon as a test that needs it exists.

    python tools/needs.py              # name what is missing
    python tools/needs.py --install    # install it first, on Debian as root or with sudo
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A program that tests with one marker drive: names it goes by, and its Debian package."""

    marker: str
    package: str
    further: tuple[str, ...] = ()  # packages of Debian that the tests need besides
    programs: tuple[str, ...]
    folders: str = ""  # where Debian keeps a program that is not on the path

    def find(self) -> str | None:
        """Return the path of the program, or None where it is not installed."""
        on_path = (shutil.which(program) for program in self.programs)
        off_path = (
            str(path)
            for program in self.programs
            if self.folders
            for path in sorted(Path("/").glob(f"{self.folders}/{program}"), reverse=True)
        )
        return next((path for path in (*on_path, *off_path) if path), None)


NEEDS = {
    need.marker: need
    for need in (
        Need(
            marker="browser",
            package="chromium",
            programs=("chromium", "chromium-browser", "google-chrome"),
        ),
        Need(
            marker="postgresql",
            package="postgresql",
            programs=("initdb",),
            folders="usr/lib/postgresql/*/bin",
        ),
        Need(
            marker="ocr",
            package="tesseract-ocr",
            further=tuple(f"tesseract-ocr-{code}" for code in ("fra", "spa", "vie")),
            programs=("tesseract",),
        ),
        Need(marker="spark", package="default-jre-headless", programs=("java",)),
    )
}


def find_tests(marker: str) -> Iterator[Path]:
    """Yield the test files that carry a marker or lie in the folder of its name."""
    mark = re.compile(rf"\bmark\.{marker}\b")
    for path in sorted(TESTS.rglob("test_*.py")):
        in_folder = marker in path.relative_to(TESTS).parts[:-1]
        if in_folder or mark.search(path.read_text(encoding="utf-8")):
            yield path


def find_missing() -> dict[str, list[Path]]:
    """Return the test files that wait, per marker whose program is not installed."""
    waiting = {
        marker: list(find_tests(marker)) for marker, need in NEEDS.items() if not need.find()
    }
    return {marker: files for marker, files in waiting.items() if files}


def install(packages: Sequence[str]) -> bool:
    """Install Debian packages; return whether that was allowed and went well."""
    if not shutil.which("apt-get"):
        return False
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    as_root = [] if is_root else ["sudo", "-n"]
    if as_root and not (
        shutil.which("sudo")
        and subprocess.run([*as_root, "true"], capture_output=True, check=False).returncode == 0
    ):
        return False
    print(f"Installing the Debian packages that tests need: {' '.join(packages)}", flush=True)
    quiet = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    commands = (
        [*quiet, "update"],
        [*quiet, "install", "-y", "--no-install-recommends", *packages],
    )
    return all(
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0
        for command in commands
    )


def main() -> None:
    """Install what may be installed, then name what is still missing; never fails."""
    missing = find_missing()
    if missing and "--install" in sys.argv[1:]:
        needs = [NEEDS[marker] for marker in missing]
        install([name for need in needs for name in (need.package, *need.further)])
        missing = find_missing()
    for marker, files in missing.items():
        need = NEEDS[marker]
        names = ", ".join(str(path.relative_to(TESTS.parent)) for path in files)
        print(
            f"Missing: {need.programs[0]} (Debian package {need.package}). "
            f"The tests marked '{marker}' are skipped: {names}"
        )


if __name__ == "__main__":
    main()
