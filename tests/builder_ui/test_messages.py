"""Message templates in the designers: written, shown with a record, chosen in an action, found where they are used."""

import re

import pytest

from engines.apps.platform import SYSTEM
from engines.core.messages import notices
from engines.form import submit

TEXT = {"p-text.zh": "{{name}} 最近来过：{{seen}}", "p-text.en": "{{name}} was seen on {{seen}}"}


@pytest.fixture
def written(desk):
    """A template of buyers, in the draft."""
    desk.post("/messages/new")
    assert desk.cmd("messages", "message", "set", name="form", **{"p-form": "buyer"}).status_code == 200
    assert desk.cmd("messages", "message", "set", name="text", **TEXT).status_code == 200
    return desk


def buyer(desk, **values):
    def make(uow):
        return submit.create_record(uow, uow.apps.form("shop", "buyer"), {"name": "May", **values})

    return desk.platform.run(SYSTEM, make).id


def seen(answer, language):
    found = re.search(rf'data-test="shown-{language}".*?<blockquote[^>]*>(.*?)</blockquote>', answer.text, re.DOTALL)
    return re.sub("<[^>]+>", "", found[1]).strip()


def test_a_new_template_is_whole_and_can_be_published(desk):
    desk.post("/messages/new")
    assert desk.part("messages", "message")["text"] == {"zh": "你好", "en": "Hello"}
    assert desk.draft().problems == []
    assert 'data-test="part-message"' in desk.get("").text


def test_both_languages_are_kept_and_a_blank_text_is_refused_with_what_was_typed(written):
    assert written.part("messages", "message")["text"] == {"zh": TEXT["p-text.zh"], "en": TEXT["p-text.en"]}
    refused = written.cmd("messages", "message", "set", name="text", **{"p-text.zh": "", "p-text.en": ""})
    assert refused.status_code == 422
    assert written.part("messages", "message")["text"]["en"] == TEXT["p-text.en"]


def test_a_wrong_placeholder_is_told_beside_the_words(written):
    answer = written.cmd("messages", "message", "set", name="text", **{"p-text.en": "{{nmae}}"})
    assert "no field here" in answer.text
    assert "/text/en" in answer.text


def test_the_preview_has_the_values_of_the_record_in_both_languages(written):
    record = buyer(written, seen="2026-03-04")
    buyer(written)
    answer = written.post("/messages/message/preview", record=record)
    assert seen(answer, "en") == "May was seen on 2026-03-04"
    assert seen(answer, "zh") == "May 最近来过：2026-03-04"


def test_the_preview_shows_what_is_typed_before_it_is_kept_and_counts_it(written):
    buyer(written)
    answer = written.post("/messages/message/preview", **{"p-text.zh": "好" * 71, "p-text.en": "Hi {{name}}"})
    assert seen(answer, "en") == "Hi May"
    assert "71 characters · 2 text messages" in answer.text
    assert written.part("messages", "message")["text"]["en"] == TEXT["p-text.en"]


def test_without_a_record_the_names_of_the_fields_stand_in_their_places(written):
    assert seen(written.post("/messages/message/preview"), "en") == "[name] was seen on [seen]"


def test_a_trial_goes_to_whoever_asks_and_to_nobody_else(written):
    record = buyer(written)
    answer = written.post("/messages/message/to-me", record=record, **{"p-text.en": "Hi {{name}}"})
    assert answer.json == {"told": "It is behind the bell now"}
    owner = written.platform.look(SYSTEM, lambda look: notices.listed(look, 1))
    assert [one["text"]["en"] for one in owner] == ["Hi May"]


def test_an_action_offers_the_templates_of_its_records(written):
    written.post("/messages/new")
    written.cmd("messages", "message_2", "set", name="form", **{"p-form": "sale"})
    written.cmd("rules", "invite", "add", type="sms")
    step = len(written.part("rules", "invite")["then"]) - 1
    page = written.get(f"/rules/invite?sel=then/{step}").text
    assert 'data-test="field-p-text.en"' in page
    offered = re.search(r'<select[^>]*name="p-template".*?</select>', page, re.DOTALL)[0]
    assert 'value="message"' in offered
    assert 'value="message_2"' not in offered


def test_a_chosen_template_takes_the_place_of_the_words(written):
    written.cmd("rules", "invite", "add", type="sms")
    step = len(written.part("rules", "invite")["then"]) - 1
    at = {"sel": f"then/{step}"}
    answer = written.cmd("rules", "invite", "set", name="template", **at, **{"p-template": "message"})
    assert 'name="p-text.en"' not in answer.text
    assert 'data-test="open-template"' in answer.text
    assert written.part("rules", "invite")["then"][step]["template"] == "message"


def test_a_template_in_use_says_where_and_stays(written):
    written.cmd("rules", "invite", "add", type="sms")
    step = len(written.part("rules", "invite")["then"]) - 1
    written.cmd("rules", "invite", "set", name="template", sel=f"then/{step}", **{"p-template": "message"})
    page = written.get("/messages/message").text
    assert 'data-test="use-invite"' in page
    assert 'data-test="delete-part"' not in page
    refused = written.post("/messages/message/delete")
    assert refused.status_code == 400
    assert "1 places still use it" in refused.text
    assert written.part("messages", "message")
    assert 'data-test="use"' in written.get("/uses?of=messages/message").text
    assert 'data-test="uses-message-message"' in written.get("/uses").text


def test_a_template_that_nothing_sends_can_go_and_come_back(written):
    assert written.post("/messages/message/delete").status_code == 302
    assert written.draft().definition["messages"] == []
    written.cmd("forms", "buyer", "undo")
    assert written.part("messages", "message")


def test_the_palette_finds_templates_and_makes_new_ones(written):
    assert "/messages/message" in written.get("/find?q=new message").text
    assert 'data-test="run-new-messages"' in written.get("/find?q=template").text
