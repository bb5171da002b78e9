"""Which tours a person has seen is kept with the person."""

from engines.apps.platform import SYSTEM
from engines.core.access import people


def seen(house, name):
    return house.platform.look(SYSTEM, lambda look: people.tours(look.session, house.who[name].id))


def test_a_tour_that_was_seen_is_kept_for_that_person_alone(house):
    for tour in ("rules", "forms", "rules"):
        house.platform.run(SYSTEM, lambda uow, t=tour: people.toured(uow.session, house.who["may"].id, t))
    assert seen(house, "may") == {"forms", "rules"}
    assert seen(house, "bo") == set()
