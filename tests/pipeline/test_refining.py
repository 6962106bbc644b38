"""Refining keeps the run's promises: nothing unproven, nothing asked twice, nothing lost."""

import json
from dataclasses import replace

import pytest

from videostep.errors import RewriterError, RunFolderError
from videostep.pipeline.config import RunConfig
from videostep.pipeline.local import in_this_process
from videostep.pipeline.progress import Silent
from videostep.pipeline.refining import plan_refine, refine_again, restore_templates
from videostep.pipeline.run import ask_again, run_videos
from videostep.pipeline.verifying import verify_run
from videostep.reason.refinement.paraphrase import Paraphraser
from videostep.reason.refinement.scripted import ScriptedRewriter
from videostep.store.refinement import read_refinement
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import read_samples
from videostep.testing.clips import encode_video, shots

pytestmark = pytest.mark.usefixtures("scripted")
CONFIG = RunConfig()


@pytest.fixture(scope="module")
def finished(scripted, tmp_path_factory):
    """A finished run of one street video; do not change it."""
    folder = tmp_path_factory.mktemp("street")
    clip = encode_video(folder / "street.mp4", shots([25] * 4, width_px=64, height_px=48), fps=5)
    run_videos([str(clip)], folder / "run", CONFIG, execute=in_this_process)
    return folder / "run"


@pytest.fixture
def run(finished, tmp_path):
    """A copy of the finished run."""
    import shutil

    return RunFolder(shutil.copytree(finished, tmp_path / "run"))


def samples_of(run):
    return list(read_samples(run.samples_jsonl))


class Counting:
    """Shouts, and counts what it is asked."""

    name = "counting/1"

    def __init__(self):
        self.asked = []

    def rewrite(self, wordings):
        self.asked += wordings
        return [wording.text.upper() for wording in wordings]


def test_refined_samples_are_proven_and_keep_their_template(run):
    before = samples_of(run)
    refinement = refine_again(run.root, CONFIG, Paraphraser(0))
    after = samples_of(run)
    changed = [(old, new) for old, new in zip(before, after, strict=True) if new.refined_by]
    assert len(changed) > len(before) / 2
    for old, new in changed:
        assert new.refined_by == "paraphrase/1 seed 0"
        assert new.template == old.template
        assert (new.question, new.rationale) != (old.question, old.rationale)
        assert (new.program, new.answer, new.steps) == (old.program, old.answer, old.steps)
    assert refinement.parts["question"].accepted == sum(
        new.question != old.question for old, new in zip(before, after, strict=True)
    )
    verification = verify_run(run, Silent())
    assert verification.ok
    assert verification.checked == len(after)


def test_twins_still_name_each_other(run):
    refine_again(run.root, CONFIG, Paraphraser(0))
    by_id = {sample.id: sample for sample in samples_of(run)}
    twins = [sample for sample in by_id.values() if sample.twin_of]
    assert twins
    assert all(by_id[sample.twin_of].twin_of == sample.id for sample in twins)


def test_words_that_are_refused_leave_the_template_and_a_reason(run):
    before = samples_of(run)
    refinement = refine_again(run.root, CONFIG, Counting())
    assert samples_of(run) == before
    assert refinement.parts["question"].accepted == refinement.parts["rationale"].accepted == 0
    rows = [json.loads(line) for line in (run.refined / "refused.jsonl").read_text().splitlines()]
    assert len(rows) == 2 * len(before) == sum(refinement.refused.values())
    assert {row["check"] for row in rows} == {"case"}
    assert read_refinement(run) == refinement


def test_a_second_run_asks_nothing_and_changes_nothing(run, contents):
    rewriter = Counting()
    refine_again(run.root, CONFIG, rewriter)
    first, asked = contents(run.root), len(rewriter.asked)
    refine_again(run.root, CONFIG, rewriter)
    assert contents(run.root) == first
    assert len(rewriter.asked) == asked


