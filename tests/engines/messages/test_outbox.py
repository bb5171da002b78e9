"""What is said to the world outside: written down first, sent after the commit, kept where it must not leave."""

import base64
import dataclasses
import email
import hashlib
import hmac
import socket

import orjson
import pytest
from aiosmtpd.controller import Controller

from engines.core.jobs import queue
from engines.core.kernel.settings import Mail, SecretMissing, Settings, load
from engines.core.messages import outbox
from engines.core.messages.channels.chat_robot import accepted, shaped
from engines.core.messages.channels.webhook import genuine, signature
from engines.core.messages.door import Door
from engines.core.records import marks

from ..flow.conftest import CREATED, HOUR, flow, house, label
from .test_door import echo

__all__ = ["echo", "house"]
HELLO = {"to": "{{email}}", "subject": label("Hello {{name}}"), "body": label("You said {{stage}}, {{name}}")}


def sends(kind, **settings):
    return flow("f", CREATED, [{"id": "a", "type": "action", "do": {"type": kind, **settings}}])


def messages(house):
    return house.look(outbox.listed)


def operator(house, **settings):
    made = dataclasses.replace(house.platform.settings, **settings)
    house.platform.services["settings"] = made
    house.platform.services["door"] = Door(made.allow_hosts)


class Letters:
    """What an SMTP server does with a letter: keeps it, or says no as often as it was told."""

    def __init__(self):
        self.got, self.refuse = [], 0

    async def handle_DATA(self, server, session, envelope):
        if self.refuse:
            self.refuse -= 1
            return "451 try again later"
        self.got.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content)))
        return "250 OK"


@pytest.fixture
def smtp(house):
    letters = Letters()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(letters, hostname="127.0.0.1", port=port)
    controller.start()
    operator(house, mail=Mail("127.0.0.1", port, sender="crm@team.org", security="none"))
    yield letters
    controller.stop()


def test_a_mail_leaves_through_the_server_after_the_commit(house, smtp):
    house.publish(sends("mail", **HELLO))
    house.create(email="zoe@shop.org", stage="won")
    assert smtp.got == []
    house.wait()
    ((to, mail),) = smtp.got
    assert to == ["zoe@shop.org"]
    assert (mail["Subject"], mail["From"]) == ("Hello Big", "crm@team.org")
    assert mail.get_payload().strip() == "You said won, Big"
    (message,) = messages(house)
    assert (message["state"], message["to"], message["cause"]) == ("sent", "zoe@shop.org", "flow:f")


def test_a_mail_to_people_here_goes_to_the_address_they_gave(house, smtp):
    house.publish(sends("mail", **(HELLO | {"to": "", "assign": [{"role": "boss"}]})))
    house.create()
    house.wait()
    assert [to for to, _mail in smtp.got] == [["boss@team.org"]]


def test_a_server_that_says_no_is_asked_again_with_the_same_message_id(house, smtp):
    smtp.refuse = 1
    house.publish(sends("mail", **HELLO))
    house.create(email="zoe@shop.org")
    house.wait()
    assert smtp.got == []
    assert messages(house)[0]["state"] == "queued"
    house.wait(HOUR)
    assert len(smtp.got) == 1
    assert smtp.got[0][1]["Message-ID"].startswith("<job-")


def test_a_message_that_never_gets_through_is_an_incident_and_can_be_tried_again(house, smtp):
    from engines.flow import mending

    smtp.refuse = 5
    house.publish(sends("mail", **HELLO))
    house.create(email="zoe@shop.org")
    for _ in range(5):
        house.wait(HOUR)
    (incident,) = house.incidents()
    assert (incident["kind"], incident["part"]) == ("message", "flow:f")
    assert messages(house)[0]["state"] == "failed"
    house.run(lambda uow: mending.retry(uow, incident["id"]))
    house.wait()
    assert messages(house)[0]["state"] == "sent"
    assert house.incidents() == []


STAYS = [
    ("zoe@shop.org", "no_server"),
    ("zoe@fans.example", "reserved_address"),
    ("zoe@a.example.com", "reserved_address"),
    ("", "no_address"),
]


@pytest.mark.parametrize(("address", "why"), STAYS)
def test_without_a_server_or_an_address_it_stays_in_the_outbox_and_says_why(house, address, why):
    house.publish(sends("mail", **HELLO))
    house.create(email=address)
    (message,) = messages(house)
    assert (message["state"], message["why"], message["subject"]) == ("kept", why, "Hello Big")
    assert house.wait() == 0


def test_nothing_is_ever_sent_to_demo_data(house, smtp):
    house.publish(flow("f", {"type": "button"}, [{"id": "a", "type": "action", "do": {"type": "mail", **HELLO}}]))
    record = house.create(email="zoe@shop.org")
    house.run(lambda uow: marks.mark(uow, "shop__deal", record, record))
    app = house.look(lambda look: look.apps.app("shop"))
    house.run(lambda uow: house.platform.flows.press(uow, app, "f", record))
    house.wait()
    assert smtp.got == []
    assert [(m["state"], m["why"]) for m in messages(house)] == [("kept", "demo")]


def test_a_rolled_back_save_says_nothing(house, smtp):
    from engines.form import submit

    house.publish(sends("mail", **HELLO))

    def command(uow):
        submit.create_record(uow, house.form, {"name": "Ghost", "email": "zoe@shop.org"})
        uow.drain()
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        house.run(command)
    assert house.wait() == 0
    assert messages(house) == []


