"""Mails look like the product, by day and by night, and every reader without HTML gets the words."""

import re

from engines.core.kernel.settings import Mail
from engines.core.messages.base import Message
from engines.core.messages.channels.mail import _mail
from runtime.letter import letter

BODY = "小鹿 <b>你好</b>\n看这里：https://shop.example/a/1?x=1&y=2。\n\n第二段"


def test_a_mail_carries_the_words_and_a_dressed_copy():
    mail = _mail(Message("mail", "zoe@team.org", "合同 <1>", BODY), Mail(sender="crm@team.org"), letter)
    plain, dressed = mail.iter_parts()
    assert (plain.get_content_type(), dressed.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().strip() == BODY
    assert "合同 &lt;1&gt;" in dressed.get_content()


def test_what_people_write_is_text_and_addresses_can_be_clicked():
    made = letter("合同", BODY)
    assert "<b>你好</b>" not in made
    assert 'href="https://shop.example/a/1?x=1&amp;y=2"' in made
    assert made.count("<p style") == 2


def test_nothing_comes_from_outside_and_it_can_be_read_in_the_dark(browser):
    made = letter("合同到期提醒", BODY)
    assert re.findall(r"(?:src|@import|url)\s*[=(]", made) == []
    page = browser.new_page(viewport={"width": 390, "height": 500})
    for scheme, dark in (("light", False), ("dark", True)):
        page.emulate_media(color_scheme=scheme)
        page.set_content(made)
        page.screenshot(path=f"var/shots/letter_{scheme}.png")
        paper, ink = page.evaluate("['.sheet', '.ink'].map(e => getComputedStyle(document.querySelector(e)))"
                                   ".map((look, n) => n ? look.color : look.backgroundColor)")  # fmt: skip
        light = [int(re.search(r"\d+", one)[0]) for one in (paper, ink)]
        assert (light[0] < light[1]) is dark
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
