import re
from importlib.resources import files

import pytest

from everycount.charts import theme


def test_tokens_stand_in_the_style_sheet_of_both_themes():
    style = (files("everycount") / "assets" / "everycount.css").read_text(encoding="utf-8")
    light, dark = style.split("prefers-color-scheme:dark", maxsplit=1)
    for token in theme.TOKENS.values():
        name = re.fullmatch(r"var\((--[a-z0-9-]+)\)|url\(#hatch\)", token)
        assert name
        if name[1]:
            assert f"{name[1]}:" in light
            assert f"{name[1]}:" in dark


def test_tokens_in_the_light_theme_are_the_colours_printed():
    style = (files("everycount") / "assets" / "everycount.css").read_text(encoding="utf-8")
    for colour, token in theme.TOKENS.items():
        name = token.removeprefix("var(").removesuffix(")")
        if name.startswith("--") and colour != theme.SURFACE:
            assert f"{name}:{colour}" in style


def test_frame_without_description_is_refused():
    with pytest.raises(ValueError, match="a chart needs a description"):
        theme.frame(description="  ", width=1, height=1, margins=(0, 0, 0, 0))
