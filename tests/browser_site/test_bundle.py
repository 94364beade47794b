"""All packages in one file: what was in the wheels is in it, the same bytes each time."""

import zipfile

from browser import bundle


def wheel(folder, name, files):
    path = folder / f"{name}-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in files.items():
            archive.writestr(member, text)
    return path


def test_what_is_written_is_read_and_the_name_tells_the_content(tmp_path):
    wheels = [wheel(tmp_path, "a", {"a/__init__.py": "x = 1", "a/ä.txt": "", "a-1.data/man": "?"}),
              wheel(tmp_path, "b", {"b.py": "y = 2"})]
    path = bundle.write(wheels, tmp_path)
    assert bundle.read(path) == {"a/__init__.py": b"x = 1", "a/ä.txt": b"", "b.py": b"y = 2"}
    data = path.read_bytes()
    assert bundle.write(wheels, tmp_path) == path and path.read_bytes() == data
    assert bundle.write(wheels[:1], tmp_path) != path


def test_each_package_comes_after_what_it_needs():
    entries = {"a": {"depends": ["b", "c"]}, "b": {"depends": ["c"]}, "c": {"depends": []},
               "unused": {"depends": []}}
    assert bundle.in_order(["a"], entries) == ["c", "b", "a"]
