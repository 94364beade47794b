"""nbgrader's exchange in a class: its own lesson goes out, feedback to who came that way."""

import logging

import pytest
from nbgrader.apps import api, generatesolutionapp
from nbgrader.auth import Authenticator
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError, ExchangeFactory

from autograder import course
from autograder.classroom.config import class_config, ensure_config

FIRST, SECOND = "01_spatial_arithmetic", "02_convolution_forward"


@pytest.fixture
def exchange(tmp_path):
    """exchange(word, lesson): does what nbgrader's command of that name does; returns its place."""
    class_dir = tmp_path / "class"
    class_dir.mkdir()
    (class_dir / "class.toml").write_text(
        f'[lessons]\n{FIRST} = {{ drop = ["receptive_field_of_two"] }}\n')
    place = tmp_path / "exchange"
    place.mkdir()
    place.chmod(0o777)
    ensure_config(class_dir)

    def run(word, lesson):
        config = class_config(class_dir)
        config.Exchange.root = str(place)
        config.CourseDirectory.assignment_id = lesson
        directory = CourseDirectory(config=config)
        how = {"coursedir": directory, "authenticator": Authenticator(config=config),
               "config": config}
        getattr(ExchangeFactory(config=config), word)(**how).start()
        assert directory.student_id_exclude == "", "formgrader goes on with it"
        return place / "convnets"

    run.class_dir = class_dir
    return run


def test_what_is_released_is_the_lesson_as_the_class_has_it(exchange):
    place = exchange("ReleaseAssignment", FIRST)
    text = (place / "outbound" / FIRST / f"{FIRST}.ipynb").read_text()
    released = (course.ASSIGNMENTS / FIRST / f"{FIRST}.ipynb").read_text()
    gone = "test-receptive_field_of_two-values"
    assert gone in released and gone not in text and "test-receptive_field-strides" in text
    with pytest.raises(ExchangeError, match=f"class.toml leaves {SECOND} out"):
        exchange("ReleaseAssignment", SECOND)


def test_feedback_goes_to_all_who_handed_in_there_whoever_else_is_in_the_class(exchange, caplog):
    for student, secret in (("ada", ""), ("bob", "a-secret")):
        folder = exchange.class_dir / "feedback" / student / FIRST
        folder.mkdir(parents=True)
        (folder / f"{FIRST}.html").write_text(f"<p>{student}")
        (folder / "timestamp.txt").write_text("2026-12-01 12:00 UTC")
        if secret:
            (folder / "submission_secret.txt").write_text(secret)
    with caplog.at_level(logging.WARNING):
        place = exchange("ReleaseFeedback", FIRST)
    assert [page.read_text() for page in (place / "feedback").iterdir()] == ["<p>bob"]
    assert "ada: did not hand in through the exchange" in caplog.text


def test_generate_assignment_takes_nothing_out_of_the_courses_folder(exchange):
    """nbgrader removes what lies there before it looks whether it can make it anew."""
    config = class_config(exchange.class_dir)
    before = (course.ASSIGNMENTS / FIRST / f"{FIRST}.ipynb").read_bytes()
    directory = CourseDirectory(config=config)
    directory.assignment_id = FIRST
    with pytest.raises(NbGraderException, match="nbgrader release_assignment 01_spatial"):
        api.GenerateAssignment(coursedir=directory, config=config).start()
    assert not api.NbGraderAPI(directory, config=config).generate_assignment(FIRST)["success"]
    assert (course.ASSIGNMENTS / FIRST / f"{FIRST}.ipynb").read_bytes() == before


def test_generate_solution_says_what_writes_the_courses_solutions(exchange):
    """With the course's source nbgrader's own command ends in a traceback at the mark schemes."""
    config = class_config(exchange.class_dir)
    directory = CourseDirectory(config=config)
    directory.assignment_id = FIRST
    with pytest.raises(NbGraderException, match=f"solutions-for-students .* {FIRST}"):
        generatesolutionapp.GenerateSolution(coursedir=directory, config=config).start()
