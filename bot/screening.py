"""Screening: what is not a question to the pages is told apart before anything is searched, kept or logged."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from stdnum.gb import nhs

from bot.answers import REMOVED
from ingest.dates import dates_in

MOST_CHARACTERS = 1000

Verdict = Literal[
    "personal_data",
    "turning",
    "private",
    "crisis",
    "clinical",
    "help",
    "thanks",
    "empty",
    "too_long",
    "insult",
    "elsewhere",
]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a screened message ends in: the status of its answer and the canned reply in `prompts/`."""

    status: Literal["refused", "signposted", "help", "clarification", "out_of_scope"]
    reply: str


OUTCOMES: Mapping[Verdict, Outcome] = {
    "personal_data": Outcome(status="refused", reply="refused_personal_data"),
    "turning": Outcome(status="refused", reply="refused_turning"),
    "private": Outcome(status="refused", reply="refused_private"),
    "crisis": Outcome(status="signposted", reply="signposted_crisis"),
    "clinical": Outcome(status="signposted", reply="signposted_clinical"),
    "help": Outcome(status="help", reply="help"),
    "thanks": Outcome(status="help", reply="thanks"),
    "empty": Outcome(status="clarification", reply="clarification_empty"),
    "too_long": Outcome(status="clarification", reply="clarification_long"),
    "insult": Outcome(status="help", reply="help"),
    "elsewhere": Outcome(status="out_of_scope", reply="out_of_scope"),
}


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_TEN_DIGITS = re.compile(r"(?<![\d+])(?:\d[ .-]?){9}\d(?!\d)")
_NHS_NUMBER = _any(r"\bnhs[\s-]*(?:no|num(?:ber)?|id|#)\b")
_RECORD_NUMBER = _any(
    r"\b(?:hospital|rio|patient|mrn|unit|case|record)\s*(?:no|num(?:ber)?|id)\.?\s*[:#]?\s*[A-Z]{0,3}\d{5,}",
    r"\b[A-CEGHJ-PR-TW-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b",  # National Insurance number
)
_BORN = _any(r"\bd\.?\s?o\.?\s?b\b", r"\bdate of birth\b", r"\bborn(?: on)?\b")
_SHORT_DATE = re.compile(
    r"\b\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})\b|\b\d{1,2}(?:st|nd|rd|th)?\s+\w{3,9}\s+(?:19|20)\d\d\b"
)
_SOMEBODY = re.compile(
    r"\b(?:patient|service user|client|resident|inpatient)s?\s*(?:called|named|,|:)?\s+(?:(?:mr|mrs|ms|miss"
    r"|dr)\.?\s+)?"
    r"[A-Z][\w’'-]+\s+[A-Z][\w’'-]+"
)
_TURNING = _any(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|rule|prompt|guideline|polic|page"
    r"|training"
    r"|everything (?:above|before)|previous|prior|above)s?",
    r"\b(?:system|hidden|initial|developer) (?:prompt|message|instructions?)\b|^\W*(?:system|assistant"
    r"|developer)\W*[:\]]",
    r"\byou are now\b|\bpretend (?:to be|you)|\bact as (?:if|a|an|my)\b|\bjailbreak|\bdeveloper mode\b|\broleplay\b",
    r"\brepeat after me\b|\brepeat (?:the|this|these|what|everything)\b.{0,30}\b(?:above|word|back|exactly)",
    r"\b(?:finish|end|start|begin|prefix|close) (?:your|the|every|each) (?:answer|reply|response|message)s? with\b",
    r"\b(?:reply|respond|answer)\b.{0,20}\bonly (?:with|in)\b.{0,30}\b(?:word|phrase|letter)",
    r"\b(?:swear at|insult|rude to) (?:me|us|him|her|them)\b|\bsay something (?:rude|offensive)",
    r"<!(?:channel|here|everyone|subteam)|(?<!\w)@(?:channel|here|everyone)\b",
    r"\b(?:post|send|share|message|dm|email|broadcast|announce)\b.{0,20}\b(?:to everyone|to all staff"
    r"|to the channel)\b",
    r"<\s*script\b|\bcorpus update\b",
)
_WHERE_MANY_WORK = (  # whose telephone number is nobody's own
    "team|ward|clinic|hospital|service|reception|helpline|line|centre|desk|office|unit|house|hub|switchboard|programme"
)
_PRIVATE = _any(
    r"\b(?:home|private|personal) (?:address|phone|mobile|email|number|e-mail)\b|\bwhere (?:does|do) .{2,40} live\b",
    rf"\bmobile number (?:of|for)\b|\bphone number (?:of|for)\b(?!.*\b(?:{_WHERE_MANY_WORK})\b)",
    rf"(?<!{')(?<!'.join(_WHERE_MANY_WORK.split('|'))})'s phone number\b",
    r"'s (?:mobile|salary|sickness|medical|diagnosis|religion|age)\b",
    r"\bnames? of (?:the |all )?(?:staff|people|patients|employees|nurses|workers)\b.{0,40}"
    r"\b(?:suspended|sacked|dismissed|disciplined|off sick|complain\w*|died|self.harm\w*|treated|detained)",
    r"\b(?:look up|find|tell me about) (?:the )?(?:patient|notes|record)s?\b.{0,40}\b(?:diagnos|notes|record|treat)",
)
_CRISIS = _any(
    r"\b(?:kill|hurt|harm|cut)(?:ing)? (?:myself|himself|herself|themsel\w+|yourself)\b|\b(?:end|take|taking"
    r"|ending) (?:my|his|her|their) (?:own )?life\b",
    r"\b(?:i|i'm|im|ive|i've|he|she|he's|she's|they)\b.{0,30}\b(?:suicidal|want(?:s)? to die|going to jump"
    r"|overdos\w+)\b",
    r"\b(?:do ?n[o']?t|dont|cannot|can'?t|not) (?:want|wanna) to (?:be alive|live|be here|go on|wake up)\b",
    r"\b(?:can'?t|cant|cannot) (?:go on|do this any ?more|cope any ?more|take (?:it|this) any ?more)\b",
    r"\bno (?:reason|point) (?:to|in) (?:live|living|go on|going on)\b|\bbetter off dead\b",
    r"\btaken (?:all )?(?:\w+ ){0,2}(?:tablets|pills|overdose|meds|medication)\b|\b(?:not breathing|unconscious"
    r"|collapsed|bleeding (?:heavily|badly))\b",
)
_CLINICAL = _any(
    r"\b(?:what|which|how much|max(?:imum)?|right|correct|usual|starting|safe)\b.{0,25}\b(?:dose|dosage|mg"
    r"|milligrams?)\b",
    r"\b(?:should|can|could|do) (?:i|we|he|she|they|you|my \w+) (?:give|take|stop|start|prescribe|increase|reduce"
    r"|mix)\b",
    r"\bside.?effects? (?:of|from)\b|\bdrug interaction|\bcontraindicat\w+|\bprescrib(?:e|ing) .{0,30}\bfor (?:a|my"
    r"|this) (?:patient|\d)",
    r"\b(?:my|i have|i've got|got a) .{0,25}\b(?:symptoms?|rash|pain|fever|headache|infection|medication|tablets)\b",
    r"\bhow (?:do|should) (?:i|we) (?:treat|diagnose|manage|section) (?:a|an|my|this)\b|\bam i (?:depressed|bipolar"
    r"|ill)\b",
)
_HELP = re.compile(
    r"^\W*(?:(?:hi|hiya|hello|hey|morning|afternoon|good (?:morning|afternoon|evening)|help(?: me)?|yo|howdy"
    r"|you there)(?: there| bot| trustbot| all)?"
    r"|(?:what|how) (?:can|do|does) (?:you|this bot|trustbot|i)(?: do| help| help me| work| know| ask| use (?:you"
    r"|this))?(?: with)?"
    r"|who are you|what are you|what is this|are you (?:a bot|human|real)|how do(?:es)? (?:this|you) work)\W*$",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"^\W*(?:(?:many )?thanks?(?: you| so much| a lot| very much| again)?|ta|cheers|great|perfect|brilliant|lovely"
    r"|ok(?:ay)?|nice one|got it"
    r"|thx|ty|bye|goodbye)(?:[\s,!]+(?:thanks?(?: you)?|bot|trustbot|that'?s (?:great|helpful|all)|for (?:that"
    r"|your help)|mate))*\W*$",
    re.IGNORECASE,
)
_INSULT = _any(
    r"\b(?:you|you're|ur|u) (?:are |r )?(?:an? )?(?:\w+ )?(?:useless|stupid|idiot|rubbish|crap|dumb|moron|shit"
    r"|pathetic|thick)\b"
)
_ELSEWHERE = _any(
    r"\b(?:park(?:ing)? (?:permit|space|pass)|car ?park|where can i park|pay ?day|pay ?slip|pay rise|annual leave"
    r"|payroll (?:query|queries|team|number|department)|sick (?:leave|pay)|maternity (?:leave|pay)"
    r"|paternity (?:leave|pay)|mileage|expenses claim|claim (?:my |for )?expenses|(?:my|nhs|staff) pension"
    r"|my (?:rota|shift|contract|manager|pay|leave|password|laptop|login|account|appraisal)"
    r"|flexi(?:ble working|time)|(?:i|my) resign(?:ation)?|(?:raise|my|file) (?:a )?grievance|dress code|lanyard"
    r"|id badge|canteen|cafe menu|lunch menu)\b",
    r"\b(?:windows|outlook|teams|wi-?fi|vpn|printer|laptop|email account)\b.{0,30}\b(?:password|reset|login|log in"
    r"|not working|broken|install|connect|set ?up)\b|\breset\b.{0,15}\bpassword\b|\bforgotten my\b",
    r"\b(?:recipe|weather|will it rain|horoscope|lyrics|lottery|bitcoin|football score"
    r"|world cup)\b|\bdid (?!(?:we|they|it|he|she|anyone|anybody|staff)\b)\w+ (?:win|lose|draw)\b"
    r"|\b(?:tell|sing|give|know) (?:me |us )?(?:any |a |another |some )?(?:good )?(?:jokes?|songs?|poems?|story)\b",
    r"\b(?:capital|population|president|prime minister|currency) of\b|\btranslate\b|\bwhat(?:'s|s"
    r"| is) \d[\d.,]*\s?(?:%|[-+x*/])",
    r"\b(?:write|draft|compose) (?:me )?(?:a|an|my)\b.{0,25}\b(?:letter|essay|cv|email|poem|report|story|speech"
    r"|application)\b",
    r"\b(?:alder hey|wirral community|guy'?s and|christie|walton centre nhs|leeds teaching|lancashire care"
    r"|cheshire and wirral partnership)\b",
)


