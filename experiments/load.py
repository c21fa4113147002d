"""Loads the documented server with requests at rising concurrency: `python experiments/load.py [BUNDLE [FOLDER]]`.

Starts `mlflow models serve` on a free port of 127.0.0.1 and asks nobody else; ends it, and itself, within `LIMIT` seconds.
Writes load.csv, and the table into README.md, in FOLDER. Number of workers: the environment variable MLFLOW_MODELS_WORKERS.
"""

import csv
import itertools
import json
import math
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from detente.bundle.description import ARTIFACTS, DESCRIPTION, Description
from detente.errors import UserError
from detente.files import replaced_file
from detente.project import find_root
from detente.tracking.environment import git_commit, processor

LIMIT = 90.0  # seconds for everything
START = 40.0  # seconds of them in which the server must come up
STOP = 10.0  # seconds of them in which it must go down
LEVEL = 3.5  # seconds after which a level sends nothing more
REQUESTS = 400  # a level sends at most
WARM_UP = 20  # requests before anything is counted
SIZES = (1, 32)  # sentences a request
CONCURRENCY = (1, 2, 4, 8, 16)
MARKS = "<!-- table: written by `python experiments/load.py` -->", "<!-- end of table -->"
ROOT = find_root()


def texts() -> list[str]:
    """Sentences to send: the validation split, or the corpus where there are no splits."""
    from detente.corpus.jsonl import read_records
    from detente.corpus.tables import read_split

    split = ROOT / "data" / "splits" / "validation.parquet"
    return (
        read_split(split)["text"].tolist() if split.is_file() else [r.text for r in read_records(ROOT / "data" / "corpus")]
    )


def bodies(sentences: list[str], size: int) -> list[bytes]:
    """Requests of so many sentences each, going round the sentences until each has been sent once."""
    around = itertools.cycle(sentences)
    tables = ([[text] for text in itertools.islice(around, size)] for _ in range(math.ceil(len(sentences) / size)))
    return [json.dumps({"dataframe_split": {"columns": ["text"], "data": table}}).encode() for table in tables]


@contextmanager
def server(bundle: Path, deadline: float) -> Iterator[int]:
    """The documented server in a process group of its own; gives its port once it answers, and ends it whatever happens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "ORT_DISABLE_TELEMETRY": "1",
        "PYTHONDONTWRITEBYTECODE": "1",  # the bundle is left as it is
    }
    command = ["mlflow", "models", "serve", "-m", str(bundle), "--env-manager", "local", "-p", str(port)]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            while not answers(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    raise SystemExit(f"the server did not come up in time:\n{log.read().decode(errors='replace')[-2000:]}")
                time.sleep(0.2)
            yield port
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def answers(port: int) -> bool:
    """Whether the server says that it is ready."""
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/ping")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def ask(port: int, requests: list[bytes], size: int, clients: int, count: int, stop: float) -> dict[str, float]:
    """Sends at most ``count`` requests over so many kept connections for `LEVEL` seconds; waits for none after ``stop``."""
    numbers = iter(range(count))
    end = time.monotonic() + LEVEL

    def client(_: int) -> list[float]:
        times = []
        connection = HTTPConnection("127.0.0.1", port, timeout=max(stop - time.monotonic(), 0.1))
        for number in numbers:  # shared; one step of a range iterator is atomic
            if time.monotonic() >= end:
                break
            begun = time.perf_counter()
            try:
                body = requests[number % len(requests)]
                connection.request("POST", "/invocations", body, {"Content-Type": "application/json"})
                response = connection.getresponse()
                answer = response.read()
                taken = time.perf_counter() - begun
                right = response.status == 200 and len(json.loads(answer)["predictions"]) == size
            except (OSError, HTTPException):
                connection.close()  # the next request opens it again
                right = False
            times.append(taken if right else math.nan)
        connection.close()
        return times

    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        times = [taken for each in pool.map(client, range(clients)) for taken in each]
    seconds = time.perf_counter() - begun
    good = sorted(taken for taken in times if not math.isnan(taken))
    rates = {"requests_s": len(good) / seconds, "sentences_s": len(good) * size / seconds}
    rank = {
        f"p{share}_ms": 1000 * good[math.ceil(share / 100 * len(good)) - 1] if good else math.nan for share in (50, 95, 99)
    }
    row = {"sentences": size, "concurrency": clients, "requests": len(times), "failures": len(times) - len(good)}
    return row | {key: round(value, 1) for key, value in (rates | rank).items()}


def table(rows: list[dict[str, float]], description: Description) -> str:
    """Markdown: on what it was measured, then one row a level."""
    workers = os.environ.get("MLFLOW_MODELS_WORKERS", "1")
    model = f"{description.provenance.get('name', 'unnamed')} ({description.weights[-1]})"
    heads = [
        "sentences a request",
        "clients",
        "requests",
        "failures",
        "requests/s",
        "sentences/s",
        "p50 ms",
        "p95 ms",
        "p99 ms",
    ]
    lines = [
        f"Model {model}, {workers} worker(s), {processor()}, {os.cpu_count()} cores, commit `{git_commit()[:8]}`.",
        "",
        f"| {' | '.join(heads)} |",
        "|" + " ---: |" * len(heads),
        *(f"| {' | '.join(str(value) for value in row.values())} |" for row in rows),
    ]
    return "\n".join(lines)


def main(bundle: Path, folder: Path) -> None:
    """Runs every level that there is time for."""
    begun = time.monotonic()
    description = Description.load(bundle / ARTIFACTS / DESCRIPTION)
    sentences = texts()
    requests = {size: bodies(sentences, size) for size in SIZES}
    stop = begun + LIMIT - STOP
    rows = []
    with server(bundle, begun + START) as port:
        ask(port, requests[1], 1, 1, WARM_UP, stop)
        for clients, size in itertools.product(CONCURRENCY, SIZES):
            if time.monotonic() + LEVEL > stop:
                print(f"no time left for {clients} clients with {size} sentence(s) each")
                continue
            rows.append(ask(port, requests[size], size, clients, REQUESTS, stop))
            print(rows[-1])
    rows.sort(key=lambda row: (row["sentences"], row["concurrency"]))
    with replaced_file(folder / "load.csv") as aside, aside.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    page = folder / "README.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    with replaced_file(page) as aside:
        aside.write_text(f"{before}{MARKS[0]}\n\n{table(rows, description)}\n\n{MARKS[1]}{after}", encoding="utf-8")
    print(f"written to {folder} after {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server goes down with this script
    given = [Path(argument).resolve() for argument in sys.argv[1:]]
    defaults = [ROOT / "models" / "bundle", ROOT / "experiments" / "load"]
    try:
        main(*(given + defaults[len(given) :]))
    except UserError as error:
        raise SystemExit(f"load: {error}") from None
