"""Message templates: words that several actions share, checked before they go live and found where they are used."""

import pytest

from engines.apps import exchange
from engines.apps.usage import uses_of_field, uses_of_form, uses_of_message
from engines.core.kernel.errors import BadDefinition
from engines.core.kernel.work import SYSTEM
from engines.core.messages import notices, outbox

from ..flow.conftest import CREATED, HOUR, app_with, flow, house, label

__all__ = ["house"]
HELLO = {
    "id": "hello",
    "label": label("Hello"),
    "form": "deal",
    "subject": {"zh": "你好 {{name}}", "en": "Hello {{name}}"},
    "text": {"zh": "{{name}} 现在是 {{stage}}", "en": "{{name}} is {{stage}} now"},
}


def step(kind, **settings):
    return flow("f", CREATED, [{"id": "a", "type": "action", "do": {"type": kind, **settings}}])


def rule(**then):
    return {"id": "r", "label": label("R"), "form": "deal", "on": {"events": ["created"]}, "then": [then]}


def published(house, *flows, messages=(HELLO,), **more):
    """The app with its templates; publishing it anew keeps the roles that were given."""
    house.publish()
    definition = app_with(*flows) | {"messages": list(messages)} | more
    return house.run(lambda uow: house.platform.catalog.publish(uow, definition))


def refused(house, *flows, **more):
    with pytest.raises(BadDefinition) as told:
        published(house, *flows, **more)
    return dict(told.value.problems)


def sent(house):
    return [(one["channel"], one["subject"], one["body"]) for one in house.look(outbox.listed)]


def test_a_step_and_a_rule_send_the_words_of_one_template(house):
    published(
        house,
        step("sms", to="{{email}}", template="hello"),
        rules=[rule(type="mail", to="{{email}}", template="hello")],
    )
    house.create(stage="won", email="13800000000")
    assert sorted(sent(house)) == [
        ("mail", "你好 Big", "Big 现在是 won"),
        ("sms", "", "Big 现在是 won"),
    ]


def test_a_notice_has_the_template_in_both_languages(house):
    published(house, step("notify", assign=[{"users": ["bob"]}], template="hello"))
    house.create(stage="won")
    (notice,) = house.look(lambda look: notices.listed(look, house.bob))
    assert notice["text"] == {"zh": "Big 现在是 won", "en": "Big is won now"}


def test_the_template_is_sent_and_not_the_words_that_were_there_before(house):
    published(house, step("chat_robot", robot="wecom", url="secret:group", text=label("old"), template="hello"))
    house.create(stage="new")
    assert sent(house) == [("chat_robot", "", "Big 现在是 new")]


def test_words_of_its_own_stay_good_enough(house):
    published(house, step("sms", to="{{email}}", text=label("Hi {{name}}")), messages=[])
    house.create(email="1")
    assert sent(house) == [("sms", "", "Hi Big")]


def test_a_placeholder_that_is_no_field_is_refused_with_its_place(house):
    found = refused(house, messages=[HELLO | {"text": {"zh": "{{nmae}}", "en": "{{name}}"}}])
    assert "{{nmae}}" in found["/messages/0/text/zh"]["en"]
    assert "插入字段" in found["/messages/0/text/zh"]["zh"]


def test_a_template_over_a_form_that_is_not_there_is_refused(house):
    assert "/messages/0/form" in refused(house, messages=[HELLO | {"form": "gone"}])


def test_a_step_that_names_no_template_there_is_refused(house):
    found = refused(house, step("sms", to="1", template="bye"))
    assert found["/flows/0/nodes/0/do/template"]["en"].startswith("there is no message template 'bye'")


