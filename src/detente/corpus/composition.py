"""What the corpus is made of, counted in articles, actors and contrast groups."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import get_args

from detente.corpus.actors import Actors
from detente.corpus.record import Genre, Record
from detente.corpus.splits import linked_groups
from detente.errors import UserError


@dataclass(frozen=True)
class Composition:
    """Counts that no label enters.

    Attributes:
        articles: Documents that are no contrast group.
        smallest_genre: Share of the articles of the genre that has the fewest, 0 to 1; 0 if one has none.
        without_conflict: Share of the articles in which no sentence earns a label, 0 to 1.
        contrast_groups: Groups of sentences joined by contrast links.
        groups_of_rarest_rule: Contrast groups of the codebook rule that has the fewest, maybe 0.
        states: Number of different states named.
        non_state_actors: Number of different armed groups and movements named.
        dyad: Share of the sentences that name the most frequent pair of actors, 0 to 1.
        most_frequent_dyad: That pair.
    """

    articles: int
    smallest_genre: float
    without_conflict: float
    contrast_groups: int
    groups_of_rarest_rule: int
    states: int
    non_state_actors: int
    dyad: float
    most_frequent_dyad: tuple[str, str]


def measure_composition(records: Sequence[Record], actors: Actors) -> Composition:
    """Counts articles, genres, contrast groups, actors and pairs of actors.

    Raises:
        UserError: There is no article, or no sentence names two actors.
    """
    articles: dict[str, list[Record]] = {}
    for record in records:
        if record.rule is None:
            articles.setdefault(record.document, []).append(record)
    genres = Counter(members[0].genre for members in articles.values())
    rules = Counter(group[0].rule for group in linked_groups(records) if group[0].rule is not None)
    named = [actors.named_in(record.text) for record in records]
    kinds = Counter(actors.kind_of[name] for name in {name for names in named for name in names})
    dyads = Counter(dyad for names in named for dyad in combinations(sorted(names), 2))
    if not articles or not dyads:
        raise UserError(
            f"{len(records)} sentences, {len(articles)} articles, {len(dyads)} pairs of actors: too little to measure; the"
            " composition needs an article and a sentence that names two actors"
        )
    [(dyad, count)] = dyads.most_common(1)
    return Composition(
        articles=len(articles),
        smallest_genre=min(genres[genre] for genre in get_args(Genre)) / len(articles),
        without_conflict=sum(not any(record.labels for record in members) for members in articles.values()) / len(articles),
        contrast_groups=sum(rules.values()),
        groups_of_rarest_rule=min(rules[rule] for rule in range(1, 11)),
        states=kinds["states"],
        non_state_actors=kinds["non_state_actors"],
        dyad=count / len(records),
        most_frequent_dyad=dyad,
    )
