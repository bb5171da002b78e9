"""Mail through the operator's SMTP server; without one it stays in the outbox."""

import re
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr

from engines.core.jobs.base import Services
from engines.core.kernel.settings import Mail as Server

from ..base import Channel, Message, Undelivered, channel_types

Letter = Callable[[str, str], str]
"""(subject, text) as the markup that whoever runs the engines shows mails in."""
RESERVED = re.compile(r"@(.*\.)?(example|test|invalid|localhost)(\.(com|net|org))?$", re.IGNORECASE)
"""Names that stand in demo data and documentation; nobody lives there."""


@channel_types.register
class MailChannel(Channel):
    type = "mail"
    label = {"zh": "邮件", "en": "Mail"}
    icon = "mail"

    def held(self, message: Message, services: Services) -> str:
        address = parseaddr(message.to)[1]
        if "@" not in address:
            return "no_address"
        if RESERVED.search(address):
            return "reserved_address"
        return "" if services["settings"].mail.host else "no_server"

    def send(self, message: Message, services: Services) -> str:
        server: Server = services["settings"].mail
        try:
            with _open(server) as smtp:
                refused = smtp.send_message(_mail(message, server, services.get("letter")))
        except (smtplib.SMTPException, OSError) as error:
            raise Undelivered(answer=f"{type(error).__name__} {error}"[:300]) from error
        return "accepted" if not refused else str(refused)


def _mail(message: Message, server: Server, letter: Letter | None = None) -> EmailMessage:
    """The key makes the message id, so that a mail sent twice is one mail to the reader's program. `letter` dresses it;
    the plain text goes along."""
    mail = EmailMessage()
    mail["Subject"] = " ".join(message.subject.split())
    mail["From"], mail["To"] = server.sender or server.user, message.to
    domain = parseaddr(str(mail["From"]))[1].rpartition("@")[2] or "dougong"
    mail["Message-ID"] = f"<{message.key}@{domain}>" if message.key else make_msgid(domain=domain)
    mail.set_content(message.body)
    if letter is not None:
        mail.add_alternative(letter(str(mail["Subject"]), message.body), subtype="html")
    return mail


def _open(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=15, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=15)
    if server.security == "starttls":
        smtp.starttls(context=context)
    if server.user:
        smtp.login(server.user, server.password)
    return smtp
