"""When a full stop belongs to the word before it and ends no sentence."""

import re


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


TITLES = _words("m mm mme mmes mlle mlles mgr dr drs pr me mes st ste cf vs c.-à-d")
# Words of their own too (« franchir le col. »), or names cut short: they hold the next word unless it opens a sentence.
BEFORE_NAMES = _words(
    "adj amb av apr bd brig bât cap cdt ch chr cl cne col ex fr gal gl gén lt maj min ph prof prés sgt sén th"
)
BEFORE_NUMBERS = _words(
    "al app art ch chap doc env fig h liv n no nos p par pp rés sect t tabl tit tél vol éd "
    "janv févr fév avr juil juill sept oct nov déc"
)
# Capitalised, these open a sentence and are no proper name. De and Du are left out: they are also particles.
OPENING_WORDS = _words(
    "le la les l' un une des il elle ils elles on ce cet cette ces c' cela ça nous vous je j' tu mais et ou or car "
    "donc ni si selon pour dans en au aux à après avant depuis lors son sa ses leur leurs notre nos votre vos mon "
    "ma mes que qui qu' quand où comment pourquoi puis ainsi cependant pourtant toutefois aucun aucune chaque "
    "plusieurs certains certaines tous toutes tout toute quant quelques autre autres d' n' s' ne pas par sur sous "
    "avec sans entre dès vers chez contre malgré aussi alors enfin ensuite hier demain aujourd' voilà voici oui non "
    "quel quelle quels quelles"
)
# Things that bear a letter: in « le plan B. » the letter is no initial.
LETTERED = _words("plan groupe annexe point zone type catégorie classe hépatite vitamine option bombe série")
ACRONYM_ARTICLES = _words("la le les du des au aux en")
FINAL_ACRONYMS = frozenset({"J.-C", "É.-U", "E.-U", "É.U", "E.U"})

_LAST_WORD = re.compile(r"(?:(?P<previous>[^\s«“\"(\[]+)\s+)?[«“\"(\[]*(?:(?P<elided>\w{1,2})['’])?(?P<word>[^\s«“\"(\[]+)$")
_CAPITALS = re.compile(r"(?:[A-ZÀ-Þ]\.-?)*[A-ZÀ-Þ]")
_FIRST_WORD = re.compile(r"(?P<word>\w+(?:-\w+)*)(?P<apostrophe>['’])?\s*(?P<second>\w?)")
_NUMBER = re.compile(r"\d|[IVXLC]+\b(?!['’])|[A-Z]\.\s?\d")


def opens_sentence(following: str) -> bool:
    """Tells whether the text begins with a capitalised grammatical word, which no proper name begins with."""
    first = _FIRST_WORD.match(following)
    if first is None or not first["word"][0].isupper():
        return False
    return first["word"].lower() + ("'" if first["apostrophe"] else "") in OPENING_WORDS


def opens_like_name(following: str) -> bool:
    """Tells whether the text begins like « Le Pen » or « Le Caire »: an article, then a capital."""
    first = _FIRST_WORD.match(following)
    return first is not None and first["word"] in {"Le", "La", "Les"} and first["second"].isupper()


def holds_stop(before: str, following: str) -> bool:
    """Tells whether the full stop between two texts marks an abbreviation, initials or an acronym within a sentence.

    Args:
        before: The text up to the full stop, which it does not hold; its last two words are enough.
        following: The text from the next word on; its first two words are enough.
    """
    last = _LAST_WORD.search(before)
    if last is None:
        return False
    word, previous = last["word"], last["previous"] or ""
    lower = word.lower()
    if lower in TITLES:
        return not previous[-1:].isdigit()  # « 12 M. » are millions
    if lower in BEFORE_NUMBERS and _NUMBER.match(following):
        return True
    if lower in BEFORE_NAMES:
        return not opens_sentence(following)
    if _CAPITALS.fullmatch(word):
        return _holds_capitals(word, last["elided"] or "", previous.lower(), following)
    return False


def _holds_capitals(word: str, elided: str, previous: str, following: str) -> bool:
    """Tells whether dotted capitals are the initials of the name that follows, and no acronym ending its sentence."""
    letters = sum(character.isalpha() for character in word)
    if word in FINAL_ACRONYMS or previous in LETTERED:
        return False
    # « l'U.E. » but « d'A. B. Diop »; « en U.R.S.S. » but « la R.D. Congo »
    if (elided.lower() == "l" and letters > 1) or (not elided and previous in ACRONYM_ARTICLES and letters > 2):
        return False
    is_le_name = following.startswith("Le ") and opens_like_name(following)
    return is_le_name or not opens_sentence(following)
