"""What is changed in JupyterLite's own files is found there, or the build says so."""

import pytest

from autograder.errors import GradingError
from browser import jupyterlite


def test_a_change_that_finds_no_place_is_an_error(tmp_path):
    (tmp_path / "service-worker.js").write_text("of another release")
    with pytest.raises(GradingError, match="service-worker.js of JupyterLite has changed its form"):
        jupyterlite.change(tmp_path)
