"""The sample's own roles, on its own forms: what each sees of one and the same record."""

import pytest

from engines.apps.folder import read_folder
from engines.apps.platform import SYSTEM
from engines.core.access import commands, people
from engines.core.kernel.errors import AppError
from engines.core.kernel.work import Actor
from engines.core.records import query
from engines.form import submit

from ...conftest import ROOT


@pytest.fixture
def staff(platform):
    """One person for each role of the sample; a fan is the seller's."""
    definition = read_folder(ROOT / "sample_apps" / "crm_livestream")
    crm = platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, definition))
    made = {}
    for role in crm.parts("roles"):
        number = platform.run(SYSTEM, lambda uow, r=role: people.add(uow.session, r["id"] + " person"))
        platform.run(SYSTEM, lambda uow, n=number, r=role: commands.give(uow, n, crm.id, r["id"]))
        made[role["id"]] = Actor(number, role["id"])
    fan = crm.form("fan")
    given = {"handle": "小鹿不迷路", "platform": "douyin", "owner": made["seller"].id, "email": "deer@mail.example"}
    platform.run(SYSTEM, lambda uow: submit.create_record(uow, fan, given))
    return platform, crm, made


def count(staff, role, form):
    platform, crm, made = staff
    return platform.look(made[role], lambda look: query.count(look, crm.form(form).source))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_seller_sees_his_own_and_another_one_does_not(staff):
    platform, crm, made = staff
    other = platform.run(SYSTEM, lambda uow: people.add(uow.session, "other"))
    platform.run(SYSTEM, lambda uow: commands.give(uow, other, crm.id, "seller"))
    made["other"] = Actor(other, "other")
    assert (count(staff, "seller", "fan"), count(staff, "other", "fan")) == (1, 0)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_operations_see_the_mail_address_masked(staff):
    platform, crm, made = staff
    row = platform.look(made["operations"], lambda look: query.one(look, crm.form("fan").source, 1))
    assert row["email"] == "••••mple"
    assert (
        platform.look(made["owner"], lambda look: query.one(look, crm.form("fan").source, 1))["email"]
        == "deer@mail.example"
    )


def test_every_role_reads_every_form_it_may_and_no_other(staff):
    """Compiles each row condition on the database; a form that is not given answers as if it were empty."""
    platform, crm, made = staff
    for role, actor in made.items():
        for form in crm.forms.values():
            try:
                page = platform.look(actor, lambda look, f=form: query.page(look, f.source, query.Ask()))
            except AppError as error:
                raise AssertionError(f"{role} on {form.id}: {error}") from error
            may = platform.look(actor, lambda look, f=form: look.rights.scope(f.source.id).may("view"))
            assert may or page.rows == [], f"{role} on {form.id}"
