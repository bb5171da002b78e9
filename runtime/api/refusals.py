"""What the API refuses before any engine is asked."""

from engines.core.kernel.errors import AppError, Conflict, Rejected


class BadRequest(AppError):
    """A request that cannot be read; `why_zh` and `why_en` name the spot and the mend."""

    code = "bad_request"
    words = {"zh": "这个请求读不懂：{why_zh}", "en": "This request cannot be read: {why_en}"}


class BadParameter(BadRequest):
    code = "bad_parameter"
    words = {"zh": "参数 {name} 不能这样写：{why_zh}", "en": "Parameter {name} cannot be used: {why_en}"}


class Stale(Conflict):
    """`If-Match` names a version that the record no longer has."""


class KeyReused(AppError):
    code = "key_reused"
    words = {
        "zh": "这个 Idempotency-Key 已经用在另一个请求上，换一个",
        "en": "This Idempotency-Key belongs to another request: use a new one",
    }


class Several(AppError):
    code = "several"
    words = {
        "zh": "有 {count} 条记录的「{key}」都是这个值，先让它唯一",
        "en": "{count} records have this {key}: make it unique first",
    }


class BadRecords(AppError):
    """Some of the records of one request; `problems` by their place in the list."""

    code = "invalid"
    words = {"zh": "{count} 条记录要改，一条也没有保存", "en": "{count} records to mend; none was saved"}

    def __init__(self, problems: dict[int, dict[str, Rejected]]) -> None:
        super().__init__(count=len(problems))
        self.problems = problems
