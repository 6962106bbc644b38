"""`videostep import`, as a user types it."""

import json
import pickle

import pytest

from videostep.cli.main import main

FRAME = "V.mp4/000031.png"


@pytest.fixture
def annotations(tmp_path):
    """Action Genome's layout, written by hand."""
    entry = {
        "class": "cup/glass/bottle",
        "bbox": None,
        "contacting_relationship": ["holding"],
        "visible": True,
    }
    path = tmp_path / "object_bbox_and_relationship.pkl"
    path.write_bytes(pickle.dumps({FRAME: [entry, {**entry, "class": "dragon"}], "no frame": []}))
    return path


@pytest.fixture
def videostep(capsys):
    def run(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        return (int(ended.value.code or 0), *capsys.readouterr())

    return run


def test_it_prints_what_became_of_everything_and_what_to_do_next(videostep, annotations, tmp_path):
    code, out, err = videostep("import", "action-genome", annotations, "--out", tmp_path / "run")
    assert code == 4
    assert "1 of 2 videos were refused" in err
    assert "imported    1 video, 1 clip" in out
    assert "objects" in out
    assert "lost           1  an unknown class" in out
    assert "refused        1  no annotated frame" in out
    assert f"videostep ask {tmp_path / 'run'}" in out
    assert videostep("ask", tmp_path / "run", "-q")[0] == 0
    assert videostep("verify", tmp_path / "run", "-q")[0] == 0
    assert videostep("show", tmp_path / "run")[0] == 0


def test_json_is_for_machines_and_quiet_is_quiet(videostep, annotations, tmp_path):
    _, out, _ = videostep("import", "action-genome", annotations, "-o", tmp_path / "a", "--json")
    plain = json.loads(out)
    assert plain["lost"]["objects"] == {"an unknown class": 1}
    _, out, err = videostep("import", "action-genome", annotations, "-o", tmp_path / "b", "-q")
    assert out == ""
    assert all(line.startswith("error:") for line in err.splitlines())


def test_a_dry_run_writes_nothing(videostep, annotations, tmp_path):
    _, out, _ = videostep("import", "action-genome", annotations, "-o", tmp_path / "run", "--dry-run")
    assert "would give  1 video" in out
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("action-gnome", "x"), 2, "did you mean 'action-genome'"),
        (("action-genome", "none.pkl"), 3, "there is no file none.pkl"),
        (("agqa", "{annotations}", "--fps", "0"), 2, "fps is 0"),
        (("agqa", "{annotations}", "--videos", "none"), 3, "there is no folder none"),
    ],
)
def test_wrong_use_is_one_line_and_a_code(videostep, annotations, tmp_path, words, code, told):
    named = [word.format(annotations=annotations) for word in words]
    ended, _, err = videostep("import", *named, "--out", tmp_path / "run")
    assert ended == code
    assert told in err
    assert len(err.splitlines()) == 1


def test_a_hostile_pickle_does_nothing(videostep, tmp_path):
    path = tmp_path / "object_bbox_and_relationship.pkl"
    path.write_bytes(b"cos\nsystem\n(S'touch " + str(tmp_path / "pwned").encode() + b"'\ntR.")
    code, _, err = videostep("import", "action-genome", path, "--out", tmp_path / "run")
    assert code == 3
    assert "it names os.system" in err
    assert not (tmp_path / "pwned").exists()
