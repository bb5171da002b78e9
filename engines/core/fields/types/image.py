"""Pictures: ids of uploads, shown small."""

from ..attachments import Attached
from ..base import field_types


@field_types.register
class Image(Attached):
    type = "image"
    label = {"zh": "图片", "en": "Image"}
    icon = "image"
    widget = "image"
    examples = [*Attached.examples, ({"accept": "image/png, image/jpeg"}, 7, (7,))]
