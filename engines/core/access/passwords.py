"""Signing in by name and password: argon2id, the same work and answer for a name that nobody has, few wrong tries."""

import hashlib
import ipaddress

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import delete, func, insert, select, update

from engines.core.database.statements import Session
from engines.core.kernel import clock
from engines.core.kernel.errors import AppError, TooMany
from engines.core.kernel.work import Look

from .audit import record
from .sessions import end_all
from .tables import attempt, person

WINDOW = 15 * 60 * 1_000_000
TRIES = 5
SHORTEST, LONGEST = 8, 200
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$pjY+7QyVjJhZnCT96vAGxw$kDm/YVu6gwm0FPjPh1P+AOQfwCNcv28+b2PEz6S/pio"
"""What the password for an unknown name is compared with: as slow, and never right, since nobody knows its password."""
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class WrongPassword(AppError):
    code = "wrong_password"
    words = {
        "zh": "名字或密码不对；没有设过密码的话，用管理员发的链接登录",
        "en": "Name or password is not right; without a password, use the link an administrator gave you",
    }


class WeakPassword(AppError):
    code = "weak_password"
    words = {
        "zh": "密码要 {least} 到 {most} 个字符，现在是 {length} 个",
        "en": "A password has {least} to {most} characters, this one has {length}",
    }


class CommonPassword(AppError):
    code = "common_password"
    words = {
        "zh": "这个密码太容易猜到，换一个：几个不相关的词连起来就好",
        "en": "This password is easily guessed: join a few words that have nothing to do with each other",
    }


def hashed(password: str, name: str) -> str:
    """What is kept of a password; WeakPassword, CommonPassword. Slow on purpose: never inside a unit of work."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPassword(least=SHORTEST, most=LONGEST, length=len(password))
    plain = password.lower()
    if len(set(plain)) < 4 or plain in (name.lower(), name.lower() * 2) or plain in COMMON:
        raise CommonPassword
    return _hasher.hash(password)


def keep(look: Look, number: int, made: str, *, but: str = "") -> None:
    """The new hash; every other session of the person ends (`but` is the one that stays)."""
    moved = {"password": made, "rights_version": person.c.rights_version + 1}
    look.session.run(update(person).where(person.c.id == number).values(moved))
    end_all(look.session, number, but=but)
    record(look, "password_set", f"person:{number}")


def has_one(session: Session, number: int) -> bool:
    row = session.run(select(person.c.password).where(person.c.id == number)).fetchone()
    return bool(row and row[0])


def admit(session: Session, name: str, network: str) -> tuple[int, str]:
    """Counts this try before anything is compared, so that tries at the same moment count too; (person id, what to
    compare with), the id 0 for nobody. TooMany after five in a quarter of an hour."""
    now, key = clock.wall(), _key(name, network)
    session.run(delete(attempt).where(attempt.c.at < now - WINDOW))
    wanted = select(func.count(), func.min(attempt.c.at)).where(attempt.c.key == key)
    tries, first = session.run(wanted).fetchone()
    if tries >= TRIES:
        raise TooMany(max(1, (first + WINDOW - now) // 1_000_000))
    session.run(insert(attempt).values(key=key, at=now))
    found = select(person.c.id, person.c.password).where(person.c.name == name.strip(), person.c.state == "active")
    row = session.run(found).fetchone()
    return (int(row[0]), row[1]) if row and row[1] else (0, NOBODY)


def matches(made: str, password: str) -> bool:
    """Slow on purpose: never inside a unit of work."""
    try:
        return _hasher.verify(made, password[:LONGEST])
    except (Argon2Error, InvalidHashError):
        return False


def forgive(session: Session, name: str, network: str) -> None:
    """The right password: earlier wrong ones no longer count."""
    session.run(delete(attempt).where(attempt.c.key == _key(name, network)))


def network_of(address: str) -> str:
    """What counts as one place: an IPv4 address's 24 bits, an IPv6 address's 64."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network(f"{found}/{24 if found.version == 4 else 64}", strict=False))


def _key(name: str, network: str) -> str:
    return hashlib.sha256(f"{name.strip().lower()}\0{network}".encode()).hexdigest()


COMMON = frozenset(
    "password password1 password123 passw0rd 12345678 123456789 1234567890 87654321 11223344 qwertyui qwerty123 "
    "qwertyuiop 1q2w3e4r 1qaz2wsx abcd1234 abc12345 iloveyou woaini1314 woaini520 5201314520 admin123 administrator "
    "dougong1 letmein1 welcome1 sunshine princess football baseball superman".split()
)
