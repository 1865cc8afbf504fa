"""Bytes to text, and text to the one form in which it is kept."""

import re
import unicodedata

_BINARY = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive, or a Word or EPUB document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word or Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"OggS", "an Ogg media file"),
    (b"\x7fELF", "an ELF program"),
    (b"\x1f\x8b", "gzip data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"BZh91AY&SY", "bzip2 data"),
    (b"(\xb5/\xfd", "zstd data"),
    (b"7z\xbc\xaf'\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
)
_BOMS = (
    # UTF-32's begins with UTF-16's, so it is asked first.
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)
_SNIFFED = 8192
# What text has no use for: all of C0 but tab, line ends, backspace (old man pages) and escape (colours).
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\b\x1b"))
_MAX_CONTROLS = 0.01
# Western text is mostly ASCII; Cyrillic, Greek or Chinese bytes read as cp1252 are mostly not.
_MAX_HIGH = 0.25
_HIGH = bytes(range(0x80, 0x100))

_LINE_BREAK = re.compile("\r\n|[\r\v\f\u2028\u2029]")
_LINE_END = re.compile("\r\n|[\r\n]")
# Everything that must not stay; in most articles one search finds nothing, and that is all it costs.
_UNWANTED = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")


class Undecodable(ValueError):
    """Its text says what the bytes look like and what to do."""


def decode(data: bytes) -> str:
    """The text of a whole file: UTF-8, UTF-16, UTF-32 with its mark, else Windows-1252 if that makes sense.

    Raises:
        Undecodable: the data is binary, or text in another or a damaged encoding.
    """
    if problem := binary_problem(data):
        raise Undecodable(problem)
    encoding = _marked(data) or _utf16_by_nuls(data)
    if encoding is not None:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            name = encoding.upper().removesuffix("-SIG")
            raise Undecodable(
                f"is {name} text with a damaged character at byte {error.start}; save it again as UTF-8"
            ) from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _western(data, error)


def binary_problem(data: bytes) -> str | None:
    """What to tell the user if the beginning of ``data`` is no text, else None."""
    head = data[:_SNIFFED]
    for magic, name in _BINARY:
        if head.startswith(magic):
            return f"looks like binary data ({name}); convert it to plain text first"
    if _marked(head) in ("utf-16", "utf-32") or _utf16_by_nuls(head):
        return None
    # The NULs are looked for in all of it: one past the beginning would be dropped silently.
    if b"\0" in data:
        return "looks like binary data (it has NUL bytes); convert it to plain text first"
    if len(head) - len(head.translate(None, _CONTROLS)) > _MAX_CONTROLS * len(head):
        return "looks like binary data (it has many control characters); convert it to plain text first"
    return None


def is_utf16(data: bytes) -> bool:
    """Whether the beginning of ``data`` is UTF-16 or UTF-32, by its mark or its pattern of NULs."""
    return _marked(data) in ("utf-16", "utf-32") or _utf16_by_nuls(data[:_SNIFFED]) is not None


def _marked(data: bytes) -> str | None:
    return next((encoding for mark, encoding in _BOMS if data.startswith(mark)), None)


def _utf16_by_nuls(data: bytes) -> str | None:
    """Text without a mark has a NUL in every other byte, or nearly: the high bytes of ASCII."""
    head = data[: _SNIFFED & ~1]
    if b"\0" not in head or len(data) % 2:
        return None
    pairs = len(head) // 2
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd >= 0.4 * pairs and even == 0:
        return "utf-16-le"
    if even >= 0.4 * pairs and odd == 0:
        return "utf-16-be"
    return None


def _western(data: bytes, error: UnicodeDecodeError) -> str:
    # A UTF-8 file with a broken byte would come out of cp1252 as gibberish without any error.
    guess = data.decode("utf-8", errors="replace")
    broken = guess.count("\ufffd")
    line = data.count(b"\n", 0, error.start) + 1
    if len(guess) - len(guess.encode("ascii", errors="ignore")) > 2 * broken:
        raise Undecodable(f"is UTF-8 but for a damaged character on line {line}; save it again as UTF-8")
    high = len(data) - len(data.translate(None, _HIGH))
    try:
        if high <= _MAX_HIGH * len(data):
            return data.decode("cp1252")
    except UnicodeDecodeError:
        pass
    raise Undecodable(
        f"is not UTF-8, UTF-16 or Windows-1252 text (byte 0x{data[error.start]:02x} on line {line});"
        " save it as UTF-8"
    )


def normalise(text: str) -> str:
    r"""The form in which text is kept: NFC, ``\n`` alone ends lines, no control characters.

    Control characters other than tab, byte order marks and lone surrogates are
    removed, and so are trailing blanks of lines and blank lines at both ends. Twice
    is the same as once.
    """
    if _UNWANTED.search(text):
        text = _UNWANTED.sub("", _LINE_BREAK.sub("\n", text))
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return "\n".join(map(str.rstrip, text.split("\n"))).strip("\n")


def file_lines(text: str) -> list[str]:
    r"""The lines of a file as editors and grep count them, each normalised.

    A form feed or U+2028 inside a line becomes a ``\n`` there, and begins no new line
    of the file.
    """
    return [normalise(line) for line in _LINE_END.split(text)]


def one_line(text: str, longest: int) -> str:
    """``text`` as a name or title: white space collapsed, nothing unprintable, at most ``longest`` long."""
    return shorten(" ".join(_UNSEEN.sub("", normalise(text)).split()), longest)


# Marks that reorder what follows them on the screen, and so can disguise a name.
_UNSEEN = re.compile("[\u202a-\u202e\u2066-\u2069]")


def shorten(text: str, longest: int) -> str:
    """``text``, cut at a word's end and marked with "…" where it is longer than ``longest``."""
    if len(text) <= longest:
        return text
    words = text[:longest].rpartition(" ")[0] or text[: longest - 1]
    return words.rstrip(" ,;:–—-") + "…"
