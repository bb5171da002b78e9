"""Tours of the designers: offered once a person, known by the server."""

from .test_around import colleague

HINT = 'data-test="tour-hint"'


def test_a_tour_is_offered_on_every_designer_until_it_was_seen(desk):
    assert HINT in desk.get("/forms/buyer").text
    assert desk.post("/tour/forms").status_code == 204
    assert HINT not in desk.get("/forms/sale").text
    assert HINT in desk.get("/rules/vip").text
    assert HINT in desk.get("").text


def test_each_person_sees_the_offer_once(desk):
    desk.post("/tour/rules")
    mei = colleague(desk)
    assert HINT in mei.get("/rules/vip").text
    mei.post("/tour/rules")
    assert HINT not in mei.get("/rules/vip").text


def test_the_steps_are_told_in_the_readers_language(desk):
    english = desk.get("/tour/rules").json
    desk.client.set_cookie("language", "zh")
    chinese = desk.get("/tour/rules").json
    assert (english["words"]["next"], chinese["words"]["next"]) == ("Next", "下一步")
    assert [step["at"] for step in english["steps"]] == [step["at"] for step in chinese["steps"]]
    assert english["steps"][0]["title"] != chinese["steps"][0]["title"]


def test_no_tour_is_offered_where_there_is_none(desk):
    assert desk.get("/tour/wings").status_code == 404
    assert desk.post("/tour/wings").status_code == 404
    desk.post("/roles/new")
    for path in ("/roles/role", "/menu", "/publish"):
        page = desk.get(path)
        assert page.status_code == 200
        assert HINT not in page.text


def test_the_palette_lists_the_tours_of_what_the_app_has(desk):
    found = desk.get("/find?q=tour").text
    assert 'data-test="run-tour-forms"' in found
    assert 'data-test="run-tour-dashboards"' not in found
