"""From an article to its sentences, each with its place in the article."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from detente.text.abbreviations import holds_stop, opens_sentence
from detente.text.enclosures import LONGEST_WHOLE, Enclosures, find_enclosures
from detente.text.layout import segments

CONTEXT = 60  # characters looked at on either side of a stop: two long words

_STOPS = re.compile(r"[.!?…]+(?:\s+[.!?](?!\.))*")
_OPENERS = re.compile(r"(?:[(\[](?:…|\.\.\.)[)\]]|…|\.\.\.|[\s«“\"(\[•–—-]){0,20}")
_SPACE = re.compile(r"\s*")
_ENUMERATOR = re.compile(r"[\s«“\"(\[–—•-]*(?:\d{1,2}|[a-zA-Z]|[IVX]{1,4})$")
_INLINE_ENUMERATOR = re.compile(r"[:;]\s*(?:\d{1,2}|[a-z])$")


@dataclass(frozen=True)
class Sentence:
    """A sentence and its place: ``article[start:end] == text``."""

    text: str
    start: int
    end: int


def split_sentences(article: str) -> list[Sentence]:
    """Splits a French article into its sentences by rules, in time linear in its length.

    The lay-out cuts first (see `detente.text.layout`): headlines, bylines, datelines and list items are sentences of
    their own. Then a sentence ends at a stop that no abbreviation holds and no small letter, comma or colon follows.
    Quotations and parentheses of up to 240 characters stay whole, with their incise: « Partez. Il est temps », a-t-il
    dit. A longer quotation is split at its own sentence ends, and so is one that is not closed in its paragraph.

    Returns:
        Sentences in order, not overlapping, together holding every character that is not white space; none for an empty
        article. Line ends inside a sentence stay in its text.
    """
    return [
        Sentence(article[start:end], start, end)
        for segment_start, segment_end in segments(article)
        for start, end in _split_segment(article, segment_start, segment_end)
    ]


def _split_segment(article: str, offset: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields the offsets of the sentences in one segment."""
    text = article[offset:end]
    start = 0
    for boundary in _boundaries(text):
        yield offset + start, offset + boundary
        start = _skip_space(text, boundary)
    yield offset + start, offset + len(text)


def _boundaries(text: str) -> Iterator[int]:
    """Yields the offset just after each sentence of the text but the last."""
    enclosures = find_enclosures(text)
    whole = iter([*enclosures.whole, (len(text), len(text))])
    whole_start, whole_end = next(whole)
    start = position = 0
    has_word = False
    while stop := _STOPS.search(text, position):
        if position == start and (remark := _remark_end(text, start, enclosures)) and remark <= stop.start():
            yield remark
            start = position = _skip_space(text, remark)
            has_word = False
        has_word = has_word or any(map(str.isalnum, text[position : stop.start()]))
        position = _skip_closing(text, stop.end(), enclosures)
        while whole_end < position:
            whole_start, whole_end = next(whole)
        inside = whole_start < position <= whole_end
        if not inside and has_word and _ends_sentence(text, start, stop, position, enclosures):
            yield position
            start = position = _skip_space(text, position)
            has_word = False


def _skip_closing(text: str, position: int, enclosures: Enclosures) -> int:
    """Moves over the closing marks behind a stop, and the stops right behind these: « ? ». », « !) », « . ” »."""
    while True:
        mark = _skip_space(text, position)
        closes = enclosures.partner.get(mark, mark) < mark or text[mark : mark + 1] in {"»", "”", ")", "]"}
        if closes or text[position : position + 1] in set(".!?…"):
            position = mark + 1
        else:
            return position


def _ends_sentence(text: str, start: int, stop: re.Match[str], position: int, enclosures: Enclosures) -> bool:
    """Tells whether a sentence that began at start ends at position, just behind the stop and its closing marks."""
    if position == len(text):
        return False  # the last sentence of a segment needs no boundary
    following = _skip_space(text, position)
    if text[position - 1] in ")]" and enclosures.partner.get(position - 1, start) != start:
        # « Le traité (enfin !) Paris l'attendait »: the parenthesis began within the sentence, and may end within it
        return opens_sentence(text[following : following + CONTEXT])
    opener = _OPENERS.match(text, following)
    word = opener.end() if opener else following
    if word == len(text):
        return False
    if following == position:
        # « la reprise.Le lendemain »: a space was lost; without a grammatical word it may be an address or a name
        return text[stop.start() - 1].islower() and opens_sentence(text[word : word + CONTEXT])
    if text[word].islower():
        return _remark_end(text, following, enclosures) > 0
    if text[word] in ",;:.!?)]»”%/":
        return False
    return stop.group() != "." or position != stop.end() or not _belongs_to_word(text, start, stop.start(), word)


def _belongs_to_word(text: str, start: int, stop: int, word: int) -> bool:
    """Tells whether a single full stop belongs to an abbreviation or to the number of an item."""
    before = text[max(start, stop - CONTEXT) : stop]
    if _INLINE_ENUMERATOR.search(before) or (stop - start < CONTEXT and _ENUMERATOR.fullmatch(before)):
        return True
    return holds_stop(before, text[word : word + CONTEXT])


def _remark_end(text: str, position: int, enclosures: Enclosures) -> int:
    """Finds the end of a parenthesis that stands between two sentences: « Il l'a dit. (lire page 3) Paris dément. »

    Returns:
        The offset behind the parenthesis, or 0 where none opens at this position or the sentence goes on after it.
    """
    closing = enclosures.partner.get(position, 0)
    if text[position] != "(" or not any(map(str.isalpha, text[position : min(closing, position + LONGEST_WHOLE)])):
        return 0
    following = _skip_space(text, closing + 1)
    stands_alone = following == len(text) or (following > closing + 1 and text[following].isupper())
    return closing + 1 if stands_alone else 0


def _skip_space(text: str, position: int) -> int:
    """Moves to the next character that is not white space, or to the end."""
    space = _SPACE.match(text, position)
    return space.end() if space else position
