"""Screening: what is not a question to the pages is told apart before anything is searched, kept or logged."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.answers import REMOVED
from bot.personal_data import A_PATIENT, any_of, asks_for_private_details, holds_personal_data, says

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


_ORDER = r"(?:^|[.!?;:,)\]] *|\b(?:please|now|just|and|then|you|must|to|should|can you|could you) )"
_TURNING = any_of(
    rf"{_ORDER}(?:ignore|disregard|forget|override|bypass|drop)\b.{{0,40}}\b(?:instruction|rule|prompt|guideline"
    rf"|polic|page"
    r"|training|guidance|safety|restriction|filter|guardrail|limit|citation|everything|all that|previous|prior"
    r"|above)(?:s|y|ies)?",
    r"\b(?:system|hidden|initial|developer|original|secret) (?:prompt|instructions?)\b|^\W*(?:system|assistant"
    r"|developer)\W*[:\]]",
    r"\b(?:reveal|show|print|repeat|ignore|translate|tell|what(?:'s| is| are| was| were)"
    r"|in) (?:me )?your (?:own )?(?:prompts?|instructions|config(?:uration)?|settings|rules|source code"
    r"|programming)\b|\byour (?:api key|(?:system |initial |hidden |secret )(?:prompts?|instructions|message))\b"
    r"|\bapi key\b",
    r"\bwhat (?:were|are) you (?:told|instructed|programmed)\b",
    r"\byou are now (?:an?|my|in|free|the)\b(?! (?:foundation|university|teaching) )|\bpretend (?:to be|you|that)\b"
    rf"|{_ORDER}act as (?:if|though|a|an|my)\b|\bjailbreak|\b(?:developer|god|debug|admin|dan) mode\b|\brole.?play\b",
    r"\brepeat after me\b|\brepeat (?:the|this|these|what|everything)\b.{0,30}\b(?:above|word|back|exactly)",
    r"\b(?:finish|end|start|begin|prefix|close) (?:your|the|every|each) (?:answer|reply|response|message)s? with\b",
    r"\b(?:reply|respond|answer)\b.{0,20}\bonly (?:with|in)\b.{0,30}\b(?:word|phrase|letter)",
    rf"{_ORDER}(?:reply|respond|answer|speak|talk|write) (?:only )?(?:with the word|(?:in|as"
    rf"|like) (?:an? )?(?:pig latin|pirate"
    r"|rhymes?|verse|emojis?|json|base64|french|spanish|german|shakespeare))|^\W*say (?:only|just|yes|no|that"
    r"|the word)\b",
    r"\bwrite \w+ (?:at|in) the (?:end|start|beginning)\b|\bfrom now on,? (?:you|answer|reply|respond|ignore|do ?n)",
    r"\b(?:make (?:it|something|one|an answer) up|(?:invent|fabricate) (?:something|an? |the |your )"
    r"|do ?n[o']?t (?:quote|cite|use (?:the|your) (?:pages|sources)))",
    r"\b(?:no|without(?: any)?) (?:rules|filters?|guardrails|censorship|citations)\b|\bnew rules? (?:is|are)\b"
    r"|\bnew (?:rules?|instructions?)\s*:|\bobey me\b|\bai with no restrictions\b|\blet'?s play a game\b|\bsudo\b"
    r"|\bsimulate an? (?:terminal|shell)\b|\bdo anything now\b|\bopposite day\b",
    r"\[/?inst\]|^#+ ?(?:instruction|system)|<\|?(?:im_start|system)|<<\s*sys|\bend of (?:prompt|document|context)\b",
    r"\b(?:reveal|print|show|output|dump|display|leak)\b.{0,15}\b(?:prompt|system message|configuration|passwords?"
    r"|secrets?|tokens?|logs|database)\b|\b(?:admin|root|database) (?:password|access|rights)\b|\ball passwords\b",
    r"\b(?:swear at|insult|rude to) (?:me|us|him|her|them)\b|\bsay something (?:rude|offensive)",
    r"<!(?:channel|here|everyone|subteam)|(?<!\w)@(?:channel|here|everyone)\b|\btag (?:the channel|everyone|all)\b",
    r"\b(?:post|send|share|message|dm|email|broadcast|announce|tell)\b.{0,20}\b(?:to everyone|to all staff(?!:)"
    r"|everyone in|to the (?:whole )?channel)\b",
    r"<\s*script\b|\bcorpus update\b|\bdrop table\b",
)
_ANOTHER = (
    r"(?:he'?s?|she'?s?|my \w+(?:'s)?"
    rf"|(?:an?|our|the|this) (?:{A_PATIENT}|colleague|friend|man|woman|girl|lad)(?:'s)?)"
)
_I = r"(?:i|i'?m|i'?ve|i'?ll|im|ive)"
_SUICIDAL = r"s(?:ui|iu|u)c?i?[cs]?i?di?al\w*"
_CRISIS = any_of(  # whatever else is said; most are told by their likeness, see bot/likeness.py
    r"\b(?:kill|hurt|harm|cut|hang|hung|shoot|stab|drown|burn|starv|top|unaliv|injur|strangl)(?:ing|in|e|ed"
    r"|s)? (?:my|him|her|your) ?self\b|\b(?:end|ending|take|taking) (?:my|his|her) (?:own )?life\b|\bkms\b",
    rf"\b(?:{_I}|{_ANOTHER}|they)\b.{{0,25}}\b(?:want(?:s|ed|ing)?|wanna|going|gonna|wish\w*|ready|rather|better)\b"
    r".{0,12}\b(?:die|be dead|was dead|off dead|unalive)\b",
    rf"\b{_I}\b.{{0,40}}\b{_SUICIDAL}\b|\b{_I} (?:\w+ ){{0,3}}self.?harm(?:ing|ed)\b|\bi self.?harm\b",
    r"\b(?:do ?n[o']?t|dont|cannot|can'?t|cant|not) (?:want|wanna) (?:to )?(?:be alive|live|be here|go on|wake up"
    r"|exist|carry on)\b",
    r"\b(?:can'?t|cant|cannot|can not) (?:go on|do this any ?more|cope any ?more|take (?:it|this) any ?more"
    r"|carry on|keep going)\b",
    r"\b(?:no (?:reason|point) (?:to|in)|point (?:in|of)|nothing (?:left )?to|(?:not|isn'?t) worth) (?:live for"
    r"|live\b(?! ?rooms)|living|going on|carrying on)|\bbetter off (?:dead|without me)\b",
)
_CRISIS_OF_ANOTHER = any_of(  # unless it is asked what the trust does about it
    rf"\b{_ANOTHER}\b.{{0,40}}\b(?:{_SUICIDAL}|self.?harm(?:ing|ed)|overdos(?:ed|ing))\b|\b(?:just|has|have"
    rf"|i'?ve) overdosed\b",
    r"\b(?:going|want(?:s|ed)?|wanna|trying|tried|about|threaten\w*|planning|gonna) (?:to )?(?:kill|hang|harm|hurt"
    r"|end|take)\w* (?:themsel\w+|their (?:own )?li(?:fe|ves))\b|\bgoing to jump\b",
    r"\btaken (?:all )?(?:\w+ ){0,3}(?:tablets|pills|overdose|meds|medication|paracetamol)\b|\b(?:took"
    r"|swallowed) (?:\w+ ){0,3}(?:overdose|paracetamol|tablets|pills|bleach)\b",
    r"\b(?:not|stopped|isn'?t|isnt) breathing\b|\bcan'?t breathe\b|\bunconscious(?! bias)\b|\bunresponsive\b"
    r"|\bcollapsed\b|\bbleeding (?:heavily|badly|out|to death)\b|\bligature (?:round|around|tied)\b",
)
_ASKS_OF_WORK = any_of(  # of what is done, for many people: no call for help
    r"\b(?:training|programmes?|courses?|pages?|pilot|projects?|polic(?:y|ies)|teach\w*|taught|how many|how often"
    r"|(?:what|how|why) (?:do|does|did) (?!i\b|we do\b|you\b|he\b|she\b)|awareness|ZSA|strategy|services|reduc\w+"
    r"|rates?|figures)\b"
)
_DRUG = (
    r"(?:\w+(?:azepam|zolam|zapine|tiapine|ridone|piprazole|peridol|pixol|triptyline|oxetine|alopram|traline"
    r"|afaxine|promazine|cillin|mycin|statin|prazole|gabalin|pentin|olol|sartan|profen|trigine|amfetamine|phenidate"
    r"|methazine)|lithium|valproate|methadone|buprenorphine|insulin|paracetamol|warfarin|morphine|codeine|tramadol"
    r"|melatonin|ssris?|anti-?depressants?|anti-?psychotics?|benzos?|depots?|painkillers?|antibiotics?|meds"
    r"|medication|medicines?|tablets)"
)
_USE = (
    r"(?:dos(?:e|es|age|ing)|\d+ ?mg|titrat\w+|crush\w*|mix\w*|half.?life|levels?|interact\w*|contra-?indicat\w*"
    r"|safe(?:ly)?|too much|nausea|weight gain|withdraw\w*|wean\w*|com(?:e|ing) off|missed|breast.?feed\w*"
    r"|pregnan\w+|alcohol|driv(?:e|ing)|causes?|first.?line|helps? with|side.?effects?|be given|can i|should i"
    r"|is best|run out|for (?:anxiety|depression|sleep|psychosis|pain))"
)
_CLINICAL = any_of(  # unless it is asked what the trust does about it; more are told by their likeness
    rf"\b{_DRUG}\b.{{0,60}}\b{_USE}\b|\b{_USE}\b.{{0,60}}\b{_DRUG}\b",
    r"\b(?:what|which|how much|max(?:imum)?|right|correct|usual|starting|safe)\b.{0,25}\b(?:dose|dosage|mg"
    r"|milligrams?)\b(?! of (?:culture|realism|change))|\bside.?effects? (?:of|from)\b|\bdrug interaction"
    r"|\bcontra-?indicat\w+|\bsymptoms of\b",
    rf"\b(?:should|can|could|do|may) (?:i|we|he|she|they|you|my \w+) (?:give|take|stop|start|prescribe|increase"
    rf"|reduce|mix|have)\b.{{0,30}}\b(?:{_DRUG}|him|her)\b|\bam i (?:depressed|bipolar|ill)\b",
    r"\bwhat(?:'s| is| are|s)? the (?:best |usual |right |recommended |first.?line )?treatments? for\b",
    r"\bhow (?:do|should|can|to) ?(?:i|we|you)? (?:dress|titrate|cannulate|inject|sedate|diagnose|section) (?:an?"
    r"|my|this|the)\b",
)
_CLINICAL_WORK = any_of(  # words of what the trust does, about which no advice is asked for
    r"\b(?:how many|clinics?|kits?|pilot|projects?|programmes?|training|teams?|services?(?! user)|launch\w*"
    r"|introduc\w*|roll\w*.?out|electronic|digital|e-?prescribing|awards?|pages?|blogs?|updates?|stud(?:y|ies)"
    r"|trials?|research\w*|in (?:19|20)\d\d|trust(?:'s)?|just culture|progress|system|partners?|strategy|plans?"
    r"|virtual ward|oximetry)\b"
)
_HELLO = (
    r"(?:hi+|hiya|hello|hey+|morning|afternoon|evening|good (?:morning|afternoon|evening|day)|yo|howdy|alright"
    r"|you there|greetings)(?: there| bot| trustbot| all| everyone| team| mate)?"
)
_SMALL_TALK = (
    r"(?:(?:what|how) (?:can|do|does|could|should) (?:you|this bot|trustbot|this|it|i)(?: do| help| help me| work"
    r"| know| ask| answer| tell me| use (?:you|this|it))?(?: with| for me| about| here| you)*|(?:who"
    r"|what) are you(?: for)?|what is this(?: bot| for)*|what'?s this(?: bot| for)*|are you (?:an? )?(?:(?:ro)?bot"
    r"|human|real|ai|person|machine|there|ok|chatgpt|alive)(?: or .{1,20})?|who (?:made|built|created) you"
    r"|how are (?:you|things)(?: doing| today)?|(?:can|could) you help(?: me)?(?: out| please| with something)*"
    r"|(?:please )?help(?: me)?(?: please)?|i need (?:some )?help|what (?:sort of |kind of |kinds of )?(?:questions"
    r"|things) can (?:i|you) (?:ask|answer)(?: you)?|(?:give|show) me (?:some )?examples?|what'?s your name"
    r"|do you have a name|nice to meet you|test(?:ing)?(?: \d+)*|are you working)"
)
_HELP = re.compile(
    rf"^\W*(?:{_HELLO}(?:[\s,.!?-]+{_SMALL_TALK})?|{_SMALL_TALK})(?:[\s,.!?-]+(?:please|thanks))?\W*$", re.IGNORECASE
)
_THANKED = (
    r"(?:(?:many |no )?thanks?(?: (?:you|u))?(?: (?:so|very) much| a (?:lot|million)| again)?|thx|tysm|ty|ta|cheers"
    r"|great(?: stuff| job)?|perfect|brill(?:iant)?|lovely|amazing|fab|awesome|cool|ok(?:ay)?|nice(?: one)?|got it"
    r"|bye|goodbye|see you(?: later)?|good night|no worries|well done|that(?:'?s| was) (?:it|all|(?:really "
    r"|very )?(?:great|helpful|perfect|brilliant)))"
)
_THANKS = re.compile(
    rf"^\W*{_THANKED}(?:[\s,!.-]+(?:{_THANKED}|bot|trustbot|mate|all|x+|for (?:that|this|now|(?:your"
    rf"|the) help))){{0,4}}\W*$",
    re.IGNORECASE,
)
_INSULT = any_of(
    r"\b(?:you|you're|ur|u) (?:are |r )?(?:an? )?(?:\w+ )?(?:useless|stupid|idiot|rubbish|crap|dumb|moron|shit"
    r"|pathetic|thick)\b"
)
_MINE = r"\b(?:i|my|me|book|claim|request|entitled|apply|swap|how (?:do|to|can))\b"
_ELSEWHERE = any_of(
    r"\b(?:park(?:ing)? (?:permits?|space|pass|charges?|fines?)|car ?park(?:ing)? (?:charges?|costs?|permit)"
    r"|where can i park|pay ?day|pay ?slips?|p60|p45|payroll (?:query|queries|team|number|department)"
    r"|expenses claim|(?:my|nhs|staff) pension|dress code|lanyard|my (?:rota|shifts?|contract|pay|leave|password"
    r"|laptop|login|account|appraisal|payslip|uniform|badge|annual leave)|id badge|cafe menu|lunch menu"
    r"|canteen menu|bereavement leave|(?:pay|salary) band|band \d\w? (?:pay|salary|wages?)|staff discount"
    r"|blue light card|get paid|unsocial hours|overtime rates?|notice period|work(?:ing)? from home"
    r"|hr business partner|occupational health|smart ?card|nhs ?mail|vpn|tax code|mandatory training|(?:swap|book"
    r"|pick up|cover|drop) (?:a |an |my |extra )?shifts?|bank shifts?|lost property|room booking|book a (?:room"
    r"|desk|pool car)|(?:i|my) resign(?:ation)?|(?:raise|my|file|submit) (?:a )?grievance|complain about my"
    r"|my (?:boss|manager) (?:won'?t|is (?:a )?bull\w+|refus\w+|keeps?))\b",
    rf"{_MINE}.{{0,40}}\b(?:annual leave|sick (?:leave|pay)|off sick|(?:ma|pa)ternity (?:leave|pay)|mileage"
    rf"|expenses|flexi(?:ble working"
    r"|time)|pension|uniform|union|childcare vouchers?|cycle to work|salary sacrifice|reference|time off|toil"
    r"|carers leave|study leave)\b",
    r"\bhow (?:much|many|long)\b.{0,20}\b(?:annual leave|sick pay|days sick|maternity (?:leave|pay))\b|\b(?:leave"
    r"|expenses|mileage|overtime) (?:policy|rate|entitlement|form)\b",
    r"\b(?:windows|outlook|teams|wi-?fi|printer|laptop|email account|computer|esr|system ?one|zoom|screen"
    r"|keyboard)\b.{0,30}\b(?:password|reset|login|log in|not working|isn'?t working|broken|install|set ?up|jam\w*"
    r"|frozen|crash\w*|won'?t|keeps)\b|\bprinter jam|\b(?:connect|log ?in|log on) to\b|\breset\b.{0,15}\bpassword\b"
    r"|\bforgot(?:ten)? my\b|\bwho do i (?:call|ring) about my\b",
    r"\b(?:recipe|weather|will it rain|horoscope|lyrics|lottery|bitcoin|football score|world cup|share price"
    r"|stock market|royal family|bake off|strictly|x factor|love island|eastenders|coronation street|netflix"
    r"|premier league (?:table|score|fixture)s?|formula 1|olympics|on (?:the )?(?:tv|telly)|train times?|bus times?"
    r"|next (?:bus|train|flight)|exchange rate|general election|black holes?)\b",
    r"\b(?:liverpool|everton|england|united|city|the (?:reds|blues|match|game|cup))\b.{0,20}\b(?:game|match|score"
    r"|kick.?off|lineup)\b|\bdid (?:liverpool|everton|england|man \w+|tranmere) (?:win|lose|draw)\b"
    r"|\bwhat'?s? (?:is )?the score\b|\bwho won the (?:league|cup|match|game|election|war|final|lottery|fa cup)\b",
    r"\bhow (?:do|to|can|long) ?(?:i|you|we|to)? (?:cook|bake|boil|fry|roast|knit|change a tyre|unblock)\b"
    r"|\b(?:tell|sing|give|know) (?:me |us )?(?:any |a |another |some )?(?:good )?(?:jokes?|songs?|poems?|story)\b",
    r"\bthe (?:capital(?: city)?|president|prime minister|currency|king|queen|population) of (?!the (?:area|region"
    r"|trust)|people|(?:mersey|sefton|liverpool|kirkby))|\bwho(?:'s| is) the (?:prime minister|president|king|queen"
    r"|pope)\b|\btranslate\b.{0,40}\b(?:in)?to (?:french|spanish|german|polish|arabic|chinese|welsh|italian|urdu"
    r"|romanian)\b",
    r"\bwhat(?:'s|s| is) \d[\d.,]*\s?(?:(?:%|[-+x*/]|times|plus|minus|divided by)\s?(?:of )?\d)|\bsquare root of\b"
    r"|\bwhat (?:time|day|year|date) is it\b|\bwhat'?s the (?:time|date)\W*$",
    r"(?:^\W*(?:please |can you |could you |pls )?|\bme )(?:write|draft|compose) (?:me )?(?:an?|my"
    r"|this)\b.{0,25}\b(?:letter|essay|cv|email|poem|story|speech|application|song|code|script|function)\b",
    r"\b(?:alder hey|wirral community|guy'?s and|christie|walton centre nhs|leeds teaching|lancashire care"
    r"|cheshire and wirral partnership|great ormond|arrowe park|clatterbridge)\b",
)


def screen(text: str, *, most: int = MOST_CHARACTERS) -> Verdict | None:
    """What a message is, where it is no question to the pages; None for a question, of `most` characters at most."""
    stripped = text.strip()
    if not stripped or not any(character.isalnum() for character in stripped):
        return "empty"
    if holds_personal_data(stripped):
        return "personal_data"
    if len(stripped) > most:
        return "too_long"
    plain = re.sub(r"\s+", " ", stripped.replace("’", "'")).replace(" 2 ", " to ")
    checks: Mapping[Verdict, bool] = {
        "crisis": says(_CRISIS, plain) or (says(_CRISIS_OF_ANOTHER, plain) and not says(_ASKS_OF_WORK, plain)),
        "turning": says(_TURNING, stripped),
        "private": asks_for_private_details(plain),
        "clinical": says(_CLINICAL, plain) and not says(_CLINICAL_WORK, plain),
        "help": says(_HELP, plain),
        "thanks": says(_THANKS, plain),
        "insult": says(_INSULT, plain),
        "elsewhere": says(_ELSEWHERE, plain),
    }
    return next((verdict for verdict, holds in checks.items() if holds), None)


def tries_to_turn(text: str) -> bool:
    """True for words that tell a bot what to do; on a page they are not shown to a language model."""
    return _TURNING.search(text.replace("’", "'")) is not None


def screened(text: str) -> str:
    """The text as it may be kept: itself, or "[removed]" where it holds personal data or tries to turn the bot."""
    verdict = screen(text, most=len(text))
    return REMOVED if verdict is not None and OUTCOMES[verdict].status == "refused" else text
