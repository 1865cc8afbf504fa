"""Text from the web: which encoding it is in, by its bytes, its server and its own word."""

import codecs
import re

# What a page says of itself must stand in its beginning.
_HEAD = 4096
_META = re.compile(rb"<meta[^<>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Those of the web. Python knows others, some of which take hours for a megabyte made for that.
_SAFE = frozenset(
    "utf-8 utf-16 utf-16-le utf-16-be big5 big5hkscs cp866 euc_jp gb18030 iso2022_jp koi8-r koi8-u mac-roman"
    " mac-cyrillic cp874 cp932 cp949".split()
    + [f"cp{number}" for number in range(1250, 1259)]
    + [f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)]
)
# What is sent under a name is often the larger encoding that holds it; browsers read it as that.
_LARGER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}


def page_text(data: bytes, charset: str) -> str:
    """The text of a web page; ``charset`` is what its server says, perhaps nothing.

    Bytes that are UTF-8 are read as that whatever is said of them, for nothing else comes
    out as valid UTF-8 by chance. Damaged characters become U+FFFD.
    """
    found = _evident(data)
    if found is None:
        said = _META.search(data[:_HEAD])
        found = _codec(charset) or (_codec(said[1].decode("ascii", "replace")) if said else None) or "cp1252"
    return data.decode(found, "replace")


def as_utf8(data: bytes, charset: str) -> bytes:
    """Plain text in UTF-8, if its server names the encoding that it is in; else as it came."""
    codec = _codec(charset)
    if codec is None or _evident(data) is not None:
        return data
    try:
        return data.decode(codec).encode("utf-8")
    except UnicodeError:
        return data


def _evident(data: bytes) -> str | None:
    """The encoding that the bytes themselves show."""
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return codec
    if data.isascii() and b"\x1b" not in data:  # the escapes of ISO-2022-JP
        return "utf-8"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if data.isascii() else "utf-8"


def _codec(label: str) -> str | None:
    """Python's codec for what the web calls an encoding, None if it is none of the web's."""
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        return None
    name = _LARGER.get(name, name)
    return name if name in _SAFE else None
