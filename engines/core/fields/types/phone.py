"""A telephone number, stored in the international form (+8613800138000)."""

from typing import Any

from phonenumbers import (
    NumberParseException,
    PhoneMetadata,
    PhoneNumber,
    PhoneNumberFormat,
    format_number,
    national_significant_number,
    parse,
    region_code_for_country_code,
)

from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition

from ..base import FieldType, field_types


@field_types.register
class Phone(FieldType):
    type = "phone"
    label = {"zh": "手机号", "en": "Phone"}
    icon = "call"
    widget = "phone"
    config = [
        {
            "id": "region",
            "type": "text",
            "label": {"zh": "默认国家或地区", "en": "Country when none is given"},
            "pattern": "[A-Z]{2}",
            "message": {"zh": "两个大写字母，例如 CN", "en": "Two capitals, such as CN"},
        }
    ]
    examples = [
        ({}, "13800138000", "+8613800138000"),
        ({}, "138 0013-8000", "+8613800138000"),
        ({}, 13800138000, "+8613800138000"),
        ({}, "１３８００１３８０００", "+8613800138000"),
        ({}, "100-0000-0001", "+8610000000001"),
        ({}, "199-0000-1234", "+8619900001234"),
        ({}, "010-12345678", "+861012345678"),
        ({}, "+1 650 253 0000", "+16502530000"),
        ({"region": "US"}, "(650) 253-0000", "+16502530000"),
    ]
    rejects = [
        ({}, "call me", "not_a_phone"),
        ({}, True, "not_a_phone"),
        ({}, "1380013800", "too_short"),
        ({}, "138001380001", "too_long"),
        ({}, "12345", "too_short"),
        ({}, "010-12345678 ext 801", "extension"),
        ({}, "+999 12345678", "no_such_country"),
    ]
    reasons = {
        "not_a_phone": {"zh": "要填电话号码，例如 13800138000", "en": "Must be a phone number, such as 13800138000"},
        "too_short": {"zh": "号码少了 {short} 位", "en": "Digits missing: {short}"},
        "too_long": {"zh": "号码多了 {over} 位", "en": "Digits too many: {over}"},
        "extension": {
            "zh": "这里只存号码，分机 {extension} 写到别的字段",
            "en": "Only the number goes here: put extension {extension} elsewhere",
        },
        "no_such_country": {
            "zh": "没有这个国家区号，中国大陆写 +86",
            "en": "No country has this code: mainland China is +86",
        },
    }

    def parse(self, raw: Any, field: Definition) -> str:
        number = _read(raw, str(field.get("region", "CN")))
        digits, lengths = len(national_significant_number(number)), _lengths(number)
        if number.extension:
            raise Rejected("extension", extension=number.extension)
        if digits > lengths[-1]:
            raise Rejected("too_long", over=digits - lengths[-1])
        if digits not in lengths:
            raise Rejected("too_short", short=next(each for each in lengths if each > digits) - digits)
        stored = format_number(number, PhoneNumberFormat.E164)
        if _read(stored, "ZZ") != number:  # a jumble of digits that the library reads in two ways
            raise Rejected("not_a_phone")
        return stored

    def schema(self, field: Definition) -> Definition:
        return {"type": "string", "pattern": r"^\+[1-9][0-9]{6,14}$"}

    def to_text(self, stored: Any, field: Definition, language: str) -> Any:
        """As people of the field's region write it: 138 0013 8000, or +1 650-253-0000."""
        if stored is None:
            return None
        number, region = parse(stored), str(field.get("region", "CN"))
        at_home = region_code_for_country_code(number.country_code or 0) == region
        return format_number(number, PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL)


def _read(raw: Any, region: str) -> PhoneNumber:
    if isinstance(raw, bool) or not isinstance(raw, (str, int)) or len(str(raw)) > 80:
        raise Rejected("not_a_phone")
    try:
        return parse(str(raw), region)
    except NumberParseException as wrong:
        unknown = wrong.error_type == NumberParseException.INVALID_COUNTRY_CODE
        raise Rejected("no_such_country" if unknown else "not_a_phone") from None


def _lengths(number: PhoneNumber) -> tuple[int, ...]:
    """How many digits such a number may have: possible lengths, since nobody knows all ranges in use.

    A mainland number that starts like a mobile has 11: without this, one digit short would pass as a landline.
    """
    code, digits = number.country_code or 0, national_significant_number(number)
    if code == 86 and digits[:1] == "1" and digits[1:2] in tuple("3456789"):
        return (11,)
    known = PhoneMetadata.metadata_for_region_or_calling_code(code, region_code_for_country_code(code))
    return tuple(known.general_desc.possible_length) if known and known.general_desc else tuple(range(4, 16))
