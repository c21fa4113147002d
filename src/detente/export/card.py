"""The model card of the trained classifier, written from what the stages of its run measured."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.bundle.description import Description
from detente.corpus.statistics import Summary
from detente.evaluation.behaviour.report import BehaviourReport, markdown_tables
from detente.evaluation.report import Report, markdown_table
from detente.labels import LABELS
from detente.tracking.ledger import summary_table

if TYPE_CHECKING:
    import pandas as pd

REAL = ("real_dev", "real_news")  # the sets of real sentences, as the ledger calls them
OPENING = """---
language: fr
license: other
license_name: see-licence
library_name: transformers
pipeline_tag: text-classification
tags: [{family}, multi-label-classification, french, news, diplomacy, conflict]
---

# détente: labels for French sentences about conflict and diplomacy

Gives each sentence of French news and diplomatic prose four calibrated probabilities, the labels it earns, often none, and a
mark where a person should look. This card was written by `detente card` from the files of the run.

## What it is not

> **Coded, not verified.** The model codes what a sentence *says*, not what happened. **Its corpus is synthetic**: invented
> sentences, written and annotated by language models; no person has labelled one. Nothing it says proves an event.

## Intended use and users

For researchers and analysts who code French text about conflicts between political actors, read the sentences marked for
review, and hold a sample of the others against their own coding. Not for other languages, party politics, crime, sport or
business, not for forecasts, and not for decisions about persons that nobody reviews.
"""
RUN = """## How to run it

```bash
detente label data/samples/article.txt
detente label --sentences in.jsonl --output out.jsonl
mlflow models serve -m models/bundle --env-manager local -p 5001
curl http://127.0.0.1:5001/invocations -H 'Content-Type: application/json' \\
  -d '{"dataframe_records": [{"text": "Mascate offre des pourparlers dès lundi."}]}'
```

From Python, without torch; or with Transformers alone, whose pipeline gives calibrated probabilities, but applies no
thresholds and reads the text as it is, where the bundle reads stand-ins for actors (`models/transformers/README.md`):

