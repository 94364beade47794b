"""Whatever happens while a file is written, the old one or the new one is there."""

import pytest

from course_lib.whole_files import put_folder, remove_unfinished, whole, write_whole


def test_text_and_bytes_take_the_place_of_what_was_there(tmp_path):
    path = tmp_path / "grades.csv"
    write_whole(path, "José")
    assert path.read_bytes() == "José".encode()
    write_whole(path, b"\xff")
    assert path.read_bytes() == b"\xff" and list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_what_was_there_and_nothing_else(tmp_path):
    path = tmp_path / "grades.csv"
    write_whole(path, "old")
    with pytest.raises(ZeroDivisionError), whole(path) as unfinished:
        unfinished.write_text("ne")
        assert path.read_text() == "old"
        raise ZeroDivisionError
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "\ud800")
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_a_folder_takes_the_place_of_a_folder_or_a_link_and_of_nothing(tmp_path):
    target, old = tmp_path / "target", tmp_path / "old"
    for number, before in enumerate((None, ["0"], [])):
        if number == 2:  # a link to nowhere is there, too
            old.rename(tmp_path / "away")
            target.rename(tmp_path / "kept")
            target.symlink_to("nowhere")
        fresh = tmp_path / "fresh"
        fresh.mkdir()
        (fresh / str(number)).touch()
        put_folder(fresh, target, old)
        assert [path.name for path in target.iterdir()] == [str(number)] and not fresh.exists()
        assert (sorted(path.name for path in old.iterdir()) if before else None) == (before or None)
    assert old.is_symlink()


def test_what_a_killed_process_had_begun_is_removed_and_nothing_else(tmp_path):
    kept = [tmp_path / name for name in ("01.json", "1.2b", ".01.json")]
    for path in (*kept, tmp_path / ".01.json.4711", tmp_path / "01.4711"):
        path.touch()
    remove_unfinished(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted(kept)
