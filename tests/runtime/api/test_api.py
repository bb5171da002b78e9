"""The HTTP API: lists, records, edits that name their version, requests sent twice, problems in words."""

import pytest

AT = "/apps/shop/forms/buyer/records"
ALL = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
MAY = {"name": "May", "phone": "1", "total": "12.50", "source": "live"}


def names(answer):
    return [one["name"] for one in answer.json["records"]]


def test_a_record_goes_in_and_comes_out_settled_by_rules(clerk):
    made = clerk("POST", AT, MAY | {"total": 6000})
    assert (made.status_code, made.json["marks"], made.json["first"]) == (201, ["vip"], "M")
    assert made.headers["Location"].endswith(f"{AT}/{made.json['_id']}")
    found = clerk("GET", f"{AT}/{made.json['_id']}")
    assert found.json == made.json
    assert found.headers["ETag"] == made.headers["ETag"] == '"1"'
    assert found.headers["Cache-Control"] == "no-store"


def test_a_list_is_filtered_sorted_paged_and_counted(clerk, shop):
    for n in range(25):
        shop.make("buyer", name=f"b{n:02}", total=n % 5, source="card" if n % 2 else "live")
    seen, after = [], ""
    while True:
        query = {"filter": 'source = "card"', "sort": "-total,name", "limit": "5", "count": "1"} | (
            {"after": after} if after else {}
        )
        page = clerk("GET", AT, query_string=query)
        assert page.json["count"] == 12
        seen += [(one["total"], one["name"]) for one in page.json["records"]]
        after = page.json["after"]
        if not after:
            break
    assert seen == sorted(((float(n % 5), f"b{n:02}") for n in range(25) if n % 2), key=lambda one: (-one[0], one[1]))


def test_labels_in_a_filter_work_too_and_fields_picks(clerk, shop):
    shop.make("buyer", name="May", total=3)
    page = clerk("GET", AT, query_string={"filter": "消费 = 3", "fields": "name,total"})
    assert page.json["records"] == [{"_id": 1, "name": "May", "total": 3.0}]


@ALL
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"filter": "total >"}, "filter"),
        ({"filter": "nothing = 1"}, "filter"),
        ({"sort": "nothing"}, "nothing"),
        ({"sort": "marks"}, "marks"),
        ({"fields": "nothing"}, "nothing"),
        ({"limit": "1001"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"after": "abc"}, "after"),
        ({"count": "yes"}, "count"),
        ({"fliter": "1"}, "fliter"),
    ],
)
def test_a_question_that_means_nothing_is_told_where(clerk, query, field):
    for language in ("en", "zh"):
        clerk.language = language
        answer = clerk("GET", AT, query_string=query)
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
        assert answer.json["errors"][0]["field"] == field
        chinese = any("\u4e00" <= c <= "\u9fff" for c in answer.json["errors"][0]["detail"])
        assert chinese == (language == "zh")


@ALL
def test_a_cursor_belongs_to_one_order_of_one_list(clerk, shop):
    for n in range(3):
        shop.make("buyer", name=f"b{n}")
    after = clerk("GET", AT, query_string={"limit": "1"}).json["after"]
    assert clerk("GET", AT, query_string={"limit": "1", "after": after}).status_code == 200
    assert clerk("GET", AT, query_string={"sort": "name", "after": after}).status_code == 422


def test_all_problems_of_a_record_come_at_once_in_the_callers_language(clerk):
    clerk.language = "zh"
    answer = clerk("POST", AT, {"total": "很多", "source": "tv", "first": "x", "nothing": 1})
    told = {one["field"]: one for one in answer.json["errors"]}
    assert answer.status_code == 422
    assert {name: one["code"] for name, one in told.items()} == {
        "name": "required",
        "total": "not_an_amount",
        "source": "not_an_option",
        "first": "read_only",
        "nothing": "unknown_field",
    }
    assert "可以选：直播间、包裹卡" in told["source"]["detail"]


