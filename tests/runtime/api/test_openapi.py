"""The description of the API is sound OpenAPI, is the caller's own, and judges records as the form engine does."""

import re

import pytest

from engines.apps.platform import SYSTEM
from engines.core.fields.schemas import checker
from engines.core.kernel.errors import Invalid
from engines.form import submit
from engines.form.schema import record_schema

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def document(clerk):
    return clerk("GET", "/openapi.json").json


def refs(part):
    if isinstance(part, dict):
        yield from ([part["$ref"]] if "$ref" in part else [])
        for one in part.values():
            yield from refs(one)
    elif isinstance(part, list):
        for one in part:
            yield from refs(one)


def found(document, ref):
    assert ref.startswith("#/")
    for step in ref[2:].split("/"):
        document = document[step]
    return document


def test_it_has_the_shape_of_openapi(document):
    assert document["openapi"] == "3.1.0"
    assert {"title", "version"} <= document["info"].keys()
    seen = set()
    for path, methods in document["paths"].items():
        assert path.startswith("/")
        assert methods.keys() <= METHODS
        for operation in methods.values():
            assert operation["operationId"] not in seen
            seen.add(operation["operationId"])
            inside = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
            assert inside == set(re.findall(r"{(\w+)}", path))
            assert all(p["schema"] and p["in"] in ("path", "query", "header") for p in operation["parameters"])
            assert operation["responses"]
            assert all("description" in r or "$ref" in r for r in operation["responses"].values())


def test_every_reference_leads_somewhere_and_every_schema_is_one(document):
    assert all(found(document, ref) for ref in refs(document))
    for schema in document["components"]["schemas"].values():
        checker(schema).check_schema(schema)


def test_every_route_of_the_api_is_in_it(document, shop):
    rules = [r for r in shop.flask.url_map.iter_rules() if r.rule.startswith("/api/v1/")]
    routes = {r.endpoint for r in rules} - {"api.stray"}
    told = {re.sub(r"_(shop.*)$", "", o["operationId"]) for m in document["paths"].values() for o in m.values()}
    clerk_may_not = {"api.definition"}
    assert told == {name.removeprefix("api.").replace(".", "_") for name in routes - clerk_may_not}


def test_each_caller_gets_an_own_one(shop):
    reader = shop.caller("reader", "reader")
    made = reader("GET", "/openapi.json")
    assert "sale" not in made.text
    assert "cost" not in made.text
    assert {*made.json["paths"]["/apps/shop/forms/buyer/records"]} == {"get"}


GOOD = {"name": "May", "phone": "1", "total": 3.5, "born": "1998-06-01", "source": "live", "marks": ["vip"], "cost": 1}
BAD = [
    {"name": None},
    {"name": ""},
    {"name": "  "},
    {"name": "x" * 21},
    {"total": -1},
    {"total": [1]},
    {"born": "tomorrow"},
    {"born": "1998-02-30"},
    {"source": "tv"},
    {"source": 3},
    {"marks": ["nothing"]},
    {"marks": "vip"},
    {"cost": {}},
    {"seller": "may"},
    {"nothing": 1},
]


@pytest.mark.parametrize("change", [{}, {"phone": None}, {"marks": []}, {"total": None}, {"born": None}])
def test_what_the_schema_takes_the_form_takes(shop, change):
    assert judged(shop, GOOD | change) == (True, True)


@pytest.mark.parametrize("change", BAD)
def test_what_the_form_refuses_the_schema_refuses(shop, change):
    by_schema, by_form = judged(shop, GOOD | change)
    assert by_schema == by_form or change == {"marks": "vip"}
    assert not by_schema


def judged(shop, record):
    """(by the schema, by the form engine)."""
    form = shop.app.form("buyer")

    def ask(look):
        try:
            submit.check(form, record, look)
        except Invalid:
            return False
        return True

    schema = shop.platform.look(SYSTEM, lambda look: record_schema(look, form))
    return checker(schema).is_valid(record), shop.platform.look(SYSTEM, ask)


def test_the_page_for_people_shows_the_same_addresses(shop, clerk):
    page = shop.browser("clerk").get("/api/docs")
    assert page.status_code == 200
    for path in clerk("GET", "/openapi.json").json["paths"]:
        assert path in page.text
    assert "http" not in re.sub(r"http://localhost/|http://www.w3.org/\S+", "", page.text)