def test_refinement_that_was_broken_off_goes_on_and_ends_alike(
    run, finished, tmp_path, contents, monkeypatch
):
    monkeypatch.setattr("videostep.pipeline.refining.BATCH", 8)
    unbroken = RunFolder(tmp_path / "unbroken")
    import shutil

    shutil.copytree(finished, unbroken.root)
    refine_again(unbroken.root, CONFIG, Counting())

    class Dying(Counting):
        def rewrite(self, wordings):
            if self.asked:
                raise RewriterError("the server is gone")
            return super().rewrite(wordings)

    dying, going_on = Dying(), Counting()
    before = samples_of(run)
    with pytest.raises(RewriterError, match="gone"):
        refine_again(run.root, CONFIG, dying)
    assert samples_of(run) == before
    refine_again(run.root, CONFIG, going_on)
    asked = [wording.text for wording in (*dying.asked, *going_on.asked)]
    assert len(asked) == len(set(asked))
    assert contents(run.root) == contents(unbroken.root)


def test_refined_samples_are_not_asked_again_but_changed_ones_are(run):
    refine_again(run.root, CONFIG, Paraphraser(0))
    refined = run.samples_jsonl.read_bytes()
    ask_again(run.root, CONFIG)
    assert run.samples_jsonl.read_bytes() == refined
    ask_again(run.root, replace(CONFIG, ask_seed=5))
    assert not any(sample.refined_by for sample in samples_of(run))
    assert not run.refined.exists()


def test_another_rewriter_starts_from_the_templates(run, finished, tmp_path):
    refine_again(run.root, CONFIG, Paraphraser(0))
    refine_again(run.root, CONFIG, Paraphraser(1))
    names = {sample.refined_by for sample in samples_of(run)} - {None}
    assert names == {"paraphrase/1 seed 1"}
    assert verify_run(run, Silent()).ok


def test_the_templates_can_be_had_back(run):
    before = samples_of(run)
    refine_again(run.root, CONFIG, Paraphraser(0))
    restore_templates(run.root, CONFIG)
    assert samples_of(run) == before
    assert not run.refined.exists()
    assert read_refinement(run) is None
    refine_again(run.root, CONFIG, Paraphraser(0))
    assert any(sample.refined_by for sample in samples_of(run))


def test_a_plan_counts_what_would_be_asked_and_writes_nothing(run, contents):
    before = contents(run.root)
    rewriter = Counting()
    plan = plan_refine(run.root, CONFIG, rewriter)
    assert (plan.texts, plan.known, plan.is_done) == (2 * plan.samples, 0, False)
    assert contents(run.root) == before
    refine_again(run.root, CONFIG, rewriter)
    done = plan_refine(run.root, CONFIG, rewriter)
    assert (done.known, done.is_done) == (done.texts, True)


def test_samples_that_were_changed_by_hand_are_not_refined(run):
    text = run.samples_jsonl.read_text()
    run.samples_jsonl.write_text(text.replace('"confidence":0.', '"confidence":0.0', 1))
    with pytest.raises(RunFolderError, match="not as asking left them"):
        refine_again(run.root, CONFIG, Paraphraser(0))


@pytest.mark.parametrize("given", [[], ["one text"], None])
def test_a_rewriter_that_breaks_its_protocol_is_an_error_with_its_name(run, given):
    class Wrong:
        name = "wrong/1"

        def rewrite(self, wordings):
            return given if given is not None else [None] * len(wordings)

    with pytest.raises(RewriterError, match="wrong/1"):
        refine_again(run.root, CONFIG, Wrong())


@pytest.mark.parametrize("text", ["\ud800?", "x" * 100_000, "../../etc/passwd", "\x1b[31mred?", "{{data}}"])
def test_hostile_words_are_data(run, text):
    before = samples_of(run)
    refine_again(run.root, CONFIG, ScriptedRewriter(lambda wording: text))
    assert samples_of(run) == before
    rows = [json.loads(line) for line in (run.refined / "refused.jsonl").read_text().splitlines()]
    assert all(len(row["text"]) <= 2_000 for row in rows)