def test_a_rule_cannot_send_a_template_of_other_records(house):
    other = {"id": "call", "label": label("Calls"), "fields": [{"id": "at", "type": "date", "label": label("At")}]}
    definition = app_with()
    forms = [*definition["forms"], other]
    note = {"id": "note", "label": label("Note"), "form": "call", "text": label("{{at}}")}
    found = refused(house, forms=forms, messages=[note], rules=[rule(type="sms", to="1", template="note")])
    assert "Calls" in found["/rules/0/then/0/template"]["en"]


def test_figures_are_written_as_people_write_them(house):
    note = HELLO | {"text": label("{{amount}} / {{score}}")}
    published(house, step("sms", to="1", template="hello"), messages=[note])
    house.create(amount="5200", score=1234.5)
    house.create(amount="0.5", score=3)
    assert [body for _, _, body in sent(house)] == ["0.50 / 3", "5,200.00 / 1,234.5"]


def test_a_template_without_a_form_fits_wherever_its_names_are_known(house):
    free = {"id": "free", "label": label("Free"), "text": label("{{name}} {{_id}}")}
    published(house, step("sms", to="1", template="free"), messages=[free])
    record = house.create()
    assert sent(house) == [("sms", "", f"Big {record}")]
    found = refused(house, step("sms", to="1", template="free"), messages=[free | {"text": label("{{what}}")}])
    assert "{{what}}" in found["/flows/0/nodes/0/do/template"]["en"]


@pytest.mark.parametrize(
    ("settings", "lacks"),
    [
        ({"type": "sms", "to": "1"}, "text"),
        ({"type": "notify", "assign": [{"admin": True}]}, "text"),
        ({"type": "mail", "to": "1", "body": label("x")}, "subject"),
        ({"type": "mail", "to": "1", "template": "plain"}, "template"),
    ],
)
def test_an_action_needs_a_template_or_words_of_its_own(house, settings, lacks):
    plain = {"id": "plain", "label": label("Plain"), "text": label("x")}
    assert f"/rules/0/then/0/{lacks}" in refused(house, messages=[plain], rules=[rule(**settings)])


def test_uses_are_found_in_both_directions(house):
    app = published(house, step("sms", to="1", template="hello"), rules=[rule(type="sms", to="1", template="hello")])
    found = uses_of_message(app.definition, "hello")
    assert [(one.kind, one.part) for one in found] == [("rules", "r"), ("flows", "f")]
    assert [one.kind for one in uses_of_form(app.definition, "deal") if one.kind == "messages"] == ["messages"]
    of_field = [one for one in uses_of_field(app.definition, "deal", "stage") if one.kind == "messages"]
    assert [one.path for one in of_field] == [("text", "zh"), ("text", "en")]
    assert not [one for one in uses_of_field(app.definition, "deal", "due") if one.kind == "messages"]


def test_a_field_is_not_used_by_words_that_only_sound_like_it(house):
    spoken = HELLO | {"subject": label("Hi"), "text": label("what a name on stage")}
    app = published(house, messages=[spoken])
    assert [one for one in uses_of_field(app.definition, "deal", "stage") if one.kind == "messages"] == []


def test_templates_travel_with_the_app(house):
    published(house, step("sms", to="1", template="hello"))
    made = house.platform.look(SYSTEM, lambda look: exchange.export(look, "shop"))
    assert made["manifest"]["parts"]["messages"] == 1
    definition = exchange.read(exchange.file_of(made))
    assert definition["messages"] == [HELLO]


def test_a_run_that_waits_says_the_words_as_they_are_when_it_sends(house):
    wait = {"id": "w", "type": "wait", "for": "P1D"}
    late = flow(
        "f", CREATED, [wait, {"id": "a", "type": "action", "do": {"type": "sms", "to": "1", "template": "hello"}}]
    )
    published(house, late)
    house.create(stage="new")
    newer = app_with(late) | {"messages": [HELLO | {"text": label("new words")}]}
    house.run(lambda uow: house.platform.catalog.publish(uow, newer))
    house.wait(25 * HOUR)
    assert sent(house) == [("sms", "", "new words")]
