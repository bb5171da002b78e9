"""Files of any kind: ids of uploads, one link row each."""

from ..attachments import Attached
from ..base import field_types


@field_types.register
class File(Attached):
    type = "file"
    label = {"zh": "附件", "en": "File"}
    icon = "clip"
    widget = "file"
    examples = [*Attached.examples, ({"accept": ".pdf, .docx"}, 7, (7,))]