def screen(text: str, *, most: int = MOST_CHARACTERS) -> Verdict | None:
    """What a message is, where it is no question to the pages; None for a question, of `most` characters at most."""
    stripped = text.strip()
    if not stripped or not any(character.isalnum() for character in stripped):
        return "empty"
    if _holds_personal_data(stripped):
        return "personal_data"
    if len(stripped) > most:
        return "too_long"
    checks: Mapping[Verdict, re.Pattern[str]] = {
        "crisis": _CRISIS,
        "turning": _TURNING,
        "private": _PRIVATE,
        "clinical": _CLINICAL,
        "help": _HELP,
        "thanks": _THANKS,
        "insult": _INSULT,
        "elsewhere": _ELSEWHERE,
    }
    plain = stripped.replace("’", "'")
    return next((verdict for verdict, pattern in checks.items() if pattern.search(plain)), None)


def tries_to_turn(text: str) -> bool:
    """True for words that tell a bot what to do; on a page they are not shown to a language model."""
    return _TURNING.search(text.replace("’", "'")) is not None


def screened(text: str) -> str:
    """The text as it may be kept: itself, or "[removed]" where it holds personal data or tries to turn the bot."""
    verdict = screen(text, most=len(text))
    return REMOVED if verdict is not None and OUTCOMES[verdict].status == "refused" else text


def _holds_personal_data(text: str) -> bool:
    text = re.sub(r"\s+", " ", text)  # the patterns would take minutes over a long gap
    numbers = [re.sub(r"\D", "", match.group()) for match in _TEN_DIGITS.finditer(text)]
    if any(nhs.is_valid(number) for number in numbers) or (numbers and _NHS_NUMBER.search(text)):
        return True
    if _RECORD_NUMBER.search(text) or _SOMEBODY.search(text):
        return True
    dated = bool(_SHORT_DATE.search(text)) or any(len(mention.value) == 10 for mention in dates_in(text))
    return dated and bool(_BORN.search(text))
