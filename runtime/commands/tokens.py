"""`token …` and `verify-audit`: API tokens, and whether anybody touched the audit log."""

from engines.apps.platform import SYSTEM
from engines.core.access import audit, people, tokens
from engines.core.access.tokens import TooLong

from .base import Call, argument, command


@command(
    "token create",
    argument("--user", required=True, help="whose rights it has, at most"),
    argument("--scope", required=True, nargs="+", help="APP:FORM:ACTION[,ACTION…]; * is any"),
    argument("--expires", default="90d", help="such as 90d; a year at most"),
    argument("--label", default=""),
)
def create(call: Call) -> None:
    """an API token, printed once"""
    args = call.args
    days = args.expires.removesuffix("d")
    if not days.isdigit():
        raise TooLong(most=tokens.LONGEST)
    made = call.platform.run(
        SYSTEM,
        lambda uow: tokens.make(uow, people.by_name(uow.session, args.user), args.scope, int(days), label=args.label),
    )
    call.say({"token": made})


@command("token list")
def everything(call: Call) -> None:
    """all API tokens, without the tokens themselves"""
    call.say({"tokens": call.platform.look(SYSTEM, lambda look: tokens.listed(look.session))})


@command("token revoke", argument("id", type=int))
def revoke(call: Call) -> None:
    """take a token back"""
    call.platform.run(SYSTEM, lambda uow: tokens.revoke(uow, call.args.id))
    call.say({"revoked": call.args.id})


@command("verify-audit", argument("--head", default="", help="a hash printed before: it must still be in the chain"))
def verify_audit(call: Call) -> int:
    """does the audit chain hold? prints its last hash, to be kept elsewhere"""
    rows, broken = call.platform.look(SYSTEM, lambda look: audit.verify(look.session))
    head, known = call.platform.look(SYSTEM, lambda look: audit.head(look.session, call.args.head))
    call.say({"rows": rows, "broken_at": broken, "head": head, "knows_head": known})
    return 0 if broken is None and known else 1
