"""The task folder, loaded as lmms-eval 0.7.3 loads it: YAML with `!function`, an included file, a stub."""

import importlib.util
import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from statistics import mean

import pytest

import videostep.evaluate.lmms as folder
from videostep.errors import ConfigError, InputError
from videostep.evaluate.lmms import questions, scores
from videostep.evaluate.lmms.questions import documents_of, table_of
from videostep.store.samples_file import write_samples
from videostep.testing.samples import STREET_SAMPLES

yaml = pytest.importorskip("yaml")

TASKS = Path(folder.__file__).parent
FILES = Path(__file__).parents[1] / "benchmarks" / "files"
BENCHMARK_OF = {path.stem: path.stem.replace("_", "-") for path in TASKS.glob("*.yaml")}


def load(name: str) -> dict:
    """What lmms-eval's `load_yaml_config` makes of a task's file."""

    class Loader(yaml.FullLoader):
        pass

    def function(loader, node):
        module, _, name = loader.construct_scalar(node).rpartition(".")
        spec = importlib.util.spec_from_file_location(module, Path(loader.name).parent / f"{module}.py")
        executed = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(executed)
        return getattr(executed, name)

    Loader.add_constructor("!function", function)

    def read(path: Path) -> dict:
        with path.open("rb") as file:
            return yaml.load(file, Loader)

    task = read(TASKS / f"{name}.yaml")
    return {**read(TASKS / task.pop("include")), **task}


