"""The wheel holds every module and every data file of src, and the licence."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("everycount-*-py3-none-any.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.mark.slow
def test_wheel_holds_every_file_of_src(names):
    source = ROOT / "src"
    files = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "everycount/py.typed" in files
    assert files - names == set()


@pytest.mark.slow
def test_wheel_holds_licence_and_command(names):
    inside = {name.partition(".dist-info/")[2] for name in names if ".dist-info/" in name}
    assert {"licenses/LICENSE", "licenses/NOTICE", "entry_points.txt"} <= inside


@pytest.mark.slow
def test_demo_runs_from_the_wheel_alone(wheel, tmp_path):
    """As after `pipx install`: nothing of the checkout is at hand."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    program = "import everycount, sys; from everycount.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "demo", "--no-serve", "-o", "out"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "index.html").stat().st_size > 100_000
    assert "Open the page" in done.stderr + done.stdout
