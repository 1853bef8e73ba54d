"""File dates: when a PDF or Word file says it was made, which is about when it was published."""

import io
import re
import zipfile

from lxml import etree

from ingest.dates import is_partial_date

_PDF_DATE = re.compile(r"(?:D:)?((?:19|20)\d\d)(\d\d)(\d\d)")
_MOST_PROPERTIES = 100_000  # bytes
_CREATED = "{http://purl.org/dc/terms/}created"


def file_date(content: bytes, ending: str) -> str | None:
    """The day a `.pdf` or `.docx` file says it was made (YYYY-MM-DD); None where it does not, or cannot be asked."""
    try:
        if ending == ".pdf":
            return _of_pdf(content)
        return _of_word(content) if ending == ".docx" else None
    except Exception:  # the date is a courtesy: the file itself has been read by now
        return None


def _of_pdf(content: bytes) -> str | None:
    import pypdfium2  # type: ignore[import-untyped]

    with pypdfium2.PdfDocument(content) as pdf:
        match = _PDF_DATE.match(pdf.get_metadata_value("CreationDate") or "")
    return _day("-".join(match.groups())) if match else None


def _of_word(content: bytes) -> str | None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("docProps/core.xml") as file:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        properties = etree.fromstring(file.read(_MOST_PROPERTIES), parser)
    return _day((properties.findtext(_CREATED) or "")[:10])


def _day(value: str) -> str | None:
    return value if is_partial_date(value) else None
