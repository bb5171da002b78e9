"""`user …`: people and their one-time sign-in links."""

from typing import Any

from engines.apps.platform import SYSTEM
from engines.core.access import commands, people

from .base import Call, argument, command


@command(
    "user add",
    argument("name"),
    argument("--role", default="member", choices=people.WORKSPACE_ROLES),
    argument("--display", default="", help="what pages call them"),
)
def add(call: Call) -> None:
    """a new person, and the link that invites them"""
    args = call.args
    number, token = call.platform.run(
        SYSTEM, lambda uow: commands.invite(uow, args.name, role=args.role, display=args.display)
    )
    call.say({"id": number, "path": f"/invite/{token}"})


@command("user link", argument("name"))
def link(call: Call) -> None:
    """a fresh one-time sign-in link"""

    def make(uow: Any) -> str:
        return commands.new_link(uow, people.by_name(uow.session, call.args.name), "sign_in")

    call.say({"path": f"/sign-in/{call.platform.run(SYSTEM, make)}"})


@command("user role", argument("name"), argument("role", help="APP:ROLE, or a role of the workspace"))
def role(call: Call) -> None:
    """give a person one more role"""
    app, _, name = call.args.role.rpartition(":")
    call.platform.run(SYSTEM, lambda uow: commands.give(uow, people.by_name(uow.session, call.args.name), app, name))
    call.say({"name": call.args.name, "role": call.args.role})


@command("user list")
def everyone(call: Call) -> None:
    """all people"""
    call.say({"users": call.platform.look(SYSTEM, lambda look: people.everyone(look.session))})
