"""The Video-LLM scene parser: STEP's instructions and dual verification on top of any VideoModel."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from videostep.graph import ClipGraph, Coverage, Event, FrameGraph
from videostep.induce.lost import drops_of
from videostep.induce.parse import ClipParse, KeepsAccount, SceneParser, Sighting, close_parser
from videostep.induce.parsers.video_llm.ask import Asker
from videostep.induce.parsers.video_llm.at_once import parse_at_once
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.parsers.video_llm.draft import Draft
from videostep.induce.parsers.video_llm.event import ask_event
from videostep.induce.parsers.video_llm.frame_graphs import frame_graphs
from videostep.induce.parsers.video_llm.grounding import ground
from videostep.induce.parsers.video_llm.identity import Identity
from videostep.induce.parsers.video_llm.pictures import Shelf
from videostep.induce.parsers.video_llm.presence import PresenceCheck
from videostep.induce.parsers.video_llm.steps import Steps
from videostep.induce.parsers.video_llm.words import Words
from videostep.induce.prompts import prompts_sha256
from videostep.media.picture import Picture
from videostep.models.protocol import Image, VideoModel
from videostep.store.graph_drops import GraphDrop
from videostep.store.stamps import sha256_of_config
from videostep.video import Clip, Video


class VideoLlmParser:
    """A SceneParser that asks a Video-LLM; it keeps the keyframes of one video at a time."""

    def __init__(
        self,
        model: VideoModel,
        config: VideoLlmConfig | None = None,
        *,
        seed: int = 0,
        grounding: SceneParser | None = None,
    ) -> None:
        """Ask `model`; sample i of every reply is drawn with `seed + i`.

        Args:
            model: The Video-LLM.
            config: How it is asked; None: the defaults.
            seed: Of what it draws.
            grounding: A parser whose boxes and tracks stand under its words; it is closed with this one.
        """
        self.config = config or VideoLlmConfig()
        self._model, self._grounding = model, grounding
        self._asker = Asker(model, self.config, seed=seed)
        self._video = ""
        self._images: dict[str, Image] = {}
        self._films: dict[str, Image] = {}
        self._longest_gap_s = 0.0
        self._dropped: list[GraphDrop] = []
        self._watching: VideoLlmClipParse | None = None
        self._identity = self._new_identity()

    @property
    def name(self) -> str:
        """The model, and digests of the prompts and of settings that are not the usual."""
        name = f"video-llm/1 {self._model.name} prompts/{prompts_sha256()[:12]}"
        if self._grounding is not None:
            name += f" grounded by {self._grounding.name}"
        if self.config == VideoLlmConfig():
            return name
        return f"{name} config/{sha256_of_config(self.config)[:12]}"

    @property
    def coverage(self) -> Coverage:
        """No word at all: a model that names what it likes has looked for nothing everywhere.

        How far apart the pictures lie that were asked about is known once a video has been watched.
        """
        return Coverage(sampled_every_s=self._longest_gap_s or None)

    def open_clip(self, video: Video, start_s: float) -> VideoLlmClipParse:
        """Begin a clip; with another video the pictures of the one before are forgotten."""
        if video.id != self._video:
            self._video, self._longest_gap_s = video.id, 0.0
            self._images.clear()
            self._films.clear()
            self._identity = self._new_identity()
            self._asker.take_unanswered()
        self._leave_clip()
        grounding = self._grounding.open_clip(video, start_s) if self._grounding is not None else None
        self._watching = VideoLlmClipParse(self, grounding)
        return self._watching

    def same_thing(self, first: Sighting, second: Sighting) -> float:
        """How sure the model is, 0..1, that two objects are the same thing."""
        return self._identity.same_thing(first, second)

    def expect_pairs(self, pairs: Sequence[tuple[Sighting, Sighting]]) -> None:
        """Ask about all pairs of a clip together."""
        self._identity.expect(pairs)

    def event_of(self, graph: ClipGraph) -> Event:
        """What the model says happens in the clip."""
        event, dropped = ask_event(self._asker, self.config, graph, self._pictures_of(graph.clip))
        self._dropped += dropped
        return event

    def take_unanswered(self) -> tuple[str, ...]:
        """What the model gave no usable answer to since the last call."""
        return self._asker.take_unanswered()

    def take_dropped(self) -> tuple[GraphDrop, ...]:
        """What dual verification has not kept since the last call; the grounding parser's, too."""
        dropped, self._dropped = self._dropped, []
        grounds = self._grounding.take_dropped() if isinstance(self._grounding, KeepsAccount) else ()
        return (*dropped, *grounds)

    def close(self) -> None:
        """Let go of the model and of the pictures."""
        self._leave_clip()
        self._model.close()
        self._images.clear()
        self._films.clear()
        if self._grounding is not None:
            close_parser(self._grounding)

    def keep_film(self, clip: Clip, film: Image) -> None:
        """Keep a clip's film for the question about its event."""
        self._films[clip.id] = film

    def parse_keyframes(
        self, clip: Clip, images: Sequence[Image], grounds: Sequence[FrameGraph] = ()
    ) -> tuple[FrameGraph, ...]:
        """One FrameGraph per keyframe of `clip`.

        Args:
            clip: The clip.
            images: Pictures of its keyframes.
            grounds: What the grounding parser sees in them; empty without one.
        """
        self._images |= {frame.id: image for frame, image in zip(clip.keyframes, images, strict=True)}
        times_s = [clip.span_s.start_s, *(frame.time_s for frame in clip.keyframes), clip.span_s.end_s]
        gaps_s = [round(after_s - before_s, 4) for before_s, after_s in pairwise(times_s)]
        self._longest_gap_s = max(self._longest_gap_s, *gaps_s)
        drafts = [
            Draft(keyframe=frame, image=image, attributes={}, relations={}, motions={})
            for frame, image in zip(clip.keyframes, images, strict=True)
        ]
        parsed = self._parsed(drafts, grounds)
        self._dropped += drops_of(clip.id, ((draft.keyframe.id, draft.lost) for draft in parsed))
        return frame_graphs(parsed)

    def _pictures_of(self, clip: Clip) -> list[Image]:
        """What the question about a clip's event shows."""
        if clip.id in self._films:
            return [self._films[clip.id]]
        step = -(-len(clip.keyframes) // self.config.event_pictures)
        return [self._images[frame.id] for frame in clip.keyframes[::step] if frame.id in self._images]

    def _new_identity(self) -> Identity:
        return Identity(self._asker, self.config, self._images, self._looks)

    def _looks(self, first: Sighting, second: Sighting) -> float | None:
        """How likely they are one by the word of the grounding parser, if it knows the looks of both."""
        if self._grounding is None or not (first.appearance and second.appearance):
            return None
        return self._grounding.same_thing(first, second)

    def _leave_clip(self) -> None:
        """Throw away what is left of a clip that was never finished: its video broke off."""
        if self._watching is not None:
            self._watching.close()
            self._watching = None

    def _parsed(self, drafts: list[Draft], grounds: Sequence[FrameGraph]) -> list[Draft]:
        """STEP's instructions, one after the other."""
        steps = Steps(self._asker, self.config)
        if self.config.single_prompt:
            return steps.follow(parse_at_once(self._asker, Words(self.config.same_words), drafts))
        check = PresenceCheck(self._asker, self.config) if self.config.check_presence else None
        drafts = steps.find_things(steps.narrate(drafts))
        drafts = ground(drafts, grounds) if grounds else drafts
        drafts = steps.relate(steps.describe(drafts))
        drafts = check.check_frames(drafts) if check else drafts
        drafts = steps.follow(drafts)
        return check.check_motions(drafts) if check else drafts


class VideoLlmClipParse:
    """One clip being watched: its pictures are kept until it is known which are keyframes."""

    def __init__(self, parser: VideoLlmParser, grounding: ClipParse | None) -> None:
        self._parser, self._grounding = parser, grounding
        self._shelf = Shelf(parser.config.image)

    def see(self, picture: Picture) -> None:
        """Put the picture aside."""
        self._shelf.put(picture)
        if self._grounding is not None:
            self._grounding.see(picture)

    def finish(self, clip: Clip) -> tuple[FrameGraph, ...]:
        """Ask about the keyframes."""
        images = [self._shelf.take(frame.time_s) for frame in clip.keyframes]
        if self._parser.config.film:
            self._parser.keep_film(clip, self._shelf.film(self._parser.config.film_pictures))
        self.close()
        grounds = self._grounding.finish(clip) if self._grounding is not None else ()
        return self._parser.parse_keyframes(clip, images, grounds)

    def close(self) -> None:
        """Throw the pictures away; a second call does nothing."""
        self._shelf.close()
