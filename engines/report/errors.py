"""What a report may be refused for; each says where it stuck and how to mend it."""

from engines.core.kernel.errors import AppError, Forbidden


class NoSuchField(AppError):
    code = "report_no_field"
    words = {
        "zh": "「{form}」里没有「{field}」；可用的有：{known}",
        "en": "'{form}' has no '{field}'; there are: {known}",
    }


class NotToOne(AppError):
    code = "report_many"
    words = {
        "zh": "「{field}」经过一对多的关联，数会被重复计算；换成从那张表单出发的指标（from）",
        "en": "'{field}' passes through several records, so numbers would be counted twice: "
        "make it a measure from that form",
    }


class NoSuchMeasure(AppError):
    code = "report_no_measure"
    words = {
        "zh": "数据集里没有指标「{measure}」；可用的有：{known}",
        "en": "The dataset has no measure '{measure}'; there are: {known}",
    }


class CannotSplit(AppError):
    code = "report_cannot_split"
    words = {
        "zh": "指标「{measure}」来自另一张表单，没写明「{field}」在那边是哪个字段；在 map 里补上",
        "en": "Measure '{measure}' comes from another form and does not say what '{field}' is there: add it to map",
    }


class BadAggregate(AppError):
    code = "report_bad_aggregate"
    words = {
        "zh": "「{field}」不能求「{agg}」；数字、金额和时长才可以",
        "en": "'{field}' has no '{agg}': numbers, money and durations have",
    }


class BadBucket(AppError):
    code = "report_bad_bucket"
    words = {"zh": "「{field}」不是日期，不能按{bucket}分组", "en": "'{field}' is not a date and has no {bucket}"}


class BadParam(AppError):
    code = "report_bad_param"
    words = {"zh": "筛选「{param}」不认识「{value}」", "en": "Filter '{param}' does not know '{value}'"}


class Hidden(Forbidden):
    """Also when the field is only filtered by: a filter tells values too."""

    code = "report_hidden"
    words = {
        "zh": "这张报表用到「{field}」，你没有查看它的权限；可以请管理员开通",
        "en": "This report uses '{field}', which you may not read; an administrator can allow it",
    }


class TooManyRows(AppError):
    code = "report_too_many"
    words = {
        "zh": "分出了超过 {most} 组，画不下；加一个筛选，或取前几名",
        "en": "More than {most} groups: add a filter or take the top few",
    }


class TooManyBehind(AppError):
    code = "report_too_many_behind"
    words = {
        "zh": "这个数背后有 {count} 条，一次最多列出 {most} 条；先加一个筛选",
        "en": "There are {count} records behind this number, at most {most} can be listed: add a filter first",
    }


class NoChart(AppError):
    """A chart that cannot show this frame; `zh` and `en` say what it would need."""

    code = "report_no_chart"
    words = {"zh": "{zh}", "en": "{en}"}


class Ring(AppError):
    code = "report_ring"
    words = {
        "zh": "这些指标互相依赖，算不出来：{measures}",
        "en": "These measures are made of each other: {measures}",
    }
