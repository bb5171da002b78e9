"""Is the process alive, can it serve, and how is it doing: for whoever watches over it."""

import time
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from engines.apps.platform import SYSTEM
from engines.core.jobs import incidents, queue
from engines.core.kernel.work import Look

from .guard import platform, right

health = Blueprint("health", __name__)


class Figures:
    """One registry a process: requests by route and answer, their time, and what waits in the job table."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("dougong_requests", "Requests", ["route", "status"], registry=self.registry)
        self.seconds = Histogram("dougong_request_seconds", "Time of a request", ["route"], registry=self.registry)
        self.late = Gauge("dougong_jobs_late_seconds", "How late the earliest waiting job is", registry=self.registry)
        self.incidents = Gauge("dougong_incidents_open", "Incidents that wait to be mended", registry=self.registry)


@health.get("/healthz")
@right("public")
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@health.get("/readyz")
@right("public")
def readyz() -> tuple[dict[str, str], int]:
    """The database answers too; 503 until it does."""
    try:
        platform().look(SYSTEM, lambda look: look.apps.versions)
    except Exception:  # noqa: BLE001  whatever keeps it from answering, it is not ready
        return {"status": "waiting for the database"}, 503
    return {"status": "ready"}, 200


@health.get("/metrics")
@right("admin", api=True)
def metrics() -> Response:
    """In the text format of Prometheus; for administrators, by session or token."""
    figures = _figures()
    late, open_ones = platform().look(SYSTEM, _waiting)
    figures.late.set(late)
    figures.incidents.set(open_ones)
    return Response(generate_latest(figures.registry), content_type=CONTENT_TYPE_LATEST)


def _waiting(look: Look) -> tuple[float, int]:
    due = queue.next_due(look)
    late = max(0.0, (look.now - due) / 1e6) if due is not None else 0.0
    return late, len(incidents.all_open(look, limit=10_000))


def _figures() -> Figures:
    found: Figures = current_app.extensions["dougong.figures"]
    return found


def _begin() -> None:
    g.began = time.perf_counter()


def _count(response: Any) -> Any:
    route = request.url_rule.rule if request.url_rule else "-"
    figures = _figures()
    figures.requests.labels(route, response.status_code).inc()
    if "began" in g:
        figures.seconds.labels(route).observe(time.perf_counter() - g.began)
    return response


def install(app: Flask) -> None:
    """Before the guard, so that what it refuses is counted too."""
    app.extensions["dougong.figures"] = Figures()
    app.before_request(_begin)
    app.after_request(_count)
