"""What happens to a record after it was made: the bin, repeated requests, causes."""

from dataclasses import replace

import pytest

from engines.apps.platform import SYSTEM
from engines.core.kernel.errors import Conflict, Invalid, NotFound
from engines.core.kernel.work import Cause
from engines.core.records import history, query, store
from engines.form import submit

from .test_records import MAY, events, look, save


def run(platform, do, **options):
    return platform.run(SYSTEM, do, **options)


def living(platform, form):
    return platform.look(SYSTEM, lambda look: query.count(look, form.source))


def test_a_deleted_record_lies_in_the_bin_and_comes_back_whole(platform, crm):
    fan = crm.form("fan")
    record = save(platform, fan, MAY)
    run(platform, lambda uow: submit.delete_record(uow, fan, record, seen=1))
    with pytest.raises(NotFound):
        look(platform, fan, record)
    binned = platform.look(SYSTEM, lambda look: query.page(look, fan.source, query.Ask(binned=True)))
    assert [row["_id"] for row in binned.rows] == [record]
    run(platform, lambda uow: submit.restore_record(uow, fan, record))
    assert look(platform, fan, record)["tags"] == ("high_intent",)
    assert [event["what"] for event in events(platform, fan, record)] == ["restore", "delete", "create"]


def test_a_stale_delete_is_refused(platform, crm):
    fan = crm.form("fan")
    record = save(platform, fan, MAY)
    run(platform, lambda uow: submit.change_record(uow, fan, record, {"total_spend": "9"}))
    with pytest.raises(Conflict):
        run(platform, lambda uow: submit.delete_record(uow, fan, record, seen=1))
    assert living(platform, fan) == 1


def test_a_request_sent_twice_is_done_once_and_answered_twice(platform, crm):
    fan = crm.form("fan")

    def create(uow):
        change = submit.create_record(uow, fan, MAY)
        return lambda: {"id": change.id}

    answers = [platform.once(SYSTEM, "key-1", create) for _ in range(3)]
    assert answers[0]["id"]
    assert answers == [answers[0]] * 3
    assert living(platform, fan) == 1
    assert platform.once(SYSTEM, "key-2", create) != answers[0]


def test_a_request_that_failed_may_be_sent_again(platform, crm):
    fan = crm.form("fan")
    for given, works in ((MAY | {"platform": "tv"}, False), (MAY, True)):

        def create(uow, given=given):
            change = submit.create_record(uow, fan, given)
            return lambda: change.id

        if works:
            assert platform.once(SYSTEM, "key", create)
        else:
            with pytest.raises(Invalid):
                platform.once(SYSTEM, "key", create)


def test_every_write_says_who_and_why_and_hands_tags_keep_their_giver(platform, crm):
    fan = crm.form("fan")
    record = save(platform, fan, MAY)
    because = Cause("rule", "vip", 3, (("zh", "累计消费超过 5000"), ("en", "Total spend above 5000")))

    def rule(uow):
        change = store.change(uow, fan.source, record, {"tags": ("high_intent", "high_value")})
        change.causes["tags"] = because

    run(platform, rule, cause=because)
    row = look(platform, fan, record)
    assert row["_givers"]["tags"] == {"high_intent": "person:0", "high_value": "rule:vip"}
    event = platform.look(SYSTEM, lambda look: history.why(look, fan.source, record, "tags"))
    assert (event["cause"], event["cause_ref"], event["because"]["reason"]["en"]) == (
        "rule",
        "vip",
        "Total spend above 5000",
    )


def test_a_value_that_comes_back_to_what_was_stored_is_no_write(platform, crm):
    fan = crm.form("fan")
    record = save(platform, fan, MAY)

    def there_and_back(uow):
        change = store.change(uow, fan.source, record, {"platform": "kuaishou"})
        change.set({"platform": "douyin"})

    run(platform, there_and_back)
    assert look(platform, fan, record)["_version"] == 1


def test_an_attempt_that_fails_takes_back_its_own_writes_and_nobody_reacts_to_them(platform, crm):
    fan = crm.form("fan")

    def work(uow):
        kept = submit.create_record(uow, fan, MAY)
        uow.settle()
        try:
            with uow.attempt():
                submit.create_record(uow, fan, MAY | {"handle": "gone"})
                uow.settle()
                raise NotFound
        except NotFound:
            pass
        return kept

    met = []
    platform.steps = replace(platform.steps, reactors=(lambda uow, change: met.append(change.id),))
    kept = run(platform, work)
    assert met == [kept.id]
    page = platform.look(SYSTEM, lambda look: query.page(look, fan.source, query.Ask()))
    assert [row["_id"] for row in page.rows] == [kept.id]
