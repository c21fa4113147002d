"""``detente prepare``: splits that hold every sentence once, or a message that says what is wrong with the corpus."""

import json

import pytest

from detente.commands.prepare import prepare
from detente.corpus.tables import read_split
from detente.errors import UserError

SPLITS = ("train", "validation", "test")


@pytest.fixture
def corpus(tmp_path, records):
    """Writes records as a corpus and gives the override that names it."""

    def write(some):
        file = tmp_path / "corpus" / "articles.jsonl"
        file.parent.mkdir()
        lines = [json.dumps(record.model_dump(exclude_none=True), ensure_ascii=False) for record in some]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return f"corpus={file.parent}"

    return write


def test_the_corpus_becomes_three_splits_without_a_common_document(composed, tmp_path, records):
    counts = prepare(composed("prepare"))
    frames = {name: read_split(tmp_path / "splits" / f"{name}.parquet") for name in SPLITS}
    assert counts == {name: len(frame) for name, frame in frames.items()}
    assert sorted(id_ for frame in frames.values() for id_ in frame["id"]) == sorted(record.id for record in records)
    documents = [set(frame["document"]) for frame in frames.values()]
    assert sum(map(len, documents)) == len(set.union(*documents))
    assert counts["train"] == pytest.approx(0.7 * len(records), rel=0.02)


def test_equal_seeds_give_equal_bytes_and_others_do_not(composed, tmp_path, corpus, records):
    few = corpus([record for record in records if record.document.startswith("w1-01")])
    files = {}
    for name, seed in (("one", 1), ("same", 1), ("other", 2)):
        prepare(composed("prepare", few, f"output={tmp_path}/{name}", f"seed={seed}"))
        files[name] = [(tmp_path / name / f"{split}.parquet").read_bytes() for split in SPLITS]
    assert files["one"] == files["same"] != files["other"]


def test_a_corpus_that_fails_a_gate_is_not_split(composed, tmp_path, corpus, records):
    twin = records[0].model_copy(update={"id": "twin"})
    with pytest.raises(UserError, match=r"does not pass its quality gates:\n  same text in .*twin"):
        prepare(composed("prepare", corpus([*records[:60], twin])))
    assert not (tmp_path / "splits").exists()


def test_near_duplicates_in_two_documents_are_refused(composed, tmp_path, corpus, records):
    text = "Le {} mars, la flotte a quitté Sébastopol pour une destination que l’état-major n’a pas voulu préciser."
    articles = {}
    for record in records[:60]:
        articles.setdefault(record.document, []).append(record)
    leaking = [
        members[0].model_copy(update={"text": text.format(day), "id": f"twin-{day}", "contrast": None})
        for day, members in enumerate(list(articles.values())[:3], start=3)
    ]
    with pytest.raises(UserError, match=r"twin-3 and twin-4 are alike"):
        prepare(composed("prepare", corpus([*records[:60], *leaking]), "shares={train: 0.34, validation: 0.33, test: 0.33}"))


def test_a_malformed_record_is_named_with_file_and_line(composed, tmp_path, corpus, records):
    override = corpus(records[:3])
    with (tmp_path / "corpus" / "articles.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "x", "texte": "Un."}\n')
    with pytest.raises(UserError, match=r"articles\.jsonl:4.*unknown key 'texte'"):
        prepare(composed("prepare", override))


def test_shares_must_sum_to_one(composed):
    with pytest.raises(UserError, match="must sum to 1"):
        prepare(composed("prepare", "shares.train=0.9"))
