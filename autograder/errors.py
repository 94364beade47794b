"""The one exception whose message is meant for the person at the keyboard."""


class GradingError(Exception):
    """Something a person has to put right. The message is one line and says what to do."""


class SandboxError(GradingError):
    """No student's process can be started here."""


class SandboxLost(SandboxError):
    """The process that forks students' processes died, and took the one that was graded along."""
