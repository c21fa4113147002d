"""Runs an experiment of `conf/experiment` from training to tables: `python experiments/run.py baselines`.

Trains its sweep, evaluates every model on the validation and test splits and, where `detente benchmark fetch` has rebuilt
it, on real prose, collects the ledger and renders the tables. A run that was killed goes on where it was; finished ones are
trained anew. Further arguments are Hydra overrides of the training, for instance `hydra/launcher=parallel`.
"""

import subprocess
import sys
from pathlib import Path

from hydra import compose, initialize_config_dir

from detente.commands.hydra_job import register_resolvers
from detente.project import find_root

ROOT = find_root()
SETS = {"validation": ("name=validation",), "test": ("name=test", "release=true")}


def detente(*arguments: str) -> None:
    """Runs a verb; a mistake of its own ends this script with its message."""
    print("detente", *arguments, flush=True)
    if status := subprocess.run([str(Path(sys.executable).with_name("detente")), *arguments], cwd=ROOT).returncode:
        raise SystemExit(status)


def main(name: str, *overrides: str) -> None:
    """Trains, evaluates, collects, renders."""
    register_resolvers()
    with initialize_config_dir(str(ROOT / "conf"), version_base="1.3"):
        campaign = compose("train", [f"experiment={name}"]).campaign
    models = ROOT / "models" / "runs" / campaign
    detente("train", "-m", f"experiment={name}", *overrides)
    sets = dict(SETS)
    for benchmark in sorted(path.stem for path in (ROOT / "conf" / "benchmark").glob("*.yaml")):
        if (ROOT / "data" / "benchmarks" / f"{benchmark}.fetched.jsonl").is_file():
            sets[benchmark] = (f"benchmark={benchmark}",)
    folders = ",".join(str(folder) for folder in sorted(models.iterdir()))
    for label, what in sets.items():
        output = f"output='.runs/reports/{campaign}/${{name:${{model}}}}-{label}'"
        detente("evaluate", "-m", f"model={folders}", output, *what)
    detente("results", "collect")
    detente("results", "render")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
