r"""Which dollar signs enclose mathtext. The examples follow pandoc's extension `tex_math_dollars`."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib.cbook import is_math_text

from figgen.config.mathtext import as_drawn, as_written, find_mistake, has_mathtext


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Revenue in $ and cost in $ of 2024", r"Revenue in \$ and cost in \$ of 2024"),
        ("$1-$5", r"\$1-\$5"),
        ("$20,000 and USD$30,000", r"\$20,000 and USD\$30,000"),
        ("$5k-$10k", r"\$5k-\$10k"),
        ("an odd $", r"an odd \$"),
        ("a $\nb $", "a \\$\nb \\$"),
        ("$x$", "$x$"),
        ("$x$ in $", r"$x$ in \$"),
        (r"\$5 and $x_1$", r"\$5 and $x_1$"),
        ("$5 and $x$", r"\$5 and $x$"),
        (r"$a\$b$", r"$a\$b$"),
        ("$a$$b$", "$a$$b$"),
        ("$f(x)$ and $f'(x)$", "$f(x)$ and $f'(x)$"),
        ("e\u0301", "é"),
        ("\u1112\u1161\u11ab", "한"),
    ],
)
def test_a_dollar_sign_is_mathtext_by_the_rule_of_pandoc(text, drawn):
    assert as_drawn(text) == drawn
    assert as_drawn(drawn) == drawn
    assert find_mistake(text) is None


@pytest.mark.parametrize("text", ["$x$", "US$/GB$", r"\$", "$$", "a $ b"])
def test_texts_of_files_have_dollar_signs_only(text):
    drawn = as_drawn(text, mathtext=False)
    assert drawn.replace(r"\$", "$") == text
    assert not has_mathtext(drawn)
    assert find_mistake(text, mathtext=False) is None


@pytest.mark.parametrize("drawn", [r"US\$", r"\$x\$", "$x$", r"$a\$b$", r"\$5 and $x$", "none"])
def test_a_text_is_quoted_in_the_shortest_form_that_is_drawn_like_it(drawn):
    assert as_drawn(as_written(drawn)) == drawn
    assert len(as_written(drawn)) <= len(drawn)


def test_what_looks_like_mathtext_but_is_none_is_quoted_with_backslashes():
    assert as_written(r"\$x\$") == r"\$x\$"
    assert as_written(r"in \$ and \$") == "in $ and $"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("odd $x^2", "x^2"),
        ("$x + y^2 as it is", "y^2"),
        ("x_1$", "x_1"),
        ("$w_{max} and", "w_{max}"),
        ("$$x$$", "$$"),
        (r"\(x\)", r"\("),
        (r"\[x\]", r"\["),
        ("$ x $", "$ x $"),
        ("$x$2", "$x$2"),
        (r"\alpha", r"\alpha"),
        (r"$\frac{1}{2", r"\frac"),
        (r"$\nope$\alpha", r"\alpha"),
    ],
)
def test_tex_that_would_be_drawn_as_it_stands_is_reported(text, found):
    assert find_mistake(text).message == f"'{found}' looks like mathtext, but would be drawn as it stands"


@pytest.mark.parametrize(
    "text", ["Price (US$) and cost (US$)", "A$/C$", "5$-6$", "US$ cost$and some text$", "$loss function of$"]
)
def test_text_between_two_dollar_signs_is_reported(text):
    assert find_mistake(text).message.endswith("looks like text between two dollar signs")
    assert find_mistake(text.replace("$", r"\$")) is None


@pytest.mark.parametrize(
    "text",
    [
        "x^2", "x_1", "$5 per user_id", "$M / $B", "$ 5 $", "$k", "10$^3$", "2$x$", r"$\sin x$", r"$\int dx dy$", "CO$_2$",
        r"$\mathrm{two words}$", r"$\text{loss of } x$", "$-x$", "$[0, 1)$", r"10$\times$", "$p(x | y)$", "$.5$", r"a \ b",
        r"$\theta_{t+1} = \theta_t - \eta \nabla L(\theta_t)$", r"$\mathdefault{10^{2}}$", r"$\sigma$-algebra",
    ],
)  # fmt: skip
def test_ordinary_texts_and_formulas_are_not_reported(text):
    assert find_mistake(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [("$\theta$", "a tab"), ("$\nu$", "a line break between two $"), ("$x\n+ y$", "a line break between two $")],
)
def test_escapes_of_double_quotes_in_mathtext_are_reported(text, found):
    assert find_mistake(text).message == f"the text contains {found}"


texts = st.text(st.sampled_from("$\\ x1_^{}()-\n\u0301é5"), max_size=12)


@given(texts)
@example("$a\\$")
@example("$a\\$$")
def test_matplotlib_draws_mathtext_where_the_rule_says_so(text):
    drawn = as_drawn(text)
    assert as_drawn(drawn) == drawn
    assert as_drawn(as_written(drawn)) == drawn
    # matplotlib decides line by line, by the number of dollar signs without a backslash.
    assert [is_math_text(line) for line in drawn.split("\n")] == [has_mathtext(line) for line in drawn.split("\n")]
    assert all((line.count("$") - line.count(r"\$")) % 2 == 0 for line in drawn.split("\n"))


@pytest.mark.parametrize("part", ["^", "$", "$ ", "$x", "\\", "a", "$a b", "_{", "x_1 ", "\\$", "aaa bbb ", "e\u0301"])
def test_the_time_for_a_long_text_is_linear(part):
    for text in ("$" + part * 5000, "$ " + part * 5000 + "$5", part * 5000 + "$"):
        find_mistake(text[:5000])  # a pattern that is cubic would take minutes
        as_written(as_drawn(text[:5000]))
