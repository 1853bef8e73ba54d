"""Placeholders: names of pictures and words that only point elsewhere, which are never evidence."""

import re

from ingest.sentences import sentence_spans

_PICTURE = re.compile(
    r"[\[(]?\s*(?:(?:image|photo|picture|figure)\s*:\s*)?\S.{0,150}\.(?:png|jpe?g|gif|svg|webp|avif|heic|tiff?|bmp)\s*[\])]?",
    re.IGNORECASE,
)
_SENTENCE_ENDS = re.compile(r"[.!?]\s")
_IN_BRACKETS = re.compile(
    r"""[ ]?[(\[]\s*(?:
        (?:hyper)?link(?:\s+(?:to|here|tbc|below|above|needed|required|goes|will)\b[^()\[\]]*)?
      | (?-i:LINK)\b[^()\[\]]*
      | url
      | insert\b[^()\[\]]{0,80}\b(?:link|hyperlink|url|image|picture|photo|video|here)\b[^()\[\]]*
      | (?:image|photo|picture)(?:\s*:[^()\[\]]*|\s+(?:here|tbc|to\ follow)[^()\[\]]*)?
      | video\s*(?::[^()\[\]]*|\s(?:here|tbc|to\ follow)[^()\[\]]*)
      | see\s+(?:our|the|this)\s+(?:website|web\s?page|link)
    )\s*[:.]?\s*[)\]]""",
    re.IGNORECASE | re.VERBOSE,
)
_POINTER = re.compile(
    r"""(?:(?:to|for)\b[^.!?:]*,\s*)?(?:please\s+|you\s+can\s+(?:also\s+)?)?
        (?:see|visit|go\s+to|click|tap|follow|read|find\s+out|learn|view|watch|(?:more|further)\s+(?:information|details?))\b
        [^.!?:]*\b(?:website|web\s?site|web\s?page|link|links|here|intranet)\s*[.!:]?
      | (?:click\s+here|(?:read|find\s+out|learn|view|see)\s+more)\s*[.!:…>»→]*""",
    re.IGNORECASE | re.VERBOSE,
)
_POINTS = re.compile(r"(?:website|web ?site|web ?page|links?|here|intranet|more)\W{0,4}$", re.IGNORECASE)
_MOST_POINTING_WORDS = 40


def without_placeholders(text: str) -> str:
    """One line of a page without them; empty where nothing else stood on it."""
    if _PICTURE.fullmatch(text) and not _SENTENCE_ENDS.search(text):
        return ""
    text = _IN_BRACKETS.sub("", text).strip()
    if not _POINTS.search(text[-20:]):
        return text
    spans = list(sentence_spans(text))
    while spans and _only_points(text[slice(*spans[-1])]):
        spans.pop()
    return text[: spans[-1][1]] if spans else ""


def _only_points(sentence: str) -> bool:
    """True for "To find out more, see our website"; a number or an address in it would be worth quoting."""
    if len(sentence.split()) > _MOST_POINTING_WORDS or re.search(r"[\d@]|https?:|www\.", sentence):
        return False
    return _POINTER.fullmatch(sentence) is not None
