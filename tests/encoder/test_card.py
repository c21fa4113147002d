"""The model card says what its run knew, what the text is, and later what the encoder is good for."""

import re
from pathlib import Path

import pytest
import yaml

from detente.encoder.card import with_benchmark_check, with_scores
from detente.encoder.configuration import read_configuration
from detente.encoder.run import pretrain_encoder
from detente.encoder.text_sources import read_text_sources
from detente.errors import UserError
from detente.project import find_root

GOLDEN = Path(__file__).with_name("card.md")
TABLE = "| task | macro-F1 |\n| --- | ---: |\n| détente | 0.81 |"


@pytest.fixture
def card_of(tmp_path):
    """Pretrains and gives the card, with what varies from machine to machine masked."""

    def _card_of(configuration):
        path = tmp_path / "config.yaml"
        path.write_text(yaml.safe_dump(configuration, sort_keys=False), encoding="utf-8")
        settings, folders = read_configuration(path)
        pretrain_encoder(settings, folders, lambda metrics, step: None)
        card = (folders.output / "README.md").read_text(encoding="utf-8")
        card = re.sub(r"\d\.\d{3} \|", "LOSS |", card)
        return re.sub(r"(?m)^\| (device|speed) \| .* \|$", r"| \1 | … |", card)

    return _card_of


def test_the_card_of_a_tiny_run(card_of, configuration):
    assert card_of(configuration) == GOLDEN.read_text(encoding="utf-8")


def test_open_text_earns_no_warning_and_unstated_licences_do(card_of, configuration):
    weights = configuration["text"]["weights"]
    weights.update({"mafand-news-fr.txt.xz": 0, "notes.txt": 0})
    card = card_of(configuration)
    assert "mafand" not in card, "a file of weight 0 is not read"
    assert "think before" not in card
    assert "Neither source nor licence" not in card
    weights["lemonde-titres-2017.txt.xz"] = 1
    warning = "Part of this text is of unstated licence or by third parties (`lemonde-titres-2017.txt.xz`): think before"
    assert warning in card_of(configuration)


def test_a_finished_run_writes_the_whole_curve_again(card_of, configuration):
    first = card_of(configuration)
    second = card_of(configuration)
    assert second == first.replace("| speed | … |\n", ""), "no step was made, so no speed was measured"


def test_scores_come_as_a_section_at_the_end_and_are_replaced_in_place():
    card = with_benchmark_check(with_scores("# Card\n", TABLE), sentences=480)
    mark = "<!-- scores: written by `python experiments/encoder_card.py` -->"
    assert card.startswith(f"# Card\n\n## Downstream scores\n\n{mark}\n\n{TABLE}\n")
    assert "None of the 480 sentences of the benchmark `real_dev` stands in the text" in card
    assert with_scores(card, TABLE) == card
    newer = with_scores(card, TABLE.replace("0.81", "0.84"))
    assert newer == card.replace("0.81", "0.84")


def test_every_text_of_the_configuration_is_described_and_the_open_ones_are_open():
    sources = read_text_sources(find_root() / "data" / "pretraining_sources.yaml")
    texts = {
        path.stem: set(yaml.safe_load(path.read_text(encoding="utf-8"))["weights"])
        for path in (find_root() / "conf" / "text").glob("*.yaml")
    }
    assert set().union(*texts.values()) <= set(sources)
    assert {sources[name].licence_class for name in texts["open"]} <= {"A", "P"}
    assert {sources[name].licence_class for name in texts["all"]} == {"P", "NC", "B"}
    assert not any("|" in part for source in sources.values() for part in (source.what, source.source, source.licence))


@pytest.mark.parametrize(
    "content, message",
    [
        ("a.txt: {what: w, source: s, licence: l, licence_class: C}", r"a\.txt\.licence_class: 'C' is none of A, P, NC, B"),
        ("a.txt: {what: w, source: s, licence: l}", r"a\.txt\.licence_class is missing"),
        ("a.txt: {what: 3, source: s, licence: l, licence_class: A}", r"a\.txt\.what: 3 is not a text"),
        ("a: [", r"sources\.yaml: .*`git checkout"),
    ],
)
def test_a_mistake_in_the_description_is_named(tmp_path, content, message):
    path = tmp_path / "sources.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=message):
        read_text_sources(path)
