"""The door out: only public addresses, looked up once, never where a redirect points."""

import http.server
import socket
import threading

import pytest

from engines.core.messages.door import Door, Refused, Unreachable

REFUSED = """
http://127.0.0.1/ http://127.1/ http://2130706433/ http://0x7f000001/ http://0/ http://0.0.0.0/ http://localhost/
http://[::1]/ http://[::]/ http://[::ffff:127.0.0.1]/ http://[0:0:0:0:0:ffff:169.254.169.254]/ http://[::127.0.0.1]/
http://[64:ff9b::7f00:1]/ http://[64:ff9b:1::1]/ http://[2002:7f00:1::]/ http://[2001:0:7f00:1::80ff:fffe]/
http://[fe80::1]/ http://[fc00::1]/ http://[ff02::1]/ http://169.254.169.254/latest/meta-data/ http://100.100.100.200/
http://metadata.google.internal/ http://10.0.0.1/ http://172.16.0.1/ http://192.168.0.1/ http://198.18.0.1/
http://224.0.0.1/ http://240.0.0.1/ http://255.255.255.255/ http://100.64.0.1/ file:///etc/passwd
gopher://127.0.0.1:6379/_ ftp://example.com/ javascript:alert(1) http://user:pw@example.com/
http://example.com@127.0.0.1/ http://127.0.0.1\\@example.com/ http://example.com:22/ http://example.com:6379/
http://example.com:99999/ http:///x http:// //127.0.0.1/ http://rebind.test/ http://mixed.test/ http://nowhere.test/
http://①②⑦.⓪.⓪.①/ http://2852039166/ http://[::ffff:0a00:1]/
""".split()
NAMES = {
    "example.com": ["93.184.216.34"],
    "mixed.test": ["93.184.216.34", "10.0.0.5"],
    "localhost": ["127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
    "intranet.test": ["10.1.2.3"],
}


def lookup(asked):
    """A name service without a network: `rebind.test` is private first and public after."""

    def resolve(host, port, **options):
        asked.append(host)
        if host == "rebind.test":
            return [(2, 1, 6, "", ("127.0.0.1" if len(asked) == 1 else "93.184.216.34", port))]
        if host in NAMES:
            return [(2, 1, 6, "", (address, port)) for address in NAMES[host]]
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)

    return resolve


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_is_not_public_is_refused(url):
    with pytest.raises(Refused) as refused:
        Door(resolve=lookup([])).check(url)
    assert refused.value.details["reason"]


@pytest.mark.parametrize("url", ["https://example.com/x?y=1", "http://example.com:8443/", "https://93.184.216.34/"])
def test_a_public_address_is_looked_up_once(url):
    asked = []
    target = Door(resolve=lookup(asked)).check(url)
    assert target.address == "93.184.216.34"
    assert len(asked) == 1


@pytest.mark.parametrize("allow", [("intranet.test",), ("intranet.test:443",), ("10.1.0.0/16",)])
def test_the_operator_can_open_a_private_address(allow):
    assert Door(allow, resolve=lookup([])).check("https://intranet.test/").address == "10.1.2.3"
    with pytest.raises(Refused):
        Door(allow, resolve=lookup([])).check("https://10.2.0.1/")


class Echo(http.server.BaseHTTPRequestHandler):
    """A program that other programs call: keeps what it got, answers as its address asks."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        status = int(self.path.strip("/").split("/")[0] or 200)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://169.254.169.254/latest/meta-data/")
        answer = self.server.answer
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        """Tests say what they have to say themselves."""


@pytest.fixture
def echo():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    server.got, server.answer = [], b'{"errcode":0,"errmsg":"ok"}'
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_redirect_is_an_answer_and_is_not_followed(echo):
    port = echo.server_address[1]
    answer = Door((f"127.0.0.1:{port}",)).post(f"http://127.0.0.1:{port}/302", b"{}", {})
    assert (answer.status, answer.fine) == (302, False)
    assert "169.254" in answer.location
    assert len(echo.got) == 1


def test_nobody_there_is_said_with_the_host():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable) as refused:
        Door((f"127.0.0.1:{port}",)).post(f"http://127.0.0.1:{port}/", b"{}", {})
    assert refused.value.details["host"] == "127.0.0.1"
