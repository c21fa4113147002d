"""Running text out of whatever a public corpus comes as: treebanks, tables, mark-up, plain text."""

import csv
import io
import json
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import PurePosixPath

from detente.errors import UserError

# Tags that may stand inside a word or before a comma: they leave nothing behind, the others leave a line end.
INLINE = {"a", "abbr", "b", "cite", "em", "font", "hi", "i", "mark", "q", "small", "span", "strong", "sub", "sup", "u"}


def running_text(name: str, content: bytes) -> str:
    """The text a file holds, its paragraphs whole, markup and columns gone; white space is as it comes.

    The suffix of the name decides: ``# text =`` lines of ``.conllu``, text between the tags of ``.sgm``, ``.xml`` and
    ``.html``, every string of ``.parquet``, ``.jsonl`` and ``.json``, every cell of ``.tsv`` and ``.csv``, ``.md``
    without its marks. The last two are given as they stand too, for files that quote in their own way. Anything else is
    text as it is.

    Raises:
        UnicodeDecodeError: The file is not UTF-8 text.
        UserError: The file is not what its suffix says.
    """
    suffix = PurePosixPath(name).suffix.lower()
    try:
        if suffix == ".parquet":
            import pyarrow.parquet

            return "\n".join(_strings(pyarrow.parquet.read_table(io.BytesIO(content)).to_pylist()))
        text = content.decode("utf-8-sig")
        match suffix:
            case ".conllu":
                return "\n".join(re.findall(r"^# text = (.*)$", text, re.MULTILINE))
            case ".sgm" | ".sgml" | ".xml" | ".html" | ".htm" | ".xhtml":
                return _between_tags(text)
            case ".tsv" | ".csv":
                csv.field_size_limit(sys.maxsize)  # a cell may hold an article
                rows = csv.reader(io.StringIO(text, newline=None), delimiter="\t" if suffix == ".tsv" else ",")
                return "\n".join([cell for row in rows for cell in row] + [text])
            case ".jsonl":
                return "\n".join(_strings([json.loads(line) for line in text.split("\n") if line.strip()]))
            case ".json":
                return "\n".join(_strings(json.loads(text)))
            case ".md":
                return f"{_without_marks(text)}\n{text}"
            case _:
                return text
    except UnicodeDecodeError:
        raise
    except (ValueError, csv.Error, OSError) as error:  # ValueError is JSON's and Arrow's
        reason = str(error).splitlines()[0]
        raise UserError(f"{name}: not {suffix} ({reason}); download it again, or take it out of the folder") from error


def _strings(value: object) -> Iterator[str]:
    """Every string in a value made of lists and dictionaries."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


class _TextBetweenTags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in INLINE:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.handle_starttag(tag, None)

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def _between_tags(text: str) -> str:
    parser = _TextBetweenTags()
    parser.feed(text)
    parser.close()
    return "".join(parser.parts)


def _without_marks(text: str) -> str:
    """Markdown without links, emphasis, headings, quotation marks at line starts and backslashes."""
    text = re.sub(r"!?\[((?:[^\[\]]|\\.)*)\]\([^()]*\)", r"\1", text)
    text = re.sub(r"^[ \t]*(?:[>#]+[ \t]*)+", "", text, flags=re.MULTILINE)
    text = re.sub(r"(?<!\\)\*+|(?<![\\\w])_+|(?<!\\)_+(?!\w)", "", text)
    return re.sub(r"\\(?=[^\w\s])", "", text)
