"""An encoder that was trained further in a classifier."""

from pathlib import Path

from transformers import PreTrainedModel

from detente.encoder.card import with_adaptation
from detente.encoder.saving import save_encoder
from detente.encoder.tokenizer import load_tokenizer
from detente.files import replaced_file


def save_adapted(pretrained: Path, fine_tuned: PreTrainedModel, facts: dict[str, str], output: Path) -> None:
    """Writes a classifier as an encoder to start from, head included, with the pretrained encoder's tokenizer and card.

    The head that guesses hidden words stays behind.

    Args:
        pretrained: Folder of the encoder that fine-tuning started from.
        fine_tuned: The classifier.
        facts: What the card says of the fine-tuning, by row title.
        output: Where to write; may be the same folder.
    """
    card = with_adaptation((pretrained / "README.md").read_text(encoding="utf-8"), facts)
    save_encoder(fine_tuned, load_tokenizer(pretrained), output)
    with replaced_file(output / "README.md") as aside:
        aside.write_text(card, encoding="utf-8")
