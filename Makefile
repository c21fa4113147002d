# The commands of the README. Everything runs in .venv; nothing else on the machine is touched.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export MLFLOW_DISABLE_TELEMETRY := true
export HF_HUB_DISABLE_TELEMETRY := 1
export DVC_NO_ANALYTICS := true
export ORT_DISABLE_TELEMETRY := 1
export RAY_USAGE_STATS_ENABLED := 0
# Threads that wait sleep instead of spinning: several times faster when something else holds a core.
export OMP_WAIT_POLICY := PASSIVE

PYTHON ?= python3

.PHONY: install train test lint types bench experiment clean

install: .venv/installed

# Naming torch's version on the command line keeps pip from fetching several gigabytes of CUDA on a machine without a GPU.
.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --constraint constraints.txt $$(grep '^torch==' constraints.txt) --editable '.[dev]'
	touch $@

# Corpus and encoders come from .dvc-store; splits, classifier and reports are made here.
train: install
	dvc pull --quiet data/corpus.dvc pretrain adapt
	dvc repro
	detente results show
	detente label data/samples/article.txt

test: install lint types
	dvc pull --quiet data/corpus.dvc adapt
	pytest

lint: install
	ruff check .
	ruff format --check .
	lint-imports

types: install
	mypy

# Speed, start-up, memory of every way to run the model; needs `make train` or `dvc pull` first.
bench: install
	python experiments/speed.py

# A campaign from training to tables: make experiment NAME=baselines
experiment: install
	python experiments/run.py $(NAME)

clean:
	rm -rf .runs reports models/runs models/classifier data/splits mlflow.db mlruns
