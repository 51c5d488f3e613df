"""Write requirements/*.txt: pinned and hashed, for every platform and Python from 3.11 on.

All extras but spark are solved together first, so that any of them can share one environment.
Spark holds back versions of its own and agrees with the base only.

    python tools/lock.py              # keep the pins that still fit
    python tools/lock.py --upgrade    # take the newest versions
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "requirements"
TOGETHER = ("hub", "survey", "ibis", "semantic", "ocr", "dev")
HEADER = "# Written by `make lock` from pyproject.toml; not by hand.\n"
UV = (
    *("uv", "pip", "compile", "--quiet", "--no-config", "--universal", "--python-version", "3.11"),
    *("--fork-strategy", "fewest", "--no-header", "--no-annotate", "--generate-hashes"),
)


def compile_lock(output: Path, options: Sequence[str]) -> None:
    """Solve what the options ask for and write it, without a trace of this machine."""
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv if uv.exists() else "uv"), *UV[1:], *options, "--output-file", str(output)]
    # Settings of one machine (other registries, local wheels) must not reach a lock.
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PIP_"))
    }
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def write_lock(name: str, options: Sequence[str]) -> None:
    """Write requirements/NAME.txt and put the header on it."""
    path = FOLDER / f"{name}.txt"
    compile_lock(path, options)
    path.write_text(HEADER + path.read_text(encoding="utf-8"), encoding="utf-8", newline="\n")
    print(f"{path.relative_to(ROOT)}: {path.read_text(encoding='utf-8').count('==')} packages")


def read_pins() -> str:
    """Return the pins of the present locks, each once; the base's come first."""
    locks = [FOLDER / f"{name}.txt" for name in ("base", "build", *TOGETHER)]
    lines = [
        line.removesuffix(" \\")
        for lock in locks
        if lock.exists()
        for line in lock.read_text(encoding="utf-8").splitlines()
        if "==" in line and not line.startswith((" ", "#"))
    ]
    return "\n".join(dict.fromkeys(lines)) + "\n"


def main() -> None:
    """Solve together, then write one lock per extra from that solution."""
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv[1:] else []
    project = "pyproject.toml"
    group = ["--group", "build"]
    with tempfile.TemporaryDirectory() as folder:
        together = Path(folder) / "together.txt"
        together.write_text("" if upgrade else read_pins(), encoding="utf-8")
        extras = [part for extra in TOGETHER for part in ("--extra", extra)]
        compile_lock(together, [project, *extras, *group, *upgrade])
        agree = ["--constraints", str(together), *upgrade]
        write_lock("build", [*group, *agree])
        write_lock("model", ["--group", "model", "--no-deps", *upgrade])
        write_lock("base", [project, *agree])
        for extra in TOGETHER:
            write_lock(extra, [project, "--extra", extra, *agree])
    agree = ["--constraints", str(FOLDER / "base.txt"), *upgrade]
    write_lock("spark", [project, "--extra", "spark", *agree])


if __name__ == "__main__":
    main()
