"""What can go wrong while a formula runs: seven codes, one exception."""

CODES = ("DIV0", "VALUE", "NUM", "NA", "REF", "CYCLE", "LIMIT")


class FormulaFault(Exception):
    """A formula has no value for this record; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
