"""kill -9 of the real server while eight people save: what was acknowledged is there, whole."""

import os
import random
import re
import signal
import subprocess
import sys
import threading
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

import pytest

from engines.apps.folder import read_folder
from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import people
from engines.core.records import history, query

from ..conftest import OURS, ROOT
from ..soak import times

KILLS = times(400)


class Server:
    """One life of the server on a data folder."""

    def __init__(self, data, url):
        command = [sys.executable, "app.py", "serve", "--data", str(data), "--port", "0"]
        self.process = subprocess.Popen(
            [*command, *(["--database-url", url] if url else [])], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        found = next(filter(None, (re.search(r":(\d+)(/sign-in/\S+)", line) for line in self.process.stdout)))
        self.port, self.link = int(found[1]), found[2]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


def prepare(data, url):
    """A workspace with its owner and one small app."""
    platform = open_platform(data, url=url)
    definition = read_folder(ROOT / "tests" / "apps" / "fans")
    platform.run(SYSTEM, lambda uow: people.add(uow.session, "owner", "owner"))
    platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, definition))
    platform.close()


def sign_in(server):
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=10)) as connection:
        connection.request("GET", server.link)
        response = connection.getresponse()
        response.read()
        return response.getheader("Set-Cookie").split(";")[0]


def save_until_killed(server, cookie, life, who, acknowledged):
    with suppress(OSError, HTTPException), closing(HTTPConnection("127.0.0.1", server.port, timeout=10)) as connection:
        for n in range(10_000):
            name = f"{life}-{who}-{n}"
            body = urlencode({"handle": name, "platform": "douyin", "tags": "high_intent", "total_spend": n})
            headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", **OURS}
            connection.request("POST", "/a/fans/fan/new", body, headers)
            response = connection.getresponse()
            response.read()
            if response.status == 302:
                acknowledged[int(response.getheader("Location").rsplit("/", 1)[1])] = name


def test_every_acknowledged_save_survives_a_kill(tmp_path, backend, request):
    url = request.getfixturevalue("schema") if backend == "postgresql" else ""
    prepare(tmp_path, url)
    acknowledged, chance = {}, random.Random(7)
    for life in range(KILLS):
        server = Server(tmp_path, url)
        cookie = sign_in(server)
        people = [
            threading.Thread(target=save_until_killed, args=(server, cookie, life, who, acknowledged))
            for who in range(8)
        ]
        [person.start() for person in people]
        wait_for(acknowledged, len(acknowledged) + chance.randint(1, 40))
        server.kill()
        [person.join() for person in people]
    assert len(acknowledged) > KILLS
    look_whole(open_platform(tmp_path, url=url), acknowledged)


def wait_for(acknowledged, count):
    """Until so many saves are acknowledged, 20 seconds at most."""
    tick = threading.Event()
    for _ in range(4000):
        if len(acknowledged) >= count:
            return
        tick.wait(0.005)


def look_whole(platform, acknowledged):
    """Row, tags and history of every acknowledged record, and no record without them."""

    def check(look):
        form = look.apps.form("fans", "fan")
        rows = {}
        after = None
        while True:
            page = query.page(look, form.source, query.Ask(limit=500, after=after))
            rows |= {row["_id"]: row for row in page.rows}
            if (after := page.after) is None:
                break
        assert {number: rows[number]["handle"] for number in acknowledged} == acknowledged
        assert all(row["tags"] == ("high_intent",) for row in rows.values())
        for number in random.Random(1).sample(sorted(rows), min(50, len(rows))):
            assert [event["what"] for event in history.events(look, form.source, number)] == ["create"]

    platform.look(SYSTEM, check)
    platform.close()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_second_server_on_the_same_folder_shares_the_writes(tmp_path, backend):
    prepare(tmp_path, "")
    first = Server(tmp_path, "")
    second = Server(tmp_path, "")
    acknowledged = {}
    threads = [
        threading.Thread(target=save_until_killed, args=(server, sign_in(server), n, 0, acknowledged))
        for n, server in enumerate((first, second))
    ]
    [one.start() for one in threads]
    wait_for(acknowledged, 40)
    first.kill()
    second.kill()
    [one.join() for one in threads]
    assert {name.split("-")[0] for name in acknowledged.values()} == {"0", "1"}
    assert os.path.exists(tmp_path / "dougong.db")
    look_whole(open_platform(tmp_path), acknowledged)
