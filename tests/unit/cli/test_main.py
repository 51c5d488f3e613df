import io
import runpy
import subprocess
import sys

import click
import pytest

from everycount.cli import main as module
from everycount.errors import Unavailable

MAIN = "from everycount.cli.main import main; main()"


def call(*args):
    """Run the real command."""
    command = [sys.executable, "-c", MAIN, *args]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command in this process; return its exit code and what it said."""

    def run(*args):
        monkeypatch.setattr(sys, "argv", ["everycount", *args])
        with pytest.raises(SystemExit) as stopped:
            module.main()
        said = capsys.readouterr()
        return stopped.value.code, said.out, said.err

    return run


class Entry:
    """What an installed package registers."""

    def __init__(self, name, command):
        self.name, self.value, self.command = name, f"other:{name}", command

    def load(self):
        return self.command


@pytest.fixture
def register(monkeypatch):
    def register(**commands):
        def entry_points(*, group, name=None):
            assert group == "everycount.commands"
            listed = [Entry(each.replace("_", "-"), own) for each, own in commands.items()]
            return [each for each in listed if name is None or each.name == name]

        monkeypatch.setattr(module, "entry_points", entry_points)

    return register


def test_help_lists_the_commands_without_loading_them(run):
    code, out, _ = run("--help")
    assert code == 0
    assert "index      Build an index, explain a score, follow a trend." in out
    assert "Exit codes: 0 fine, 2 usage, 3 faults in the input" in out


def test_version(run):
    code, out, _ = run("--version")
    assert code == 0
    assert out.startswith("everycount, version ")


def test_commands_that_other_packages_register(run, register):
    @click.command()
    def census():
        """Count everyone."""
        click.echo("counted")

    register(census=census, not_for_people=census)
    _, out, _ = run("--help")
    assert "census     Count everyone." in out
    assert "not-for-people" not in out
    assert run("census")[:2] == (0, "counted\n")


def test_a_registered_name_that_cannot_be_loaded_has_no_words(run, register, monkeypatch):
    register(census=click.Command("census", help="Count."))
    monkeypatch.setattr(module._Commands, "get_command", lambda *_: None)
    assert "census" in run("--help")[1]


def test_usage(run):
    code, _, err = run("indx")
    assert code == 2
    assert "No such command 'indx'" in err
    assert run("index", "build")[0] == 2


NOT_INSTALLED = (
    "everycount: everycount hub is not part of this installation: install everycount[hub]\n"
)


def test_a_part_that_is_not_registered(run, register):
    register()
    assert run("hub", "serve") == (Unavailable.exit_code, "", NOT_INSTALLED)


class Broken(Entry):
    """What a package registers whose own needs are not installed."""

    def load(self):
        raise ModuleNotFoundError(f"No module named {self.command!r}", name=self.command)


def test_a_part_whose_needs_are_not_installed(run, monkeypatch):
    entries = [Broken("hub", "django")]
    monkeypatch.setattr(module, "entry_points", lambda **_: entries)
    assert run("hub", "serve") == (Unavailable.exit_code, "", NOT_INSTALLED)


@pytest.mark.parametrize(
    ("found", "words"),
    [(None, "Not installed: everycount[hub] brings it."), (object(), "Run the web hub, back it")],
)
def test_help_names_the_hub_without_loading_it(run, monkeypatch, found, words):
    monkeypatch.setattr(module, "entry_points", lambda **_: [Broken("hub", "everycount_hub")])
    monkeypatch.setattr(module, "find_spec", lambda name: found)
    code, out, _ = run("--help")
    assert code == 0
    assert f"hub        {words}" in out


@pytest.mark.parametrize(("name", "missing"), [("hub", "everycount_hub"), ("other", "django")])
def test_our_own_mistake_is_not_taken_for_a_part_that_is_missing(monkeypatch, name, missing):
    monkeypatch.setattr(module, "entry_points", lambda **_: [Broken(name, missing)])
    monkeypatch.setattr(sys, "argv", ["everycount", name])
    with pytest.raises(ModuleNotFoundError):
        module.main()


def test_an_error_is_words_on_standard_error_and_its_code():
    found = call("index", "check", "nosuch.toml")
    assert (found.returncode, found.stdout) == (5, "")
    assert found.stderr == "everycount: there is no file nosuch.toml\n"


def test_words_of_any_script_pass_any_console(run, monkeypatch):
    console = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", console)
    monkeypatch.setattr(sys, "stderr", io.StringIO())  # has no encoding to change
    monkeypatch.setattr(sys, "argv", ["everycount", "--help"])
    with pytest.raises(SystemExit):
        module.main()
    assert console.encoding == "utf-8"


def test_without_an_error_the_command_returns(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["everycount", "index", "list"])
    monkeypatch.setattr(module, "everycount", lambda: None)
    module.main()
    assert capsys.readouterr().err == ""


def test_the_module_is_the_command(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["everycount", "--version"])
    with pytest.raises(SystemExit) as stopped:
        runpy.run_module("everycount", run_name="__main__")
    assert stopped.value.code == 0
    assert capsys.readouterr().out == call("--version").stdout
