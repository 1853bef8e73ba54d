"""Spelling: a question's words as the pages write them: typing errors, clipped words, acronyms nobody listed."""

import re

from rapidfuzz import fuzz, process

from ingest.embedding import EmbeddingModel
from ingest.index import Index
from ingest.words import STOPWORDS, plain, stem

_CLOSE_ENOUGH = 80  # of 100, rapidfuzz ratio: "raferty" is "rafferty", "sefton" is not "section"
_LETTERS = re.compile(r"\b(?P<letters>[A-Z][A-Za-z]{1,4}[A-Z]|[a-z]{3,5})(?:['’]?s)?\b")  # of a name's words, perhaps
_WORD = re.compile(r"[^\W_][\w&'’().-]*")


def spell_out_acronyms(text: str, index: Index, model: EmbeddingModel) -> str:
    """`text` with each acronym that the glossary lacks as the pages write it out: "GDE" is "Global Digital Exemplar".

    Small letters count where they are no word and stand on no page; capitals that do stand on one are kept beside.
    """
    known = {alias for alias, _ in index.aliases}
    shouted = text.isupper()

    def spelt_out(match: re.Match[str]) -> str:
        letters, bare = match.group("letters"), plain(match.group("letters"))
        on_pages = _on_pages(bare, index)
        if bare in known or ((on_pages or bare in STOPWORDS or model.knows(bare)) and (shouted or letters == bare)):
            return match.group()
        name = index.spelt_out(letters)
        return match.group() if name is None else f"{letters} ({name})" if on_pages else name

    return _LETTERS.sub(spelt_out, text)


def correct_spelling(text: str, index: Index, model: EmbeddingModel) -> str:
    """`text` with each word that is no English word and on no page replaced by the nearest one that is on a page."""

    def corrected(match: re.Match[str]) -> str:
        word = match.group().rstrip(".-'’)")
        bare = plain(word)
        if len(bare) < 4 or not bare.isalpha() or bare in STOPWORDS or _on_pages(bare, index) or model.knows(bare):
            return match.group()
        choices = [known for known in index.spellings if abs(len(known) - len(bare)) <= 2 and known[0] == bare[0]]
        found = process.extractOne(bare, choices, scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
        nearest = found[0] if found else _unclipped(bare, index)
        return nearest + match.group()[len(word) :] if nearest else match.group()

    return _WORD.sub(corrected, text)


def _unclipped(clipped: str, index: Index) -> str | None:
    """The one word of the pages that a clipped one begins: "defibs" for "defibrillator"."""
    clipped = clipped.removesuffix("s")
    begun = [known for known in index.spellings if len(clipped) > 3 and known.startswith(clipped)]
    return min(begun) if len({stem(known) for known in begun}) == 1 else None


def _on_pages(bare: str, index: Index) -> bool:
    """True when a word in plain lower case, or another ending of it, stands on a page or in a name."""
    return bare in index.known_words or stem(bare) in index.vocabulary
