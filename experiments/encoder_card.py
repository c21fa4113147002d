"""Adds to the embedded encoder's card what comes after pretraining: `python experiments/encoder_card.py`.

Its downstream scores from the ledger, beside those of the baselines and of the other encoders; and, where the pretraining
text is at hand, that no sentence of the real benchmark stands in it. Then `dvc commit adapt` records the card.
"""

from detente.corpus.benchmark import read_references, search_folder
from detente.encoder.card import with_benchmark_check, with_scores
from detente.errors import UserError
from detente.files import replaced_file
from detente.project import find_root
from detente.tracking.ledger import read_ledger, summary_table

CAMPAIGNS = ("001-baselines", "005-encoders")
ROOT = find_root()

path = ROOT / "models" / "encoder" / "README.md"
ledger = read_ledger(ROOT / "experiments" / "results.csv")
rows = ledger[ledger["campaign"].isin(CAMPAIGNS) & (ledger["corpus"] == ledger["corpus"].iloc[-1]) & (ledger["share"] == 1)]
card = with_scores(path.read_text(encoding="utf-8"), summary_table(rows))
text = ROOT / "data" / "pretraining-text"
if text.exists():
    references = read_references(ROOT / "data" / "benchmarks" / "real_dev.jsonl")
    found, _ = search_folder(text, references)
    if found:
        raise UserError(f"{len(found)} sentences of the benchmark stand in {text}: {sorted(found)[:5]}; take them out")
    card = with_benchmark_check(card, len(references))
with replaced_file(path) as aside:
    aside.write_text(card, encoding="utf-8")
