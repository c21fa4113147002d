"""What a model says of the sentences of the suite, looked up by sentence."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from detente.evaluation.arrays import FloatArray
from detente.evaluation.trained import Labelling
from detente.labels import LABEL_IDS

Labeller = Callable[[Sequence[str]], Labelling]
LabelSet = frozenset[str]


class Answers:
    """The labels and probabilities of sentences, each asked for once.

    Attributes:
        labels: Sentence to the labels given.
        probabilities: Sentence to its probabilities ``[label]``.
    """

    labels: dict[str, LabelSet]
    probabilities: dict[str, FloatArray]

    def __init__(self, label: Labeller, texts: Iterable[str]) -> None:
        """Calls ``label`` once, with every sentence of ``texts`` once."""
        distinct = list(dict.fromkeys(texts))
        labelling = label(distinct)
        self.probabilities = dict(zip(distinct, labelling.probabilities, strict=True))
        self.labels = {
            text: frozenset(np.array(LABEL_IDS)[given].tolist())
            for text, given in zip(distinct, labelling.decisions, strict=True)
        }

    def majority(self, texts: Iterable[str]) -> LabelSet:
        """The label set that most of the sentences get; of equally frequent ones, the one met first."""
        return Counter(self.labels[text] for text in texts).most_common(1)[0][0]
