"""Every benchmark's files, as they are published, become the questions that are asked."""

from pathlib import Path

import pytest

from videostep.errors import ConfigError, FormatError, InputError
from videostep.evaluate.benchmarks import BENCHMARKS, open_benchmark
from videostep.evaluate.benchmarks.item import Item
from videostep.store.samples_file import write_samples
from videostep.testing.samples import STREET_SAMPLES
from videostep.video import TimeSpan

FILES = Path(__file__).parent / "files"
OF_FILES = [name for name in BENCHMARKS if name != "qra"]


def read(name: str, folder: str = "") -> dict[str, Item]:
    return {item.id: item for item in open_benchmark(name).items(FILES / (folder or name))}


@pytest.mark.parametrize("name", OF_FILES)
def test_every_benchmark_says_where_it_comes_from_and_under_which_terms(name, tmp_path):
    benchmark = open_benchmark(name)
    assert benchmark.name == name
    with pytest.raises(InputError) as raised:
        list(benchmark.items(tmp_path))
    for part in (benchmark.title, benchmark.files, benchmark.where, benchmark.terms):
        assert part in str(raised.value)
    with pytest.raises(InputError, match="does not exist"):
        list(benchmark.items(tmp_path / "nothing"))


@pytest.mark.parametrize("name", OF_FILES)
def test_the_questions_of_every_benchmark_can_be_asked_and_scored(name):
    for item in read(name).values():
        assert all((item.question, item.answer, item.video))
        assert (item.choices is None) == (item.answer_index is None)
        if item.choices is not None and item.answer_index is not None:
            assert item.choices[item.answer_index] == item.answer


def test_a_limit_takes_the_first_questions():
    assert [item.id for item in open_benchmark("agqa2").items(FILES / "agqa2", limit=2)] == [
        "VID01-1",
        "VID01-2",
    ]


def test_agqa():
    item = read("agqa2")["VID02-2"]
    assert (item.video, item.answer, item.kind, item.n_steps) == ("VID02", "blanket", "open", 5)
    assert item.direct_form == "VID02-1"
    alone = {
        "global/obj-rel", "global/superlative", "global/duration-comparison", "semantic/object",
        "structural/query", "more steps", "indirect", "indirect/action",
    }  # fmt: skip
    assert set(item.groups) == {"open", *alone, *(f"{group}, open" for group in alone)}


def test_star_options_stand_by_their_own_numbers_and_steps_come_from_the_template():
    item = read("star")["Interaction_T4_2"]
    assert item.choices == ("Opened the box.", "Ate the sandwich.", "Took the book.", "Closed the door.")
    assert (item.answer_index, item.n_steps, item.type) == (0, 3, "Interaction")
    assert item.span_s == TimeSpan(0.0, 9.0)
    assert item.groups == ("Interaction", "Interaction_T4")


def test_the_hidden_test_of_star_is_asked_without_answers():
    items = read("star", "star_hidden")
    assert all(item.is_hidden and not item.answer for item in items.values())
    assert items["Interaction_T1_1"].choices == ("The door.", "The box.", "The bag.", "The book.")


def test_msvd_is_called_by_its_youtube_names_where_they_are_known():
    items = read("msvd-qa")
    assert [items[id_].video for id_ in ("902", "903")] == ["aBcD-_12345_3_9", "vid72"]
    assert items["902"].groups == ("what",)


def test_questions_and_answers_in_two_files_are_joined_and_a_question_without_an_answer_is_told():
    skipped = []
    items = list(open_benchmark("msrvtt-qa").items(FILES / "msrvtt-qa", hear=skipped.append))
    assert [(item.id, item.answer) for item in items] == [
        ("video8010_1", "soup"),
        ("video8010_2", "woman"),
        ("video8011_1", "road"),
    ]
    assert [(told.id, told.reason) for told in skipped] == [
        ("video8011_2", "no answer in the file of answers")
    ]


def test_activitynet():
    item = read("activitynet-qa")["v_AAAAAAAAAA1_2"]
    assert (item.video, item.answer, item.groups) == ("v_AAAAAAAAAA1", "they rest", ("temporal relation",))


def test_nextqa_drops_empty_options_and_counts_before_as_before_or_after():
    items = read("nextqa")
    assert items["5000000002_2"].choices == ("one", "two")
    assert items["5000000001_2"].groups == ("T", "TN")
    assert items["5000000001_0"].choices == ("dance", "sit, then rest", "pick up the toy", "run", "fall")


def test_nextqa_open_knows_the_second_answer():
    items = read("nextqa-open")
    assert items["5000000002_1"].also_right == ("made noise",)
    assert items["5000000001_0"].also_right == ("reach the toy",)
    assert items["5000000002_2"].also_right == ()


def test_tgif_qa():
    items = read("tgif-qa")
    assert (items["ACTION901"].answer, items["ACTION901"].answer_index) == ("lick paw", 1)
    assert (items["TRANS901"].answer, items["TRANS901"].video) == ("smile", "tumblr_bbb_400")
    assert (items["FRAMEQA901"].answer, items["FRAMEQA901"].choices) == ("cat", None)
    assert (items["COUNT901"].answer, items["COUNT901"].kind, items["COUNT901"].groups) == (
        "4", "count", ("count",)
    )  # fmt: skip


