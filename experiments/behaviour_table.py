"""Behavioural figures of several campaigns side by side, as CSV: `python experiments/behaviour_table.py CAMPAIGN …`.

Reads `.runs/reports/CAMPAIGN/behaviour/report.json`, which `detente behaviour` writes.
"""

import sys

import pandas as pd

from detente.evaluation.behaviour.report import BehaviourReport
from detente.project import find_root

reports = {name: find_root() / ".runs" / "reports" / name / "behaviour" / "report.json" for name in sys.argv[1:]}
if not reports:
    raise SystemExit(__doc__)
table = pd.DataFrame({name: BehaviourReport.load(path).summary() for name, path in reports.items()})
table.round(4).rename_axis("figure").to_csv(sys.stdout)
