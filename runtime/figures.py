"""Amounts, numbers, days and moments as a reader of either language writes them."""

import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from flask import g, has_request_context, request
from flask_babel import gettext

from engines.core.kernel import clock

LANGUAGES = ("zh", "en")


def language() -> str:
    """The reader's choice, else the browser's, else Chinese; found once a request, asked for hundreds of times."""
    try:
        return g.tongue  # type: ignore[no-any-return]  # g holds what the line below puts there
    except (AttributeError, RuntimeError):
        if not has_request_context():
            return "zh"
        chosen = request.cookies.get("language") or g.get("language")
        g.tongue = chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or "zh"
        return str(g.tongue)


def label(words: dict[str, str]) -> str:
    """Reader's language, else whatever is there."""
    return words.get(language()) or next(iter(words.values()))


def money(field: dict[str, Any], stored: Any, *, short: bool = False) -> str:
    """`short` leaves .00 away, as a list does."""
    scale = int(field.get("scale", 2))
    amount, currency = Decimal(stored).scaleb(-scale), field.get("currency", "CNY")
    if currency == "CNY":  # the same in both languages, and most of what a list shows
        text = f"{'-' if amount < 0 else ''}¥{abs(amount):,.{scale}f}"
    else:
        text = str(format_currency(amount, currency, locale=language()))
    return text.removesuffix(".00") if short else text


def number(stored: Any, field: dict[str, Any] | None = None) -> str:
    """With commas between thousands, and its unit when the field has one."""
    exact = stored if isinstance(stored, (int, Decimal)) else Decimal(repr(float(stored)))
    text = f"{exact:,f}" if isinstance(exact, Decimal) else f"{exact:,}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    unit = (field or {}).get("unit")
    return f"{text} {label(unit)}" if isinstance(unit, dict) else text


def percent(field: dict[str, Any], stored: float) -> str:
    return f"{number(round(stored * 100, int(field.get('scale', 2))))}%"


def day(stored: str) -> str:
    found = datetime.date.fromisoformat(stored)
    return stored if language() == "zh" else str(format_date(found, "MMM d, y", locale="en"))


def moment(micros: int, zone: str) -> str:
    """As near as people say it: 12 minutes ago, yesterday 22:47, 11-20 22:10."""
    now, at = (datetime.datetime.fromtimestamp(m / 1e6, ZoneInfo(zone)) for m in (clock.now(), micros))
    passed = (now - at).total_seconds()
    if 0 <= passed < 4 * 3600:
        return _ago(passed)
    away = (at.date() - now.date()).days
    near = {0: gettext("Today"), -1: gettext("Yesterday"), 1: gettext("Tomorrow")}
    if away in near:
        return f"{near[away]} {at:%H:%M}"
    return _dated(at, now)


def _dated(at: datetime.datetime, now: datetime.datetime) -> str:
    if at.year != now.year:
        return f"{at:%Y-%m-%d}" if language() == "zh" else str(format_date(at, "MMM d, y", locale="en"))
    return f"{at:%m-%d %H:%M}" if language() == "zh" else str(format_datetime(at, "MMM d, HH:mm", locale="en"))


def _ago(seconds: float) -> str:
    minutes = int(seconds // 60)
    if minutes < 1:
        return gettext("Just now")
    if minutes < 60:
        return gettext("%(n)s min ago", n=minutes)
    return gettext("%(n)s h ago", n=minutes // 60)


def full_moment(micros: int, zone: str) -> str:
    return f"{datetime.datetime.fromtimestamp(micros / 1e6, ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def today_words(zone: str) -> str:
    now = datetime.datetime.fromtimestamp(clock.now() / 1e6, ZoneInfo(zone))
    return str(format_date(now, "M 月 d 日，EEEE" if language() == "zh" else "EEEE, MMMM d", locale=language()))


def greeting(zone: str) -> str:
    hour = datetime.datetime.fromtimestamp(clock.now() / 1e6, ZoneInfo(zone)).hour
    if hour < 12:
        return gettext("Good morning")
    return gettext("Good afternoon") if hour < 18 else gettext("Good evening")
