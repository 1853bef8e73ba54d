"""Personal data: what tells who a patient is, and questions after private details of somebody named.

Both must be found without a model, before anything is kept.
"""

import re

from stdnum.gb import nhs

from ingest.dates import dates_in


def any_of(*patterns: str) -> re.Pattern[str]:
    """One pattern for any of these, in capitals or not."""
    return re.compile("|".join(patterns), re.IGNORECASE)


def says(pattern: re.Pattern[str], text: str) -> bool:
    """True when a pattern stands somewhere in a text."""
    return pattern.search(text) is not None


_TEN_DIGITS = re.compile(r"(?<![\d+])(?:\d[ .-]?){9}\d(?!\d)")
_TEN_SPOKEN = any_of(r"(?:\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b[\s,-]*){10}")
A_PATIENT = r"(?:in)?patients?|pt|service users?|clients?|residents?"
_NHS_NUMBER = any_of(rf"\bnhs[\s-]*(?:no|num(?:ber)?|id|#)\b|\bnhs ?#|\b(?:{A_PATIENT})\b")
_RECORD_NUMBER = any_of(
    r"\b(?:rio|mrn|chi|epr|emis|patient|pt)[\s-]*(?:no|num(?:ber)?|id|#)?\.?\s*[:#]?\s*[A-Z]{0,3}\d{6,}\b",
    r"\b(?:hospital|rio|emis|patient|mrn|unit|case|record|s)\s*(?:no|num(?:ber)?"
    r"|id)\.?\s*[:#]?\s*[A-Z]{0,3}\d{5,}(?! million)",
    r"\b[A-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b",  # National Insurance number
)
_BORN = any_of(r"\bd\.?\s?o\.?\s?b\b", r"\bdate of birth\b")
_A_BIRTH = any_of(r"\bborn(?: on)?\b")
_SHORT_DATE = re.compile(
    r"\b\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})\b|\b\d{1,2}(?:st|nd|rd|th)?\s+\w{3,9}\s+(?:19|20)?\d\d\b|\b(?:19"
    r"|20)\d\d-\d\d-\d\d\b"
)
_LONG_AGO = re.compile(
    r"\b\d{1,2}[./-]\d{1,2}[./-](?:19\d\d|[3-9]\d)\b|\b19\d\d-\d\d-\d\d\b"
)  # hardly the date of a page
_A_NAME = r"[A-Z][A-Za-z'’-]+"
_FULL_NAME = re.compile(rf"\b(?:(?:Mr|Mrs|Ms|Miss)\.? {_A_NAME}|{_A_NAME} {_A_NAME})\b")
_NO_SURNAME = (  # words that follow "patient" or "service user" with a capital and name nobody
    "Safety|Partners?|Panel|Board|Experience|Participation|Research|Reader|Design|Champion|Council|Forum|Group|Team"
    "|Survey|Care|And|User|Journey|Flow|Portal|Pathway|Involvement|Voice|Liaison|Advice|Network|Programme|Project"
    "|Engagement|[A-Z]\\w+ (?:House|Place|Court|Unit|Ward|Centre|View)"
)
_SOMEBODY = (
    re.compile(
        rf"\b(?i:{A_PATIENT})\s*(?:called|named|,|:|is)?\s+(?:(?:Mr|Mrs|Ms|Miss"
        rf"|Dr)\.?\s+)?(?!\w+(?: And)?\s+(?:{_NO_SURNAME})\b|(?:{_NO_SURNAME})\b)[A-Z][\w’'-]+\s+[A-Z][\w’'-]+"
    ),
    re.compile(rf"\b(?i:my|this|our|a) (?i:patient|pt|client|service user),? (?!{_NO_SURNAME})[A-Z][a-z]+\b"),
    re.compile(rf"\b(?i:{A_PATIENT}) (?i:called|named) \w+|\b(?i:{A_PATIENT}) [A-Z]\.? ?[A-Z]\b\.?(?! ?\w)"),
    re.compile(
        r"\b(?:Mr|Mrs|Miss|Ms)\.? [A-Z][\w’'-]+.{0,40}\b(?i:ward|notes|diagnos\w+|admitted|section(?:ed)?"
        r"|medication|patient|records?|discharg\w+|appointment|blood|refus\w+)\b"
    ),
    re.compile(
        rf"\b{_A_NAME} {_A_NAME}\b.{{0,20}}\b(?i:an? (?:in)?patient (?:of|at|here|in|on|with)|sectioned|admitted to"
        r"|under our care|on our books|on (?:my|the|our) (?:ward|caseload))\b"
        rf"|\b(?i:was|is|has) {_A_NAME} {_A_NAME} (?i:been )?(?i:treated|detained|admitted|seen|discharged)\b"
    ),
    re.compile(
        rf"\b{_A_NAME} {_A_NAME},? (?i:aged?) \d\d?\b.{{0,60}}\b(?i:section\w*|admitted|ward|patient|treated)\b"
    ),
)
_WHERE_MANY_WORK = (  # whose telephone number is nobody's own
    "team|ward|clinic|hospital|service|reception|helpline|line|centre|desk|office|unit|house|hub|switchboard|programme"
    "|rooms|samaritans|trust"
)
_PRIVATE = (
    any_of(
        r"\b(?:home|private|personal) (?:address|phone|mobile|email|number|e-mail)(?! policy)\b|\bwhere (?:does"
        r"|do) (?:he|she|they|(?:my|our|the) (?:boss|manager|ceo|chief|chair|director)) live\b",
        rf"\bmobile number (?:of|for)\b|\bphone number (?:of|for)\b(?!.*\b(?:{_WHERE_MANY_WORK})\b)",
        rf"(?<!{')(?<!'.join(_WHERE_MANY_WORK.split('|'))})'s phone number\b",
        r"\b(?:date of birth|bank details|ni number|sickness record|medical history) (?:of|for|is|and)\b|\b(?:what"
        r"|which) ward is\b|\b(?:got|was (?:he|she)|been) (?:disciplined|sacked|suspended)\b",
        r"\b(?:why is|is|has) (?:dr |mr |mrs )?\w+(?: \w+)?(?: in .{3,20})?(?: been)? off (?:sick|with)\b",
        r"'s (?:mobile|salary|sickness|medical|diagnosis|religion|sexuality)\b",
        r"\b(?:names? of (?:the |all )?|which |who are the )(?:staff|people|patients|employees|nurses|workers"
        r"|colleagues)\b.{0,40}\b(?:suspended|sacked|dismissed|disciplined|off sick|complain(?:ed|ing)|died"
        r"|self.harm\w*|detained|sectioned)",
        r"\bwho (?:was|were|got|is|has been) (?:suspended|sacked|sectioned|disciplined|off sick|admitted|detained)\b",
        r"\b(?:look up|find|tell me about) (?:the )?(?:patient|notes|record)s?\b.{0,40}\b(?:diagnos|notes|record"
        r"|treat)",
    ),
    re.compile(
        rf"\b(?i:where (?:does|do)) {_A_NAME} {_A_NAME} (?i:live)\b|\b(?i:is) {_A_NAME} {_A_NAME} (?i:off sick"
        rf"|off ill|ill|gay|married|pregnant|single)\b|\b(?i:religion|how old"
        rf"|what age) (?i:is) {_A_NAME} {_A_NAME}\b|{_A_NAME} {_A_NAME} (?i:earn|get paid|(?:make|paid) (?:a year"
        rf"|per year|in salary))\b|\b(?i:how much (?:is|does|do|was)) {_A_NAME} {_A_NAME} (?i:paid|earn|make|on)\b"
        rf"|\b(?i:e-?mail(?: address)? (?:for|of)) {_A_NAME} {_A_NAME}\b|\b{_A_NAME} {_A_NAME}'s? (?i:e-?mail)\b"
    ),
)


def holds_personal_data(text: str) -> bool:
    """True for a number, a name with a date of birth, or words that tell who a patient is."""
    text = re.sub(r"\s+", " ", text)  # the patterns would take minutes over a long gap
    numbers = [re.sub(r"\D", "", match.group()) for match in _TEN_DIGITS.finditer(text)]
    if any(nhs.is_valid(number) for number in numbers) or (numbers and says(_NHS_NUMBER, text)):
        return True
    if says(_RECORD_NUMBER, text) or says(_TEN_SPOKEN, text) or any(says(one, text) for one in _SOMEBODY):
        return True
    named = says(_FULL_NAME, text)
    dated = says(_SHORT_DATE, text) or any(len(mention.value) == 10 for mention in dates_in(text))
    return (dated and (says(_BORN, text) or (named and says(_A_BIRTH, text)))) or (named and says(_LONG_AGO, text))


def asks_for_private_details(text: str) -> bool:
    """True where somebody's address, pay, health or the like is asked for."""
    return any(says(pattern, text) for pattern in _PRIVATE)
