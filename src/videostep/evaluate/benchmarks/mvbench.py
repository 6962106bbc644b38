"""MVBench: twenty tasks on videos of eleven data sets, with options.

Source: github.com/OpenGVLab/Ask-Anything (video_chat2/mvbench.ipynb) and its Hugging Face page.
`json/TASK.json`: an array of `video, question, candidates[], answer` (the text of the right one), with
`start` and `end` where the question is about a part of the video. The headline is the mean of the tasks'
accuracies.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from videostep.evaluate.benchmarks.benchmark import Benchmark, Hear
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.benchmarks.rows import Row, files_of, read_rows
from videostep.video import TimeSpan

FOLDERS: Final = {
    "action_sequence": "star/Charades_v1_480",
    "action_prediction": "star/Charades_v1_480",
    "action_antonym": "ssv2_video",
    "fine_grained_action": "Moments_in_Time_Raw/videos",
    "unexpected_action": "FunQA_test/test",
    "object_existence": "clevrer/video_validation",
    "object_interaction": "star/Charades_v1_480",
    "object_shuffle": "perception/videos",
    "moving_direction": "clevrer/video_validation",
    "action_localization": "sta/sta_video",
    "scene_transition": "scene_qa/video",
    "action_count": "perception/videos",
    "moving_count": "clevrer/video_validation",
    "moving_attribute": "clevrer/video_validation",
    "state_change": "perception/videos",
    "fine_grained_pose": "nturgbd",
    "character_order": "perception/videos",
    "egocentric_navigation": "vlnqa",
    "episodic_reasoning": "tvqa/frames_fps3_hq",
    "counterfactual_inference": "clevrer/video_validation",
}
"""Task to the folder of its videos under `video/`. Those of `episodic_reasoning` are folders of pictures,
three a second."""


def _read(data: Path, hear: Hear) -> Iterator[Item]:
    for task, folder in FOLDERS.items():
        for path in files_of(data, f"{task}.json"):
            if path.stem == task:
                for number, row in enumerate(read_rows(path), start=1):
                    yield _item(f"{task}/{number}", task, folder, row)


def _item(id_: str, task: str, folder: str, row: Row) -> Item:
    choices, answer = row.texts("candidates"), row.text("answer")
    return Item(
        id=id_,
        video=f"{folder}/{row.text('video')}",
        span_s=TimeSpan(row.seconds("start"), row.seconds("end")) if "start" in row else None,
        question=row.text("question"),
        answer=answer,
        choices=choices,
        answer_index=choices.index(answer) if answer in choices else None,
        kind="choice",
        type=task,
        groups=(task,),
    )


BENCHMARK = Benchmark(
    name="mvbench",
    title="MVBench",
    where="https://huggingface.co/datasets/OpenGVLab/MVBench (questions and most videos)",
    terms="MIT for the questions; each video source has its own terms, and NTU RGB+D must be asked for",
    files="the folder json with one file a task",
    scorings=("choice",),
    mean_of=tuple(FOLDERS),
    read=_read,
)