def test_many_records_are_kept_all_or_none(clerk):
    good = [{"name": f"b{n}", "phone": str(n)} for n in range(3)]
    bad = clerk("POST", AT, {"records": [*good, {"name": "b3", "phone": "1"}, {"name": ""}]})
    assert [(one["record"], one["field"], one["code"]) for one in bad.json["errors"]] == [
        (3, "phone", "not_unique"),
        (4, "name", "required"),
    ]
    assert clerk("GET", AT).json["records"] == []
    made = clerk("POST", AT, {"records": good})
    assert (made.status_code, names(made)) == (201, ["b0", "b1", "b2"])


@ALL
def test_a_thousand_records_fit_and_one_more_does_not(clerk):
    assert len(clerk("POST", AT, {"records": [{"name": f"b{n}"} for n in range(1000)]}).json["records"]) == 1000
    answer = clerk("POST", AT, {"records": [{"name": "x"}] * 1001})
    assert (answer.status_code, "1000" in answer.json["detail"]) == (400, True)


def test_a_request_sent_twice_is_done_once(clerk):
    key = {"Idempotency-Key": "order-7"}
    first = clerk("POST", AT, MAY, headers=key)
    again = clerk("POST", AT, MAY, headers=key)
    assert (again.status_code, again.json) == (first.status_code, first.json)
    assert clerk("GET", AT, query_string={"count": "1"}).json["count"] == 1
    other = clerk("POST", AT, MAY | {"name": "Bo"}, headers=key)
    assert (other.status_code, other.json["code"]) == (422, "key_reused")


def test_an_edit_names_the_version_it_saw(clerk):
    at = f"{AT}/{clerk('POST', AT, MAY).json['_id']}"
    first = clerk("PATCH", at, {"total": 20}, headers={"If-Match": '"1"'})
    assert (first.status_code, first.json["total"], first.headers["ETag"]) == (200, 20.0, '"2"')
    late = clerk("PATCH", at, {"total": 30}, headers={"If-Match": '"1"'})
    assert (late.status_code, late.json["code"]) == (412, "stale")
    assert clerk("DELETE", at, headers={"If-Match": '"1"'}).status_code == 412
    assert clerk("DELETE", at, headers={"If-Match": '"2"'}).status_code == 204
    assert clerk("GET", at).status_code == 404


def test_a_put_by_key_changes_or_creates(clerk):
    put = lambda body: clerk("PUT", AT, body, query_string={"key": "phone"})  # noqa: E731  short
    assert put(MAY).status_code == 201
    changed = put({"phone": "1", "total": 99})
    assert (changed.status_code, changed.json["name"], changed.json["total"]) == (200, "May", 99.0)
    both = put({"records": [{"phone": "1", "name": "Mai"}, {"phone": "2", "name": "Bo"}]})
    assert (both.status_code, names(both)) == (200, ["Mai", "Bo"])
    assert put({"name": "Nobody"}).json["errors"][0]["field"] == "phone"
    assert clerk("PUT", AT, MAY, query_string={"key": "nothing"}).status_code == 422


def test_history_and_why_tell_rule_and_person(clerk):
    at = f"{AT}/{clerk('POST', AT, MAY).json['_id']}"
    clerk("PATCH", at, {"total": 9000})
    events = clerk("GET", f"{at}/history").json["events"]
    assert [one["what"] for one in events] == ["update", "create"]
    assert events[0]["changes"]["total"] == [12.5, 9000.0]
    assert events[0]["actor"]["name"] == "clerk"
    assert events[0]["cause"]["kind"] == "api"
    why = clerk("GET", f"{at}/why", query_string={"field": "marks"}).json["why"]
    assert why["because"]["kind"] == "rule"


@ALL
@pytest.mark.parametrize(
    ("body", "status"), [(b"{", 400), (b"[]", 400), (b"3", 400), (b'"x"', 400), (b"[" * 3000, 400)]
)
def test_a_body_that_is_no_record_is_told(clerk, body, status):
    answer = clerk("POST", AT, data=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json["status"]) == (status, status)


