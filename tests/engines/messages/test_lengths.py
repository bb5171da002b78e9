"""How many text messages a text comes to."""

import pytest

from engines.core.messages.lengths import sms_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("", (0, 0)),
        ("a" * 160, (160, 1)),
        ("a" * 161, (161, 2)),
        ("a" * 306, (306, 2)),
        ("a" * 307, (307, 3)),
        ("字" * 70, (70, 1)),
        ("字" * 71, (71, 2)),
        ("字" * 134, (134, 2)),
        ("字" * 135, (135, 3)),
        ("a" * 70 + "字", (71, 2)),
        ("price: 5€", (10, 1)),
        ("🙂" * 35, (70, 1)),
        ("🙂" * 36, (72, 2)),
    ],
)
def test_a_text_is_cut_where_the_network_cuts_it(text, size):
    assert sms_size(text) == size