def test_mvbench():
    items = read("mvbench")
    assert items["action_sequence/1"].video == "star/Charades_v1_480/VID01.mp4"
    assert items["action_sequence/1"].span_s == TimeSpan(2.0, 11.5)
    assert items["moving_direction/1"].span_s is None
    assert len(open_benchmark("mvbench").mean_of) == 20


def test_tempcompass():
    items = read("tempcompass")
    item = items["multi-choice/900001/action/1"]
    assert (item.question, item.choices) == ("What is the ball doing?", ("rolling", "bouncing", "flying"))
    assert items["yes_no/900001/action/2"].choices == ("yes", "no")
    assert items["yes_no/900001/action/2"].answer_index == 1
    assert items["caption_matching/900002/speed/1"].answer == "The car drives fast."
    assert items["caption_matching/900002/order/1"].answer == "First rain, then sun."
    assert items["caption_matching/900002/order/1"].groups == ("caption_matching", "caption_matching/order")


def test_captions_are_judged_by_the_first_question_about_their_video_and_dimension():
    skipped = []
    items = {
        item.id: item
        for item in open_benchmark("tempcompass").items(FILES / "tempcompass", hear=skipped.append)
    }
    captions = [items[f"captioning/900001/action/{number}"] for number in (1, 2)]
    assert {(item.kind, item.judging, item.answer) for item in captions} == {("text", "caption", "bouncing")}
    assert captions[0].rubric == "What is the ball doing?\nA. rolling\nB. bouncing\nC. flying"
    assert captions[0].question.endswith("Generated Caption:")
    assert [told.id for told in skipped] == ["captioning/900002/speed/1"]
    assert "no question to judge it by" in skipped[0].reason


def test_free_texts_of_mlvu_are_judged_by_their_points_and_by_the_true_summary():
    items = read("mlvu")
    scene, summary = items["sub_scene/1"], items["summary/1"]
    assert (scene.kind, scene.judging, scene.rubric) == ("text", "sub-scene", "He sings. A child comes in.")
    assert (summary.judging, summary.rubric, summary.video) == ("summary", "", "9_summary/long_9.mp4")
    assert summary.answer.startswith("A girl looks for her cat")


def test_moviechat_asks_of_the_whole_film_and_of_what_was_seen_so_far():
    items = read("moviechat-1k")
    assert items["film-1/global/1"].span_s is None
    assert items["film-1/breakpoint/1"].span_s == TimeSpan(0.0, 150.0)


def test_mlvu():
    item = read("mlvu")["count/1"]
    assert (item.video, item.answer, item.answer_index, item.groups) == (
        "4_count/count_9.mp4",
        "2",
        1,
        ("count",),
    )


def test_video_mme_in_any_script():
    items = read("video-mme")
    assert items["901-2"].choices == ("红色。", "蓝色。", "绿色。", "黄色。")
    assert items["902-1"].groups == ("duration/long", "domain/Life Record", "task/Action Reasoning")


def test_video_mme_as_parquet_reads_the_same(tmp_path):
    import pyarrow.json as paj
    import pyarrow.parquet as pq

    pq.write_table(
        paj.read_json(FILES / "video-mme" / "test.jsonl"), tmp_path / "test-00000-of-00001.parquet"
    )
    assert {item.id: item for item in open_benchmark("video-mme").items(tmp_path)} == read("video-mme")


def test_an_unknown_benchmark_names_the_nearest():
    with pytest.raises(ConfigError, match="did you mean 'nextqa'"):
        open_benchmark("next-qa")


def test_one_file_is_enough():
    items = list(open_benchmark("tgif-qa").items(FILES / "tgif-qa" / "Test_count_question.csv"))
    assert [item.id for item in items] == ["COUNT901", "COUNT902"]


def test_a_file_of_open_questions_is_not_taken_for_one_with_options():
    with pytest.raises(FormatError, match="nextqa-open"):
        list(open_benchmark("nextqa-open").items(FILES / "nextqa"))
    with pytest.raises(FormatError, match="'answer' is no number"):
        list(open_benchmark("nextqa").items(FILES / "nextqa-open"))


@pytest.fixture
def samples_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "run" / "samples"
    folder.mkdir(parents=True)
    write_samples(STREET_SAMPLES.values(), jsonl=folder / "samples.jsonl", parquet=folder / "samples.parquet")
    return folder


def test_samples_of_a_run_are_a_benchmark(samples_folder):
    items = {item.id: item for item in open_benchmark("qra").items(samples_folder.parent)}
    assert items.keys() == {sample.id for sample in STREET_SAMPLES.values()}
    colour, choice = (items[STREET_SAMPLES[name].id] for name in ("colour", "choice"))
    assert (colour.answer, colour.n_steps, colour.outer_candidates) == (
        "green",
        STREET_SAMPLES["colour"].n_steps,
        9,
    )
    assert [step.answer for step in colour.sub_questions] == ["person", "backpack", "green"]
    assert colour.groups == ("open", "structure/query", "semantics/attribute", "temporal/none")
    assert choice.choices is not None
    assert choice.choices[choice.answer_index] == choice.answer


def test_a_sample_is_asked_of_the_whole_video_since_its_span_would_give_the_evidence_away(samples_folder):
    assert {item.span_s for item in open_benchmark("qra").items(samples_folder)} == {None}


def test_samples_read_the_same_from_parquet(samples_folder):
    qra = open_benchmark("qra")
    assert list(qra.items(samples_folder / "samples.parquet")) == list(qra.items(samples_folder))
