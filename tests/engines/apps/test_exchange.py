"""An app leaves as one file and arrives whole, with nothing switched on and nobody's name or secret in it."""

from copy import deepcopy

import orjson
import pytest

from engines.apps import exchange
from engines.apps.exchange import BadFile
from engines.apps.platform import SYSTEM
from engines.core.access import people
from engines.core.kernel.errors import BadDefinition, Forbidden, NotFound
from engines.core.kernel.work import Actor

from .conftest import SHOP, label


def rule(name, *then, **more):
    return {"id": name, "label": label(name), "form": "buyer", "kind": "event", "then": list(then), **more}


HOOK = {"type": "webhook", "url": "https://partner.example/in", "secret": "s3cr3t-of-ours"}
ROBOT = {"type": "chat_robot", "robot": "wecom", "url": "https://robot.example/send?key=abcdef", "text": label("Hello")}
NOTIFY = {"type": "notify", "assign": [{"users": [7]}], "text": label("Look"), "title": label("Look")}


@pytest.fixture
def loud(shop):
    """The shop with rules that reach outside."""
    for one in (rule("hook", HOOK), rule("robot", ROBOT), rule("quiet", *SHOP["rules"][2]["then"], when="total > 9")):
        shop.edit("add", at=["rules"], value=one)
    shop.publish()
    return shop


def exported(shop):
    return exchange.file_of(shop.look(lambda look: exchange.export(look, "shop")))


def imported(platform, definition, **how):
    return platform.run(SYSTEM, lambda uow: exchange.take_in(uow, platform.catalog, definition, **how))


def test_what_leaves_is_what_arrives(shop):
    found = exchange.read(exported(shop))
    assert found == SHOP
    imported(shop.platform, exchange.renamed(found, "copy"))
    again = shop.look(lambda look: exchange.export(look, "copy"))
    assert {n: v for n, v in again.items() if n not in ("manifest", "$schema")} == SHOP | {"id": "copy"}


def test_the_manifest_says_what_the_file_holds(loud):
    manifest = orjson.loads(exported(loud))["manifest"]
    assert (manifest["app"], manifest["version"]) == ("shop", 2)
    assert manifest["parts"] == {"forms": 3, "rules": 6, "tables": 1}
    assert manifest["secrets"] == ["shop_rules_hook_0_secret", "shop_rules_robot_0_url"]


def test_no_secret_and_no_person_leaves_with_the_app(loud):
    loud.edit(
        "add",
        at=["rules"],
        value=rule("tell", {"type": "create_task", "title": label("T"), "assign": [{"users": [7]}]}),
    )
    loud.publish()
    content = exported(loud).decode()
    assert "s3cr3t" not in content
    assert "key=abcdef" not in content
    found = exchange.read(exported(loud))
    assert found["rules"][-1]["then"][0]["assign"] == [{"admin": True}]


def test_the_page_before_an_export_counts_what_stays_here(loud):
    loud.make("buyer", name="May")
    found = loud.look(lambda look: exchange.contents(look, "shop"))
    assert [(kind, n) for kind, _, n in found.holds] == [("forms", 3), ("rules", 6), ("tables", 1)]
    assert (found.records, found.people, len(found.secrets)) == (1, 0, 2)


def test_nothing_is_switched_on_by_an_import(loud):
    copy = imported(loud.platform, exchange.renamed(exchange.read(exported(loud)), "copy"))
    state = {one["id"]: one.get("enabled", True) for one in copy.parts("rules")}
    assert state == {"vip": True, "sleeping": True, "invite": True, "quiet": True, "hook": False, "robot": False}


def test_the_owner_switches_on_what_they_tick(loud):
    definition = exchange.renamed(exchange.read(exported(loud)), "copy")
    copy = imported(loud.platform, definition, on=["rules:robot"])
    assert [r["id"] for r in copy.parts("rules") if not r.get("enabled", True)] == ["hook"]


def test_a_flow_arrives_switched_off():
    app = SHOP | {"flows": [{"id": "welcome", "label": label("Welcome"), "nodes": [], "edges": []}]}
    assert exchange.switched(app, ())["flows"][0]["off"] is True
    assert "off" not in exchange.switched(app, ["flows:welcome"])["flows"][0]
    assert "off" not in exchange.switched(app, (), before=app)["flows"][0], "it is on here already, and the same"


def test_an_import_over_an_app_is_its_next_version_and_says_what_changes(shop):
    changed = deepcopy(SHOP)
    changed["forms"][2]["fields"].append({"id": "memo", "type": "text", "label": label("Memo")})
    planned = shop.look(lambda look: exchange.plan_import(look, changed))
    assert [one.words["en"] for one in planned.items] == ["Note: new field Memo (Text)"]
    assert imported(shop.platform, changed).version == 2


def test_nobody_gets_a_role_by_an_import(shop):
    number = shop.platform.run(SYSTEM, lambda uow: people.add(uow.session, "guest"))
    imported(shop.platform, exchange.renamed(SHOP, "copy"))
    guest = Actor(number, "guest")
    assert not shop.platform.look(guest, lambda look: look.rights.may("open", "copy"))
    with pytest.raises(NotFound):
        shop.platform.look(guest, lambda look: exchange.export(look, "copy"))
    with pytest.raises(Forbidden):
        shop.platform.look(guest, lambda look: exchange.plan_import(look, exchange.renamed(SHOP, "other")))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"PK\x03\x04",
        b'{"id":"a","forms":{}}',
        b'{"id":"a","forms":' + b"[" * 200 + b"]" * 200 + b"}",
    ],
)
def test_a_file_that_is_no_app_is_told(content):
    with pytest.raises(BadFile):
        exchange.read(content)


def test_a_file_that_was_altered_on_its_way_is_told(shop):
    with pytest.raises(BadFile, match="sha256"):
        exchange.read(exported(shop).replace(b"total > 5000", b"total > 1"))


def test_an_unsound_file_changes_nothing(shop):
    broken = deepcopy(SHOP)
    broken["forms"][0]["fields"][0]["type"] = "numbr"
    with pytest.raises(BadDefinition):
        imported(shop.platform, exchange.renamed(broken, "copy"))
    assert "copy" not in shop.look(lambda look: look.apps.versions)
