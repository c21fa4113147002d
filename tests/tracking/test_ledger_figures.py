"""The ledger's figure compares what can be compared."""

import pandas as pd
import pytest

from detente.errors import UserError
from detente.tracking.ledger import COLUMNS
from detente.tracking.ledger_figures import newest_rows, plot_models


def rows(*values):
    columns = ["campaign", "set", "model", "share", "seed", "corpus", "macro/f1"]
    return pd.DataFrame(values, columns=columns)


LEDGER = rows(
    ("001-first", "test", "tfidf", 1.0, 1, "aaaa", 0.1),
    ("002-second", "test", "tfidf", 1.0, 1, "bbbb", 0.4),
    ("002-second", "test", "tfidf", 1.0, 2, "bbbb", 0.6),
    ("003-third", "test", "embedded", 1.0, 1, "bbbb", 0.7),
    ("003-third", "real_dev", "embedded", 1.0, 1, "bbbb", 0.3),
    ("003-third", "test", "embedded", 0.5, 1, "bbbb", 0.2),
)


def test_only_whole_runs_on_the_newest_corpus_are_compared():
    assert newest_rows(LEDGER)["macro/f1"].tolist() == [0.4, 0.6, 0.7, 0.3]
    with pytest.raises(UserError, match="ledger has no row"):
        newest_rows(pd.DataFrame(columns=COLUMNS))


def test_a_panel_a_set_with_each_seed_and_the_mean():
    test, real = plot_models(newest_rows(LEDGER)).axes
    assert (test.get_title(), real.get_title()) == ("test", "real_dev")
    models = [tick.get_text() for tick in test.get_yticklabels()]
    assert models == ["003-third · embedded", "002-second · tfidf"]  # although the mean over both sets is the same
    assert [text.get_text() for text in test.texts] == ["0.70", "0.50"]
    assert [text.get_text() for text in real.texts] == ["0.30"]
    seeds = [sorted(line.get_xdata()) for line in test.lines if line.get_marker() == "o"]
    assert [0.4, 0.6] in [list(values) for values in seeds]


def test_no_rows_are_a_user_error():
    with pytest.raises(UserError, match="no row of the ledger"):
        plot_models(LEDGER[:0])
