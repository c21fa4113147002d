"""Behavioural figures of several models side by side, as CSV: `python experiments/behaviour_table.py FOLDER …`.

Reads each folder's ``report.json``, which `detente behaviour output=FOLDER` writes; a column has the folder's name.
"""

import sys
from pathlib import Path

import pandas as pd

from detente.evaluation.behaviour.report import BehaviourReport

folders = [Path(name) for name in sys.argv[1:]]
if not folders:
    raise SystemExit(__doc__)
table = pd.DataFrame({folder.name: BehaviourReport.load(folder / "report.json").summary() for folder in folders})
table.round(4).rename_axis("figure").to_csv(sys.stdout)
