"""What the corpus is made of."""

from typing import get_args

import pytest

from detente.corpus.actors import Actors
from detente.corpus.composition import measure_composition
from detente.corpus.record import Genre
from detente.errors import UserError

ACTORS = Actors(
    {
        "states": {"Mali": ["mali"], "Tchad": ["tchad"], "Niger": ["niger"]},
        "non_state_actors": {"Aqmi": ["aqmi"]},
        "organisations": {"Cédéao": ["cédéao"]},
    }
)


@pytest.fixture
def articles(make):
    """One article a genre, the first of them of two sentences and the only one with a conflict in it."""
    peaceful = [
        make(id=f"a{n}", document=f"a{n}", genre=genre, text="Le Mali vote.", labels=[])
        for n, genre in enumerate(get_args(Genre))
    ]
    return [*peaceful, make(id="a0bis", document="a0", text="Le Mali et le Tchad frappent Aqmi.")]


@pytest.fixture
def contrast_sets(make):
    """Two pairs for the first codebook rule and one for each other."""
    return [
        make(id=f"r{n}{side}", document=f"r{n}{side}", rule=rule, contrast=f"r{n}{other}", text="La trêve tient.")
        for n, rule in enumerate((1, *range(1, 11)))
        for side, other in ("ab", "ba")
    ]


def test_contrast_pairs_count_as_groups_and_not_as_articles(articles, contrast_sets):
    composition = measure_composition([*articles, *contrast_sets], ACTORS)
    assert composition.articles == 13
    assert (composition.contrast_groups, composition.groups_of_rarest_rule) == (11, 1)


def test_a_rule_nobody_tests_is_the_rarest(articles, contrast_sets):
    tested = [record for record in contrast_sets if record.rule != 7]
    assert measure_composition([*articles, *tested], ACTORS).groups_of_rarest_rule == 0


def test_an_article_is_without_conflict_if_none_of_its_sentences_earns_a_label(articles):
    assert measure_composition(articles, ACTORS).without_conflict == pytest.approx(12 / 13)


def test_genres_are_compared_by_their_articles(articles, make):
    assert measure_composition(articles, ACTORS).smallest_genre == pytest.approx(1 / 13)
    without_history = [record for record in articles if record.genre != "history"]
    assert measure_composition(without_history, ACTORS).smallest_genre == 0


def test_actors_are_counted_by_kind_and_pairs_by_sentence(make):
    records = [
        make(id="s1", text="Le Mali et le Tchad s’accordent."),
        make(id="s2", text="Le Tchad répond au Mali."),
        make(id="s3", text="Aqmi menace le Mali, et encore le Mali."),
        make(id="s4", text="La Cédéao se tait."),
    ]
    composition = measure_composition(records, ACTORS)
    assert (composition.states, composition.non_state_actors) == (2, 1)
    assert (composition.most_frequent_dyad, composition.dyad) == (("Mali", "Tchad"), 0.5)


def test_a_corpus_without_articles_or_pairs_cannot_be_measured(make, contrast_sets):
    with pytest.raises(UserError, match="1 sentences, 1 articles, 0 pairs of actors"):
        measure_composition([make(text="Le Mali vote.")], ACTORS)
    with pytest.raises(UserError, match="22 sentences, 0 articles"):
        measure_composition(contrast_sets, ACTORS)
