"""A plain table of the frame, with a row of totals when it is asked for."""

from ..chart import Chart, Structure, charts


@charts.register
class Table(Chart):
    type = "table"
    label = {"zh": "表格", "en": "Table"}
    icon = "table"
    dims = (0, 4)
    measures = (0, 20)
    most = 50_000
    html = True
    image = False
    config = [{"id": "total", "type": "checkbox", "label": {"zh": "显示合计", "en": "Show totals"}}]
    examples = [({}, 1, 1), ({"total": True}, 2, 3)]

    def structures(self) -> list[Structure]:
        return []
