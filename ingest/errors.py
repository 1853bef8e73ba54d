"""The one error that is shown to a person: what failed, on what, what to do next."""


class TrustbotError(Exception):
    """Something a person can mend; its message is one line that says how."""
