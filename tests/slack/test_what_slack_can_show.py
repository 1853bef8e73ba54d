"""Answers of every size and full of markup arrive whole, and notify nobody."""

import pytest

from bot.answers import ClosestPage
from bot.slack.links import page, to_quote
from bot.slack.words import mentions_others, pieces, plain
from ingest.glossary import Name
from sandbox.block_kit.text import texts
from tests.slack.slack_world import GENERAL, MENTION, Pages, answered, citation

HOSTILE = (
    "<!channel> <!here> <!everyone> <!subteam^S123|@nurses> <@U0BOB> @channel *bold* _it_ ~no~ `code` ```fence``` "
    "> quote & < > &lt; &amp;amp; <https://evil.example|our page> [a](https://evil.example) :smile: |pipe| \u202etxt"
)
AS_TEXT = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def hostile_answer(question):
    return answered(
        question,
        answer=f"{HOSTILE} [1]",
        citations=(citation(title=HOSTILE, headings=(HOSTILE,), quote=HOSTILE, document=HOSTILE),),
        notes=(HOSTILE,),
    )


async def test_markup_in_pages_and_questions_is_shown_as_it_is_everywhere(in_slack):
    async with in_slack(comms_channel="C0COMMS") as world:
        world.add_channel("C0COMMS")
        world.pages.answers["q"] = hostile_answer(HOSTILE)
        reply = await world.reply(await world.alice.says(f"{MENTION} q", GENERAL))
        assert reply["text"].count(AS_TEXT) == 5  # answer, title, section, quote, note: all escaped
        seen = world.alice.sees(GENERAL)
        assert seen.count(HOSTILE) >= 5  # and shown unescaped, for rich text has no markup
        assert "mrkdwn" not in str(reply["blocks"]) and "'type': 'user'" not in str(reply["blocks"])

        await world.alice.clicks(reply["ts"], "passages", channel=GENERAL)
        assert HOSTILE in texts((await world.window("Passages"))["blocks"])
        await world.alice.commands("/ask", "q")
        whispered = await world.whisper()
        await world.alice.clicks(whispered["ts"], "share", channel=GENERAL)
        await world.whisper(2)
        await world.quiet()
        assert world.slack.record.notified == []


async def test_links_go_to_pages_of_the_corpus_only_and_are_well_formed(in_slack):
    async with in_slack() as world:
        odd = (
            "javascript:alert(1)",
            "https://a.example/|x",
            "http://[broken",
            "/relative",
            "https://a.example/ <@U0BOB>",
        )
        world.pages.answers["q"] = answered(
            "q", citations=tuple(citation(number=n, url=url, summary=True) for n, url in enumerate(odd, 1))
        )
        reply = await world.reply(await world.alice.says(f"{MENTION} q", GENERAL))
        links = [
            element["url"]
            for block in reply["blocks"]
            if block["type"] == "rich_text"
            for part in block["elements"]
            for element in part["elements"]
            if element["type"] == "link"
        ]
        assert links == ["https://a.example/%7Cx", "https://a.example/%20%3C@U0BOB%3E"]


