"""Word files: converted by mammoth, headings from styles, outline levels or bold lines; what is hidden goes first."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from lxml import etree
from lxml.html import HtmlElement

from ingest.errors import TrustbotError
from ingest.readers.cleaning import remove_hidden_elements, said
from ingest.readers.pages import Page, known_author
from ingest.readers.trees import drop_elements, parse_html, parts_of

_MOST_XML = 10_000_000  # bytes unpacked; a book is under 5 MB, and mammoth takes a minute for 10
_HEADING_WORDS = 12
_TINY = 4  # half points
_PLAIN_TABLES = {"TableGrid", "TableNormal"}
_STYLE_MAP = """
p[style-name='Title'] => h1.title:fresh
p[style-name^='toc '] => !
p[style-name^='TOC '] => !
"""


@dataclass(frozen=True, kw_only=True)
class _Styles:
    """Which paragraph and character styles hide their text, and which are headings, of what level (0 the highest)."""

    hidden: frozenset[str] = frozenset()
    levels: Mapping[str, int]


def read_docx(path: Path) -> Page:
    """Read a Word file. Raises TrustbotError when it is not one, or unpacks to more than 10 MB of text."""
    import mammoth

    try:
        with zipfile.ZipFile(path) as archive:
            contents = _text_of_archive(archive)
        remarks = _clean(contents)
        html = mammoth.convert_to_html(_packed(contents), style_map=_STYLE_MAP, convert_image=lambda image: []).value
        title, author = _properties(contents)
    except TrustbotError:
        raise
    except Exception as error:  # a damaged archive or document raises errors of many kinds
        raise TrustbotError(f"it is not a Word file that can be opened ({type(error).__name__})") from error
    if not html:
        raise TrustbotError("it has no text")
    tree = parse_html(f"<body>{html}</body>")
    remarks += remove_hidden_elements(tree)
    _drop_note_marks(tree)
    _make_bold_lines_headings(tree)
    titled = next(iter(tree.xpath("//h1[@class='title']")), None)
    parts = parts_of(tree)
    if titled is not None:
        title = " ".join(titled.text_content().split())
    elif not title and parts and parts[0].kind == "heading":
        title = parts[0].text
    fields = {"title": title, "author": known_author(author)}
    return Page(metadata={k: v for k, v in fields.items() if v}, parts=tuple(parts), remarks=tuple(remarks))


def _text_of_archive(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """The XML of the archive, without pictures. `file_size` is kept by zipfile: it reads no more than that."""
    entries = [entry for entry in archive.infolist() if entry.filename.endswith((".xml", ".rels"))]
    if sum(entry.file_size for entry in entries) > _MOST_XML:
        raise TrustbotError(f"its text unpacks to more than {_MOST_XML // 1_000_000} MB: split it")
    return {entry.filename: archive.read(entry) for entry in entries}


def _packed(contents: Mapping[str, bytes]) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    packed.seek(0)
    return packed


def _clean(contents: dict[str, bytes]) -> list[str]:
    """Remove hidden runs and mark headings in the texts of `contents`, in place; returns remarks."""
    roots = {name: _parse(content) for name, content in contents.items()}
    styles = _styles(root for root in roots.values() if _local(root) == "styles")
    hidden: list[str] = []
    comments: list[str] = []
    tracked = False
    for name, root in roots.items():
        if _local(root) == "comments":
            comments += [text for comment in root if (text := "".join(comment.itertext())).strip()]
        if _local(root) in ("document", "footnotes", "endnotes"):
            w = _namespace(root)
            tracked = tracked or any(True for _ in root.iter(f"{w}del", f"{w}ins", f"{w}moveFrom"))
            hidden += _remove_hidden_runs(root, w, styles)
            _style_headings(root, w, styles)
            contents[name] = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    remarks = [said("comment", comments)] if comments else []
    remarks += [said("hidden run", hidden)] if hidden else []
    return remarks + (["it holds tracked changes: it was read as if they were accepted"] if tracked else [])


def _parse(content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.doctype:
        raise TrustbotError("it holds a document type declaration, which Word does not write")
    return root


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _namespace(element: etree._Element) -> str:
    return f"{{{etree.QName(element).namespace}}}"


def _styles(sheets: Iterator[etree._Element]) -> _Styles:
    hidden: set[str] = set()
    levels: dict[str, int] = {}
    for sheet in sheets:
        w = _namespace(sheet)
        parents: dict[str, str] = {}
        for style in sheet.iter(f"{w}style"):
            name = style.get(f"{w}styleId", "")
            parents[name] = _value(style, w, "basedOn")
            if _is_on(style.find(f"{w}rPr/{w}vanish"), w):
                hidden.add(name)
            if (level := _value(style, w, f"pPr/{w}outlineLvl")).isdecimal():
                levels[name] = int(level)
        for name in parents:
            for ancestor in _ancestors(name, parents):
                if ancestor in hidden:
                    hidden.add(name)
                if ancestor in levels:
                    levels.setdefault(name, levels[ancestor])
    return _Styles(hidden=frozenset(hidden), levels=levels)


def _ancestors(name: str, parents: Mapping[str, str]) -> Iterator[str]:
    for _ in range(10):
        name = parents.get(name, "")
        if not name:
            return
        yield name


def _remove_hidden_runs(root: etree._Element, w: str, styles: _Styles) -> list[str]:
    hidden = [run for run in root.iter(f"{w}r") if _is_hidden(run, w, styles)]
    words = ["".join(run.itertext(f"{w}t")) for run in hidden]
    for run in hidden:
        run.getparent().remove(run)
    return [text for text in words if text.strip()]


def _is_hidden(run: etree._Element, w: str, styles: _Styles) -> bool:
    properties = run.find(f"{w}rPr")
    paragraph = next(run.iterancestors(f"{w}p"), None)
    names = {_value(run, w, f"rPr/{w}rStyle"), "" if paragraph is None else _value(paragraph, w, f"pPr/{w}pStyle")}
    vanish = None if properties is None else properties.find(f"{w}vanish")
    if _is_on(vanish, w) or (vanish is None and not styles.hidden.isdisjoint(names)):
        return True
    size = _value(run, w, f"rPr/{w}sz")
    if size.isdecimal() and int(size) <= _TINY:
        return True
    return _value(run, w, f"rPr/{w}color").upper() == "FFFFFF" and not _has_ground(run, w)


def _has_ground(run: etree._Element, w: str) -> bool:
    """True when white letters stand on something: a shade, a highlight, a styled table or a drawn box."""
    if _value(run, w, f"rPr/{w}highlight") not in ("", "none", "white"):
        return True
    for element in (run, *run.iterancestors()):
        name = _local(element)
        if name == "txbxContent":
            return True
        if name == "tbl" and _value(element, w, f"tblPr/{w}tblStyle") not in ("", *_PLAIN_TABLES):
            return True
        shade = element.find(f"{w}{name}Pr/{w}shd")
        if shade is not None and shade.get(f"{w}fill", "auto").upper() not in ("AUTO", "FFFFFF"):
            return True
    return False


def _style_headings(root: etree._Element, w: str, styles: _Styles) -> None:
    """Give paragraphs of an outline level the heading style that mammoth knows."""
    for paragraph in root.iter(f"{w}p"):
        properties = paragraph.find(f"{w}pPr")
        if properties is None:
            continue
        style = properties.find(f"{w}pStyle")
        own = _value(paragraph, w, f"pPr/{w}outlineLvl")
        level = int(own) if own.isdecimal() else styles.levels.get("" if style is None else style.get(f"{w}val", ""), 9)
        if level < 6:
            if style is None:
                style = etree.SubElement(properties, f"{w}pStyle")
            style.set(f"{w}val", f"Heading{level + 1}")


def _value(element: etree._Element, w: str, path: str) -> str:
    found = element.find(f"{w}{path}")
    return "" if found is None else found.get(f"{w}val") or ""


def _is_on(switch: etree._Element | None, w: str) -> bool:
    return switch is not None and switch.get(f"{w}val", "true") not in ("0", "false", "off")


def _properties(contents: Mapping[str, bytes]) -> tuple[str, str]:
    """Title and author of the file's properties, empty when unset."""
    if "docProps/core.xml" not in contents:
        return "", ""
    properties = (child for child in _parse(contents["docProps/core.xml"]) if isinstance(child.tag, str))
    found = {_local(child): child.text or "" for child in properties}
    return found.get("title", "").strip(), found.get("creator", "").strip()


def _drop_note_marks(tree: HtmlElement) -> None:
    """mammoth's "[1]" and "↑" are not in the document, and would look like markers of an answer."""
    drop_elements(tree, tree.xpath("//a[starts-with(@href, '#footnote-') or starts-with(@href, '#endnote-')]"))


def _make_bold_lines_headings(tree: HtmlElement) -> None:
    """A short bold paragraph above one that is not bold is a heading that nobody gave a style."""
    deepest = max((int(heading.tag[1]) for heading in tree.iter("h1", "h2", "h3", "h4", "h5")), default=1)
    paragraphs = tree.xpath("/html/body/*")
    for paragraph, below in pairwise(paragraphs):
        text = paragraph.text_content().strip()
        short = 1 <= len(text.split()) <= _HEADING_WORDS and not text.endswith((".", ",", ";"))
        if paragraph.tag == "p" and short and _is_bold(paragraph) and not _is_bold(below):
            paragraph.tag = f"h{deepest + 1}"


def _is_bold(paragraph: HtmlElement) -> bool:
    bold = "".join(strong.text_content() for strong in paragraph.iter("strong"))
    return paragraph.tag == "p" and bool(bold.strip()) and bold.strip() == paragraph.text_content().strip()
