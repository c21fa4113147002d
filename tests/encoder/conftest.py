"""A pretraining so small that a process of its own can do it, as a configuration file would hold it."""

import lzma
from pathlib import Path
from typing import Any

import pytest

SENTENCES = [
    f"Le ministre {name} a signé à {city} un accord de paix de {pages} pages avec le pays voisin, avant de repartir."
    for name in ("Aubert", "Besson", "Caron", "Diop", "Estève", "Faure", "Garnier")
    for city in ("Genève", "Bamako", "Kiev", "Beyrouth", "Oslo", "Dakar", "Rabat", "Tunis")
    for pages in range(3, 9)
]


@pytest.fixture
def configuration(tmp_path: Path) -> dict[str, Any]:
    """What ``detente pretrain --cfg job --resolve`` would print for six tiny steps over three texts."""
    text = tmp_path / "text"
    text.mkdir()
    for name in ("vikidia-articles.txt.xz", "mafand-news-fr.txt.xz", "lemonde-titres-2017.txt.xz"):
        (text / name).write_bytes(lzma.compress("\n\n".join(SENTENCES).encode()))
    (text / "notes.txt").write_text("L’accord tient.", encoding="utf-8")
    weights = {"vikidia-articles.txt.xz": 1, "mafand-news-fr.txt.xz": 0.5, "lemonde-titres-2017.txt.xz": 0, "notes.txt": 2}
    return {
        "output": str(tmp_path / "encoder"),
        "checkpoints": str(tmp_path / "checkpoints"),
        "start": "",
        "sequence_length": 16,
        "cooccurrence_window": 2,
        "text": {"folder": str(text), "weights": weights},
        "tokenizer": {"vocabulary_size": 130, "documents": 200, "seed": 1},
        "architecture": {"layers": 1, "width": 16, "heads": 2, "feed_forward": 32, "max_length": 24},
        "schedule": {
            "steps": 6, "causal_steps": 3, "batch_size": 5, "learning_rate": 0.0001, "warmup": 0, "decay": 0,
            "weight_decay": 0.01, "masking_rate": 0.25, "held_out": 12, "report_every": 1, "checkpoint_every": 2,
            "precision": "fp32", "compiled": False, "device": "cpu", "seed": 1,
        },
        "tracking": {"uri": "sqlite:///mlflow.db", "experiment": "detente"},
    }  # fmt: skip
