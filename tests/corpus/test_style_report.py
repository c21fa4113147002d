"""The comparison with real prose, kept as figures."""

import json
from dataclasses import replace

import pytest

from detente.corpus.style import Shape
from detente.corpus.style_report import StyleReport, render_markdown
from detente.errors import UserError

REPORT = StyleReport(
    version="abc",
    reference="agence",
    ours=Shape(1500, {"10": 5, "25": 18, "50": 22, "75": 30, "90": 90}, {"commas": 2.0}),
    real=Shape(400, {"10": 10, "25": 20, "50": 25, "75": 30, "90": 45}, {"commas": 1.5}),
    separability=0.814,
    telling_ours=["trêve", "en vain"],
)


@pytest.fixture
def path(tmp_path):
    REPORT.save(tmp_path / "style.json")
    return tmp_path / "style.json"


def rewrite(path, **changes):
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")


def test_a_report_comes_back_as_it_was_saved(path):
    assert StyleReport.load(path, version="abc") == REPORT


def test_the_length_deviation_is_that_of_the_worst_quartile():
    # 18 for 20 is 10 % off, 22 for 25 is 12 %, 30 for 30 none; the tenth and ninetieth points do not count.
    assert REPORT.length_deviation == pytest.approx(0.12)
    longer = replace(REPORT, ours=replace(REPORT.ours, words=REPORT.ours.words | {"75": 36}))
    assert longer.length_deviation == pytest.approx(0.2)


def test_markdown_puts_the_figures_side_by_side():
    assert render_markdown(REPORT).splitlines() == [
        "| | ours (1,500) | agence (400) |",
        "| --- | ---: | ---: |",
        "| words per sentence, 10 % point | 5 | 10 |",
        "| words per sentence, 25 % point | 18 | 20 |",
        "| words per sentence, 50 % point | 22 | 25 |",
        "| words per sentence, 75 % point | 30 | 30 |",
        "| words per sentence, 90 % point | 90 | 45 |",
        "| commas for every 30 words | 2.00 | 1.50 |",
        "| area under the curve, real or ours | 0.81 | |",
    ]


def test_the_corpus_is_measured_beside_real_sentences_whose_documents_are_never_ours(make):
    ours = [make(id=f"s{n}", document=f"d{n % 5}", text="L’émissaire plaide la trêve.") for n in range(20)]
    sources = [f"d{n % 5}" for n in range(20)]  # the same names, other documents
    report = StyleReport.measure(ours, ["Le budget de la mairie monte encore."] * 20, sources, "agence", "abc")
    assert report.separability == 1
    assert (report.ours.words["50"], report.real.words["50"]) == (5, 7)
    assert "trêve" in report.telling_ours


def test_a_report_of_another_corpus_is_refused(path):
    with pytest.raises(UserError, match="describes corpus abc, not def; let `detente corpus style"):
        StyleReport.load(path, version="def")


def test_a_missing_report_says_what_writes_it(tmp_path):
    with pytest.raises(UserError, match=r"no such file; `detente corpus style REFERENCE\.jsonl` writes it"):
        StyleReport.load(tmp_path / "style.json", version="abc")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"extra": 1}, r"unknown keys \['extra'\]"),
        ({"real": {"sentences": 3}}, "real: no shape of sentences .*let `detente corpus style"),
        ({"ours": 7}, "ours: no shape of sentences"),
    ],
)
def test_a_malformed_report_is_refused(path, changes, message):
    rewrite(path, **changes)
    with pytest.raises(UserError, match=message):
        StyleReport.load(path, version="abc")
