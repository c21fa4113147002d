"""A benchmark without its text: a sentence is found exactly, wherever it stands, or not at all."""

import json
from hashlib import sha256

import pytest

from detente.commands.benchmark import NAMES
from detente.corpus.benchmark import (
    HEAD,
    Reference,
    find_sentences,
    head_hash,
    read_references,
    read_sources,
    search_folder,
    write_found,
)
from detente.corpus.labelled import read_labelled
from detente.errors import UserError
from detente.project import find_root
from detente.text.normalise import normalise

OFFER = "Le président du Marsal a proposé mardi une rencontre à son voisin."
STRIKE = "« Nous avons frappé l’aéroport », a déclaré l’état-major."


def reference(text: str, id_: str = "presse:article-1:4", labels: tuple[str, ...] = ()) -> Reference:
    """What a benchmark holds of a sentence."""
    plain = normalise(text)
    return Reference(
        id=id_,
        source="presse",
        document=id_.rsplit(":", 1)[0],
        labels=list(labels),
        votes={"C": []},
        sha256=sha256(plain.encode()).hexdigest(),
        length=len(plain),
        head=head_hash(plain),
    )


@pytest.mark.parametrize(
    "text",
    [
        OFFER,
        f"Titre sans point {OFFER} Suite.",
        f"({OFFER})",
        f"2024.{OFFER}Suite collée",
        OFFER.replace(" une ", "\r\n\t une\u00a0"),
        OFFER.replace("é", "e\u0301"),
        OFFER.replace("voisin", "voi\u00adsin"),
    ],
)
def test_a_sentence_is_found_wherever_it_stands(text):
    assert find_sentences(text, [reference(OFFER)]) == {"presse:article-1:4": OFFER}


@pytest.mark.parametrize(
    "text",
    [
        OFFER.replace("mardi", "jeudi"),  # same head, same length
        OFFER.replace("voisin.", "voisin"),
        f"x{OFFER}",  # no word starts there
        OFFER[:HEAD],
    ],
)
def test_a_near_miss_is_no_match(text):
    assert find_sentences(text, [reference(OFFER)]) == {}


def test_sentences_that_begin_alike_are_told_apart():
    twin = OFFER.replace("mardi", "jeudi")
    references = [reference(OFFER, "a:1"), reference(twin, "a:2")]
    assert find_sentences(f"{twin} {OFFER}", references) == {"a:1": OFFER, "a:2": twin}


def test_a_quotation_mark_may_begin_a_sentence():
    assert find_sentences(f"Titre. {STRIKE}", [reference(STRIKE, "a:2")]) == {"a:2": normalise(STRIKE)}


def test_a_folder_is_searched_and_what_is_not_text_is_told(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "image.png").write_bytes(b"\x89PNG")
    (tmp_path / "c.conllu").write_text(f"# text = {OFFER}\n", encoding="utf-8")
    found, left_out = search_folder(tmp_path, [reference(OFFER, "a:1"), reference(STRIKE, "a:2")])
    assert found == {"a:1": OFFER}
    assert left_out == [str(tmp_path / "b" / "image.png")]


def test_what_was_found_is_ready_to_be_evaluated(tmp_path):
    references = [reference(OFFER, "a:1", ("diplomatic_offer",)), reference(STRIKE, "a:2")]
    write_found({"a:1": OFFER}, references, tmp_path / "found.jsonl")
    frame = read_labelled(tmp_path / "found.jsonl")
    assert frame[["id", "text", "document", "diplomatic_offer"]].to_numpy().tolist() == [["a:1", OFFER, "a", True]]


def test_a_line_that_is_no_reference_is_named(tmp_path):
    path = tmp_path / "b.jsonl"
    path.write_text(json.dumps(reference(OFFER).model_dump() | {"length": 3}) + "\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"b\.jsonl:1: key 'length', value 3"):
        read_references(path)


@pytest.mark.parametrize(("name", "sentences"), [("real_dev", 243), ("real_news", 9_623), ("real_train", 24_621)])
def test_the_files_hold_no_text(name, sentences):
    path = find_root() / "data" / "benchmarks" / f"{name}.jsonl"
    references = read_references(path)
    assert len(references) == len({one.id for one in references}) == sentences
    keys = [set(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    assert all(one == set(Reference.model_fields) for one in keys)


def test_every_source_is_described_and_no_other():
    folder = find_root() / "data" / "benchmarks"
    references = [one for name in NAMES for one in read_references(folder / f"{name}.jsonl")]
    assert {one.source for one in references} == set(read_sources(folder / "sources.yaml"))
