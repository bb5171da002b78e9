"""Dashboards and reports as pages, files and API: what they show, and where their numbers lead."""

import csv
import html
import io
import json
import re
import subprocess
import sys
from urllib.parse import quote

import pytest
from python_calamine import CalamineWorkbook

from engines.apps.platform import SYSTEM
from engines.core.access import people
from engines.core.kernel import clock
from runtime.web import create_app

from ..conftest import ROOT
from ..engines.report.shop import NOW, Shop, micros

PATH = "/a/shop/d/review"


@pytest.fixture
def backend():
    """Pages are the same on both databases."""
    return "sqlite"


@pytest.fixture
def shop(platform):
    shop = Shop(platform)
    with clock.frozen(micros(NOW)):
        yield shop


@pytest.fixture
def reader(platform, shop):
    reader = create_app(platform, b"secret").test_client()
    token = platform.run(SYSTEM, lambda uow: people.make_link(uow.session, "owner"))
    reader.get(f"/sign-in/{token}")
    reader.get("/language/en")
    return reader


def within(page, test):
    """The markup of one widget."""
    found = re.search(f'<section[^>]*data-test="{test}".*?</section>', page.text, re.DOTALL)
    return html.unescape(found[0])


def number(reader, address):
    """How many records the list shows that an address leads to; its footer counts the same."""
    page = reader.get(html.unescape(address), follow_redirects=True)
    assert page.status_code == 200
    listed = page.request.full_path
    footer = reader.get(listed.replace("?", "/footer?")).text
    found = int(re.search(r'data-test="count">([\d,]+)<', page.text)[1].replace(",", ""))
    assert footer.startswith(f"{found:,} record")
    return found


@pytest.mark.parametrize("code", ["zh", "en"])
def test_a_dashboard_shows_every_widget_in_the_readers_language(reader, code):
    reader.get(f"/language/{code}")
    page = reader.get(PATH)
    assert page.status_code == 200
    assert ("经营看板" if code == "zh" else "Review") in page.text
    assert len(re.findall(r'<section[^>]*data-test="tile-', page.text)) == 10
    assert "tile-error" not in page.text
    assert re.findall(r"spec-(\w+)\"", page.text)


def test_the_period_and_a_choice_narrow_every_widget(reader, shop):
    whole = within(reader.get(f"{PATH}?period=all"), "tile-count")
    narrow = within(reader.get(f"{PATH}?period=this+year&channel=web&channel=shop"), "tile-count")
    kept = [o for o in shop.kept if o["local"].year == 2026 and o["channel"] in ("web", "shop")]
    assert f">{len(shop.kept)}<" in whole
    assert f">{len(kept)}<" in narrow


def test_days_of_ones_own_choice_include_the_last_one(reader, shop):
    tile = within(reader.get(f"{PATH}?from=2026-01-05&to=2026-03-07"), "tile-count")
    kept = [o for o in shop.kept if "2026-01-05" <= o["local"].strftime("%Y-%m-%d") <= "2026-03-07"]
    assert f">{len(kept)}<" in tile


def test_a_widget_that_cannot_be_answered_says_why_and_the_others_stand(reader, platform, shop):
    bad = {"id": "r_bad", "title": {"en": "Bad"}, "dataset": "ds_orders", "rows": [{"field": "gift"}],
           "values": [{"measure": "visits"}]}  # fmt: skip
    definition = shop.app.definition | {"reports": [*shop.app.definition["reports"], bad]}
    board = definition["dashboards"][0]
    board = board | {"widgets": [*board["widgets"], {"id": "bad", "report": "r_bad", "at": [0, 20, 6, 3]}]}
    platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, definition | {"dashboards": [board]}))
    page = reader.get(PATH)
    assert "add it to map" in within(page, "tile-bad")
    assert page.text.count('data-test="tile-error"') == 1


def test_a_mark_taken_as_filter_narrows_the_other_widgets_but_not_its_own(reader, shop):
    cross = json.dumps({"w": "channels", "r": "r_channels", "row": {"channel": "web"}})
    page = reader.get(f"{PATH}?period=all&x={quote(cross)}")
    web = [o for o in shop.kept if o["channel"] == "web"]
    assert f">{len(web)}<" in within(page, "tile-count")
    assert "Shop" in within(page, "tile-channels")
    assert "Channel Web" in page.text


def test_the_number_on_a_card_leads_to_as_many_records(reader):
    tile = within(reader.get(f"{PATH}?channel=web"), "tile-count")
    shown = int(re.search(r'data-test="kpi-records">([\d,]+)<', tile)[1])
    address = re.search(r'href="([^"]+)" data-test="kpi-records"', tile)[1]
    assert number(reader, address) == shown


def test_every_number_of_a_table_leads_to_as_many_records(reader):
    page = reader.get("/a/shop/r/r_split?period=last+12+months")
    links = re.findall(r'<td class="end num"><a href="([^"]+)">(\d+)</a>', page.text)
    assert len(links) > 10
    for address, count in links[:12]:
        assert number(reader, address) == int(count)


def test_a_step_of_a_funnel_leads_to_its_records(reader):
    page = reader.get("/a/shop/r/r_steps")
    links = re.findall(r'<td class="end num"><a href="([^"]+)">(\d+)</a>', page.text)
    counts = [int(count) for _, count in links]
    assert len(counts) == 3
    assert counts == sorted(counts, reverse=True)
    assert [number(reader, address) for address, _ in links] == counts


