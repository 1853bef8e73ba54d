"""The pages of the web site for tests, as it opens."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class WebPage:
    """One page: what is told (`main`, HTML inside the article) and where it stands; a PDF has `lines` instead."""

    title: str
    main: str = ""
    published: str | None = None
    author: str | None = None
    section: str = "news"
    lines: tuple[str, ...] = ()
    canonical: str | None = None
    listed: bool = True
    version: int = 1

    @property
    def is_pdf(self) -> bool:
        """True for a PDF."""
        return bool(self.lines)


def trust_pages() -> dict[str, WebPage]:
    """The pages of the site as it opens, by path."""
    return {
        "/news/garden-club-grows": WebPage(
            title="The Garden Club grows",
            published="2024-06-02",
            author="Mary Oakes",
            main="<p>The Garden Club now has 52 volunteers. It meets in Larkhill every Tuesday.</p>"
            '<p>A greenhouse was put up in Larkhill with the help of <a href="/programmes/garden-club">the club’s'
            " friends</a>.</p><h2>What comes next</h2><ul><li>A pond in the spring</li>"
            "<li>Open days in May<ul><li>for schools</li><li>for carers</li></ul></li></ul>",
        ),
        "/news/tidewater-plans": WebPage(
            title="Plans for Tidewater House",
            published="2021-02-11",
            main="<p>Tidewater House is planned to open in spring 2022 with 20 beds.</p>"
            "<p>The building will cost £14 million.</p>",
        ),
        "/news/tidewater-opens": WebPage(
            title="Tidewater House opens",
            published="2022-09-05",
            main="<p>Tidewater House opened on 5 September 2022 with 24 beds.</p>"
            "<blockquote><p>“It is a calm place,” said the ward manager, Ann Reed.</p></blockquote>",
        ),
        "/news/night-bus": WebPage(
            title="A night bus for staff",
            published="2023-11-20",
            main="<p>A bus takes staff home from Larkhill after the late shift. It runs every 30 minutes"
            " until 1am.</p>",
        ),
        "/news/flu-clinics": WebPage(
            title="Flu clinics for staff",
            published="2023-10-02",
            main="<p>Staff can be vaccinated at 14 clinics. By 2 October 2023, 1,150 colleagues had been.</p>",
        ),
        "/blog/chief-executive-june-2024": WebPage(
            title="Chief executive’s blog, June 2024",
            published="2024-06-14",
            author="Jo Bloggs, Chief Executive",
            section="blog",
            main="<p>This month I visited the Garden Club and Tidewater House.</p>"
            "<p>Our staff survey was answered by 61 per cent of colleagues.</p>",
        ),
        "/programmes/garden-club": WebPage(
            title="The Garden Club",
            published="2022-03-10",
            section="programmes",
            main="<p>The Garden Club brings patients and neighbours together.</p><h2>Where it meets</h2>"
            "<table><thead><tr><th>Place</th><th>Day</th><th>Volunteers</th></tr></thead><tbody>"
            "<tr><td>Larkhill</td><td>Tuesday</td><td>31</td></tr>"
            "<tr><td>Tidewater House</td><td>Friday</td><td>12</td></tr></tbody></table>"
            "<h2>Partners</h2><p>The club works with the Larkhill Allotment Society.</p>",
        ),
        "/programmes/quiet-rooms": WebPage(
            title="Quiet Rooms",
            section="programmes",
            main="<p>Every ward has a Quiet Room. There are 18 of them.</p>"
            "<details><summary>Who may use them?</summary><p>Patients, visitors and staff.</p></details>",
        ),
        "/documents/annual-plan.pdf": WebPage(
            title="Annual plan 2024",
            published="2024-04-02",
            section="documents",
            lines=(
                "Annual plan 2024",
                "The trust will open a second Quiet Room on every ward by March 2025.",
                "The plan was agreed by the board on 28 March 2024.",
            ),
        ),
        "/documents/travel-survey.pdf": WebPage(
            title="Travel survey 2023",
            published="2023-12-01",
            section="documents",
            lines=("Travel survey 2023", "640 colleagues answered. 38 per cent come to work by bus."),
        ),
    }
