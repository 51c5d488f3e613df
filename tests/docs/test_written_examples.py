"""The examples that documents give in full are run, and give what the documents say."""

import re
from pathlib import Path

import polars as pl
import pytest

from everycount import build_index, read_method, shipped_methods
from everycount.errors import InputError

ROOT = Path(__file__).parents[2]
FORMATS = (ROOT / "docs" / "reference" / "formats.md").read_text(encoding="utf-8")


def block(text: str, language: str, start: str) -> str:
    """Return the block of code in `text` that begins with `start`."""
    found = re.search(rf"```{language}\n({re.escape(start)}.*?)```", text, re.DOTALL)
    assert found, f"no {language} block begins with {start!r}"
    return found.group(1)


def test_the_whole_method_gives_what_the_page_says(tmp_path):
    (tmp_path / "example.toml").write_text(block(FORMATS, "toml", 'id = "example"'))
    (tmp_path / "figures.csv").write_text(block(FORMATS, "csv", "unit,mmr"))
    result = build_index(tmp_path / "example.toml", tmp_path / "figures.csv").result
    scores = {
        (unit, node): score
        for unit, node, score in result.scores().select("unit", "node", "score").iter_rows()
    }
    said = {
        ("A", "health"): 65.0,
        ("A", "power"): 56.4,
        ("A", "index"): 60.7,
        ("B", "health"): 100.0,
        ("B", "power"): 83.0,
    }
    assert {key: round(scores[key], 1) for key in said} == said
    assert "gives A 65 in health" in FORMATS
    assert "56.4\nin power, 60.7 in all; B has 100 in health" in FORMATS
    assert "83.0\nin power" in FORMATS


def test_the_python_of_the_readme_runs(capsys):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    exec(compile(block(readme, "python", "from everycount"), "README.md", "exec"), {})
    assert "Norway" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "step", re.findall(r"^\| `(\w+)` \| .* \|", FORMATS.split("## Recipes")[0], re.M)
)
def test_steps_on_the_page_are_steps(step, tmp_path):
    text = f'id = "x"\ntitle = "x"\nindicators = []\ngroups = []\n[[steps]]\ndo = "{step}"\n'
    (tmp_path / "x.toml").write_text(text)
    with pytest.raises(InputError) as caught:
        read_method(tmp_path / "x.toml")
    assert f"'{step}'" not in str(caught.value)


def test_every_shipped_method_reads_and_says_where_it_is_from():
    for name in shipped_methods():
        method = read_method(name).methodology
        assert method.id == name
        assert method.source.publisher
        assert method.source.citation
        assert all(indicator.name for indicator in method.indicators), name


def test_status_words_on_the_page_are_those_of_the_code():
    from everycount.index import coverage

    source = Path(coverage.__file__).read_text(encoding="utf-8")
    section = FORMATS.split("Status of a group:")[1].split("### data.csv")[0]
    words = set(re.findall(r"`([a-z_]+)`", section))
    assert {"scored", "too_few", "no_data", "imputed", "observed"} <= words
    for word in words:
        assert f'"{word}"' in source, word


def test_columns_on_the_page_are_those_of_the_files(tmp_path):
    (tmp_path / "example.toml").write_text(block(FORMATS, "toml", 'id = "example"'))
    (tmp_path / "figures.csv").write_text(block(FORMATS, "csv", "unit,mmr"))
    run = build_index(tmp_path / "example.toml", tmp_path / "figures.csv")
    run.write(tmp_path / "out")
    section = FORMATS.split("### scores.csv")[1].split("### data.csv")[0]
    table = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    named = [name for cell in table for name in re.findall(r"`(\w+)`", cell)]
    assert pl.read_csv(tmp_path / "out" / "scores.csv").columns == named
    section = FORMATS.split("### figures.csv")[1].split("### averages.csv")[0]
    named = re.findall(r"`(\w+)`", section)
    assert pl.read_csv(tmp_path / "out" / "figures.csv").columns == named


def test_the_first_index_comes_out_as_the_lesson_says(tmp_path):
    lesson = (ROOT / "docs" / "tutorials" / "first-index.md").read_text(encoding="utf-8")
    method = block(lesson, "toml", 'id = "girls-and-women"')
    (tmp_path / "figures.csv").write_text(block(lesson, "csv", "unit,region"))

    def ranking(text):
        (tmp_path / "m.toml").write_text(text)
        scores = build_index(tmp_path / "m.toml", tmp_path / "figures.csv").result.scores()
        top = scores.filter(pl.col("node") == "index").drop_nulls("score").sort("rank")
        return [
            (unit, round(score, 1)) for unit, score in zip(top["unit"], top["score"], strict=True)
        ]

    said = [("BDI", 74.2), ("THA", 67.5), ("VNM", 56.3), ("LAO", 49.6), ("KEN", 48.5)]
    assert ranking(method) == said
    assert ranking(method.replace("least = 0.6", "least = 0.7")) == said[1:]
    geometric = [unit for unit, _ in ranking(method.replace("arithmetic", "geometric"))]
    assert geometric.index("KEN") < geometric.index("LAO")
