"""nbgrader's own commands and buttons, with the judge and the sandbox behind them."""

from autograder.stock.execute import walled

__all__ = ["walled"]
