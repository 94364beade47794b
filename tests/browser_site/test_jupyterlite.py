"""What is changed in JupyterLite's own files is found there, or the build says so."""

import pytest

from autograder.errors import GradingError
from browser import jupyterlite


def test_a_change_that_finds_no_place_is_an_error(tmp_path):
    (tmp_path / "service-worker.js").write_text("of another release")
    with pytest.raises(GradingError, match="service-worker.js of JupyterLite has changed its form"):
        jupyterlite.change(tmp_path)


def test_the_kernel_s_code_is_found_or_the_build_says_so(tmp_path):
    folder = tmp_path / jupyterlite.KERNEL
    folder.mkdir(parents=True)
    (folder / "352.abc.js").write_text("self.onmessage = 0")
    with pytest.raises(GradingError, match="the kernel of JupyterLite has changed its form"):
        jupyterlite.kernel_code(tmp_path)
    (folder / "592.def.js").write_text(
        "crossOriginIsolated?new Worker(new URL(n.p+n.u(620),n.b)):new Worker(new URL(n.p+n.u(352),"
        "n.b))")
    assert jupyterlite.kernel_code(tmp_path) == f"{jupyterlite.KERNEL}/352.abc.js?v=abc"
