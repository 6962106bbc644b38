"""Asking a model that videostep trained as it was trained: by its own video input, in training's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from videostep.errors import ConfigError, MediaError, MissingExtraError, RequestError
from videostep.evaluate.answering.asking import CAPTION_TOKENS
from videostep.evaluate.answering.blind import withhold
from videostep.evaluate.answering.config import AnswerConfig
from videostep.evaluate.answering.posing import FindVideo
from videostep.evaluate.answering.words import CAPTION_PROMPT, words_of_item
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.prediction import Condition, Control, Prediction
from videostep.media.clock import TIME_DIGITS
from videostep.models.local.target import parse_transformers_target
from videostep.pipeline.training_files import read_train_config
from videostep.video import TimeSpan

if TYPE_CHECKING:
    from videostep.frames.video_frames import VideoFrames
    from videostep.learn.answering import TaughtModel

Scene = tuple[str, TimeSpan | None]


def open_taught(spec: str, shown_as: Path | None = None) -> TaughtModel:
    """Load a model with the settings of its training.

    Args:
        spec: `transformers:ID_OR_PATH[+ADAPTER]`.
        shown_as: A `train.toml` that says which frames it looks at, and how large; None: the one that lies
            beside its weights, or the family's own limits where there is none.

    Raises:
        ConfigError: It is of another backend, or cannot be loaded.
        MissingExtraError: torch or transformers is missing.
    """
    backend, _, target = spec.partition(":")
    if backend != "transformers":
        raise ConfigError(
            f"{spec} cannot be asked as it was trained", remedy="give transformers:ID+CKPT, or leave it out"
        )
    try:
        from videostep.learn.answering import TaughtModel
    except ImportError as error:
        raise MissingExtraError(
            "asking as in training needs transformers", remedy="pip install 'videostep[train]'"
        ) from error
    parsed = parse_transformers_target(target)
    settings = shown_as or Path(parsed.adapter or parsed.weights) / "train.toml"
    is_there = shown_as is not None or settings.is_file()
    return TaughtModel(target, read_train_config(settings) if is_there else None)


@dataclass(slots=True, kw_only=True)
class AsTrained:
    """Asks one model, one question at a time."""

    model: TaughtModel
    benchmark: str
    config: AnswerConfig
    find: FindVideo
    _seen: tuple[Scene, VideoFrames | str] | None = field(default=None, init=False)
    """What was looked at last: questions of one scene come in a row."""
    _captions: dict[Scene, str] = field(default_factory=dict, init=False)

    @property
    def name(self) -> str:
        """The model's."""
        return self.model.name

    def answer(
        self, condition: Condition, items: Iterable[Item], known: Mapping[str, tuple[str, ...]]
    ) -> Iterator[Prediction]:
        """One prediction for each question, in their order."""
        for item in items:
            blank = Prediction(
                benchmark=self.benchmark, item=item, model=self.name, **condition._asdict(), reply=None
            )
            yield self._filled(blank, known.get(item.id, ()))

    def close(self) -> None:
        """Let go of the weights."""
        self.model.close()

    def _filled(self, blank: Prediction, known: tuple[str, ...]) -> Prediction:
        scene = None if blank.control == "question" else self._look(blank.item)
        if isinstance(scene, str):
            return replace(blank, error=f"video: {scene}")
        try:
            return self._replied(blank, scene, known)
        except RequestError as error:
            return replace(blank, error=f"model: {error}")

    def _replied(self, blank: Prediction, scene: VideoFrames | None, known: tuple[str, ...]) -> Prediction:
        item, caption = blank.item, ""
        if blank.control == "caption" and scene is not None:
            caption, scene = self._caption(item, scene), None
        frames, frames_s = (None, ()) if scene is None else _withheld(scene, blank.control, item)
        words = words_of_item(
            item,
            blank.mode,
            self.config.instructions,
            self.config.options,
            as_taught=True,
            caption=caption,
            known=known,
        )
        most = self.config.sampling(blank.mode, blank.seed).max_tokens
        reply = self.model.answer(frames, words, max_tokens=most)
        return replace(blank, reply=reply, caption=caption, frames_s=frames_s)

    def _look(self, item: Item) -> VideoFrames | str:
        """The frames of a question's part of its video, or why there are none."""
        scene = (item.video, item.span_s)
        if self._seen is None or self._seen[0] != scene:
            self._seen = (scene, self._watch(item))
        return self._seen[1]

    def _watch(self, item: Item) -> VideoFrames | str:
        path = self.find(item.video)
        if path is None:
            return f"the file of {item.video!r} is missing"
        try:
            return self.model.watch(path, item.span_s)
        except MediaError as error:
            return str(error)

    def _caption(self, item: Item, scene: VideoFrames) -> str:
        key = (item.video, item.span_s)
        if key not in self._captions:
            self._captions[key] = self.model.answer(scene, CAPTION_PROMPT, max_tokens=CAPTION_TOKENS)
        return self._captions[key]


def _withheld(scene: VideoFrames, control: Control, item: Item) -> tuple[VideoFrames, tuple[float, ...]]:
    """The frames that are shown under a control, and from when they are, seconds of the video."""
    places = list(withhold(range(len(scene.times_s)), control, key=item.id))
    begin_s = 0.0 if item.span_s is None else item.span_s.start_s
    true_s = tuple(round(begin_s + scene.times_s[place], TIME_DIGITS) for place in places)
    # Shuffled frames are shown at the times of those whose places they take: the model must not see by these.
    times_s = scene.times_s if len(places) > 1 else (scene.times_s[places[0]],)
    return replace(scene, key=f"{scene.key} {places}", rgb=scene.rgb[places], times_s=times_s), true_s
