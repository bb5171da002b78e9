"""What watches over the process gets its answers, and nobody else does."""

import pytest

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def test_a_server_whose_database_answers_is_ready(site):
    assert site.stranger().get("/readyz").json == {"status": "ready"}


def test_one_whose_database_does_not_answer_is_not(site, monkeypatch):
    monkeypatch.setattr(site.platform.db, "read", lambda fn: 1 / 0)
    answer = site.stranger().get("/readyz")
    assert answer.status_code == 503


def test_figures_are_for_administrators_and_count_what_was_asked(site):
    admin = site.person("root", ":admin")
    admin.get("/account")
    told = admin.get("/metrics").text
    assert 'dougong_requests_total{route="/account",status="200"} 1.0' in told
    assert "dougong_jobs_late_seconds" in told
    assert site.person("may", "shop:seller").get("/metrics").status_code == 403
    assert site.stranger().get("/metrics").status_code == 401
