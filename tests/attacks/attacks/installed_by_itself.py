# Unpacks pip, which Python brings along, and installs a library.
# stopped by: list
# %% found zero_pad
import contextlib
import io


def found():
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        try:
            import ensurepip

            ensurepip._bootstrap(root="/scratch")
        except BaseException:
            pass
    try:
        import pip  # noqa: F401

        return True
    except ImportError:
        return False
