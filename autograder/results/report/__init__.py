"""The class report: one page for the browser, and the same table for the terminal."""

from autograder.results.report.page import write_report
from autograder.results.report.rows import class_rows, table

__all__ = ["class_rows", "table", "write_report"]
