"""Principals that are not a person at a desk: an API token, a public link, an app's service account."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from engines.core.database.statements import Session
from engines.core.kernel.scope import Rights, Rows, Scope


class Limit(Protocol):
    """What stands in `Actor.via`: makes the rights of a principal out of its person's, or out of nothing."""

    @property
    def person(self) -> bool:
        """Does a person stand behind it, whose own rights are the most it can have?"""
        ...

    def rights(self, own: Rights | None, apps: Any, session: Session) -> Rights: ...


@dataclass(frozen=True)
class Token:
    """An API token: the owner's rights of this moment, on the forms and for the actions that it names; `*` is any."""

    id: int
    scopes: tuple[tuple[str, str, frozenset[str]], ...]
    person: bool = True

    def rights(self, own: Rights | None, apps: Any, session: Session) -> Rights:
        return TokenRights(own, self.scopes) if own else Nothing()


@dataclass(frozen=True)
class TokenRights:
    own: Rights
    scopes: tuple[tuple[str, str, frozenset[str]], ...]

    def scope(self, form: str) -> Scope:
        app_id, _, form_id = form.partition("__")
        allowed = [actions for app, name, actions in self.scopes if app == app_id and name in (form_id, "*")]
        own = self.own.scope(form)
        actions = frozenset(a for a in own.actions if any(a in given or "*" in given for given in allowed))
        if not actions:
            return Scope.nothing()
        return replace(own, actions=actions, key=(own.key, "token", self.scopes))

    def may(self, right: str, app: str = "", part: str = "") -> bool:
        """`APP:*:*` stands for all that its owner may do in the app; nothing stands for the workspace."""
        given = [actions for name, form, actions in self.scopes if app == name and (right == "open" or form == "*")]
        whole = right == "open" or any("*" in actions for actions in given)
        return bool(app and given) and whole and self.own.may(right, app, part)


@dataclass(frozen=True)
class LinkRights:
    """A public link's closed list: it shows the rows of one view, or takes one form's entries; nothing else.

    `form` is `<app>__<form>`; `shows` the fields of a view link; `takes` those of a form link; `rows` the view's own
    condition with its `params`; `key` tells one link's shape from another's."""

    form: str
    key: str
    shows: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()
    rows: Rows | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    def scope(self, form: str) -> Scope:
        actions = {"view": self.shows, "create": self.takes}
        given = frozenset(name for name, fields in actions.items() if fields)
        if form != self.form or not given:
            return Scope.nothing()
        key = ("link", self.key)
        return Scope(given, self.rows, self.params, self.shows, self.takes, key=key, reason="public link")

    def may(self, right: str, app: str = "", part: str = "") -> bool:
        return False


@dataclass(frozen=True)
class PublicLink:
    """`Actor(0, via=PublicLink(...))` is whoever came over a public link."""

    given: LinkRights
    person: bool = False

    def rights(self, own: Rights | None, apps: Any, session: Session) -> Rights:
        return self.given


class Nothing:
    """No right at all."""

    def scope(self, form: str) -> Scope:
        return Scope.nothing()

    def may(self, right: str, app: str = "", part: str = "") -> bool:
        return False
