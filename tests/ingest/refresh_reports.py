"""A report of a refresh for tests, with something in every part, and text that means harm."""

from dataclasses import replace

from ingest.pipeline import PassageCounts
from ingest.sources.report import (
    DuplicatePage,
    FailedPage,
    FieldChange,
    PageChange,
    PageWarning,
    ProposedName,
    QuestionChange,
    QuestionsChange,
    RefreshReport,
    RequestCounts,
    SentenceChange,
    Stale,
)

HOSTILE = '<script>document.title = "taken"</script><img src="https://elsewhere.example/x" onerror="alert(1)">'
SITE = "https://trust.example"

CLINIC = PageChange(
    document="night-clinic-opens",
    title="A night clinic opens in Orrin",
    url=f"{SITE}/news/night-clinic",
    published="2026-11-19",
    programmes=("Steady Steps",),
    source="news",
    sentences=tuple(
        SentenceChange(before=None, after=text)
        for text in (
            "A clinic that is open at night has begun work in Orrin.",
            "It has six rooms, and nobody needs a letter from their doctor.",
            "Orrin Council pays for the first two years.",
            "It is open from 8 pm to 6 am.",
            "A second one is planned in Larkhill.",
        )
    ),
)
GARDEN = PageChange(
    document="garden-club",
    title="The Garden Club",
    url=f"{SITE}/programmes/garden-club",
    published="2026-11",
    programmes=("The Garden Club", "Larkhill"),
    source="programmes",
    fields=(FieldChange(name="published", before="2024-06-02", after="2026-11"),),
    sentences=(
        SentenceChange(
            before="The Garden Club has 31 volunteers and meets on Tuesdays.",
            after="The Garden Club now has 52 volunteers and meets on Tuesdays and Fridays.",
        ),
        SentenceChange(before="Update (July 2024)", after="Update (November 2026)", headings=("Progress",)),
        SentenceChange(
            before=None, after="A greenhouse was put up in May.", headings=("Progress", "Update (November 2026)")
        ),
        SentenceChange(
            before="Money for a greenhouse is being sought.", after=None, headings=("Progress", "Update (July 2024)")
        ),
    ),
)
STEADY = PageChange(
    document="steady-steps",
    title="Steady Steps",
    url=f"{SITE}/services/steady-steps",
    source="programmes",
    fields=(FieldChange(name="url", before=f"{SITE}/steady-steps", after=f"{SITE}/services/steady-steps"),),
)
BUS = PageChange(
    document="night-bus",
    title="The night bus",
    url=f"{SITE}/news/night-bus",
    published="2020-05-04",
    why="it is no longer there (404)",
    sentences=(SentenceChange(before="The night bus to Larkhill costs £3.", after=None),),
)
ROOM = PageChange(document="quiet-room", title="A visit to the Quiet Room", url=f"{SITE}/blogs/quiet-room")
WARD = PageChange(
    document="rosehip-ward",
    title="Rosehip Ward",
    url=f"{SITE}/news/rosehip",
    published="2026-02",
    sentences=(
        SentenceChange(before="The roof was repaired in ten days.", after="The roof was repaired in eleven days."),
    ),
)
REPORT = RefreshReport(
    outcome="held",
    build="20261121-231002417-5c0f3a",
    held_because=("2 of the 219 fixed questions got worse, and 1 better",),
    added=(CLINIC,),
    changed=(GARDEN,),
    moved=(STEADY,),
    withdrawn=(BUS,),
    returned=(ROOM,),
    edited=(WARD,),
    failed=(
        FailedPage(url=f"{SITE}/news/broken", reason="it answered 500 three times", source="news"),
        FailedPage(url="javascript:alert(1)", reason=HOSTILE),
    ),
    duplicates=(
        DuplicatePage(url=f"{SITE}/news/night-clinic?print=1", document="night-clinic-opens", how="its canonical link"),
    ),
    warnings=(PageWarning(page=f"{SITE}/news/poisoned", text="left out 2 paragraphs that a reader would not see"),),
    stale=(
        Stale(
            document="tidewater-plans",
            title="Plans for Tidewater House",
            why="was to be read again by 30 June 2026",
            url=f"{SITE}/news/tidewater-plans",
            review_by="2026-06-30",
        ),
    ),
    glossary=(
        ProposedName(
            name="Bellfield Hospice",
            documents=("night-clinic-opens", "steady-steps", "garden-club"),
            times=7,
            example="Nurses of Bellfield Hospice take turns in the clinic.",
        ),
    ),
    questions=QuestionsChange(
        asked=219,
        better=(
            QuestionChange(
                id="programme-04",
                question="how many volunteers has the garden club got?",
                measure="facts",
                before=0.0,
                after=1.0,
            ),
        ),
        worse=(
            QuestionChange(
                id="place-02", question="where is the night bus going?", measure="facts", before=1.0, after=0.5
            ),
            QuestionChange(
                id="place-02", question="where is the night bus going?", measure="source", before=1.0, after=0.0
            ),
            QuestionChange(id="place-07", question=HOSTILE, measure="facts", before=1.0, after=0.0),
        ),
    ),
    requests=RequestCounts(pages=1204, downloaded=3, not_modified=1200),
    passages=PassageCounts(total=8412, embedded=19, reused=8393),
    started="2026-11-21T23:10:02+00:00",
    seconds=74.2,
)
UNCHANGED = RefreshReport(
    outcome="unchanged",
    build="20261120-021002417-5c0f3a",
    requests=RequestCounts(pages=1204, downloaded=0, not_modified=1204),
    passages=PassageCounts(total=8412, embedded=0, reused=8412),
    started="2026-11-21T23:10:02+00:00",
    seconds=31.0,
)
PROMOTED = replace(REPORT, outcome="promoted", held_because=(), questions=replace(REPORT.questions, worse=()))
