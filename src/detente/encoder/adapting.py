"""An encoder whose layers were trained further in another model."""

from pathlib import Path

from transformers import CamembertForMaskedLM, PreTrainedModel

from detente.encoder.card import with_adaptation
from detente.encoder.saving import save_encoder
from detente.encoder.tokenizer import load_tokenizer
from detente.files import replaced_file


def save_adapted(pretrained: Path, fine_tuned: PreTrainedModel, facts: dict[str, str], output: Path) -> None:
    """Writes the pretrained encoder with the layers of a classifier that was fine-tuned from it, and its card.

    The classifier's head is left behind; the one that guesses hidden words stays as it was, and guesses worse.

    Args:
        pretrained: Folder of the encoder that fine-tuning started from.
        fine_tuned: The classifier.
        facts: What the card says of the fine-tuning, by row title.
        output: Where to write; may be the same folder.
    """
    model = CamembertForMaskedLM.from_pretrained(pretrained)
    model.roberta.load_state_dict(fine_tuned.base_model.state_dict())
    card = with_adaptation((pretrained / "README.md").read_text(encoding="utf-8"), facts)
    save_encoder(model, load_tokenizer(pretrained), output)
    with replaced_file(output / "README.md") as aside:
        aside.write_text(card, encoding="utf-8")
