"""The model as a plain Transformers folder, for readers who want nothing of détente."""

import copy
from pathlib import Path

import torch
from transformers import PreTrainedTokenizerFast

from detente.classifier.camembert import CamembertClassifier
from detente.encoder.tokenizer import save_tokenizer
from detente.evaluation.decision import Decision
from detente.files import replaced_folder
from detente.text.anonymise import ACTORS

ABOUT = """# A classifier of détente as a plain Transformers folder

`pipeline("text-classification", model=…, top_k=None, truncation=True)` gives calibrated probabilities for escalation,
de-escalation, accusation and diplomatic offer. The model card is `reports/model_card.md` of the repository that made it.

The model was made to read stand-ins for the actors of `actors.json`, « Paris menace Londres » for « La Russie menace Kiev »:
`Anonymiser.load("actors.json").read(text)`, of `detente.text.anonymise`, gives what the bundle reads. It has met bare names
in training too, but with those its labels may hang on who acts.
"""


@torch.no_grad()
def write_transformers_folder(classifier: CamembertClassifier, decision: Decision, folder: Path) -> None:
    """Writes a folder that ``pipeline("text-classification", model=folder, top_k=None)`` reads.

    Platt's calibration is linear in the logits, so it goes into the last layer: the pipeline gives the calibrated
    probabilities, under the label ids. Weights are fp32, since the pipeline computes in the precision it finds. The
    thresholds stand in ``config.json`` as ``thresholds``, label id to probability; the pipeline does not apply them. Readers
    prepare the text by `Anonymiser.read` with ``actors.json`` and pass ``truncation=True``, or long sentences fail.

    Args:
        classifier: The fine-tuned CamemBERT; left as it is.
        decision: Its calibration and thresholds.
        folder: Where to write; an older folder gives way only to a whole one.
    """
    model = copy.deepcopy(classifier.model).float().cpu()
    slopes, intercepts = torch.tensor(decision.slopes), torch.tensor(decision.intercepts)
    head = model.classifier.out_proj
    head.weight.mul_(slopes[:, None])
    head.bias.mul_(slopes).add_(intercepts)
    model.config.thresholds = dict(zip(decision.labels, decision.thresholds, strict=True))
    tokenizer = copy.deepcopy(classifier.tokenizer)
    assert isinstance(tokenizer, PreTrainedTokenizerFast)  # transformers 5 has no other kind for CamemBERT
    tokenizer.model_max_length = classifier.max_length
    with replaced_folder(folder) as aside:
        model.save_pretrained(aside)
        save_tokenizer(tokenizer, aside)
        classifier.anonymiser.save(aside / ACTORS)
        (aside / "README.md").write_text(ABOUT, encoding="utf-8")
