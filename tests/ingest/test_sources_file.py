"""sources.yaml: what comms write, and what they are told when it cannot be used."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import TrustbotError
from ingest.sources.declared import Source, Sources, read_sources

CORPUS = Path(__file__).parents[2] / "corpus"
NEWS = "- name: News\n  sitemap: https://www.trust.example/sitemap.xml\n  kind: news\n"


def sources(folder: Path, text: str) -> Sources:
    """Write a sources.yaml into the corpus of a folder and read it."""
    (folder / "corpus").mkdir(exist_ok=True)
    path = folder / "corpus" / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    return read_sources(path)


def complaint(folder: Path, text: str) -> str:
    """What is said about a sources.yaml that cannot be used: one line."""
    with pytest.raises(TrustbotError) as raised:
        sources(folder, text)
    assert "\n" not in str(raised.value)
    return str(raised.value).removeprefix("sources.yaml cannot be used: ")


def test_every_way_to_name_pages_is_read(tmp_path: Path) -> None:
    read = sources(
        tmp_path,
        "sources:\n"
        + NEWS
        + "- {name: Blog, feed: 'https://www.trust.example/feed', kind: ceo-update}\n"
        + "- {name: Papers, folder: ../papers, kind: programme, into: programmes/board}\n"
        + "- name: Pages\n  kind: blog\n  pages: ['HTTPS://Www.Trust.Example:443/a#top', 'https://www.trust.example/a']",
    ).sources
    assert [source.name for source in read] == ["News", "Blog", "Papers", "Pages"]
    assert [source.is_complete for source in read] == [True, False, True, True]
    assert [source.corpus_folder for source in read] == ["news", "ceo-updates", "programmes/board", "blogs"]
    assert read[2].folder == (tmp_path / "papers").resolve()
    assert read[3].pages == ("https://www.trust.example/a",)


def test_whether_a_listing_is_complete_can_be_said(tmp_path: Path) -> None:
    assert not sources(tmp_path, f"sources:\n{NEWS}  complete: false\n").sources[0].is_complete


def test_one_value_needs_no_list(tmp_path: Path) -> None:
    (source,) = sources(tmp_path, f"sources:\n{NEWS}  include: /news/*\n  programmes: Garden Club\n").sources
    assert (source.include, source.programmes) == (("/news/*",), ("Garden Club",))


def test_the_hosts_that_may_be_asked_are_those_written_in_the_file(tmp_path: Path) -> None:
    read = sources(
        tmp_path, f"sources:\n{NEWS}hosts: [Trust.Example, 'old.trust.example:8443']\nprivate_hosts: 10.0.0.5:8080\n"
    )
    assert read.named_hosts == {"www.trust.example", "trust.example", "old.trust.example:8443", "10.0.0.5:8080"}


def test_one_source_alone_can_be_taken_and_its_hosts_stay_as_they_were(tmp_path: Path) -> None:
    both = f"sources:\n{NEWS}- {{name: Blog, feed: 'https://blog.example/feed', kind: blog}}\n"
    read = sources(tmp_path, both)
    assert [source.name for source in read.only(["Blog"]).sources] == ["Blog"]
    assert read.only(["Blog"]).named_hosts == read.named_hosts
    assert read.only([]).sources == read.sources
    with pytest.raises(TrustbotError, match=r"no source 'Bolg' in sources\.yaml; its sources are: 'Blog', 'News'"):
        read.only(["Bolg"])


@pytest.mark.parametrize("text", ["", "sources:\n", "sources: []\n", "# nothing yet\n"])
def test_a_file_without_sources_names_none(tmp_path: Path, text: str) -> None:
    assert sources(tmp_path, text).sources == ()


def test_a_file_that_is_missing_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(TrustbotError, match=r"sources\.yaml does not exist: say in it where the pages live"):
        read_sources(tmp_path / "sources.yaml")


def test_every_mistake_is_told_at_once_each_with_its_place(tmp_path: Path) -> None:
    said = complaint(
        tmp_path,
        "sources:\n- name: News\n  feed: ftp://trust.example\n  kind: newss\n  publishr: us\n"
        "- kind: news\n  pages: https://trust.example/a\ndelay: soon\ntimeout: 0\n",
    )
    assert said == (
        "source 1 ('News'), feed: 'ftp://trust.example' must begin with https:// or http://;"
        " source 1 ('News'), kind: it should be 'blog', 'ceo-update', 'programme' or 'news';"
        " source 1 ('News'), publishr: there is no such field; did you mean 'publisher'?;"
        " source 2, name: it is missing; delay: write a number; timeout: it should be greater than 0"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sources:\n- {name: N, kind: news}\n", "give exactly one of pages, sitemap, feed and folder; it has 0"),
        (f"sources:\n{NEWS}  feed: https://trust.example\n", "give exactly one of"),
        ("sources:\n- {name: N, pages: [], kind: news}\n", "it has 0"),
        ("sources:\n- {name: N, feed: 'https://trust.example'}\n", "give its pages a kind: blog, ceo-update"),
        (f"sources:\n{NEWS}{NEWS}", "two sources are named 'News': give each a name of its own"),
        (f"sources:\n{NEWS}  selector: 'article['\n", "'article[' is not a CSS selector"),
        (f"sources:\n{NEWS}  into: ../news\n", "'../news' is not a folder of the corpus"),
        (f"sources:\n{NEWS}  into: /news\n", "'/news' is not a folder of the corpus"),
        (f"sources:\n{NEWS}  into: _drafts\n", "'_drafts' is not a folder of the corpus"),
        ("sources:\n- {name: N, folder: ., kind: news}\n", "'.' is or holds part of the corpus"),
        ("sources:\n- {name: N, folder: .., kind: news}\n", "'..' is or holds part of the corpus"),
        ("sources:\n- {name: N, folder: news, kind: news}\n", "'news' is or holds part of the corpus"),
        ("sources:\n- {name: N, folder: '', kind: news}\n", "the path of a folder is missing"),
        ("sources:\n- {name: N, pages: 'https://u:p@trust.example/', kind: news}\n", "holds a user name"),
        ("hosts: https://trust.example/\n", "leave out https:// and what follows the name"),
        ("hosts: 2130706433\n", "'2130706433' is not a host"),
        ("contact: 'a\\nb'\nsurces: []\n", "surces: there is no such field; did you mean 'sources'?"),
        ('contact: "a\\nb"\n', "contact: write an e-mail or web address"),
        ("sources: {News: x}\n", "sources: write a list, each entry on a line that begins with '- '"),
        ("sources: [https://trust.example]\n", "source 1: write its fields as 'name: value' lines"),
        ("most_bytes: 10\n", "most_bytes: it should be greater than or equal to 1000"),
        ("delay: .nan\n", "delay: it should be"),
        ("- News\n", "it is not a list of 'name: value' lines"),
        ("sources: [\n", "it is not YAML"),
        ("delay: 1\ndelay: 2\n", "it is not YAML, line 2: 'delay' is given twice"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(tmp_path: Path, text: str, said: str) -> None:
    assert said in complaint(tmp_path, text)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.dates()
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)
fields_of_a_source = st.dictionaries(
    st.sampled_from(sorted(Source.model_fields)) | st.text(max_size=5), values, max_size=6
)
fields_of_the_file = st.dictionaries(st.sampled_from(sorted(Sources.model_fields)), values, max_size=4)


@given(fields_of_the_file, st.lists(fields_of_a_source, max_size=2))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_the_file_holds_is_read_or_refused_in_one_line(
    tmp_path: Path, fields: dict[str, object], listed: list[dict[str, object]]
) -> None:
    text = yaml.safe_dump({"sources": listed} | fields, allow_unicode=True)
    try:
        read = sources(tmp_path, text)
    except TrustbotError as error:
        assert str(error).isprintable()
        assert str(error).startswith("sources.yaml cannot be used: ")
    else:
        assert all(source.corpus_folder for source in read.sources)


def test_files_may_wait_in_a_folder_of_the_corpus_that_is_not_read(tmp_path: Path) -> None:
    (source,) = sources(tmp_path, "sources:\n- {name: N, folder: _incoming, kind: news}\n").sources
    assert source.folder == (tmp_path / "corpus" / "_incoming").resolve()


def test_the_file_of_this_corpus_fetches_nothing_and_its_examples_are_right(tmp_path: Path) -> None:
    assert read_sources(CORPUS / "sources.yaml").sources == ()
    text = (CORPUS / "sources.yaml").read_text(encoding="utf-8").replace("sources: []", "sources:")
    below = text.index("sources:\n\n")
    examples = re.sub(r"^# ?(?=- name:|  |\w+: .* # |contact:)", "", text[below:], flags=re.MULTILINE)
    read = sources(tmp_path, examples.replace("  selector:", "# ").replace("  complete:", "# "))
    assert [source.name for source in read.sources] == [
        "Trust news",
        "Chief executive's blog",
        "Programmes",
        "Board papers",
    ]
    assert read.contact == "comms@example.org"
    as_written = read.model_dump(exclude={"sources", "contact"})
    assert as_written == Sources().model_dump(exclude={"sources", "contact"})
