"""What a release must reach, held against what was found."""

import io
import math

import pytest
from rich.console import Console

from detente.corpus.actors import read_actors
from detente.corpus.requirements import Requirement, figures, read_requirements, render_markdown, render_table
from detente.corpus.style import Shape
from detente.corpus.style_report import StyleReport
from detente.errors import UserError
from detente.project import find_root

SIZE = Requirement("size", "sentences", 4000.0, least=5000, most=None)
SHARE = Requirement("size", "share without label", 0.45, least=0.4, most=0.5)
SHAPE = Shape(1, {"25": 10.0, "50": 20.0, "75": 30.0}, {})
STYLE = StyleReport("abc", "agence", SHAPE, SHAPE, 0.7, [])


@pytest.fixture(scope="module")
def measured(records):
    """Figures of every fourth sentence, if the adjudicator votes on each and no annotator ever votes for an offer."""
    changed = []
    for record in records[::4]:
        votes = {name: [label for label in given if label != "diplomatic_offer"] for name, given in record.votes.items()}
        changed.append(record.model_copy(update={"votes": votes | {"adjudicator": record.labels}}))
    changed[0] = changed[0].model_copy(update={"votes": {"annotator_a": [], "adjudicator": []}})
    return figures(changed, read_actors(find_root() / "data" / "actors.yaml"), STYLE)


@pytest.mark.parametrize(("found", "met"), [(0.39, False), (0.4, True), (0.5, True), (0.51, False), (math.nan, False)])
def test_a_figure_must_lie_within_its_bounds_and_be_one(found, met):
    assert Requirement("size", "share without label", found, least=0.4, most=0.5).met is met


def test_bounds_read_as_words():
    assert SIZE.bounds == "at least 5000"
    assert SHARE.bounds == "at least 0.4, at most 0.5"


def test_every_requirement_of_the_repository_names_a_figure_that_is_measured(measured):
    requirements = read_requirements(find_root() / "data" / "requirements.yaml", measured)
    assert {one.name for one in requirements} == set(measured)
    assert {one.part for one in requirements} == {"size", "composition", "shortcuts", "style", "annotation"}


def test_figures_come_from_the_corpus_and_from_the_style_report(measured, records):
    some = records[::4]
    assert measured["sentences"] == len(some)
    assert measured["share without label"] == pytest.approx(sum(not record.labels for record in some) / len(some))
    assert (measured["area under the curve, real or ours"], measured["deviation of the quartiles of length"]) == (0.7, 0)


def test_the_adjudicator_is_no_second_vote(measured):
    assert measured["share with two votes or more"] == pytest.approx(1 - 1 / measured["sentences"])


def test_one_label_whose_agreement_is_undefined_leaves_the_lowest_undefined(measured):
    assert math.isnan(measured["lowest alpha of a label"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("size: {phrases: {least: 1}}", "size: unknown figure 'phrases'; the figures are sentences, articles"),
        ("size: {sentences: {minimum: 1}}", "size: sentences: {'minimum': 1} is no bound; write {least: …} or {most: …}"),
        ("size: {sentences: {least: beaucoup}}", "{'least': 'beaucoup'} is no bound"),
        ("size: {sentences: {}}", "{} is no bound"),
        ("size: {sentences: 5000}", "5000 is no bound"),
        ("size: 5000", "must hold parts, each with figures and their bounds"),
        ("", "must hold parts"),
    ],
)
def test_a_file_that_holds_the_corpus_to_nothing_is_refused(tmp_path, text, message):
    path = tmp_path / "requirements.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read_requirements(path, {"sentences": 4000.0, "articles": 300.0})
    assert str(caught.value).startswith(str(path)) and message in str(caught.value)


def test_a_missing_file_comes_with_the_repository(tmp_path):
    with pytest.raises(UserError, match="no such file; it comes with the repository"):
        read_requirements(tmp_path / "requirements.yaml", {})


def test_tables_mark_what_is_missed():
    assert render_markdown([SIZE, SHARE]).splitlines()[2:] == [
        "| size | sentences | 4,000 | at least 5000 | **no** |",
        "| size | share without label | 0.45 | at least 0.4, at most 0.5 | yes |",
    ]
    output = io.StringIO()
    Console(file=output, width=100).print(render_table([SIZE, SHARE]))
    [missed] = [line for line in output.getvalue().splitlines() if "missed" in line]
    assert "sentences" in missed and "4,000" in missed
