"""The class's late rule, as nbgrader's plugin: nbgrader's own commands apply it, too."""

from nbgrader.plugins import BasePlugin
from traitlets import Float

from autograder.classroom.settings import LateRule


class LatePenalty(BasePlugin):
    """Takes off a share of the points for each day that has begun after due date and grace."""

    grace_minutes = Float(0, help="minutes after the due date that cost nothing").tag(config=True)
    penalty_per_day = Float(0, help="share of the points lost for each day").tag(config=True)
    cap = Float(1, help="largest share of the points that lateness can cost").tag(config=True)

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        """The points to take off a score for so many seconds of lateness."""
        rule = LateRule(self.grace_minutes, self.penalty_per_day, self.cap)
        return round(score * rule.share(total_seconds_late), 2)
