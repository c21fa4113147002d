"""What `real_train` and `real_news` of `data/benchmarks/` hold, and how far their annotators agree.

Writes the tables of 008-real-sentences/README.md: `python experiments/real_sentences.py`.
"""

import json
from collections import Counter
from collections.abc import Sequence

from sklearn.metrics import cohen_kappa_score
from speed.report import fill

from detente.labels import LABEL_IDS
from detente.project import find_root

ROOT = find_root()
DOCUMENT = ROOT / "experiments" / "008-real-sentences" / "README.md"
NAMES = ("real_train", "real_news")


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Markdown, all columns but the first to the right."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(map(str, cells))} |" for cells in lines)


def marks(name: str) -> tuple[str, str]:
    """Between what a file's counts stand."""
    return f"<!-- {name}: written by `python experiments/real_sentences.py` -->", f"<!-- end of {name} -->"


def describe(name: str) -> str:
    """Counts of one file, by label and by source."""
    lines = (ROOT / "data" / "benchmarks" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    sentences = [json.loads(line) for line in lines]
    twice = [sentence["votes"] for sentence in sentences if {"A", "B"} <= sentence["votes"].keys()]
    adjudicated = sum("adjudicator" in sentence["votes"] for sentence in sentences)
    equal = sum(votes["A"] == votes["B"] for votes in twice)
    by_label = [
        (
            label,
            f"{sum(label in sentence['labels'] for sentence in sentences):,}",
            f"{cohen_kappa_score(*([label in votes[who] for votes in twice] for who in 'AB')):.3f}",
        )
        for label in LABEL_IDS
    ]
    labelled = Counter(sentence["source"] for sentence in sentences if sentence["labels"])
    by_source = [
        (source, f"{count:,}", f"{labelled[source] / count:.0%}")
        for source, count in Counter(sentence["source"] for sentence in sentences).most_common()
    ]
    return (
        f"{len(sentences):,} sentences of {len({sentence['document'] for sentence in sentences}):,} documents, "
        f"{sum(labelled.values()):,} with a label; {len(twice):,} read by A and B, who agree on the label set of "
        f"{equal / len(twice):.1%}; {adjudicated:,} adjudicated.\n\n"
        f"{table(('label', 'sentences', 'kappa, A and B'), by_label)}\n\n"
        f"{table(('source', 'sentences', 'with a label'), by_source)}"
    )


def main() -> None:
    """Writes the tables."""
    for name in NAMES:
        fill(DOCUMENT, describe(name), marks(name))


if __name__ == "__main__":
    main()