def test_a_text_message_waits_for_a_gateway(house):
    house.publish(sends("sms", to="{{name}}", text=label("Hi {{name}}")))
    house.create(name="10001")
    assert [(m["to"], m["body"], m["why"]) for m in messages(house)] == [("10001", "Hi 10001", "no_gateway")]


def test_a_webhook_carries_the_record_a_key_and_a_signature(house, echo):
    port = echo.server_address[1]
    operator(house, allow_hosts=(f"127.0.0.1:{port}",), secrets={"partner": "s3cret"})
    signed = {"secret": "secret:partner"}
    house.publish(sends("webhook", url=f"http://127.0.0.1:{port}/200", fields=["name", "amount"], **signed))
    record = house.create(amount="12.50")
    house.wait()
    ((_path, headers, body),) = echo.got
    assert orjson.loads(body) == {
        "app": "shop", "form": "deal", "id": record, "cause": "f", "values": {"name": "Big", "amount": 12.5},
    }  # fmt: skip
    assert headers["Idempotency-Key"].startswith("job-")
    seconds = int(headers["X-Dougong-Signature"].split(",")[0].removeprefix("t="))
    assert headers["X-Dougong-Signature"] == signature("s3cret", body, seconds)
    assert "s3cret" not in str(messages(house))


def test_a_signature_is_good_for_five_minutes_over_these_bytes_only():
    header = signature("s3cret", b"{}", 1_000_000)
    assert genuine("s3cret", b"{}", header, 1_000_100)
    assert not genuine("s3cret", b"{}", header, 1_000_301)
    assert not genuine("s3cret", b"[]", header, 1_000_100)
    assert not genuine("other", b"{}", header, 1_000_100)
    assert not genuine("s3cret", b"{}", "t=now,v1=00", 1_000_100)


def test_a_webhook_to_a_private_address_is_refused_and_becomes_an_incident(house, echo):
    port = echo.server_address[1]
    house.publish(sends("webhook", url=f"http://127.0.0.1:{port}/200"))
    house.create()
    for _ in range(queue.ATTEMPTS):
        house.wait(HOUR)
    assert echo.got == []
    assert "may not be called" in messages(house)[0]["answer"] or "Refused" in messages(house)[0]["answer"]
    assert [one["kind"] for one in house.incidents()] == ["message"]


@pytest.mark.parametrize("robot", ["wecom", "dingtalk", "feishu"])
def test_a_chat_robot_is_told_in_its_own_shape(house, echo, robot):
    port = echo.server_address[1]
    operator(house, allow_hosts=(f"127.0.0.1:{port}",), secrets={"group": f"http://127.0.0.1:{port}/200"})
    house.publish(sends("chat_robot", robot=robot, url="secret:group", text=label("{{name}} won")))
    house.create()
    house.wait()
    ((_path, _headers, body),) = echo.got
    said = orjson.loads(body)
    assert said == (
        {"msg_type": "text", "content": {"text": "Big won"}}
        if robot == "feishu"
        else {"msgtype": "text", "text": {"content": "Big won"}}
    )
    assert messages(house)[0]["state"] == "sent"


def test_a_robot_that_says_no_with_status_200_is_not_believed():
    assert accepted('{"errcode":0}')
    assert accepted('{"StatusCode":0,"code":0}')
    assert not accepted('{"errcode":310000,"errmsg":"sign not match"}')
    assert not accepted("<html>")


def test_dingtalk_and_feishu_sign_as_they_document():
    url, _body = shaped("dingtalk", "https://x.org/robot?access_token=1", "hi", "SEC", 1_700_000_000_000)
    wanted = base64.b64encode(hmac.new(b"SEC", b"1700000000000\nSEC", hashlib.sha256).digest()).decode()
    assert url.startswith("https://x.org/robot?access_token=1&timestamp=1700000000000&sign=")
    from urllib.parse import parse_qs, urlsplit

    assert parse_qs(urlsplit(url).query)["sign"] == [wanted]
    _url, body = shaped("feishu", "https://x.org/hook", "hi", "SEC", 1_700_000_000_000)
    assert body["sign"] == base64.b64encode(hmac.new(b"1700000000\nSEC", b"", hashlib.sha256).digest()).decode()
    assert body["timestamp"] == "1700000000"


def test_settings_come_from_the_file_and_the_environment_stands_above_it(tmp_path):
    (tmp_path / "settings.toml").write_text(
        'public_url = "https://crm.team.org/"\n[mail]\nhost = "mx"\nport = 25\n[secrets]\na = "1"\n'
    )
    found = load(tmp_path, {"DOUGONG_MAIL_PORT": "2525", "DOUGONG_SECRET_B": "2", "DOUGONG_ALLOW_HOSTS": "a:1 b"})
    assert (found.public_url, found.mail.host, found.mail.port) == ("https://crm.team.org", "mx", 2525)
    assert (found.secret("secret:a"), found.secret("secret:b"), found.allow_hosts) == ("1", "2", ("a:1", "b"))
    with pytest.raises(SecretMissing):
        found.secret("secret:c")
    assert load(tmp_path / "none", {}) == Settings()
