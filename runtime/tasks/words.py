"""Tasks and the history of runs in words: how urgent, what happened, what comes next."""

import datetime
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext, lazy_gettext

from engines.core.actions.base import action_types
from engines.core.kernel.kind import Definition

from .. import render
from .base import tasks

MINUTE = 60 * 1_000_000
HOUR, DAY = 60 * MINUTE, 24 * 60 * MINUTE
SOON = 4 * HOUR
TONES = {"overdue": "bad", "soon": "bad", "today": "warn", "later": "grey", "none": "grey"}
STATES: dict[str, Any] = {
    "running": lazy_gettext("Running"),
    "incident": lazy_gettext("Stuck"),
    "suspended": lazy_gettext("Paused"),
    "done": lazy_gettext("Done"),
    "rejected": lazy_gettext("Declined"),
    "cancelled": lazy_gettext("Cancelled"),
}
STATE_TONES = {"running": "brand", "incident": "bad", "suspended": "warn", "done": "ok"}
TASK_STATES: dict[str, Any] = {
    "open": lazy_gettext("Open"),
    "queued": lazy_gettext("Not their turn yet"),
    "done": lazy_gettext("Done"),
    "skipped": lazy_gettext("Others decided"),
    "cancelled": lazy_gettext("Cancelled"),
    "expired": lazy_gettext("Out of time"),
}
OUTCOMES: dict[str, Any] = {
    "approve": lazy_gettext("Approved"),
    "reject": lazy_gettext("Declined"),
    "done": lazy_gettext("Finished"),
}
ACTIONS: dict[str, tuple[str, Any]] = {
    "approve": ("check", lazy_gettext("Approve")),
    "complete": ("check", lazy_gettext("Finish")),
    "claim": ("hand", lazy_gettext("Claim")),
    "reject": ("x", lazy_gettext("Decline")),
    "transfer": ("arrow", lazy_gettext("Hand over")),
    "unclaim": ("undo", lazy_gettext("Put back")),
    "remind": ("bell", lazy_gettext("Ask for it")),
}
"""What may be done with a task, the most important first."""
NODE_ICONS = {
    "approve": "shield", "handle": "user", "branch": "branch", "fork": "branch", "join": "branch", "wait": "clock",
    "action": "bolt", "cc": "mail", "end": "check",
}  # fmt: skip


def length(micros: int) -> str:
    """A length of time: minutes below an hour, hours and minutes below a day, days above."""
    minutes = max(0, micros) // MINUTE
    hours, days = minutes // 60, minutes // 1440
    if days:
        return gettext("%(n)s d", n=days)
    if not hours:
        return gettext("%(n)s min", n=minutes)
    rest = minutes % 60
    return gettext("%(h)s h %(m)s min", h=hours, m=rest) if rest else gettext("%(n)s h", n=hours)


def due(card: Definition, now: int, zone: str) -> str:
    """What stands on the badge: how long is left when it is soon, else the day and hour; "" without a deadline."""
    if card["due_at"] is None:
        return ""
    left = card["due_at"] - now
    if card["state"] == "open" and left < 0:
        return gettext("%(time)s overdue", time=length(-left))
    if card["state"] == "open" and left < SOON:
        return gettext("%(time)s left", time=length(left))
    return clock_words(card["due_at"], now, zone)


def clock_words(at: int, now: int, zone: str) -> str:
    """A moment near now: the hour today, tomorrow and the hour, else the day."""
    here, there = (datetime.datetime.fromtimestamp(one / 1e6, ZoneInfo(zone)) for one in (now, at))
    away = (there.date() - here.date()).days
    if away in (0, 1):
        return f"{there:%H:%M}" if not away else gettext("tomorrow %(time)s", time=f"{there:%H:%M}")
    return f"{there:%m-%d}" if there.year == here.year else f"{there:%Y-%m-%d}"


