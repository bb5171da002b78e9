"""`user …`: people and their one-time sign-in links."""

from engines.apps.platform import SYSTEM
from engines.core.access import people

from .base import Call, argument, command


@command("user add", argument("name"))
def add(call: Call) -> None:
    """a new person"""
    call.say({"id": call.platform.run(SYSTEM, lambda uow: people.add(uow.session, call.args.name))})


@command("user link", argument("name"))
def link(call: Call) -> None:
    """a fresh one-time sign-in link"""
    token = call.platform.run(SYSTEM, lambda uow: people.make_link(uow.session, call.args.name))
    call.say({"path": f"/sign-in/{token}"})


@command("user list")
def everyone(call: Call) -> None:
    """all people"""
    call.say({"users": call.platform.look(SYSTEM, lambda look: people.everyone(look.session))})
