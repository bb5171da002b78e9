"""Says something in a group of WeCom, DingTalk or Feishu."""

from collections.abc import Mapping
from typing import Any

from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import UnitOfWork
from engines.core.messages import outbox
from engines.core.messages.base import Message

from ..base import Action, Context, action_types
from ..texts import fill, language_of
from ..wording import gaps, panel, wording

ROBOTS = [
    {"id": "wecom", "label": {"zh": "企业微信", "en": "WeCom"}},
    {"id": "dingtalk", "label": {"zh": "钉钉", "en": "DingTalk"}},
    {"id": "feishu", "label": {"zh": "飞书", "en": "Feishu"}},
]


@action_types.register
class ChatRobot(Action):
    type = "chat_robot"
    label = {"zh": "群机器人发言", "en": "Chat robot"}
    icon = "chat"
    group = "outside"
    config = [
        {
            "id": "robot",
            "type": "select",
            "label": {"zh": "机器人", "en": "Robot"},
            "required": True,
            "options": ROBOTS,
        },
        {
            "id": "url",
            "type": "text",
            "label": {"zh": "地址，如 secret:group", "en": "Address, such as secret:group"},
            "required": True,
            "max_length": 500,
        },
        {"id": "secret", "type": "text", "label": {"zh": "签名密钥", "en": "Signing secret"}, "max_length": 80},
        *panel(2000),
    ]
    starter = {"text": {"zh": "群机器人发言", "en": "Chat robot"}}
    examples = [
        ({"robot": "wecom", "url": "secret:group", "text": {"zh": "{{handle}} 刚成交", "en": "{{handle}} won"}},)
    ]

    def problems(self, settings: Definition) -> list[tuple[str, Label]]:
        return gaps(settings)

    def run(self, uow: UnitOfWork, context: Context, settings: Definition) -> Mapping[str, Any]:
        text = fill(uow, context, wording(context.app, settings).text, language_of(context))
        data = {"robot": settings["robot"], "secret": settings.get("secret", "")}
        message = Message("chat_robot", settings["url"], body=text, data=data)
        number = outbox.post(uow, message, app=context.app.id, form=context.source_id, record=context.record)
        return {"outbox": [number]}
