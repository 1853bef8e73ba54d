"""Splitting: from a document to passages that follow its headings and fit the model's window."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from ingest.documents import Block, Document, Passage
from ingest.embedding import EmbeddingModel
from ingest.sentences import sentence_spans, sentences_with_spaces

PASSAGE_PIECES = 200  # word pieces of a passage's own text; measured by `make bench-splitting`
_MOST_ABOVE = 80  # word pieces embedded above the passage: title, headings, date, programmes


def split_document(document: Document, model: EmbeddingModel) -> list[Passage]:
    """Split a document into passages: exact spans of its text, each within one section.

    Whatever is embedded of a passage (see `embedded_text`) fits the model's window, counted by its tokenizer.
    """
    from llama_index.core.node_parser import SentenceSplitter

    passages: list[Passage] = []
    for _, section in groupby(document.blocks, key=lambda block: (block.headings, block.as_of)):
        blocks = list(section)
        start, end = blocks[0].start, blocks[-1].end
        room = model.window - model.count(_above(document, blocks[0].headings, blocks[0].as_of, model)) - 4
        splitter = SentenceSplitter(
            chunk_size=min(room, PASSAGE_PIECES),
            chunk_overlap=0,
            paragraph_separator="\n\n",
            tokenizer=model.pieces,
            chunking_tokenizer_fn=sentences_with_spaces,
            secondary_chunking_regex=r"\s*\S+\s*",
        )
        for begin, stop in _spans(document.text, start, end, splitter.split_text(document.text[start:end])):
            passages.append(
                Passage(
                    document=document.id,
                    start=begin,
                    end=stop,
                    headings=blocks[0].headings,
                    as_of=blocks[0].as_of or document.published,
                    sentences=tuple(_sentences(document.text, blocks, begin, stop)),
                )
            )
    return passages


def embedded_text(document: Document, passage: Passage, model: EmbeddingModel) -> str:
    """What is embedded of a passage: title, headings, date and programmes, then its own words."""
    above = _above(document, passage.headings, passage.as_of, model)
    return f"{above}\n{document.text[passage.start : passage.end]}"


def sentence_texts(document: Document, passage: Passage, model: EmbeddingModel) -> list[str]:
    """What is embedded of each sentence of a passage; one too long for the window with its lead-in goes without."""
    texts = []
    for start, end in passage.sentences:
        text = sentence_text(document, passage, (start, end))
        fits = len(text) == end - start or model.count(text) <= model.window
        texts.append(text if fits else document.text[start:end])
    return texts


def sentence_text(document: Document, passage: Passage, span: tuple[int, int]) -> str:
    """What is embedded of a sentence: its words, and for a list item the line that leads into the list."""
    start, end = span
    text = document.text[start:end]
    lead = lead_in(document, start)
    return f"{document.text[lead[0] : lead[1]]} {text}" if lead else text


def lead_in(document: Document, position: int) -> tuple[int, int] | None:
    """The span of the line that leads into the list at `position` ("The aims are:"), if there is one."""
    blocks = document.blocks
    index = document.block_at(position)
    if blocks[index].kind != "item":
        return None
    headings = blocks[index].headings
    while index >= 0 and blocks[index].kind == "item" and blocks[index].headings == headings:
        index -= 1
    if index < 0 or blocks[index].kind != "paragraph" or blocks[index].headings != headings:
        return None
    *_, last = sentence_spans(document.text, blocks[index].start, blocks[index].end)
    return last if document.text[: last[1]].endswith((":", "–", "-")) else None


def _above(document: Document, headings: Sequence[str], as_of: str | None, model: EmbeddingModel) -> str:
    """Title, headings, date and programmes on one line, shortened to a third of the window at most."""
    named = ", ".join(document.programmes[:3])
    line = " – ".join(filter(None, [document.title, *headings, as_of or document.published, named]))
    words = line.split()
    while words and model.count(" ".join(words)) > min(_MOST_ABOVE, model.window // 3):
        words = words[: len(words) * 9 // 10]
    return " ".join(words)


def _spans(text: str, start: int, end: int, chunks: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where each chunk of `text[start:end]` stands; chunks follow one another without overlap."""
    position = start
    for chunk in chunks:
        piece = chunk.strip()
        if not piece:
            continue
        begin = text.index(piece, position, end)
        position = begin + len(piece)
        yield begin, position


def _sentences(text: str, blocks: Sequence[Block], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans in `[start, end)` that can be quoted: sentences of paragraphs and items, whole table rows."""
    for block in blocks:
        begin, stop = max(start, block.start), min(end, block.end)
        if begin >= stop:
            continue
        if block.kind == "row":
            yield begin, stop
        else:
            spans = list(sentence_spans(text, begin, stop))
            if len(spans) > 1 and block.headings and text[slice(*spans[0])] == f"{block.headings[-1]}.":
                spans[:2] = [(spans[0][0], spans[1][1])]
            yield from spans
