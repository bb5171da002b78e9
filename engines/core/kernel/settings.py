"""What the operator set: DATA/settings.toml, then DOUGONG_*; frozen once read."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .errors import AppError


class SecretMissing(AppError):
    code = "secret_missing"
    words = {
        "zh": "工作区里没有叫「{name}」的密钥，在 settings.toml 的 [secrets] 里加上",
        "en": "The workspace has no secret called '{name}': add it under [secrets] in settings.toml",
    }


@dataclass(frozen=True)
class Mail:
    """The SMTP server that takes our mail; `security`: starttls, tls or none. No host: mail stays in the outbox."""

    host: str = ""
    port: int = 587
    user: str = ""
    password: str = ""
    sender: str = ""
    security: str = "starttls"


@dataclass(frozen=True)
class Settings:
    """`public_url` is the address that links in messages carry. `allow_hosts` are the only private addresses that the
    platform may call: `host`, `host:port` or a network such as 10.1.0.0/16. `keep`: days by what is kept,
    0 for ever. `language`: of what the platform writes itself, such as demo data; "" leaves it to each app."""

    public_url: str = ""
    mail: Mail = Mail()
    allow_hosts: tuple[str, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    keep: Mapping[str, int] = field(default_factory=dict)
    language: str = ""

    def secret(self, text: str) -> str:
        """`secret:NAME` stands for a secret of the workspace, so that no definition carries one; other text is itself.
        SecretMissing when nobody set it."""
        name = text.removeprefix("secret:")
        if name == text:
            return text
        if name not in self.secrets:
            raise SecretMissing(name=name)
        return self.secrets[name]


def load(folder: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """`DOUGONG_PUBLIC_URL`, `DOUGONG_MAIL_HOST`, `DOUGONG_SECRET_<NAME>` and so on stand above the file."""
    path = folder / "settings.toml"
    given: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    own = {name.removeprefix("DOUGONG_").lower(): v for name, v in environment.items() if name.startswith("DOUGONG_")}
    hosts = own["allow_hosts"].split() if "allow_hosts" in own else given.get("allow_hosts", ())
    return Settings(
        own.get("public_url", given.get("public_url", "")).rstrip("/"),
        _mail(given.get("mail", {}), _under("mail_", own)),
        tuple(hosts),
        dict(given.get("secrets", {})) | _under("secret_", own),
        {n: int(days) for n, days in (given.get("keep", {}) | _under("keep_", own)).items()},
        own.get("language", given.get("language", "")),
    )


def _under(prefix: str, own: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(prefix): value for name, value in own.items() if name.startswith(prefix)}


def _mail(given: dict[str, Any], own: dict[str, str]) -> Mail:
    known = {name: value for name, value in {**given, **own}.items() if name in Mail.__dataclass_fields__}
    return replace(Mail(), **known | {"port": int(known.get("port", Mail.port))})