@pytest.mark.parametrize(
    "sizes",
    [
        {"answer": 2_999, "quote": 2_999, "citations": 3},
        {"answer": 3_001, "quote": 10, "citations": 1},
        {"answer": 13_001, "quote": 100, "citations": 2},
        {"answer": 40_001, "quote": 5_000, "citations": 10},
        {"answer": 100, "quote": 100, "citations": 120},
        {"answer": 100, "quote": 12_000, "citations": 1},
    ],
)
async def test_an_answer_of_any_length_arrives_whole(in_slack, sizes):
    async with in_slack() as world:
        text = " ".join(f"word{n}" for n in range(sizes["answer"] // 6))
        quote = " ".join(f"quote{n}" for n in range(sizes["quote"] // 8))
        citations = tuple(citation(number=n, quote=quote or "x") for n in range(1, sizes["citations"] + 1))
        world.pages.answers["q"] = answered("q", answer=text, citations=citations)
        asked = await world.alice.says(f"{MENTION} q", GENERAL)
        await world.slack.wait_for(lambda: "[Helpful]" in world.alice.sees(GENERAL), 20)
        await world.quiet()
        messages = world.replies(asked["ts"])
        said = " ".join(message["text"] for message in messages)
        assert all(f"word{n}" in said.split() for n in range(sizes["answer"] // 6))
        assert all(f"[{n}] HOPE(S) conference" in said for n in range(1, sizes["citations"] + 1))
        assert sum("feedback_buttons" in str(message["blocks"]) for message in messages) == 1
        assert all(call.ok for call in world.slack.record.calls_to("chat.postMessage"))


async def test_titles_questions_and_programmes_of_any_length_fit(in_slack):
    pages = Pages()
    index = pages.current_index()
    names = tuple(Name(section="programmes", name=f"{'Long programme ' * 30}{n}") for n in range(60))
    index.glossary = type(index.glossary)(names=names)
    pages.current_index = lambda: index
    async with in_slack(pages=pages, question_length=3000) as world:
        question = "w" * 3000
        world.pages.answers[question] = answered(
            question,
            status="partial",
            citations=(citation(title="t" * 5000, headings=("h" * 2000,) * 3, url="https://a.example/" + "u" * 4000),),
            closest=(ClosestPage(document="d", title="c" * 3000, url="https://a.example/"),) * 3,
            notes=("n" * 4000,),
        )
        await world.alice.commands("/ask", question)
        whispered = await world.whisper(2)
        await world.alice.clicks(whispered["ts"], "passages", channel=GENERAL)
        await world.window("Passages")
        await world.alice.opens("home")
        home = await world.slack.wait_for(lambda: world.slack.workspace.homes.get("U0ALICE"))
        await world.alice.clicks_in_view(home["id"], "kept")
        await world.window("Stored about you")
        await world.alice.clicks_in_view(home["id"], "programme:23")
        await world.window("Answer")
        await world.quiet()
        assert all(call.ok for call in world.slack.record.calls)


# -- the words and links themselves


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("<@U0BOT> hello", "hello"),
        ("<@U0BOB> said", "@someone said"),
        ("<https://a.example/b>", "https://a.example/b"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<!here|here> and <!channel>", "here and @channel"),
        ("in <#C1>", "in #channel"),
        ("two\u00a0spaces  here", "two spaces here"),
    ],
)
def test_slack_markup_reads_as_people_see_it(sent, seen):
    assert plain(sent, bot_user="U0BOT") == seen


def test_speaking_to_somebody_else_is_noticed():
    assert mentions_others("<@U0BOT> and <@U0BOB>", "U0BOT")
    assert mentions_others("<!here> lunch", "U0BOT")
    assert mentions_others("<!subteam^S1|@nurses>", "U0BOT")
    assert not mentions_others("<@U0BOT> hi <https://a.example|x>", "U0BOT")


def test_a_text_is_cut_where_a_line_a_sentence_or_a_word_ends():
    assert list(pieces("one. two three", 8)) == ["one.", "two", "three"]
    assert list(pieces("aaaa\nbbbb", 6)) == ["aaaa", "bbbb"]
    assert list(pieces("abcdefgh", 3)) == ["abc", "def", "gh"]
    assert list(pieces("", 3)) == []


@pytest.mark.parametrize(
    ("quote", "fragment"),
    [
        ("Short & sweet, well-known.", "Short%20%26%20sweet%2C%20well%2Dknown."),
        ("one two three four five " * 5, "one%20two%20three%20four,two%20three%20four%20five"),
        ("First item here\nLast item there", "First%20item%20here,Last%20item%20there"),
        ("Name | Number", None),
    ],
)
def test_a_link_goes_to_the_quoted_words(quote, fragment):
    url = to_quote(citation(url="https://a.example/b", quote=quote))
    assert url == f"https://a.example/b#:~:text={fragment}" if fragment else "https://a.example/b"


def test_a_link_keeps_the_section_it_goes_to():
    assert to_quote(citation(url="https://a.example/b#c", quote="d")) == "https://a.example/b#c:~:text=d"
    assert page("https://a.example/a%20b?c=d&e=f") == "https://a.example/a%20b?c=d&e=f"
    assert page("ftp://a.example") is None
