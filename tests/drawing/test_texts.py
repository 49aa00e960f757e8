"""Every text that reaches a picture: dollar signs, mathtext, glyphs and scripts."""

import json

import pytest
from matplotlib.text import Text

from figgen.review import describe
from figgen.review.layout import find_layout_problems
from tests.draw_figures import context, draw_figure, drawn, figure, problems

MONEY = "Cost in $ and gain in $ of 2024"
DRAWN = r"Cost in \$ and gain in \$ of 2024"
LAYER = {"mark": "line", "x": "x", "y": "x"}
DATA = {"x": {"linspace": [0, 1, 2]}, "money": {"values": ["$1-$5", "$6"]}}

EVERYWHERE = [
    {"title": MONEY},
    {"axes": {"x": {"label": MONEY}}},
    {"axes": {"y": {"label": MONEY}}},
    {"axes": {"x": {"ticks": {"at": [0, 1], "labels": [MONEY, "$x$"]}}}},
    {"axes": {"x": {"secondary": {"label": MONEY, "forward": "2 * x", "inverse": "x / 2"}}}},
    {"layers": [{**LAYER, "label": MONEY}]},
    {"layers": [{**LAYER, "label": "a"}], "legend": {"title": MONEY}},
    {"layers": [{"mark": "text", "x": 0.5, "y": 0.5, "text": MONEY}]},
    {"layers": [{"mark": "arrow", "x": 0, "y": 0, "from_x": 1, "from_y": 1, "text": MONEY}]},
    {"layers": [{"mark": "pie", "sizes": "x + 1", "labels": [MONEY, "b"]}]},
    {"layers": [{"mark": "box", "y": "x", "labels": [MONEY]}]},
    {"layers": [{"mark": "bar", "x": "x", "y": ["x", "x"], "labels": [MONEY, "b"]}]},
    {"layers": [{"mark": "scatter", "x": "x", "y": "x", "color_by": "x", "colorbar": {"label": MONEY}}]},
    {"layers": [{"mark": "text", "x": "x", "y": "x", "texts": "money"}], "data": DATA | {"money": {"values": [MONEY, "b"]}}},
    {"layers": [{"mark": "pie", "sizes": "x + 1", "texts": "money"}], "data": DATA | {"money": {"values": [MONEY, "b"]}}},
    {"layers": [{"mark": "bar", "x": "money", "y": "x + 1"}], "data": DATA | {"money": {"values": [MONEY, "b"]}}},
    {"panels": [{"layers": [LAYER]}], "title": MONEY},
    {"axes": {"x": {"ticks": {"dates": MONEY}}}, "data": DATA | {"x": {"values": ["2025-01-01", "2025-03-01"]}}},
]  # fmt: skip


@pytest.mark.parametrize("fields", EVERYWHERE, ids=lambda fields: json.dumps(fields)[:60])
def test_dollar_signs_are_drawn_and_quoted_in_every_text(fields):
    spec = figure(**{"data": DATA, "layers": [LAYER], **fields} if "panels" not in fields else {"data": DATA, **fields})
    with context():
        made = draw_figure(spec)
        description = json.dumps(describe(made, spec.canvas, "A picture."), ensure_ascii=False)
        texts = [text for text in made.findobj(Text) if text.get_text() == DRAWN]
        assert texts
        # matplotlib lays out the text without its backslashes, as text rather than as mathtext.
        plain = Text(text=MONEY, parse_math=False, fontproperties=texts[0].get_fontproperties(), figure=made)
        width, height = Text.get_window_extent(texts[0]).size
        if not texts[0].get_rotation():
            assert (width, height) == pytest.approx(plain.get_window_extent().size)
    assert MONEY in description
    assert r"\\$" not in description


def test_messages_about_the_layout_quote_the_text_as_it_is_written():
    spec = figure(data=DATA, layers=[{"mark": "text", "x": 0, "y": 0, "text": "$1-$5 or US$"}] * 2)
    with context():
        made = draw_figure(spec)
        made.draw_without_rendering()
        (problem,) = find_layout_problems(spec, made, 720)["overlap"]
    assert problem.message == "the text '$1-$5 or US$' overlaps the text '$1-$5 or US$'"


def test_categories_are_the_same_if_they_are_drawn_the_same():
    axes = drawn(
        data=DATA | {"names": {"values": ["e\u0301", "é"]}}, layers=[{"mark": "scatter", "x": "names", "y": "x"}]
    ).axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["é"]


@pytest.mark.parametrize(
    ("layer", "channel"),
    [
        ({"mark": "text", "x": "x", "y": "x", "texts": "names"}, "texts"),
        ({"mark": "pie", "sizes": "x + 1", "texts": "names"}, "texts"),
        ({"mark": "bar", "x": "names", "y": "x"}, "x"),
        ({"mark": "bar", "direction": "horizontal", "x": "names", "y": "x"}, "x"),
        ({"mark": "heatmap", "x": "names", "z": "reshape(x, 1, 2)"}, "x"),
    ],
)
def test_a_glyph_that_is_missing_is_reported_where_the_data_are_used(layer, channel):
    data = DATA | {"names": {"values": ["$", "漢"]}}
    (found,) = problems(data=data, layers=[LAYER, layer] if channel == "texts" else [layer, layer])
    place = 1 if channel == "texts" else 0
    assert found == (("layers", place, channel), "the fonts of the style have no glyph for '漢'")
