"""Sentences beside the training split are learnt from as well."""

import json

from detente.commands.train import train
from detente.evaluation.trained import TrainedModel

ODD = "Zyx wvu tsr qpo."


def probability(composed, store, tmp_path, *overrides):
    train(composed("train", store, "classifier=tfidf", *overrides))
    return TrainedModel.load(tmp_path / "model").label([ODD]).probabilities[0, 0]


def test_what_only_additional_sentences_say_is_learnt(composed, store, tmp_path):
    line = {"text": ODD, "labels": ["escalation"]}
    (tmp_path / "more.jsonl").write_text((json.dumps(line) + "\n") * 30, encoding="utf-8")
    without = probability(composed, store, tmp_path)
    assert probability(composed, store, tmp_path, f"additional={tmp_path}/more.jsonl") > max(0.5, without)
