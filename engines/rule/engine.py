"""Rules at work: state rules settle a record in memory, event rules act on it once it has settled."""

from typing import Any

from engines.core.actions.base import Context
from engines.core.actions.run import perform_all
from engines.core.actions.services import AnyForm
from engines.core.formula.env import Env
from engines.core.jobs import incidents
from engines.core.kernel.work import Cause, UnitOfWork
from engines.core.records.change import Change
from engines.core.records.facts import ahead, system_facts

from . import store, timing
from .compile import Event, Line, RuleSet, rules_of


def settle(uow: UnitOfWork, change: Change) -> bool:
    """Give what holds, take back what a rule gave and no longer holds; True when something moved."""
    app = uow.apps.app(change.source.id.partition("__")[0])
    form = app.form(change.source.form)
    rules = rules_of(app, form)
    if not rules.lines or not change.alive or not _concerned(change, rules):
        return False
    holding = _holding(uow, change, rules)
    moved = [_set_owned(change, rules, holding), *(_set_tags(change, name, rules, holding) for name in rules.tagged)]
    return any(moved)


def react(uow: UnitOfWork, change: Change) -> None:
    """Run the event rules that this change sets off, each in an attempt of its own; note when to look again."""
    app = uow.apps.app(change.source.id.partition("__")[0])
    form = app.form(change.source.form)
    rules = rules_of(app, form)
    timing.note(uow, app, form, change)
    if not change.alive:
        store.forget(uow, change.source.id, change.id)
        return
    for event in rules.events:
        if _set_off(uow, change, event):
            _act(uow, app, form, change, event)


def acquaint(uow: UnitOfWork, change: Change) -> None:
    """`react` for records that were brought in, such as demo data: what holds is known from now on, and when to look
    again; nothing is done."""
    app = uow.apps.app(change.source.id.partition("__")[0])
    form = app.form(change.source.form)
    timing.note(uow, app, form, change)
    for event in rules_of(app, form).events:
        _set_off(uow, change, event)


def _concerned(change: Change, rules: RuleSet) -> bool:
    if change.what in ("create", "touch", "restore"):
        return True
    owned = rules.owned.keys() | rules.tagged.keys()
    paths = {path[0] for path in rules.outside.paths}
    return bool(change.changed & (rules.reads | owned | paths))


def _holding(uow: UnitOfWork, change: Change, rules: RuleSet) -> list[Line]:
    """The lines whose condition holds; of a table only the first that hits, unless it collects."""
    env = Env(uow.now, change.source.zone)
    facts = {**system_facts(change.facts), **ahead(uow, change, rules.outside, env)}
    hits, _faults = rules.hits(facts, env)
    found: list[Line] = []
    decided: set[str] = set()
    for place in hits:
        line = rules.lines[place]
        if not line.table or line.collected or line.rule not in decided:
            found.append(line)
            decided.add(line.rule)
    return found


def _set_owned(change: Change, rules: RuleSet, holding: list[Line]) -> bool:
    """A field that rules own holds what the first of them gives, else its ELSE value."""
    moved = False
    for name, fallback in rules.owned.items():
        line = next((one for one in holding for gift in one.gifts if gift.field == name and not gift.tag), None)
        value = next(gift.value for gift in line.gifts if gift.field == name) if line else fallback
        cause = line.cause if line else Cause("rule", "else")
        moved |= change.set({name: value}, cause=cause)
    return moved


def _set_tags(change: Change, name: str, rules: RuleSet, holding: list[Line]) -> bool:
    """Tags that people gave stay whatever the rules say."""
    now = change.facts.get(name) or ()
    givers = change.givers.get(name, {})
    gifts = {gift.value: line for line in reversed(holding) for gift in line.gifts if gift.tag and gift.field == name}
    lapsed = {tag for tag in now if tag in rules.tagged[name] and tag not in gifts and _from_rule(givers.get(tag))}
    fresh = [tag for tag in gifts if tag not in now]
    if not lapsed and not fresh:
        return False
    order = [option["id"] for option in change.source.fields[name].get("options", ())]
    kept = {*now, *fresh} - lapsed
    value = tuple(sorted(kept, key=lambda tag: order.index(tag) if tag in order else len(order)))
    moved = change.set({name: value}, cause=gifts[fresh[0]].cause if fresh else Cause("rule", "lapsed"))
    for tag in fresh:
        change.givers.setdefault(name, {})[tag] = f"rule:{gifts[tag].rule}"
        change.causes[f"{name}.{tag}"] = gifts[tag].cause
    for tag in lapsed:
        change.causes.pop(f"{name}.{tag}", None)
    return moved


def _from_rule(giver: str | None) -> bool:
    return bool(giver and giver.startswith("rule:"))


def _set_off(uow: UnitOfWork, change: Change, event: Event) -> bool:
    """Its kind of event, its watched fields, and a condition that is true now and was not before."""
    key = (event.rule, *change.key)
    if key in uow.fired or not _its_event(change, event.definition.get("on", {})):
        return False
    holds = _holds(uow, change, event)
    held = store.held(uow, change.source.id, change.id, event.rule) if _remembers(event) else False
    if _remembers(event) and holds != held:
        store.remember(uow, change.source.id, change.id, event.rule, holds)
    if not holds or held:
        return False
    uow.fired.add(key)
    return True


def act_on(uow: UnitOfWork, app: Any, form: AnyForm, change: Change, event: Event) -> None:
    """Run the actions of a rule whose time has come, where its condition holds; nobody touched the record."""
    change.what = "touch"
    if _holds(uow, change, event):
        _act(uow, app, form, change, event)


def _its_event(change: Change, on: dict[str, Any]) -> bool:
    if "schedule" in on and "events" not in on:
        return False
    kinds = {"create": "created", "update": "changed", "touch": "changed", "restore": "created"}
    if "events" in on and kinds.get(change.what) not in on["events"]:
        return False
    if on.get("watch") and change.what in ("update", "touch"):
        return bool(change.changed & set(on["watch"]))
    return True


def _remembers(event: Event) -> bool:
    """A condition is remembered so that the rule acts when it comes true, not each time the record is saved."""
    return event.condition is not None and not event.definition.get("each_time", False)


def _holds(uow: UnitOfWork, change: Change, event: Event) -> bool:
    if event.condition is None or event.hit is None:
        return True
    before = {**change.facts, **change.old}
    env = Env(uow.now, change.source.zone, user=uow.actor.id, old=before, changed=change.changed)
    facts = {**system_facts(change.facts), **ahead(uow, change, event.outside, env)}
    hits, _faults = event.hit(facts, env)
    return bool(hits)


def _act(uow: UnitOfWork, app: Any, form: AnyForm, change: Change, event: Event) -> None:
    """A rule that fails takes its own writes back and leaves an incident; the save stands."""
    label = tuple(sorted(event.definition["label"].items()))
    person = uow.on_behalf or (uow.actor.id or None)
    context = Context(
        app=app,
        cause=Cause("rule", event.rule, reason=label),
        form=form,
        record=change.id,
        facts=dict(change.facts),
        old={**change.facts, **change.old} if change.what != "create" else None,
        person=person,
        root=change.chain[0] if change.chain else None,
        depth=change.chain[1] if change.chain else 0,
    )
    try:
        with uow.attempt():
            perform_all(uow, context, event.definition["then"])
    except Exception as error:  # noqa: BLE001  whatever a rule does, the person's save stands
        incidents.open_one(
            uow, "rule", error, app=app.id, part=f"rule:{event.rule}", form=form.source.id, record=change.id
        )
