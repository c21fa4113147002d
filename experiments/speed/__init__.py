"""The speed benchmark's parts; `python experiments/speed.py` runs it."""
