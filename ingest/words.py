"""Words: how text becomes the stemmed terms that BM25 and the answers compare."""

import re
import unicodedata
from functools import lru_cache

import Stemmer

_STOPWORDS = (
    "a about after all also am an and any are as at be been being but by can could d did do does doing done for from"
    " get got had has have having he her hers him his how i if in into is it its just ll m me my of on or our ours"
    " please re s she should so some such t tell than that the their them then there these they this those to up us"
    " ve was we were what when where which who whom whose why will with would wot you your yours"
    " whats whos wheres hows whens whys thats theres dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt cant"
    " couldnt wont wouldnt shouldnt im ive youre youve weve theyre theyve hes shes lets pls plz"
)
STOPWORDS = frozenset(_STOPWORDS.split())
_TERM = re.compile(r"[a-z0-9]+(?:[.,]\d+|[&'’/-](?=[a-z0-9])[a-z0-9]+)*")
_MAY_BE_A_MARK = re.compile(r"[\u0300-\u1fff\u20d0-\u20ff\u2c00-\U0010ffff]")  # not dashes, quotation marks and signs
_STEMMER = Stemmer.Stemmer("english")


def plain(text: str) -> str:
    """`text` in lower case without accents, typographic quotes, or brackets in a word ("HOPE(S)" is "hopes")."""
    text = _without_marks(text)  # before as well, as normalising a million marks would take an hour
    text = _without_marks(unicodedata.normalize("NFKD", text).casefold()).replace("’", "'").replace("‘", "'")
    return re.sub(r"(?<=\w)\((\w{1,3})\)", r"\1", text)


def _without_marks(text: str) -> str:
    if text.isascii() or not _MAY_BE_A_MARK.search(text):
        return text
    return "".join(character for character in text if not unicodedata.combining(character))


def terms(text: str, *, stop: bool = True) -> list[str]:
    """The stemmed terms of `text` in order, without stop words; "co-production" also gives "coproduction"."""
    return [term for term, _ in spelt_terms(text, stop=stop)]


def spelt_terms(text: str, *, stop: bool = True) -> list[tuple[str, str]]:
    """The stemmed terms of `text` as `terms` gives them, each with the word as it is spelt there."""
    found: list[tuple[str, str]] = []
    for match in _TERM.finditer(plain(text)):
        word = re.sub(r"'(?:s|re|ve|ll|d|t|m)?$", "", match.group().replace(",", ""))
        pieces = [piece for piece in re.split(r"['/-]", word) if piece]
        if len(pieces) > 1:
            pieces.append("".join(pieces))
        found.extend((stem(piece), piece) for piece in pieces if not (stop and piece in STOPWORDS))
    return found


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The English (Porter2) stem of a word in lower case."""
    return str(_STEMMER.stemWord(word))
