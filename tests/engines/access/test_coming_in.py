"""Links, invitations, passwords, sessions: how one comes in, and how one is put out."""

import pytest

from engines.apps.platform import SYSTEM
from engines.core.access import commands, passwords, people, sessions
from engines.core.access.passwords import CommonPassword, WeakPassword
from engines.core.kernel import clock
from engines.core.kernel.errors import LinkSpent, TooMany

GOOD = "four quiet wooden boats"
HOUR = 3600 * 1_000_000


@pytest.fixture
def wall(monkeypatch):
    """Moves the clock on the wall."""
    real, moved = clock.wall, [0]
    monkeypatch.setattr(clock, "wall", lambda: real() + moved[0])
    return lambda micros: moved.__setitem__(0, moved[0] + micros)


def link(house, name, purpose="sign_in"):
    return house.platform.run(SYSTEM, lambda uow: people.make_link(uow.session, name, purpose))


def use(house, token, purpose="sign_in"):
    return house.platform.run(SYSTEM, lambda uow: people.use_link(uow.session, token, purpose))


def test_a_link_is_for_once_and_for_a_quarter_of_an_hour(house, wall):
    token = link(house, "may")
    assert use(house, token).name == "may"
    with pytest.raises(LinkSpent):
        use(house, token)
    late = link(house, "may")
    wall(15 * 60 * 1_000_000 + 1)
    with pytest.raises(LinkSpent):
        use(house, late)


def test_an_invitation_lives_three_days_and_looking_does_not_spend_it(house, wall):
    token = link(house, "may", "invite")
    with pytest.raises(LinkSpent):
        use(house, token)
    wall(71 * HOUR)
    for _ in range(2):
        assert house.platform.look(SYSTEM, lambda look: people.invited(look.session, token)) == "may"
    assert use(house, token, "invite").name == "may"
    with pytest.raises(LinkSpent):
        house.platform.look(SYSTEM, lambda look: people.invited(look.session, token))
    late = link(house, "bo", "invite")
    wall(73 * HOUR)
    with pytest.raises(LinkSpent):
        use(house, late, "invite")


@pytest.mark.parametrize(
    ("password", "refused"),
    [
        ("seven77", WeakPassword),
        ("x" * 201, WeakPassword),
        ("aaaaaaaa", CommonPassword),
        ("Password123", CommonPassword),
    ],
)
def test_a_weak_password_is_refused_with_the_gap(password, refused):
    with pytest.raises(refused):
        passwords.hashed(password, "may")


def set_password(house, name, password, but=""):
    made = passwords.hashed(password, name)
    house.platform.run(house.who[name], lambda uow: passwords.keep(uow, uow.actor.id, made, but=but))


def attempt(house, name, password, network="10.0.0.0/24"):
    number, made = house.platform.db.write(lambda session: passwords.admit(session, name, network))
    right = passwords.matches(made, password) and number
    if right:
        house.platform.db.write(lambda session: passwords.forgive(session, name, network))
    return right or None


def test_five_wrong_tries_close_the_door_for_a_quarter_of_an_hour(house, wall):
    set_password(house, "may", GOOD)
    for name in ("may", "nobody at all"):
        for _ in range(5):
            assert attempt(house, name, "wrong") is None
        with pytest.raises(TooMany) as refused:
            attempt(house, name, GOOD)
        assert 0 < refused.value.details["wait"] <= 900
    assert attempt(house, "may", GOOD, "10.9.9.0/24") == house.who["may"].id
    wall(15 * 60 * 1_000_000 + 1)
    assert attempt(house, "may", GOOD) == house.who["may"].id


def test_the_right_password_forgives_the_wrong_ones(house):
    set_password(house, "may", GOOD)
    for _ in range(3):
        for _ in range(4):
            assert attempt(house, "may", "wrong") is None
        assert attempt(house, "may", GOOD) == house.who["may"].id


def test_nobody_signs_in_without_a_password_or_when_suspended(house):
    assert attempt(house, "bo", "") is None
    set_password(house, "may", GOOD)
    house.platform.run(house.who["adam"], lambda uow: commands.suspend(uow, house.who["may"].id))
    assert attempt(house, "may", GOOD) is None


def test_a_new_password_ends_every_other_session(house):
    db, may = house.platform.db, house.who["may"].id
    here, there = (db.write(lambda session: sessions.open_for(session, may)) for _ in range(2))
    set_password(house, "may", GOOD, but=people.digest(here))
    assert db.read(lambda session: sessions.find(session, here)).person == may
    assert db.read(lambda session: sessions.find(session, there)) is None


def test_a_session_ends_after_a_week_of_rest_or_a_month(house, wall):
    db, may = house.platform.db, house.who["may"].id
    token = db.write(lambda session: sessions.open_for(session, may))
    for _ in range(4):
        wall(6 * 24 * HOUR)
        found = db.read(lambda session: sessions.find(session, token))
        assert found.stale
        db.write(lambda session, key=found.key: sessions.touch(session, key))
    wall(7 * 24 * HOUR)
    assert db.read(lambda session: sessions.find(session, token)) is None
    other = db.write(lambda session: sessions.open_for(session, may))
    wall(7 * 24 * HOUR + 1)
    assert db.read(lambda session: sessions.find(session, other)) is None


@pytest.mark.parametrize(
    ("address", "network"),
    [("10.1.2.3", "10.1.2.0/24"), ("2001:db8::1:2", "2001:db8::/64"), ("odd", "unknown")],
)
def test_a_network_is_what_one_place_has(address, network):
    assert passwords.network_of(address) == network