```python
import mlflow, pandas

labels = mlflow.pyfunc.load_model("models/bundle").predict(pandas.DataFrame({"text": ["Mascate offre des pourparlers."]}))

from transformers import pipeline

classify = pipeline("text-classification", model="models/transformers", top_k=None, truncation=True)
probabilities, thresholds = classify(["Mascate offre des pourparlers."]), classify.model.config.thresholds
```
"""


@dataclass(frozen=True)
class Facts:
    """What the card is written from, all of one model.

    Attributes:
        version: Of this package.
        bundle: Its provenance holds the description of the trained model.
        report: Its scores.
        behaviour: Its behaviour.
        real: Rows of the ledger on real prose, models of this name and corpus, of any campaign and seed; may be none.
        corpus: Counts of the corpus it was trained on.
        definitions: Label id to what a sentence with that label says, in the codebook's words.
        encoder_card: Where the encoder's own card lies; None for an encoder that is not ours.
    """

    version: str
    bundle: Description
    report: Report
    behaviour: BehaviourReport
    real: "pd.DataFrame"
    corpus: Summary
    definitions: Mapping[str, str]
    encoder_card: str | None


def render_card(facts: Facts) -> str:
    """The card as Markdown with a YAML header, as model hubs read it."""
    opening = OPENING.format(family=facts.bundle.provenance["family"])
    measured = [section(facts) for section in (_labels, _model, _data, _scores, _calibration, _behaviour, _limits)]
    return "\n".join([opening, *measured, RUN, _closing(facts)])


def _labels(facts: Facts) -> str:
    lines = [f"- `{label.id}`, *{label.french}*: {facts.definitions[label.id]}" for label in LABELS]
    return "\n".join(["## Labels", "", "The sentence says that …", "", *lines, "", "The rules: `data/CODEBOOK.md`.", ""])


def _model(facts: Facts) -> str:
    bundle, origin, parity = facts.bundle, facts.bundle.provenance, facts.bundle.parity
    int8, dirty = parity["int8"], ", with uncommitted changes" if origin["git_dirty"] else ""
    judged = f"{'shipped' if int8['shipped'] else 'not shipped'}, {int8['reason']}"
    if "agreement" in int8:
        judged += f"; {int8['agreement']:.2%} of labels are the same, macro-F1 changes by {-int8['f1_loss']:+z.4f}"
    rows = [
        ("family, encoder", f"{origin['family']}, `{origin['name']}`; its card: {facts.encoder_card or 'none here'}"),
        ("seed, campaign", f"{origin['seed']}, {origin['campaign']}"),
        ("corpus", f"`{origin['corpus']}` in DVC, {origin['share']:.0%} of the training documents"),
        ("exported by", f"détente {facts.version}, commit `{origin['git_commit']}`{dirty}"),
        ("MLflow run", origin["mlflow_run"]),
        ("input", f"a sentence of up to {bundle.max_length} tokens; longer ones are cut"),
        (
            "actors",
            "those that `actors.json` names are read by stand-ins, so that who acts sways no label; others as written",
        ),
        ("bundle", f"ONNX in {', '.join(bundle.weights)}; {bundle.weights[-1]} unless asked otherwise"),
        ("fp32 beside torch", f"largest difference of a probability {parity['fp32']['largest_difference']:.1e}"),
        ("int8 beside fp32", judged),
        ("both on", f"{parity['sentences']:,} sentences of `{origin['parity_data']['file']}`"),
    ]
    return "## Model\n\n" + _table(("", ""), rows)


def _data(facts: Facts) -> str:
    corpus = facts.corpus
    counts = [(label.french, corpus.labels[label.id], corpus.agreement[label.id].alpha) for label in LABELS]
    rows = [(name, f"{count:,}", f"{count / corpus.sentences:.1%}", _decimal(alpha)) for name, count, alpha in counts]
    return (
        f"## Data\n\n{corpus.sentences:,} sentences from {corpus.documents:,} documents, which no split cuts; "
        f"{corpus.without_label:.1%} of them earn no label, {corpus.with_several_labels:.1%} two or more.\n\n"
        + _table(("label", "sentences", "share", "Krippendorff's alpha"), rows)
        + "\nThe annotators are runs of a language model: alpha says how alike they read the codebook, not whether people "
        "would agree with them. `data/DATASHEET.md` tells how the corpus was made.\n"
    )


def _scores(facts: Facts) -> str:
    sets = " and ".join(f"`{name}`" for name in REAL)
    told = f"The ledger has no evaluation of this model on {sets}: how it does on real prose is not known.\n"
    if len(facts.real):
        what = f"{sets} are real French prose that nobody here wrote, the second whole articles. F1 of models of this name"
        told = f"{what} and corpus, mean ± standard deviation over seeds:\n\n{summary_table(facts.real)}"
    start = f"## Scores\n\nOn `{facts.report.name}`, synthetic prose like the training data:\n\n"
    return f"{start}{markdown_table(facts.report)}\n### Real prose\n\n{told}"


def _calibration(facts: Facts) -> str:
    metrics, name = facts.report.metrics, facts.report.name
    measures = ("ece_uncalibrated", "ece", "brier_uncalibrated", "brier")
    keys = [*((label.id, label.french) for label in LABELS), ("macro", "macro")]
    rows = [(title, *(_decimal(metrics[f"{key}/{measure}"], 3) for measure in measures)) for key, title in keys]
    return (
        f"## Calibration and review\n\nOn `{name}`, before and after Platt's calibration, fitted on validation:\n\n"
        + _table(("label", "ECE before", "ECE after", "Brier before", "Brier after"), rows)
        + "\nA sentence is marked for review where the probability that its label set is right is below "
        f"{facts.bundle.decision.review_below:.2f}. On `{name}` the share of sentences not marked is "
        f"{metrics['automatic/coverage']:.2f}; the share of wrong label sets among these is "
        f"{_decimal(metrics['automatic/error'])}, among all {1 - metrics['exact_match']:.2f}.\n"
    )


def _behaviour(facts: Facts) -> str:
    return f"## Behaviour\n\nThe suite of `data/behaviour` on the trained model:\n\n{markdown_tables(facts.behaviour)}"


def _limits(facts: Facts) -> str:
    """The worst of everything that was measured, and what no measure shows."""
    report, suite = facts.report, facts.behaviour
    real = facts.real.groupby(facts.real["campaign"] + " on `" + facts.real["set"] + "`")["macro/f1"].mean()
    measured = {
        f"Weakest label on `{report.name}`, by F1": {label.french: report.metrics[f"{label.id}/f1"] for label in LABELS},
        f"Lowest macro-F1 on real prose, beside {report.metrics['macro/f1']:.2f} on `{report.name}`": dict(real),
        "Hardest rule, by the share of tests passed": {
            name: rate.share for name, rate in suite.functional.items() if name.startswith("rule ")
        },
        "Hardest edit, likewise": {name: rate.share for name, rate in suite.directional.items() if name != "all"},
        "Least stable under, by the share of label sets that stay": {
            name: 1 - found.flip_rate for name, found in suite.invariance.items()
        },
    }
    lines = [f"{what}: {name}, {values[name]:.2f}." for what, values in measured.items() for name in _lowest(values)]
    lines += [
        f"{1 - facts.corpus.without_label:.0%} of the corpus's sentences earn a label; in a newspaper far fewer do.",
        "Actors that are not listed, and adjectives of those that are, the model does read, and they can sway it.",
        "Each sentence is read alone: who « il » is, or what « cette proposition » says, the model cannot know.",
    ]
    return "## Limits\n\n" + "".join(f"- {line}\n" for line in lines)


def _closing(facts: Facts) -> str:
    origin = facts.bundle.provenance
    terms = f"`{facts.encoder_card}`" if facts.encoder_card else f"the terms of `{origin['name']}`"
    return f"""## Licence

Code: Apache 2.0. Corpus: CC BY 4.0. The weights started from those of the encoder, so the texts it was trained on count too:
read {terms} before you redistribute the weights or use them commercially.

## How to cite

```bibtex
@software{{detente,
  author = {{{{The détente project}}}}, title = {{détente: labels for French sentences about conflict and diplomacy}},
  version = {{{facts.version}}}, note = {{commit {origin["git_commit"]}, corpus {origin["corpus"]}}}
}}
```
"""


def _lowest(values: Mapping[str, float]) -> list[str]:
    """The name of the lowest value, the first of equals; none where no value is a number."""
    return sorted((name for name, value in values.items() if not math.isnan(value)), key=values.__getitem__)[:1]


def _decimal(value: float, digits: int = 2) -> str:
    return "–" if math.isnan(value) else f"{value:.{digits}f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first of more than two are numbers."""
    rule = ["---"] + ["---:" if len(head) > 2 else "---"] * (len(head) - 1)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, rule, *rows))
