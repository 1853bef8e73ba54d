"""Wording: what no sentence of an answer may hold, whoever wrote it: links, mentions, markup, another language."""

import re
import unicodedata
from typing import Literal

from ingest.index import Index
from ingest.words import STOPWORDS, plain, terms

MOST_CHARACTERS = 600
_LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,10}://|\b(?:mailto|tel|javascript|data|file):|\bhxxp|\bwww\b|\[\.\]|\(dot\)"
    r"|\bdot (?:com|org|uk|net)\b|\b(?:\d{1,3}\.){3}\d{1,3}\b|\b[\w-]{2,}\.[a-z]{2,}\b"
    r"|\b[\w-]+\.(?:com|org|net|uk|io|gov|nhs|edu|info|biz|ly|app|co)\b|[<>@]|&lt;|&gt;|(?<!\w)#\w"
    r"|(?<!\w)/(?:invite|remind|msg|dm|who|here|topic|archive|leave|join)\b|(?<!\w):[a-z_+-]{2,}:(?!\w)",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"[`\n\r\t|{}\\_*~\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|^\s*(?:[-+•>#]|\d+[.)]\s)|\]\(")
_TO_THE_MODEL = re.compile(
    r"\b(?:as an ai|language model|(?:system|hidden|my|the) prompt|as instructed|repeat after me"
    r"|(?:my|your|previous|earlier|these) (?:rules|instructions?)|ignore (?:all|any|my|the|previous)"
    r"|i (?:will|cannot|can't|am|have|must)|i'm)\b|^\W*(?:system|assistant|user)\W*:",
    re.IGNORECASE,
)
_SMALL = "not no than more over under two one been both each first last"
_ENGLISH = STOPWORDS | frozenset(_SMALL.split())


def wrong_wording(text: str, index: Index) -> Literal["link", "not an answer"] | None:
    """What is wrong with a text as a sentence of an answer, if anything: it must be short, plain English words."""
    if len(text) > MOST_CHARACTERS or not any(character.isalpha() for character in text):
        return "not an answer"
    bare = text
    for name in index.glossary.names:
        for alias in name.all:
            if "@" in alias:
                bare = re.sub(re.escape(alias), " ", bare, flags=re.IGNORECASE)
    if _LINK.search(bare):
        return "link"
    if _MARKUP.search(text) or _TO_THE_MODEL.search(text) or not _is_english(text, index):
        return "not an answer"
    return None


def _is_english(text: str, index: Index) -> bool:
    letters = [character for character in text if character.isalpha()]
    latin = sum("LATIN" in unicodedata.name(character, "") for character in letters)
    words = re.findall(r"[^\W\d_]+", plain(text))
    small = [word for word in words if word in _ENGLISH]
    unknown = sum(word not in _ENGLISH and not all(index.holds(term) for term in terms(word)) for word in words)
    return latin == len(letters) and len(words) > 2 and bool(small or not unknown) and unknown <= len(words) / 2
