"""What is fetched from an address, what is refused, and that no hostile server gets more than its share."""

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from index.encoder import HashEncoder
from index.errors import SourceError
from index.vectors import VectorIndex
from index.writer import Writer
from ingest.fetch import Fetched, fetch
from ingest.gate import Gate, Refused, is_public
from ingest.pipeline import Pipeline, Summary
from ingest.reading import Found, Reading
from tests.conftest import Notebook, no_encoder, run

LOCAL = "127.0.0.1"
STORY = "The ferries sailed again on Monday, the harbour master said."
PRIVATE = "is at a private address, which is not read"

fetch_here = partial(fetch, allow_private={LOCAL})


@dataclass
class Site:
    """A web server on loopback: what it answers by path, and what it was asked."""

    port: int
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, Message]] = field(default_factory=list)

    def put(self, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> str:
        """Answer ``path``; a header ``Content_Type`` is sent as ``Content-Type``. Returns the address."""
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, named, data)
        return f"http://{LOCAL}:{self.port}{path}"


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers.asked.append((self.path, self.headers))
            status, headers, body = answers.pages.get(self.path, (404, {}, b""))
            # A reason that nobody should get to read.
            self.send_response(status, "@everyone look here")
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that goes away in the middle is what many of these tests want."""

    with Server((LOCAL, 0), Handler) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        answers = Site(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield answers
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


@contextmanager
def sending(pieces: Callable[[threading.Event], Iterable[bytes]]) -> Iterator[str]:
    """The address of a server that sends these bytes, whatever it is asked; the event is set at the end."""
    stopped = threading.Event()

    def serve() -> None:
        with suppress(OSError), listener, listener.accept()[0] as connection:
            connection.recv(65536)
            for piece in pieces(stopped):
                connection.sendall(piece)

    with socket.create_server((LOCAL, 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://{LOCAL}:{listener.getsockname()[1]}/"
        finally:
            stopped.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def problem(url: str, *, of: Callable[[str], Fetched] = fetch_here) -> str:
    with pytest.raises(SourceError) as caught:
        of(url)
    assert str(caught.value).isprintable()
    return caught.value.problem


def answering(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let every name have these addresses; the names that are asked for are in the list returned."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *args: Any) -> list[Any]:
        asked.append(host)
        families = [socket.AF_INET6 if ":" in each else socket.AF_INET for each in addresses]
        return [
            (family, socket.SOCK_STREAM, 6, "", (each, port))
            for family, each in zip(families, addresses, strict=True)
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


# What is fetched


def test_a_page_comes_with_its_final_address_and_type(site: Site) -> None:
    url = site.put("/a?b=1", "Grüße", Content_Type="Text/HTML; charset=UTF-8")
    assert fetch_here(f"{url}#part") == Fetched(url, "text/html", "utf-8", "Grüße".encode())
    ((path, headers),) = site.asked
    assert path == "/a?b=1"
    assert headers["User-Agent"].startswith("pullquote/")
    assert {"Cookie", "Authorization", "Referer"}.isdisjoint(headers)


def test_a_packed_page_is_unpacked(site: Site) -> None:
    assert fetch_here(site.put("/", gzip.compress(b"words"), Content_Encoding="gzip")).body == b"words"
    assert fetch_here(site.put("/", b"words", Content_Encoding="identity")).body == b"words"


def test_redirects_are_followed(site: Site) -> None:
    site.put("/a", status=301, Location="b")
    site.put("/b", status=307, Location=f"//{LOCAL}:{site.port}/c")
    last = site.put("/c", b"words")
    assert fetch_here(f"http://{LOCAL}:{site.port}/a").url == last
    assert [path for path, _ in site.asked] == ["/a", "/b", "/c"]


def test_a_proxy_of_the_environment_is_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetch_here(site.put("/", b"words")).body == b"words"


def test_a_name_is_resolved_once_and_the_connection_goes_there(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.put("/", b"words")
    asked = answering(monkeypatch, LOCAL)
    url = f"http://paper.example:{site.port}/"
    assert fetch(url, allow_private={"paper.example"}).body == b"words"
    assert asked == ["paper.example"]
    assert site.asked[0][1]["Host"] == f"paper.example:{site.port}"


# What is refused


@pytest.mark.parametrize(
    "host",
    "127.0.0.1 0.0.0.0 10.1.2.3 169.254.169.254 100.100.100.200 224.0.0.1 localhost 0x7f000001 [::]"
    " [::1] [::127.0.0.1] [::ffff:127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::] [fe80::1] [fc00::1]"
    " [fec0::1]".split(),
)
def test_private_addresses_are_refused_however_they_are_written(host: str) -> None:
    assert problem(f"http://{host}/", of=fetch) == PRIVATE


@pytest.mark.parametrize("host", ["2130706433", "127.1", "0177.0.0.1", "１２７.1"])
def test_numbers_that_only_some_take_for_an_address_are_refused(host: str) -> None:
    assert problem(f"http://{host}/", of=fetch) in (PRIVATE, "is no valid address")


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "8.8.8.8", "2606:4700::1111", "10.0.0.1")
    assert problem("https://paper.example/", of=fetch) == PRIVATE


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("64:ff9b::808:808", True),
        ("::ffff:8.8.8.8", True),
        ("2002:808:808::1", True),
        ("192.168.1.1", False),
        ("168.63.129.16", False),
        ("239.255.255.250", False),
        ("255.255.255.255", False),
        ("2001:db8::1", False),
        ("ff0e::1", False),
        ("2002:a00:1::1", False),
        ("64:ff9b:1::808:808", False),
        ("::8.8.8.8", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public


def test_no_socket_is_made_for_an_address_that_was_not_checked() -> None:
    gate = Gate(())
    gate.check("http://8.8.8.8/")
    for address in (LOCAL, "8.8.4.4", "paper.example"):
        with pytest.raises(Refused):
            gate.socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, 80)))
    gate.socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("8.8.8.8", 80))).close()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("file:///etc/passwd", "is no http or https address"),
        ("ftp://paper.example/", "is no http or https address"),
        ("http://paper.example:22/", "is at port 22; only ports 80 and 443 are read"),
        ("https://paper.example:8443/", "is at port 8443; only ports 80 and 443 are read"),
        ("http://", "is no valid address"),
        ("http://[::1/", "is no valid address"),
        ("http://paper.example/\na", "is no valid address"),
        ("http://paper.example:99999/", "is no valid address"),
        ("http://paper.example/" + "a" * 3000, "is longer than 2,000 characters"),
    ],
)
def test_addresses_that_are_not_read(url: str, expected: str) -> None:
    assert problem(url, of=fetch) == expected


def test_a_password_is_neither_sent_nor_shown(site: Site) -> None:
    url = site.put("/").replace("//", "//ann:secret@")
    with pytest.raises(SourceError) as caught:
        fetch_here(url)
    assert str(caught.value).startswith(f"http://{LOCAL}:{site.port}/: holds a user name or a password")
    site.put("/r", status=302, Location=url)
    assert "secret" not in problem(f"http://{LOCAL}:{site.port}/r")
    assert [path for path, _ in site.asked] == ["/r"]


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("http://127.0.0.2/", f"leads to http://127.0.0.2/, which {PRIVATE}"),
        ("http://[::1]/", f"leads to http://[::1]/, which {PRIVATE}"),
        ("//localhost/a", f"leads to http://localhost/a, which {PRIVATE}"),
        (
            "http://8.8.8.8:25/",
            "leads to http://8.8.8.8:25/, which is at port 25; only ports 80 and 443 are read",
        ),
        ("file:///etc/passwd", "leads to file:///etc/passwd, which is no http or https address"),
        ("http://[", "redirects to no valid address"),
        ("", "redirects to no valid address"),
    ],
)
def test_redirects_go_through_the_same_checks(site: Site, location: str, expected: str) -> None:
    assert problem(site.put("/", status=302, Location=location)) == expected


def test_redirects_that_go_round_end(site: Site) -> None:
    assert problem(site.put("/", status=302, Location="/")).endswith(
        "comes after 5 redirects and redirects again"
    )
    assert len(site.asked) == 6


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (404, "answers 404 Not Found"),
        (503, "answers 503 Service Unavailable"),
        (204, "answers 204 No Content"),
    ],
)
def test_other_answers_are_told_in_our_words(site: Site, status: int, expected: str) -> None:
    assert problem(site.put("/", status=status)) == expected


def test_an_unknown_status_is_told_as_a_number(site: Site) -> None:
    assert problem(site.put("/", status=799)) == "answers 799"


# What a hostile server tries


def test_what_is_too_large_is_not_read_to_its_end(site: Site) -> None:
    small = partial(fetch_here, max_bytes=1_000_000)
    large = "is larger than 1 MB"
    assert len(small(site.put("/", b"a" * 1_000_000)).body) == 1_000_000
    assert problem(site.put("/", b"a" * 1_000_001), of=small) == large
    assert problem(site.put("/", Content_Length="1000000000000"), of=small) == large
    bomb = gzip.compress(bytes(50_000_000))
    assert problem(site.put("/", bomb, Content_Encoding="gzip"), of=small) == large

    def endless(stopped: threading.Event) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        while not stopped.is_set():
            yield b"a" * 65536

    with sending(endless) as url:
        assert problem(url, of=small) == large


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Slow: "])
def test_a_byte_now_and_then_does_not_keep_the_time_from_running_out(start: bytes) -> None:
    def drip(stopped: threading.Event) -> Iterator[bytes]:
        yield start
        while not stopped.wait(0.02):
            yield b"a"

    with sending(drip) as url:
        assert problem(url, of=partial(fetch_here, timeout=0.4)) == "took longer than 0.4 seconds"


def test_a_name_server_that_does_not_answer_does_not_hold_it_up(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()

    def hanging(*args: Any) -> list[Any]:
        answered.wait()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    try:
        assert (
            problem("http://paper.example/", of=partial(fetch, timeout=0.2)) == "took longer than 0.2 seconds"
        )
    finally:
        answered.set()


def test_a_name_that_is_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch)
    assert problem("http://paper.example/", of=fetch).startswith("cannot be found")


def test_answers_that_are_cut_off_or_damaged(site: Site) -> None:
    assert problem(site.put("/", b"a", Content_Length="100")) == "broke off before its end"
    cut = gzip.compress(b"words" * 1000)[:-12]
    assert problem(site.put("/", cut, Content_Encoding="gzip")) == "broke off before its end"
    assert problem(site.put("/", b"words", Content_Encoding="gzip")).startswith("is damaged")
    assert problem(site.put("/", b"a", Content_Encoding="br")) == "is packed in a way that was not asked for"


def test_what_is_no_web_server() -> None:
    with sending(lambda stopped: [b"SSH-2.0-OpenSSH_9.6\r\n"]) as url:
        assert problem(url) == "does not answer as a web server does"
    with sending(lambda stopped: [b"HTTP/1.1 200 OK\r\nA: " + b"a" * 1_000_000]) as url:
        assert problem(url) == "does not answer as a web server does"
    assert problem(url) == "cannot be reached: Connection refused"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost, signed by itself, with its key."""
    if shutil.which("openssl") is None:
        pytest.skip("makes a certificate with openssl")
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    made = (
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    subprocess.run(["openssl", *made.split(), "-keyout", path, "-out", path.with_suffix(".crt")], check=True)
    path.write_text(path.read_text() + path.with_suffix(".crt").read_text())
    return path


def test_tls_certificates_are_verified_for_the_name(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    here = partial(fetch, allow_private={LOCAL, "localhost"})
    with serving(context) as site:
        site.put("/", b"words")
        right, wrong = (f"https://{host}:{site.port}/" for host in ("localhost", LOCAL))
        assert problem(right, of=here).startswith("has a certificate that cannot be trusted: self")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
        assert here(right).body == b"words"
        assert problem(wrong, of=here).startswith(
            "has a certificate that cannot be trusted: IP address mismatch"
        )


# What becomes of it


def read(*urls: str) -> tuple[list[Found], list[str]]:
    items = list(Reading(urls, fetch=fetch_here))
    return [i for i in items if isinstance(i, Found)], [str(i) for i in items if isinstance(i, SourceError)]


def test_text_markdown_and_json_lines_are_read_by_their_readers(site: Site) -> None:
    front = "---\nurl: /stories/1?utm_source=x\ntitle: Ferries\n---\n"
    line = '{"text": "Prices rose.", "url": "https://paper.example/1"}\n{"text"\n'
    urls = [
        site.put("/a", f"Ferries again\n\n{STORY}", Content_Type="text/plain"),
        site.put("/b.md?raw", f"# Ferries\n\nThe *ferries*:\n{STORY}", Content_Type="text/plain"),
        site.put("/c", f"{front}{STORY}", Content_Type="text/markdown; charset=utf-8"),
        site.put("/d.jsonl", line, Content_Type="application/octet-stream"),
    ]
    found, errors = read(*urls, urls[0])
    host = f"http://{LOCAL}:{site.port}"
    assert [each.article.url for each in found] == [
        urls[0],
        urls[1],
        f"{host}/stories/1?utm_source=x",
        "https://paper.example/1",
    ]
    assert [each.article.title for each in found] == ["Ferries again", "Ferries", "Ferries", "Prices rose."]
    assert found[1].article.text == f"The ferries: {STORY}"
    assert [each.article.path for each in found] == [None] * 4
    assert [each.partition(" ")[0] for each in errors] == [f"{urls[3]}:2:"]


def test_the_servers_word_for_the_encoding_is_taken(site: Site) -> None:
    text = "Паром снова ходит с понедельника."
    url = site.put("/a", text.encode("cp1251"), Content_Type="text/plain; charset=windows-1251")
    assert read(url)[0][0].article.text == text


@pytest.mark.parametrize(
    ("type_", "path"),
    [("application/pdf", "/a.pdf"), ("image/png", "/a.txt"), ("application/octet-stream", "/a.jsonl.gz")],
)
def test_what_is_of_no_known_format_is_an_error(site: Site, type_: str, path: str) -> None:
    url = site.put(path, b"x", Content_Type=type_)
    assert read(url)[1] == [
        f"{url}: is {type_}, which is not read yet; known are web pages, text, Markdown and JSON lines"
    ]


def test_an_address_that_fails_keeps_no_other_source_out(site: Site, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    gone = f"http://{LOCAL}:{site.port}/gone"
    found, errors = read(gone, str(tmp_path / "a.txt"))
    assert errors == [f"{gone}: answers 404 Not Found"]
    assert [each.article.text for each in found] == [STORY]


def test_the_same_address_again_changes_nothing_and_is_not_pruned(site: Site, tmp_path: Path) -> None:
    data_dir, folder = tmp_path / "data", tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").write_text("Prices rose.")
    url = site.put("/a", STORY, Content_Type="text/plain")

    def ingest(*sources: str, encoder: Any = HashEncoder) -> Summary:
        reading = Reading(sources, fetch=fetch_here)
        with Writer(data_dir) as writer:
            pipeline = Pipeline(writer, VectorIndex(data_dir), encoder, Notebook())
            pipeline.run(reading, reading.covers)
        return pipeline.summary

    assert ingest(url, str(folder)).added == 2
    again = ingest(url, encoder=no_encoder)
    assert (again.unchanged, again.removed) == (1, 0)
    (folder / "a.txt").unlink()
    pruned = ingest(str(folder), encoder=no_encoder)
    assert pruned.removed == 1
    site.put("/a", f"{STORY} More is to come.", Content_Type="text/plain")
    changed = ingest(url)
    assert (changed.added, changed.updated) == (0, 1)


def test_the_command_reads_no_private_address(site: Site, tmp_path: Path) -> None:
    url = site.put("/a", STORY, Content_Type="text/plain")
    done = run("pullquote", "--data-dir", tmp_path, "ingest", url, "http://localhost/a")
    assert done.status == 2
    assert f"{url}: is at port {site.port}; only ports 80 and 443 are read" in done.out
    assert f"http://localhost/a: {PRIVATE}" in done.out
    assert site.asked == []