def test_the_mark_is_a_condition_of_the_list_that_others_join_and_that_goes(reader, shop):
    mark = quote(json.dumps({"row": {"channel": "web"}, "measure": "orders"}))
    page = reader.get(f"/a/shop/r/r_channels/records?mark={mark}", follow_redirects=True)
    assert "Channels" in page.text
    assert "Order: Channel Web" in page.text
    web = [o for o in shop.kept if o["channel"] == "web"]
    gifts = reader.get(f"{page.request.full_path}&f=gift.yes")
    assert int(re.search(r'data-test="count">(\d+)<', gifts.text)[1]) == len([o for o in web if o["gift"]])
    without = re.search(r'href="([^"]+)" data-test="chip-mark"', page.text)[1]
    assert without == "/a/shop/order"
    back = html.unescape(re.search(r'href="([^"]+)" data-test="back-to-report"', page.text)[1])
    assert reader.get(back).status_code == 200
    sheet = reader.get(f"{page.request.full_path.replace('?', '/export?')}")
    assert f">{len(web)}<" in sheet.text or f"{len(web)} records" in sheet.text


def test_an_address_of_a_mark_is_worked_out_for_whoever_opens_it(reader, platform, shop):
    mark = quote(json.dumps({"row": {"channel": "web"}}))
    address = reader.get(f"/a/shop/r/r_channels/records?mark={mark}").location
    stranger = create_app(platform, b"secret").test_client()

    def invite(uow):
        people.add(uow.session, "sam", "member")
        return people.make_link(uow.session, "sam")

    stranger.get(f"/sign-in/{platform.run(SYSTEM, invite)}")
    assert stranger.get(address).status_code == 404
    assert reader.get(address.replace("/order?", "/buyer?")).status_code == 400
    assert reader.get("/a/shop/order?mark=nonsense").status_code == 400


def test_records_behind_a_mark_come_page_by_page(reader, shop):
    seen, address = [], "/a/shop/r/r_orders/records"
    while address:
        page = reader.get(address, follow_redirects=True)
        seen += re.findall(r'data-test="row-(\d+)"', page.text)
        found = re.search(r'href="([^"]+)" data-test="next"', page.text)
        address = found and html.unescape(found[1])
    assert sorted(map(int, seen)) == sorted(o["id"] for o in shop.kept)


def test_the_api_gives_the_frame_and_the_files_the_same_numbers(reader, shop):
    data = reader.get("/api/v1/apps/shop/reports/r_channels/data").json
    assert [column["id"] for column in data["columns"]] == ["channel", "orders"]
    assert sum(row[1] for row in data["rows"]) == len(shop.kept)
    text = reader.get("/api/v1/apps/shop/reports/r_channels.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["Channel", "Orders"]
    assert [int(row[1]) for row in rows[1:]] == [row[1] for row in data["rows"]]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(reader.get("/a/shop/r/r_channels.xlsx").data)).get_sheet_by_index(
        0
    )
    assert [row[1] for row in sheet.to_python()[1:]] == [row[1] for row in data["rows"]]


def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(reader, shop, platform):
    from engines.form import submit

    evil = {"item": '=HYPERLINK("http://x")', "status": "paid"}
    platform.run(SYSTEM, lambda uow: submit.create_record(uow, shop.app.form("order"), evil) and None)
    text = reader.get("/a/shop/r/r_items.csv?params=" + quote('{"period":"all"}')).data.decode("utf-8-sig")
    assert not [line for line in text.splitlines() if line.startswith(("=", '"='))]


def test_a_picture_is_drawn_outside_the_server(reader):
    before = "vl_convert" in sys.modules
    picture = reader.get("/a/shop/r/r_channels.png")
    assert (picture.status_code, picture.data[:4]) == (200, b"\x89PNG")
    assert ("vl_convert" in sys.modules) == before


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/a/shop/r/nothing", 404),
        ("/a/shop/d/nothing", 404),
        ("/a/shop/r/r_orders.exe", 404),
        ("/a/shop/r/r_orders?period=sometime", 400),
        ("/a/shop/r/r_orders?params=%7B", 400),
        ("/a/shop/r/r_orders?cuts=%5B1%5D", 400),
        ("/a/shop/r/r_orders/records?mark=%7B%22row%22:%7B%22a%22:1%7D%7D", 400),
        ("/a/shop/d/review?x=%7B%7D", 400),
        ("/a/shop/d/review?period=sometime", 200),
    ],
)
def test_an_address_that_says_nothing_gets_a_clear_answer(reader, path, status):
    assert reader.get(path).status_code == status


def test_the_web_process_starts_without_the_heavy_libraries():
    code = (
        "import sys; import runtime.web, runtime.commands.serve\n"
        "sys.exit(', '.join(n for n in ('pandas', 'altair', 'vl_convert', 'numpy', 'xlsxwriter') if n in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


def test_a_mark_is_looked_at_closer_and_its_days_lead_to_their_records(reader, shop):
    month = next(o for o in shop.kept if o["status"] == "paid")["local"].strftime("%Y-%m")
    mark = quote(json.dumps({"row": {"at": month}}))
    params = quote('{"period":"all"}')
    page = reader.get(f"/a/shop/r/r_monthly?params={params}&down=at&mark={mark}", follow_redirects=True)
    assert page.status_code == 200
    days = re.findall(r"<td class=\"\">(\d{4}-\d\d-\d\d)</td>", page.text)
    assert days
    assert {day[:7] for day in days} == {month}
    address = re.search(r'<td class="end num"><a href="([^"]+)">', page.text)[1]
    assert number(reader, address) >= 1
    assert reader.get(f"/a/shop/r/r_channels?down=channel&mark={mark}").status_code == 400
