"""What several words share: the class folder, and paths as people read them."""

import shlex
from pathlib import Path

import click

from autograder.errors import GradingError

class_folder = click.argument("class_dir", metavar="CLASS", type=click.Path(path_type=Path))


def existing(class_dir):
    """The class's folder as an absolute path. Raises GradingError if there is none."""
    if not class_dir.is_dir():
        raise GradingError(f"there is no folder {class_dir}; name the class's folder, or make one "
                           f"with: convnets start {typed(class_dir)}")
    return class_dir.resolve()


def short(path):
    """The path as seen from where the command was typed, if it lies below."""
    path = Path(path)
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def typed(path):
    """The path as one types it in a command: in quotation marks, where it holds blanks."""
    return shlex.quote(str(short(path)))
