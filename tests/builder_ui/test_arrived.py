"""An app that was imported brings no people: the page after it says which roles wait, and what needs them."""

import io
import json
import re

from engines.apps import vacant
from engines.apps.platform import SYSTEM
from engines.core.access import commands

from ..engines.flow.conftest import app_with, flow

DEADLINES = [{"after": "PT1H", "do": "escalate", "to": [{"role": "boss"}]}]
STEP = {"id": "call", "type": "handle", "assign": [{"role": "seller"}], "deadlines": DEADLINES}
CALL = flow("first_call", {"type": "record_created"}, [STEP])


def bring(desk, call=CALL):
    """Through both pages of the import; the address it ends at."""
    file = (io.BytesIO(json.dumps(app_with(call) | {"id": "trade"}).encode()), "trade.json")
    page = desk.client.post("/build/import", data={"file": file}).text
    text = re.search(r'name="text" value="([^"]*)"', page)[1].replace("&#34;", '"')
    answer = desk.client.post("/build/import", data={"text": text, "sure": "1", "on": "flows:first_call"})
    assert answer.status_code == 302
    return answer.location


def test_roles_without_people_are_listed_with_the_flows_that_need_them(desk):
    address = bring(desk)
    for _ in range(2):  # it is an address of its own: reading it again shows the same
        page = desk.client.get(address).text
        assert all(f'data-test="vacant-{role}"' in page for role in ("seller", "boss"))
        assert page.count("“first_call”") == 2
        assert 'href="/admin' in page


def test_a_role_that_somebody_holds_is_not_listed_any_more(desk):
    address = bring(desk)
    desk.platform.run(SYSTEM, lambda uow: [commands.give(uow, 1, "trade", role) for role in ("seller", "boss")])
    page = desk.client.get(address).text
    assert 'data-test="vacant"' not in page
    assert "Every role of this app has somebody" in page


def test_a_role_that_nothing_needs_comes_last(desk):
    bring(desk, CALL | {"nodes": [STEP | {"assign": [{"role": "boss"}], "deadlines": []}, CALL["nodes"][1]]})
    found = desk.platform.look(SYSTEM, lambda look: vacant.vacant(look, look.apps.app("trade")))
    assert [(one.id, [part for _, part, _ in one.needed]) for one in found] == [
        ("boss", ["first_call"]),
        ("seller", []),
    ]
