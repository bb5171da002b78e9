"""A person keeps which tours were seen or skipped, so that none offers itself twice."""

from ..revision import Revision, revisions
from ..statements import Session


@revisions.register
class ToursSeen(Revision):
    type = "0003"
    label = {"zh": "每个人记下看过或跳过的导览", "en": "Each person keeps the tours that were seen or skipped"}
    additive = True

    def up(self, session: Session) -> None:
        session.driver.execute("ALTER TABLE dg_person ADD COLUMN tours TEXT")
