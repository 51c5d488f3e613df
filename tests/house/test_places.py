"""No file of the project names a package registry's address or a path of one machine."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
MADE = {"build", "demo-output", "dist", "htmlcov", "site"}
REGISTRIES = ("pypi" + ".org", "files.python" + "hosted", "registry.npm" + "js", "-index" + "-url")
PLACE = re.compile(rf"(?<![\w.~*-])/(?:{'wo' + 'rk'}|ro{'ot'}|home)/\w|[A-Z]:\\\\?Users\\")


def list_files() -> list[Path]:
    """Return the project's files: git's list where there is one, else what the folder holds."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        names = [name for name in listed.stdout.decode().split("\0") if name]
        return [ROOT / name for name in names if (ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not is_made(path)]


def is_made(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    hidden = any(part.startswith(".") and part != ".ci" for part in parts[:-1])
    return hidden or "__pycache__" in parts or parts[0] in MADE


def test_no_file_names_a_place():
    found = []
    for path in list_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture, a workbook
        names = [name for name in REGISTRIES if name in text] + PLACE.findall(text)
        found += [f"{path.relative_to(ROOT)}: {name}" for name in names]
    assert found == []