def group(card: Definition, now: int, zone: str) -> str:
    """overdue, today, later: by the calendar of the app's zone."""
    if card["due_at"] is None:
        return "later"
    if card["due_at"] < now:
        return "overdue"
    here, there = (datetime.datetime.fromtimestamp(one / 1e6, ZoneInfo(zone)) for one in (now, card["due_at"]))
    return "today" if there.date() == here.date() or card["due_at"] - now < SOON else "later"


def flow_words(card: Definition) -> str:
    """The flow behind a task; a task by itself has none."""
    return render.label(card["flow_label"]) if card["flow"] else gettext("Single task")


def icon(card: Definition) -> str:
    return "shield" if card["kind"] == "approve" else "alarm" if card["urgency"] in ("overdue", "soon") else "flag"


def tone(card: Definition) -> str:
    """Red when it is urgent, else a colour that stays with the flow."""
    if card["urgency"] in ("overdue", "soon") and card["state"] == "open":
        return "bad"
    return "brand" if card["kind"] == "approve" else render.tone_of(card["flow"] or card["title"])


def threat(card: Definition, named: Mapping[int, str], above: int | None) -> str:
    """What follows when nobody acts in time, as the step says it."""
    said = {
        "approve": gettext("then it counts as approved"),
        "reject": gettext("then it counts as declined"),
        "edge": gettext("then the flow goes another way"),
    }
    for deadline in card["deadlines"]:
        if deadline["do"] == "escalate":
            who = named.get(above or 0)
            return gettext("then %(who)s has it too", who=who) if who else gettext("then it goes up")
        if deadline["do"] in said:
            return said[deadline["do"]]
    return ""


def people_words(ids: Any, named: Mapping[int, str]) -> str:
    joint = "、" if render.language() == "zh" else ", "
    return joint.join(who(one, named) for one in ids or ())


def who(person: int | None, named: Mapping[int, str]) -> str:
    return named.get(person or 0) or gettext("The system")


def lines(entries: list[Definition], named: Mapping[int, str], zone: str) -> list[dict[str, Any]]:
    """A run's history as lines {icon, tone, text, said, small}; steps that tell nobody anything are left out."""
    found, late = [], 0
    for entry in entries:
        late = late or int(entry["data"].get("late_s") or 0) * 1_000_000
        if told := _told(entry, named, zone):
            found.append(_line(entry, told, late, zone))
            late = 0
    return found


def _line(entry: Definition, told: tuple[str, str, str], late: int, zone: str) -> dict[str, Any]:
    """`late`: how long after its time, also when an untold step before it says so."""
    mark, colour, text = told
    small = [render.moment(entry["at"], zone)]
    if entry["label"] and entry["what"] not in ("start", "end"):
        small.append(render.label(entry["label"]))
    if late >= MINUTE:
        small.append(gettext("%(time)s late", time=length(late)))
    return {
        "icon": mark,
        "tone": colour,
        "text": text,
        "said": entry["data"].get("comment"),
        "small": " · ".join(small),
    }


def _told(entry: Definition, named: Mapping[int, str], zone: str) -> tuple[str, str, str] | None:
    what, data, actor = entry["what"], entry["data"], who(entry["actor"], named)
    acting = who(data.get("by"), named) if isinstance(data.get("by"), int) else actor
    plain: dict[str, tuple[str, str, str]] = {
        "start": ("play", "ok", gettext("%(who)s started it", who=actor)),
        "approve": ("check", "ok", gettext("%(who)s approved", who=actor)),
        "reject": ("x", "bad", gettext("%(who)s declined", who=actor)),
        "done": ("check", "ok", gettext("%(who)s finished it", who=actor)),
        "claimed": ("hand", "brand", gettext("%(who)s claimed it", who=actor)),
        "unclaimed": ("undo", "grey", gettext("%(who)s put it back", who=actor)),
        "reminded": ("bell", "warn", gettext("%(who)s asked for it", who=acting)),
        "comment": ("msg", "info", gettext("%(who)s wrote", who=acting)),
        "woke": ("clock", "info", gettext("The wait is over")),
        "late": ("clock", "warn", gettext("Started late")),
        "passed": ("user", "grey", gettext("Passed over: the starter would have decided")),
        "cancelled": ("stop", "bad", gettext("Cancelled: %(why)s", why=data.get("why") or "–")),
    }
    made = MAKERS.get(what)
    return made(data, named, zone) if made else plain.get(what)