@ALL
def test_too_much_and_the_wrong_kind_are_told(clerk):
    form = clerk("POST", AT, data={"name": "x"})
    assert form.status_code == 415
    large = clerk("POST", AT, data=b" " * (17 << 20), headers={"Content-Type": "application/json"})
    assert large.status_code == 413
    method = clerk("PATCH", AT, {})
    assert (method.status_code, method.headers["Allow"]) == (405, "GET, POST, PUT")


@ALL
def test_what_is_hidden_looks_like_what_is_not_there(shop):
    reader = shop.caller("reader", "reader")
    number = shop.make("buyer", name="May", cost=77)
    assert "cost" not in reader("GET", f"{AT}/{number}").json
    hidden, missing = (
        [
            reader("GET", AT, query_string={"filter": f"{name} = 77"}),
            reader("GET", AT, query_string={"sort": name}),
            reader("GET", AT, query_string={"fields": name}),
            reader("GET", f"{AT}/{number}/why", query_string={"field": name}),
        ]
        for name in ("cost", "cosy")
    )
    for one, other in zip(hidden, missing, strict=True):
        assert (one.status_code, one.text.replace("cost", "cosy")) == (other.status_code, other.text)
    assert "cost" not in reader("GET", AT, query_string={"filter": "costs = 1"}).text.replace("costs", "")
    sale, nowhere = reader("GET", "/apps/shop/forms/sale/records"), reader("GET", "/apps/shop/forms/nope/records")
    assert (sale.status_code, sale.text) == (nowhere.status_code, nowhere.text) == (404, sale.text)
    app, none = reader("GET", "/apps/other/forms/buyer/records"), reader("GET", "/nowhere/at/all")
    assert (app.status_code, none.status_code) == (404, 404)


@ALL
def test_a_token_does_only_what_it_names(shop):
    viewer = shop.caller("vera", "clerk", scopes=("shop:buyer:view",))
    assert viewer("GET", AT).status_code == 200
    refused = viewer("POST", AT, MAY)
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    assert viewer("GET", "/apps/shop/forms/sale/records").status_code == 404
    assert viewer("GET", "/apps/shop/definition").status_code == 403


@ALL
def test_a_stranger_is_told_to_bring_a_token_and_nothing_else(shop):
    client = shop.flask.test_client()
    paths = ("/apps", "/apps/shop/forms/buyer/records", "/apps/no/forms/no/records", "/no", "/openapi.json")
    answers = [client.get(f"/api/v1{path}") for path in paths]
    assert {(one.status_code, one.text) for one in answers} == {(401, answers[0].text)}
    assert "Bearer" in answers[0].headers["WWW-Authenticate"]
    wrong = client.get("/api/v1/apps", headers={"Authorization": "Bearer dg_no"})
    assert wrong.status_code == 401


@ALL
def test_who_may_create_but_not_see_gets_the_id(shop):
    own = shop.caller("olga", "own", scopes=("shop:buyer:create",))
    made = own("POST", AT, MAY)
    assert (made.status_code, made.json) == (201, {"_id": 1})
    assert own("GET", f"{AT}/1").status_code == 403


@ALL
def test_apps_and_schema_tell_what_the_caller_may_do(shop, clerk):
    reader = shop.caller("reader", "reader")
    assert [form["id"] for form in clerk("GET", "/apps").json["apps"][0]["forms"]] == ["buyer", "sale"]
    assert [form["id"] for form in reader("GET", "/apps").json["apps"][0]["forms"]] == ["buyer"]
    schema = reader("GET", "/apps/shop/forms/buyer/schema").json
    assert "cost" not in schema["properties"]
    assert all(part.get("readOnly") for part in schema["properties"].values())


@ALL
def test_the_definition_goes_out_to_the_apps_builder(shop):
    chief = shop.platform
    owner = shop.caller("boss", "clerk")
    assert owner("GET", "/apps/shop/definition").status_code == 403
    from engines.apps.platform import SYSTEM
    from engines.core.access import commands, people

    who = chief.look(SYSTEM, lambda look: people.by_name(look.session, "boss"))
    chief.run(SYSTEM, lambda uow: commands.give(uow, who, "", "builder"))
    assert owner("GET", "/apps/shop/definition").json["id"] == "shop"
