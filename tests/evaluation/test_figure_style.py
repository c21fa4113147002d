"""The look of figures, and that equal figures are equal bytes."""

import matplotlib

from detente.evaluation.figure_style import as_png, figure_style, new_figure, plain_grid, readable, tint


def test_the_style_holds_whatever_the_reader_has_set_and_ends_with_the_block() -> None:
    with matplotlib.rc_context({"font.size": 40, "axes.facecolor": "black"}):
        with figure_style():
            assert (matplotlib.rcParams["font.size"], matplotlib.rcParams["axes.facecolor"]) == (12, "white")
        assert matplotlib.rcParams["font.size"] == 40


def test_equal_figures_are_equal_bytes() -> None:
    def drawn(value: float) -> bytes:
        figure = new_figure(2, 2)
        figure.subplots().plot([0, value])
        return as_png(figure)

    assert drawn(1) == drawn(1) != drawn(-2)
    assert drawn(1).startswith(b"\x89PNG") and b"Software" not in drawn(1)


def test_a_grid_names_rows_from_the_top() -> None:
    panel = new_figure(2, 2).subplots()
    plain_grid(panel, ["a", "b", "c"], ["x", "y"])
    assert [tick.get_text() for tick in panel.get_yticklabels()] == ["a", "b", "c"]
    assert panel.get_ylim() == (2.5, -0.5) and panel.get_xlim() == (-0.5, 1.5)


def test_a_tint_goes_from_white_to_the_colour() -> None:
    assert tint("#0072b2")(0.0)[:3] == (1, 1, 1)
    assert matplotlib.colors.to_hex(tint("#0072b2")(1.0)) == "#0072b2"


def test_identifiers_are_read_as_words() -> None:
    assert readable("un_eu_document") == "un eu document"