def _open(data: Definition, named: Mapping[int, str], zone: str) -> tuple[str, str, str]:
    people = people_words(data.get("people"), named)
    if "meant" not in data:
        return "user", "brand", gettext("Given to %(people)s", people=people)
    if not data["meant"]:
        return "user", "warn", gettext("Given to %(people)s: nobody is there who was meant", people=people)
    roles = ("、" if render.language() == "zh" else ", ").join(render.label(one) for one in data["meant"])
    return "user", "warn", gettext("Given to %(people)s: nobody holds the role %(roles)s", people=people, roles=roles)


def _handed(data: Definition, named: Mapping[int, str], zone: str) -> tuple[str, str, str]:
    giver, taker = who(data.get("from"), named), who(data.get("to"), named)
    return "arrow", "brand", gettext("%(giver)s handed it to %(taker)s", giver=giver, taker=taker)


def _due(data: Definition, named: Mapping[int, str], zone: str) -> tuple[str, str, str] | None:
    if data.get("do") == "escalate":
        return None
    if data.get("do") == "remind":
        return "bell", "warn", gettext("Reminder sent")
    return "alarm", "bad", gettext("Time ran out")


def _escalated(data: Definition, named: Mapping[int, str], zone: str) -> tuple[str, str, str]:
    people = people_words(data.get("to"), named) or gettext("nobody above")
    if data.get("mode") == "replace":
        return "alarm", "bad", gettext("Overdue: moved to %(people)s", people=people)
    return "alarm", "bad", gettext("Overdue: now also with %(people)s", people=people)


def _incident(data: Definition, named: Mapping[int, str], zone: str) -> tuple[str, str, str]:
    words = {name: str(data[name]) for name in ("zh", "en") if data.get(name)}
    return "warn", "bad", gettext("Stuck: %(why)s", why=render.label(words) if words else data.get("code", ""))


def _acted(data: Definition, named: Mapping[int, str], zone: str) -> tuple[str, str, str]:
    kind = str(data.get("type", ""))
    known = next((one for one in action_types if one.type == kind), None)
    return "bolt", "wood", render.label(known.label) if known else kind


def _told_people(data: Definition, named: Mapping[int, str], zone: str) -> tuple[str, str, str]:
    return "mail", "info", gettext("Told %(people)s", people=people_words(data.get("people"), named))


def _waits(data: Definition, named: Mapping[int, str], zone: str) -> tuple[str, str, str]:
    if not data.get("until"):
        return "clock", "info", gettext("Waits for a date to be filled in")
    return "clock", "info", gettext("Waits until %(time)s", time=render.full_moment(data["until"], zone))


def _end(data: Definition, named: Mapping[int, str], zone: str) -> tuple[str, str, str]:
    state = str(data.get("status", "done"))
    return "check", STATE_TONES.get(state, "grey"), gettext("Ended: %(state)s", state=str(STATES.get(state, state)))


MAKERS: dict[str, Any] = {
    "open": _open,
    "transferred": _handed,
    "due": _due,
    "escalated": _escalated,
    "incident": _incident,
    "acted": _acted,
    "told": _told_people,
    "waits": _waits,
    "end": _end,
}

TOLD = (due, group, flow_words, icon, tone, who, clock_words, length)


@tasks.app_context_processor
def told() -> dict[str, Any]:
    """What templates about tasks may call."""
    called = {f"task_{one.__name__}": one for one in TOLD}
    return called | {"due_tones": TONES, "run_states": STATES, "run_tones": STATE_TONES, "node_icons": NODE_ICONS,
                     "task_states": TASK_STATES, "task_outcomes": OUTCOMES, "task_actions": ACTIONS}  # fmt: skip
