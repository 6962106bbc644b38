"""The loop: who parses and who learns in which round, what is measured, and when it stops."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from videostep.errors import ConfigError, RunFolderError, TrainingError
from videostep.graph import Doubt
from videostep.learn.config import HeldOutConfig, TrainConfig
from videostep.pipeline import run as run_module
from videostep.pipeline import stages, watch
from videostep.pipeline.config import RunConfig
from videostep.pipeline.evaluating import Evaluation
from videostep.pipeline.guards import GuardConfig, find_collapse
from videostep.pipeline.local import in_this_process
from videostep.pipeline.loop_score import score_on_benchmark
from videostep.pipeline.progress import Silent
from videostep.pipeline.round_table import rounds_markdown
from videostep.pipeline.rounds import GraphMeasures, Round, SampleMeasures
from videostep.pipeline.selftrain import LoopConfig, LoopJob, plan_loop, self_train
from videostep.pipeline.training_job import TrainingResult
from videostep.reason.ask import AskConfig
from videostep.store.samples_file import write_samples
from videostep.testing.clips import encode_video, shots
from videostep.testing.graphs import street_graph
from videostep.testing.parser import ScriptedParser
from videostep.testing.samples import STREET_SAMPLES
from videostep.video import TimeSpan

RESULT = TrainingResult(
    model="tiny",
    samples=10,
    videos=1,
    held_out_samples=2,
    held_out_videos=1,
    left_out=0,
    unreadable=(),
    counts={},
    steps=5,
    stopped_early=False,
    sharing="tree",
    saved=0.5,
    answer=1.5,
    rationale=2.5,
)


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    """Two videos, as long as the street that is seen in them."""
    folder = tmp_path_factory.mktemp("street")
    for number in (1, 2):
        frames = shots([25, 25, 25, 25], width_px=64, height_px=48, seed=number)
        encode_video(folder / f"street{number}.mp4", frames, fps=5)
    return folder


@pytest.fixture
def parsers(monkeypatch):
    """Names of the parsers that were opened, each once in a row; all see the street."""
    opened = []

    def open_scripted(name, *_, **__):
        if opened[-1:] != [name]:
            opened.append(name)
        return ScriptedParser(street_graph())

    for module in (stages, watch):
        monkeypatch.setattr(module, "open_parser", open_scripted)
    monkeypatch.setattr(run_module, "in_processes", lambda workers: in_this_process)
    return opened


class Trainer:
    """Trains nothing, and remembers what it was asked for."""

    def __init__(self):
        self.jobs = []
        self.dies_in = None

    def __call__(self, job):
        if len(self.jobs) + 1 == self.dies_in:
            self.dies_in = None
            raise TrainingError("the power is gone")
        self.jobs.append(job)
        return RESULT


def job_of(street, out, **loop):
    return LoopJob(
        videos=(str(street),),
        model="base",
        out=out,
        loop=LoopConfig(**{"rounds": 3, **loop}),
        run=RunConfig(ask=AskConfig(samples_per_video=8)),
        train=TrainConfig(held_out=HeldOutConfig(share=0.5)),
    )


def test_each_round_is_parsed_by_the_model_of_the_one_before(street, parsers, tmp_path):
    trainer = Trainer()
    result = self_train(job_of(street, tmp_path), train=trainer)
    adapters = [f"base+{tmp_path}/round-{number}/ckpt" for number in (1, 2, 3)]
    assert parsers == ["transformers:base", *(f"transformers:{name}" for name in adapters[:2])]
    assert [job.model for job in trainer.jobs] == ["transformers:base"] * 3
    assert [job.run for job in trainer.jobs] == [tmp_path / f"round-{number}" / "run" for number in (1, 2, 3)]
    assert result.model == f"transformers:{adapters[2]}"
    assert not result.stopped


def test_training_goes_on_from_the_previous_model_if_asked(street, parsers, tmp_path):
    trainer = Trainer()
    self_train(job_of(street, tmp_path, start="previous", rounds=2), train=trainer)
    names = [job.model for job in trainer.jobs]
    assert names == ["transformers:base", f"transformers:base+{tmp_path}/round-1/ckpt"]


def test_fully_trained_weights_are_the_model_themselves(street, parsers, tmp_path):
    trainer = Trainer()
    job = job_of(street, tmp_path, rounds=2, start="previous")
    self_train(replace(job, train=replace(job.train, full=True)), train=trainer)
    assert parsers == ["transformers:base", f"transformers:{tmp_path}/round-1/ckpt"]
    assert trainer.jobs[1].model == f"transformers:{tmp_path}/round-1/ckpt"


def test_the_same_videos_are_held_out_in_every_round_and_other_questions_asked(street, parsers, tmp_path):
    trainer = Trainer()
    self_train(job_of(street, tmp_path, rounds=2, replay=0.25), train=trainer)
    first, second = trainer.jobs
    assert first.config.held_out.videos == second.config.held_out.videos
    assert len(first.config.held_out.videos) == 1
    assert first.data.replay == ()
    assert first.data.replay_share == 0
    assert second.data.replay == (tmp_path / "round-1" / "run",)
    assert second.data.replay_share == 0.25
    texts = [(tmp_path / f"round-{n}" / "run" / "samples" / "samples.jsonl").read_text() for n in (1, 2)]
    assert texts[0] != texts[1]


def test_a_loop_that_was_broken_off_goes_on_where_it_was(street, parsers, tmp_path):
    unbroken, broken = Trainer(), Trainer()
    self_train(job_of(street, tmp_path / "a", rounds=2), train=unbroken)
    broken.dies_in = 2
    with pytest.raises(TrainingError):
        self_train(job_of(street, tmp_path / "b", rounds=2), train=broken)
    assert not (tmp_path / "b" / "round-2" / "round.json").exists()
    self_train(job_of(street, tmp_path / "b", rounds=2), train=broken)
    assert len(broken.jobs) == 2
    for name in ("round-1/round.json", "rounds.json", "rounds.md"):
        first, second = ((tmp_path / folder / name).read_text() for folder in "ab")
        assert first == second.replace(f"{tmp_path}/b/", f"{tmp_path}/a/")


def test_a_plan_says_what_is_left_and_writes_nothing(street, parsers, tmp_path):
    job = job_of(street, tmp_path / "loop")
    plan = plan_loop(job)
    assert not job.out.exists()
    assert (plan.videos, plan.held_out_videos, plan.rounds_done, plan.rounds_left) == (2, 1, 0, 3)
    assert (plan.parser, len(plan.watch)) == ("transformers:base", 2)
    assert plan.cost.total.requests > 0
    trainer = Trainer()
    trainer.dies_in = 2
    with pytest.raises(TrainingError):
        self_train(job, train=trainer)
    plan = plan_loop(job)
    assert (plan.rounds_done, plan.rounds_left) == (1, 2)
    # Parsed already; only the training of the second round is missing.
    assert (plan.parser, plan.watch, plan.cost) == (f"transformers:base+{job.out}/round-1/ckpt", (), None)
    self_train(job, train=trainer)
    assert (plan_loop(job).rounds_left, plan_loop(job).parser) == (0, "")
    with pytest.raises(RunFolderError, match="holds another loop"):
        plan_loop(replace(job, model="other"))


def test_more_rounds_can_be_asked_for_later(street, parsers, tmp_path):
    trainer = Trainer()
    self_train(job_of(street, tmp_path, rounds=1), train=trainer)
    result = self_train(job_of(street, tmp_path, rounds=2), train=trainer)
    assert len(trainer.jobs) == len(result.rounds) == 2


def test_another_loop_in_the_folder_is_refused(street, parsers, tmp_path):
    self_train(job_of(street, tmp_path, rounds=1), train=Trainer())
    with pytest.raises(RunFolderError, match=r"another loop: loop\.replay 0\.0 -> 0\.5"):
        self_train(job_of(street, tmp_path, rounds=1, replay=0.5), train=Trainer())


def test_the_evaluation_hook_gets_the_new_model_and_its_numbers_stand_in_the_table(street, parsers, tmp_path):
    asked = []

    def score(model, folder):
        asked.append((model, folder))
        return {"star accuracy": 0.25 * len(asked)}

    self_train(job_of(street, tmp_path, rounds=2), train=Trainer(), score=score)
    folders = [tmp_path / f"round-{number}" for number in (1, 2)]
    assert asked == [(f"transformers:base+{each}/ckpt", each / "evaluation") for each in folders]
    assert "| star accuracy | 0.25 | 0.5 |" in (tmp_path / "rounds.md").read_text()


def test_the_truth_gives_the_accuracy_of_the_graphs(street, parsers, tmp_path):
    self_train(job_of(street, tmp_path / "true", rounds=1), train=Trainer())
    job = replace(job_of(street, tmp_path / "loop", rounds=1), truth=tmp_path / "true" / "round-1" / "run")
    (done,) = self_train(job, train=Trainer()).rounds
    assert done.graphs.stsg_accuracy == 1.0


def test_a_round_that_collapses_is_not_learnt_from(street, parsers, tmp_path, monkeypatch):
    trainer = Trainer()
    self_train(job_of(street, tmp_path, rounds=1), train=trainer)
    graph = street_graph()
    blind = replace(graph, objects=graph.objects[:2], attributes=(), relations=(), motions=(), references=())
    for module in (stages, watch):
        monkeypatch.setattr(module, "open_parser", lambda *_, **__: ScriptedParser(blind))
    result = self_train(job_of(street, tmp_path, rounds=3), train=trainer)
    assert len(trainer.jobs) == 1
    assert [each.number for each in result.rounds] == [1, 2]
    assert result.stopped
    assert result.rounds[1].training is None
    assert result.model.endswith("round-1/ckpt")
    assert f"Stopped in round 2: {result.stopped}." in (tmp_path / "rounds.md").read_text()
    # The same command again stops at the same place.
    assert self_train(job_of(street, tmp_path, rounds=3), train=trainer) == result


GRAPHS = GraphMeasures(
    videos=2,
    video_s=60.0,
    elements={"objects": 60, "relations": 40},
    doubts=5,
    labels=20,
    variety={"objects": 10.0},
    self_consistency=0.9,
    stsg_accuracy=0.8,
)
SAMPLES = SampleMeasures(
    samples=100,
    by_steps={"1": 50, "2": 30, "3+": 20},
    top_answer="red",
    top_answer_share=0.1,
    open_questions=60,
)
FIRST = Round(number=1, parser="p", graphs=GRAPHS, samples=SAMPLES, training=RESULT)


@pytest.mark.parametrize(
    ("graphs", "samples", "reason"),
    [
        ({}, {}, ""),
        ({"labels": 10}, {}, ""),
        ({"labels": 9}, {}, "distinct labels fell from 20 in round 1 to 9"),
        ({"elements": {"objects": 49}}, {}, "graph elements a minute fell from 100 in round 1 to 49"),
        ({"self_consistency": 0.7}, {}, "self-consistency fell from 0.9"),
        ({"self_consistency": None}, {}, ""),
        ({"stsg_accuracy": 0.6}, {}, "STSG accuracy fell from 0.8 at best to 0.6"),
        ({"stsg_accuracy": 0.7}, {}, ""),  # Of 100 elements that may be chance.
        ({"stsg_accuracy": 0.76}, {}, ""),
        ({}, {"samples": 49}, "samples fell from 100"),
        ({}, {"samples": 0}, "there are no samples"),
        ({}, {"top_answer": "yes", "top_answer_share": 0.4}, "the answer 'yes' has 40% of the questions"),
        ({}, {"top_answer_share": 0.3}, ""),  # Of 60 questions that may be chance.
        ({}, {"top_answer_share": 0.2}, ""),
        ({}, {"top_answer_share": 0.9, "open_questions": 49}, ""),
        ({"variety": {"objects": 4.9}}, {}, "the variety of objects fell from 10 in round 1 to 4.9"),
        ({"variety": {"objects": 5.1}}, {}, ""),
    ],
)
def test_guards_stop_what_is_worse_than_the_first_round(graphs, samples, reason):
    found = find_collapse(replace(GRAPHS, **graphs), replace(SAMPLES, **samples), [FIRST], GuardConfig())
    assert found.startswith(reason)
    assert bool(found) == bool(reason)


def test_few_say_nothing():
    """With fewer than `least_counted` in the first round, numbers and shares are not compared."""
    few = replace(GRAPHS, elements={"objects": 30, "relations": 19})
    first = replace(FIRST, graphs=few, samples=replace(SAMPLES, samples=49))
    worse = replace(few, elements={"objects": 3}, labels=1, variety={"objects": 1.0}, self_consistency=0.1)
    assert find_collapse(worse, replace(SAMPLES, samples=1), [first], GuardConfig()) == ""
    assert find_collapse(worse, replace(SAMPLES, samples=1), [first], GuardConfig(least_counted=1))


def test_the_first_round_is_only_stopped_without_samples():
    assert find_collapse(GRAPHS, SAMPLES, [], GuardConfig()) == ""
    assert find_collapse(GRAPHS, replace(SAMPLES, samples=0), [], GuardConfig())


def test_the_table_has_a_column_a_round_and_leaves_out_what_nobody_measured():
    second = replace(FIRST, number=2, graphs=replace(GRAPHS, stsg_accuracy=None))
    text = rounds_markdown([FIRST, second])
    assert "| | round 1 | round 2 |" in text
    assert "| STSG accuracy | 0.8 | - |" in text
    assert "| loss of answers | 1.5 | 1.5 |" in text
    assert "![losses of round 2](round-2/ckpt/losses.svg)" in text
    assert "losses of round 1" not in rounds_markdown([replace(FIRST, training=None)])
    assert "| samples of 1 step |" in text
    assert "| samples of 3+ steps | 20 | 20 |" in text
    assert "held-out exact" not in text
    nothing = replace(FIRST, samples=replace(SAMPLES, top_answer="", top_answer_share=0.0))
    assert "most frequent answer" not in rounds_markdown([nothing])
    assert "| objects kept | 60 | 60 |\n| relations kept" in text  # No account was kept of what was dropped.


def test_the_table_says_what_was_dropped_and_why(street, parsers, tmp_path, monkeypatch):
    doubt = Doubt(id="c1.doubt.kite.1", clip="c1", label="kite", spans_s=(TimeSpan(1.0, 1.1),))
    doubtful = replace(street_graph(), doubts=(doubt,))
    for module in (stages, watch):
        monkeypatch.setattr(module, "open_parser", lambda *_, **__: ScriptedParser(doubtful))
    self_train(job_of(street, tmp_path, rounds=1), train=Trainer())
    lines = (tmp_path / "rounds.md").read_text().splitlines()
    (done,) = json.loads((tmp_path / "rounds.json").read_text())
    kept = done["graphs"]["elements"]
    assert lines[lines.index(f"| objects kept | {kept['objects']} |") + 1] == "| objects dropped | 2 |"
    assert lines[lines.index(f"| events kept | {kept['events']} |") + 1] == "| events dropped | 0 |"
    assert "| elements dropped, most because | objects: the script doubts it (2) |" in lines
    assert kept["events"] > 0


def test_events_do_not_hide_that_elements_are_lost():
    assert replace(GRAPHS, elements={**GRAPHS.elements, "events": 900}).elements_a_minute == 100


def test_a_benchmark_is_a_hook(street, tmp_path):
    """The model that answers by table is right about half of our own questions."""
    samples = list(STREET_SAMPLES.values())
    write_samples(samples, jsonl=tmp_path / "samples.jsonl", parquet=tmp_path / "samples.parquet")
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / Path(samples[0].video.path).name).write_bytes(
        (street / "street1.mp4").read_bytes()
    )
    right = {sample.question: sample.answer for sample in samples[::2]}
    lines = [{"contains": [question], "replies": [answer]} for question, answer in right.items()]
    lines.append({"replies": ["I cannot say"]})
    (tmp_path / "script.jsonl").write_text("\n".join(map(json.dumps, lines)))
    hook = score_on_benchmark(
        Evaluation(benchmark="qra", data=tmp_path, videos=tmp_path / "videos", model=""), Silent()
    )
    scores = hook(f"scripted:{tmp_path / 'script.jsonl'}", tmp_path / "evaluation")
    share = sum(sample.question in right for sample in samples) / len(samples)
    # Questions with options are marked by another protocol, so the share is met roughly.
    assert scores["qra exact all"] == pytest.approx(share, abs=0.05)


@pytest.mark.parametrize("wrong", [{"rounds": 0}, {"start": "middle"}, {"replay": 1.0}])
def test_a_loop_that_cannot_be_is_refused(wrong):
    with pytest.raises(ConfigError):
        LoopConfig(**wrong)


def test_guards_are_shares():
    with pytest.raises(ConfigError, match=r"guards\.least_labels is 2"):
        GuardConfig(least_labels=2)


def test_rounds_are_plain_data_for_machines(street, parsers, tmp_path):
    self_train(job_of(street, tmp_path, rounds=1), train=Trainer())
    (done,) = json.loads((tmp_path / "rounds.json").read_text())
    assert done["training"]["answer"] == 1.5
    assert done["samples"]["samples"] == sum(done["samples"]["by_steps"].values()) > 0
    assert done["graphs"]["labels"] > 1
