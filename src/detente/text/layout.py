"""What the lay-out of an article says: paragraphs, headlines, bylines, datelines, list items."""

import re
from collections.abc import Iterator
from itertools import pairwise

from detente.text.abbreviations import opens_like_name, opens_sentence

LONGEST_BYLINE = 100  # characters

_MONTH = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_MONTH += r"|janv\.|févr?\.|avr\.|juill?\.|sept\.|oct\.|nov\.|déc\."
_PLACE = r"[A-ZÀ-Þ][\w'’.-]*(?:[\s/]+(?:[A-ZÀ-Þ][\w'’.-]*|\([A-ZÀ-Þ][\w\s'’-]{1,30}\))){0,4}"
_DATE = rf"(?:le\s)?(?:\w{{5,8}}\s)?\d{{1,2}}(?:er)?\s(?:{_MONTH})(?:\s\d{{4}})?"
_AGENCIES = "[Aa]gences?|AFP|Reuters|AP|ATS|Belga|Tass|TASS|Xinhua|ANSA|EFE|DPA|dpa|UPI|Anadolu"
_AGENCY = rf"\((?:[Aa]vec\s)?(?:{_AGENCIES})[^()]{{0,30}}\)"
_DASH = r"\.?\s?[–—-](?=\s)"
_DATELINE = re.compile(rf"(?:{_PLACE},?\s)?(?:{_DATE}(?:,?\s{_AGENCY})?|{_AGENCY}){_DASH}(?=\s+[\"«“(]?\s*[A-ZÀ-Þ\d])")
_CAPITAL_PLACE = re.compile(rf"[A-ZÀ-Þ][A-ZÀ-Þ\s'’-]{{2,40}}(?<!\s){_DASH}\s+(?P<next>.{{0,20}})", re.DOTALL)

_BULLET = re.compile(r"[•‣▪◦●■*]\s")
_ITEM = re.compile(r"(?:[-–—]+\s|—(?=\w)|\d{1,2}[.)°]\s|[a-zA-Z]\)\s)\s*(?P<rest>.?)")
_BYLINE = re.compile(
    r"\([^()]*\)$|(?:Propos|Textes?|Article)\s(?:recueillis?|traduits?|de|par)\s|Publié\s(?:le|à)\s|Mis\sà\sjour\s|"
    r"De\snotre\s(?:correspondant|envoyé|bureau)|(?:Reportage|Analyse|Récit|Photo|Photos|Crédit)\s(?:de|par|:)\s"
)
_BYLINE_WORDS = frozenset({"et", "à", "au", "aux", "de", "du", "des", "avec", "en", "pour", "la", "le", "les"})
_UNFINISHED = re.compile(
    r"(?:[,;:('’«“\[–—-]|\b(?:de|du|des|le|la|les|un|une|et|ou|à|au|aux|en|dans|par|pour|sur|sous|avec|sans|que|qui|ne|se|"
    r"ce|cette|ces|sa|son|ses|leur|leurs|entre|vers|chez|dont|où|MM?\.|Mme|Mlle|Dr|Me))$"
)
_FINISHED = re.compile(r"[.!?…][\s»”\")\]]*$")


def segments(article: str) -> Iterator[tuple[int, int]]:
    """Cuts an article where its lay-out says that no sentence goes on.

    Blank lines always cut. A single line end is a space, as in hard-wrapped text, unless the next line is a list item
    or a turn of a dialogue, one of the two lines is a byline, or the line was broken on purpose: it has no final stop
    and the next word is one that opens sentences; or it stands alone, like a headline, and the next word, with its
    capital, would still have fitted. A dateline is a segment of its own.

    Yields:
        Offsets (start, end) into the article, in order, without white space at either end; together they hold every
        other character.
    """
    for lines in _blocks(article):
        start, width = lines[0][0], max(end - start for start, end in lines)
        in_list, is_fresh = False, True
        for (previous_start, previous_end), (line_start, line_end) in pairwise(lines):
            previous, line = article[previous_start:previous_end], article[line_start:line_end]
            in_list = in_list or _ITEM.match(previous) is not None
            headline_width = width if is_fresh else 0
            is_fresh = _begins_item(line, previous, in_list) or _was_broken_on_purpose(line, previous, headline_width)
            if is_fresh:
                yield from _without_dateline(article, start, previous_end)
                start = line_start
            is_fresh = is_fresh or _FINISHED.search(previous[-8:]) is not None
        yield from _without_dateline(article, start, lines[-1][1])


def _blocks(article: str) -> Iterator[list[tuple[int, int]]]:
    """Yields the lines, as trimmed offsets, of each run of lines between blank ones."""
    block: list[tuple[int, int]] = []
    offset = 0
    for line in article.splitlines(keepends=True):
        if line.isspace():
            if block:
                yield block
            block = []
        else:
            block.append((offset + len(line) - len(line.lstrip()), offset + len(line.rstrip())))
        offset += len(line)
    if block:
        yield block


def _begins_item(line: str, previous: str, in_list: bool) -> bool:
    if _BULLET.match(line):
        return True
    item = _ITEM.match(line)
    # A dash before a small letter may also open an incise in hard-wrapped prose.
    return item is not None and (
        in_list or not item["rest"].islower() or previous[-1] in ":;" or _FINISHED.search(previous[-8:]) is not None
    )


def _was_broken_on_purpose(line: str, previous: str, width: int) -> bool:
    """Tells whether a line end stands for more than a space, given the width that the lines were filled to."""
    tail = previous[-8:]
    if _UNFINISHED.search(tail) or _FINISHED.search(tail):
        return False
    first = line.lstrip('«“"([ \u00a0\u202f')[:1]
    if not (first.isupper() or first.isdigit()):
        return False
    if _is_byline(previous) or _is_byline(line):
        return True
    next_word_fits = len(previous) + 1 + len(line.split(maxsplit=1)[0]) <= width
    return next_word_fits or (opens_sentence(line[:40]) and not opens_like_name(line[:40]))


def _is_byline(line: str) -> bool:
    if len(line) > LONGEST_BYLINE:
        return False
    if _BYLINE.match(line):
        return True
    first, *words = line.split()
    return (
        first.capitalize() == "Par"
        and bool(words)
        and all(word[0].isupper() or word.rstrip(",") in _BYLINE_WORDS for word in words)
    )


def _without_dateline(article: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields « GENÈVE, 12 mars (Agence) – » apart from the sentence that it opens."""
    head = article[start : min(end, start + 160)]
    dateline = _DATELINE.match(head)
    capital_place = _CAPITAL_PLACE.match(head)
    cut = 0
    if dateline:
        cut = dateline.end()
    elif capital_place and opens_sentence(capital_place["next"]):
        cut = len(head[: capital_place.start("next")].rstrip())
    if cut:
        yield start, start + cut
        start += cut + len(article[start + cut : end]) - len(article[start + cut : end].lstrip())
    if start < end:
        yield start, end
