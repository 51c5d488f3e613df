"""Find on which line of a TOML text each key and each item of a list stands."""

import re
import tomllib

from everycount.model.strict import Path

BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
KEY = re.compile(r"""[ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*(\.?)""")
STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL
)
BARE = re.compile(r"[^,\]}\n#]+")


def find_lines(text: str) -> dict[Path, int]:
    r"""Return the line, from 1, of every key, table and item of a list.

    Parameters
    ----------
    text : str
        TOML that is known to parse.

    Returns
    -------
    dict
        Lines by path: keys and, in lists, positions from 0.

    References
    ----------
    .. [1] TOML v1.0.0 (2021), https://toml.io/en/v1.0.0.

    Examples
    --------
    >>> find_lines("a = 1\n[[b]]\nc = [\n  2,\n]\n")[("b", 0, "c", 0)]
    4
    """
    return _Scan(text).run()


class _Scan:
    """A walk through the text that notes where it finds what."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.place = 0
        self.line = 1
        self.lines: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}  # tables so far in each array of tables

    def run(self) -> dict[Path, int]:
        """Walk through the whole text."""
        table: Path = ()
        self.skip(BLANK)
        while self.place < len(self.text):
            if self.next_is("["):
                table = self.header()
            else:
                self.pair(table)
            self.skip(BLANK)
        return self.lines

    def header(self) -> Path:
        """Pass the header of a table and return the path of that table."""
        is_list = self.next_is("[[")
        self.advance(2 if is_list else 1)
        keys = self.key()
        path: Path = ()
        for key in keys[:-1]:
            path = self.last((*path, key))
            self.lines.setdefault(path, self.line)
        path = (*path, keys[-1])
        self.lines.setdefault(path, self.line)
        if is_list:
            self.counts[path] = self.counts.get(path, 0) + 1
            path = self.last(path)
            self.lines[path] = self.line
        self.advance(2 if is_list else 1)
        return path

    def last(self, path: Path) -> Path:
        """Return the path of the table that a header means: of a list, the last one."""
        return (*path, self.counts[path] - 1) if path in self.counts else path

    def pair(self, table: Path) -> None:
        """Pass a key and its value."""
        path = table
        for key in self.key():
            path = (*path, key)
            self.lines.setdefault(path, self.line)
        self.advance(1)  # the equals sign
        self.value(path)

    def key(self) -> list[str]:
        """Pass a key, dotted or not, and return its parts."""
        keys: list[str] = []
        dot = "."
        while dot:
            found = KEY.match(self.text, self.place)
            assert found, "the text is known to parse"
            written, dot = found.groups()
            quoted = written[0] in "\"'"
            keys.append(tomllib.loads(f"key = {written}")["key"] if quoted else written)
            self.advance(found.end() - self.place)
        return keys

    def value(self, path: Path) -> None:
        """Pass a value, noting the lines of what is in it."""
        self.skip(BLANK)
        if self.next_is("["):
            self.items(path)
        elif self.next_is("{"):
            self.inline_table(path)
        else:
            self.skip(STRING if self.next_is('"') or self.next_is("'") else BARE)

    def items(self, path: Path) -> None:
        """Pass a list."""
        self.advance(1)
        self.skip(BLANK)
        position = 0
        while not self.next_is("]"):
            self.lines[(*path, position)] = self.line
            self.value((*path, position))
            self.comma()
            position += 1
        self.advance(1)

    def inline_table(self, path: Path) -> None:
        """Pass a table in braces."""
        self.advance(1)
        self.skip(BLANK)
        while not self.next_is("}"):
            self.pair(path)
            self.comma()
        self.advance(1)

    def comma(self) -> None:
        """Pass the comma after an item, if there is one."""
        self.skip(BLANK)
        if self.next_is(","):
            self.advance(1)
        self.skip(BLANK)

    def next_is(self, mark: str) -> bool:
        """Return whether the text goes on with `mark`."""
        return self.text.startswith(mark, self.place)

    def skip(self, pattern: re.Pattern[str]) -> None:
        """Pass what `pattern` matches."""
        found = pattern.match(self.text, self.place)
        assert found, "the text is known to parse"
        self.advance(found.end() - self.place)

    def advance(self, count: int) -> None:
        """Move on, counting lines."""
        self.line += self.text.count("\n", self.place, self.place + count)
        self.place += count
