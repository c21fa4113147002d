"""``mlflow models serve`` on the bundle, started for real: right answers, and a 4xx that says what to change."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import pytest

from detente.bundle.labeller import Labeller
from detente.labels import LABEL_IDS

TEXTS = ["L’armée a bombardé le port.", "Ankara propose une médiation.", "Il pleut."]
PATIENCE = 120  # seconds for a loaded machine to start it


class Server:
    """A running server and how to ask it."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"

    def ask(self, body: bytes, kind: str = "application/json") -> tuple[int, object]:
        """Posts a body; the status and the answer."""
        request = urllib.request.Request(f"{self.address}/invocations", body, {"Content-Type": kind})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def label(self, texts, **rest):
        """Labels texts as a service would ask for it."""
        return self.ask(
            json.dumps({"dataframe_split": {"columns": ["text"], "data": [[text] for text in texts]}} | rest).encode()
        )


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(tiny_bundle, tmp_path_factory):
    """The documented command, in a folder outside the project."""
    port = free_port()
    command = ["mlflow", "models", "serve", "-m", str(tiny_bundle), "--env-manager", "local", "-p", str(port)]
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": f"{scripts}:{os.environ['PATH']}", "OMP_NUM_THREADS": "1"}
    log = tmp_path_factory.mktemp("serving") / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=log.parent, env=environment, stdout=file, stderr=file, start_new_session=True
        )
    try:
        running, end = Server(port), time.monotonic() + PATIENCE
        while True:
            assert process.poll() is None and time.monotonic() < end, log.read_text(encoding="utf-8")
            try:
                urllib.request.urlopen(f"{running.address}/ping", timeout=5).close()
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.2)
        yield running
    finally:
        os.killpg(process.pid, 15)
        process.wait(30)


def test_a_batch_gets_the_labellers_own_answers(server, tiny_bundle):
    status, answer = server.label(TEXTS)
    said = Labeller.load(tiny_bundle).label(TEXTS)
    assert status == 200
    rows = answer["predictions"]
    np.testing.assert_allclose([[row[label] for label in LABEL_IDS] for row in rows], said.probabilities, atol=1e-9)
    assert [row["review"] for row in rows] == said.review.tolist()
    given = [[label for label, has in zip(LABEL_IDS, decided, strict=True) if has] for decided in said.decisions]
    assert [row["labels"] for row in rows] == given


def test_one_sentence_comes_as_records_and_gets_the_same_answer_as_in_a_batch(server):
    status, answer = server.ask(json.dumps({"dataframe_records": [{"text": TEXTS[0]}]}).encode())
    assert status == 200 and answer["predictions"] == server.label(TEXTS)[1]["predictions"][:1]


def test_long_and_foreign_text_is_labelled(server):
    status, answer = server.label(["La guerre continue. " * 500, "The army shelled the port.", "军队炮击了港口。", "🇫🇷"])
    assert status == 200 and len(answer["predictions"]) == 4


def test_thresholds_may_be_given_for_one_request(server):
    status, answer = server.label(TEXTS, params={"threshold_accusation": 0.0})
    assert status == 200 and all("accusation" in row["labels"] for row in answer["predictions"])


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (
            b'{"dataframe_split": {"columns": ["text"], "data": [["Il pleut."], [" "]]}}',
            "application/json",
            "row 2: the text is blank",
        ),
        (b'{"dataframe_records": [{"text": null}]}', "application/json", "row 1: the text is missing"),
        (b'{"dataframe_records": [{"text": 12}]}', "application/json", "row 1: the text is missing or not a string: 12"),
        (b'{"dataframe_records": [{"texte": "Il pleut."}]}', "application/json", "missing inputs"),
        (b'{"texts": ["Il pleut."]}', "application/json", "dataframe_split"),
        (b"Il pleut.", "application/json", "json"),
        (b"text\nIl pleut.\n", "text/plain", "content type"),
    ],
)
def test_a_request_that_cannot_be_answered_says_what_to_change(server, body, kind, message):
    status, answer = server.ask(body, kind)
    assert 400 <= status < 500 and message.lower() in answer.lower()


def test_an_empty_batch_is_answered_with_nothing(server):
    status, answer = server.ask(b'{"dataframe_split": {"columns": ["text"], "data": []}}')
    assert (status, answer) == (200, {"predictions": []}) or 400 <= status < 500
