"""How long a text message is to the network, and into how many it is cut."""

PLAIN = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""Characters of one place each, while a message has no others (GSM 03.38)."""
DOUBLE = frozenset("^{}\\[~]|€\f")
"""Those that take two places."""
SIZES = {True: (160, 153), False: (70, 67)}
"""Places of a message that stands alone, and of each part of a longer one; one Chinese character makes it all wide."""


def sms_size(text: str) -> tuple[int, int]:
    """(places that it takes, messages that are paid for); an empty one is no message."""
    plain = set(text) <= PLAIN | DOUBLE
    places = sum(1 + (one in DOUBLE) for one in text) if plain else len(text.encode("utf-16-le")) // 2
    alone, each = SIZES[plain]
    if places <= alone:
        return places, int(places > 0)
    return places, -(-places // each)