@pytest.fixture
def data(tmp_path, monkeypatch) -> Path:
    for name in BENCHMARK_OF.values():
        if (FILES / name).is_dir():
            (tmp_path / name).symlink_to(FILES / name)
    (tmp_path / "qra").mkdir()
    write_samples(
        STREET_SAMPLES.values(),
        jsonl=tmp_path / "qra" / "samples.jsonl",
        parquet=tmp_path / "qra" / "samples.parquet",
    )
    monkeypatch.setenv(questions.FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.delenv(scores.JUDGE_VARIABLE, raising=False)
    questions._videos.cache_clear()
    return tmp_path


def aggregate(task: dict, replies: dict[str, str], benchmark: str) -> dict[str, float]:
    """Every metric of a task, gathered and aggregated as lmms-eval does it."""
    listed = {metric["metric"]: metric["aggregation"] for metric in task["metric_list"]}
    gathered = defaultdict(list)
    for document in documents_of(benchmark):
        for metric, value in task["process_results"](document, [replies.get(document["id"], "")]).items():
            gathered[metric].append(value)
    return {
        metric: aggregation(gathered[metric]) if callable(aggregation) else mean(gathered[metric])
        for metric, aggregation in listed.items()
        if metric in gathered
    }


def test_every_task_that_lmms_eval_lacks_is_there():
    assert set(BENCHMARK_OF) == {"agqa2", "star", "msvd_qa", "msrvtt_qa", "qra"}


@pytest.mark.parametrize("name", BENCHMARK_OF)
def test_a_task_is_loaded_and_its_questions_are_asked(name, data):
    task = load(name)
    assert task["task"] == f"videostep_{name}"
    assert task["dataset_path"] == "json"
    assert json.loads((TASKS / task["dataset_kwargs"]["data_files"]).read_text())
    asked = {document["id"]: task["doc_to_text"](document) for document in documents_of(BENCHMARK_OF[name])}
    assert asked
    assert all(asked.values())
    table = table_of(documents_of(BENCHMARK_OF[name]))
    assert table.column("id").to_pylist() == list(asked)
    assert task["doc_to_target"] in table.column_names


@pytest.mark.parametrize("name", BENCHMARK_OF)
def test_every_metric_that_a_benchmark_without_a_judge_gives_has_a_place(name, data):
    task = load(name)
    listed = {metric["metric"] for metric in task["metric_list"]}
    given = set()
    for document in documents_of(BENCHMARK_OF[name]):
        given |= set(task["process_results"](document, [document["answer"]]))
    assert listed & given
    # Groups that are listed but not among the few questions of the file, and the judge's, are left.
    assert {metric for metric in listed if metric.endswith("/all")} <= given


def test_star_gives_the_figures_worked_out_by_hand(data):
    replies = {
        "Interaction_T1_7": "(B) The box.",
        "Interaction_T4_2": "B",
        "Sequence_T5_1": "Threw.",
        "Sequence_T1_3": "D",
        "Sequence_T3_9": "A or B",
        "Prediction_T1_4": "The answer is C.",
    }
    assert aggregate(load("star"), replies, "star") == pytest.approx(
        {
            "choice/all": 400 / 7,
            "choice/mean of types": (50 + 200 / 3 + 100 + 0) / 4,
            "choice/Interaction": 50,
            "choice/Sequence": 200 / 3,
            "choice/Prediction": 100,
            "choice/Feasibility": 0,
            "choice/steps/1": 100,
            "choice/steps/2": 75,
            "choice/steps/3+": 0,
            "choice/unparsed": 100 / 7,
        }
    )


def test_agqa_gives_the_figures_worked_out_by_hand(data):
    replies = {
        "VID01-1": "Yes.",
        "VID01-2": "yes",
        "VID01-3": "Bag",
        "VID02-1": "pillow",
        "VID02-2": "a blanket",
    }
    metrics = aggregate(load("agqa2"), replies, "agqa2")
    assert metrics["exact/all"] == 50
    assert (metrics["exact/binary"], metrics["exact/open"]) == (100, 0)
    assert metrics["exact/global/obj-rel"] == 60
    assert metrics["exact/indirect"] == 50


def test_open_questions_are_judged_if_a_judge_is_named(data, tmp_path, monkeypatch):
    script = tmp_path / "judge.jsonl"
    lines = [
        {"contains": ["Reply: man\n"], "replies": ["{'pred': 'yes', 'score': 5}"]},
        {"contains": ["Reply: dog\n"], "replies": ["{'pred': 'no', 'score': 1}"]},
        {"replies": ["Hm."]},
    ]
    script.write_text("\n".join(map(json.dumps, lines)))
    monkeypatch.setenv(scores.JUDGE_VARIABLE, f"scripted:{script}")
    metrics = aggregate(load("msvd_qa"), {"901": "man", "902": "dog", "903": "?"}, "msvd-qa")
    # One of three right (a missing reply is wrong); the third reply was not judged.
    assert metrics["judge/accuracy"] == pytest.approx(100 / 3)
    assert metrics["judge/points"] == 2
    assert metrics["judge/unjudged"] == 25
    assert metrics["exact/all"] == 25


def test_a_video_is_found_and_a_part_of_one_must_have_been_cut(data, tmp_path):
    video = load("star")["doc_to_visual"]
    document = next(documents_of("star"))
    with pytest.raises(InputError, match=r"ffmpeg -ss 0.5 -to 7.2 -i VID01.mp4 .*Interaction_T1_7.mp4"):
        video(document)
    clips = data / "cut" / "clips"
    clips.mkdir(parents=True)
    (clips / "Interaction_T1_7.mp4").touch()
    (data / "star").unlink()
    (data / "star").symlink_to(data / "cut")
    assert video(document) == [str(data / "star" / "clips" / "Interaction_T1_7.mp4")]


def test_a_prediction_of_ours_is_shown_a_clip_that_ends_at_its_cut(data):
    video = load("qra")["doc_to_visual"]
    ahead = replace(STREET_SAMPLES["colour"], cut_s=7.25)
    files = {"jsonl": data / "qra" / "samples.jsonl", "parquet": data / "qra" / "samples.parquet"}
    write_samples([ahead, STREET_SAMPLES["no"]], **files)
    (data / "qra" / "videos").mkdir()
    (data / "qra" / "videos" / "street.mp4").touch()
    cut, whole = documents_of("qra")
    assert video(whole) == [str(data / "qra" / "videos" / "street.mp4")]
    with pytest.raises(InputError, match=rf"ffmpeg -ss 0.0 -to 7.25 -i \S*street.mp4 .*{ahead.id}.mp4"):
        video(cut)
    (data / "qra" / "clips").mkdir()
    (data / "qra" / "clips" / f"{ahead.id}.mp4").touch()
    questions._videos.cache_clear()
    assert video(cut) == [str(data / "qra" / "clips" / f"{ahead.id}.mp4")]


def test_a_video_that_is_not_there_is_named(data):
    with pytest.raises(InputError, match="no video VID01"):
        load("agqa2")["doc_to_visual"](next(documents_of("agqa2")))


def test_without_a_folder_of_benchmarks_the_variable_is_named(monkeypatch):
    monkeypatch.delenv(questions.FOLDER_VARIABLE, raising=False)
    with pytest.raises(ConfigError, match="VIDEOSTEP_BENCHMARKS is not set"):
        next(documents_of("star"))
