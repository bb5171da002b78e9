"""A run of a flow may carry settings of its own, so that tasks made one by one share one stored flow."""

from ..revision import Revision, revisions
from ..statements import Session


@revisions.register
class OwnSettings(Revision):
    type = "0002"
    label = {"zh": "流程的运行带上自己的设置", "en": "A run of a flow keeps settings of its own"}
    additive = True

    def up(self, session: Session) -> None:
        session.driver.execute("ALTER TABLE dg_flow_instance ADD COLUMN own TEXT")
