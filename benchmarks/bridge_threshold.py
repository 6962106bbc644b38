"""Choose `BridgeConfig`: how sure, and how much surer than of rivals, makes two objects one thing?

    scripts/bench bridge VIDEO

VIDEO is one fixed-camera shot of passers-by, such as `vtest.avi` of Debian's opencv-doc. It is parsed
whole, and again as short clips with gaps between them, each on its own, as if cut. Two people of
successive clips are the same when the whole video's parse tracks one through both; they are different
when it sees the two at once there. Of all other pairs nothing is known, and they are left out: over
longer times the tracking itself confuses people. One camera and one light flatter the figures.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise, product
from pathlib import Path

from videostep.graph import Box, ClipGraph, ObjectNode
from videostep.induce.bridge import BridgeConfig, find_candidates, resolve, sightings_of
from videostep.induce.identity import overlap
from videostep.induce.merge import MergeConfig, merge_clip
from videostep.induce.parse import SceneParser, Sighting
from videostep.induce.parsers import open_parser
from videostep.induce.support import within
from videostep.media.decode import VideoReader, open_video
from videostep.media.picture import Picture
from videostep.video import Clip, Keyframe, TimeSpan, Video

RESULT = Path(__file__).parent / "results" / "bridge.json"
PICTURES_PER_S = 5
CLIP_S, GAP_S = 4.0, 2.0
PHASES_S = (0.0, 2.0, 4.0)
"""Starts of the first clip: three ways to cut the video."""
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
MARGINS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
LABEL = "person"
"""What passes by."""
AT_ONCE_S = 1.0
"""Two tracks seen at once for so long are two people."""
SAME_BOX = 0.5
"""Intersection over union from which two boxes of one moment show one thing."""
Cuts = Sequence[Sequence[ClipGraph]]
"""The video's ClipGraphs, once for each way to cut it."""
MIN_PRECISION = 0.9
"""Asked of the edges: a wrong identity makes wrong questions, a missing one only fewer."""


@dataclass(frozen=True, kw_only=True)
class Score:
    """How right the identities are at one setting."""

    min_confidence: float
    min_margin: float
    right: int
    wrong: int
    possible: int
    precision: float
    recall: float
    f1: float


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("video", type=Path)
    path = arguments.parse_args().video
    parser = open_parser("embedded")
    video, whole = parse(path, parser, [None])
    truth = Truth(whole[0])
    cuts = [parse(path, parser, spans(video.duration_s, phase_s))[1] for phase_s in PHASES_S]
    pairs = [score_pairs(cuts, truth, parser, threshold) for threshold in THRESHOLDS]
    settings = product(MARGINS, THRESHOLDS)
    edges = [score_edges(cuts, truth, parser, threshold, margin) for margin, threshold in settings]
    report(video, parser, pairs, edges)


# --- the video, whole and in pieces ---------------------------------------------------------


def spans(duration_s: float, phase_s: float) -> list[TimeSpan]:
    starts = range(int((duration_s - phase_s) // (CLIP_S + GAP_S)))
    begin = [phase_s + number * (CLIP_S + GAP_S) for number in starts]
    return [TimeSpan(start_s, start_s + CLIP_S) for start_s in begin]


def parse(
    path: Path, parser: SceneParser, clips_s: Sequence[TimeSpan | None]
) -> tuple[Video, list[ClipGraph]]:
    """The ClipGraphs of pieces of a video (None: all of it), each parsed on its own."""
    with open_video(path) as reader:
        video = reader.video
        wanted = [span or TimeSpan(0.0, video.duration_s) for span in clips_s]
        watching = [parser.open_clip(video, span.start_s) for span in wanted]
        times_s: list[list[float]] = [[] for _ in wanted]
        for picture in sampled(reader):
            for number, span in enumerate(wanted):
                if span.holds(picture.time_s):
                    watching[number].see(picture)
                    times_s[number].append(picture.time_s)
    clips = [clip_of(number, span, times_s[number]) for number, span in enumerate(wanted)]
    frames = [parse.finish(clip) for parse, clip in zip(watching, clips, strict=True)]
    return video, [merge_clip(clip, seen, MergeConfig()) for clip, seen in zip(clips, frames, strict=True)]


def sampled(reader: VideoReader) -> Iterator[Picture]:
    """`PICTURES_PER_S` pictures a second."""
    last = -1
    for frame in reader.frames():
        if slot(frame.time_s) > last:
            last = slot(frame.time_s)
            yield frame.picture()


def slot(time_s: float) -> int:
    return int(time_s * PICTURES_PER_S + 1e-6)


def clip_of(number: int, span: TimeSpan, times_s: Sequence[float]) -> Clip:
    """A clip with a keyframe each second, at the same moments whatever the cut."""
    chosen = [time_s for time_s in times_s if slot(time_s) % PICTURES_PER_S == 0] or [times_s[0]]
    edges = [span.start_s, *chosen[1:], span.end_s]
    keyframes = tuple(
        Keyframe(id=f"c{number}-{time_s:.2f}", time_s=time_s, covers_s=TimeSpan(start_s, end_s), image="")
        for time_s, (start_s, end_s) in zip(chosen, pairwise(edges), strict=True)
    )
    return Clip(id=f"c{number}", span_s=span, keyframes=keyframes)


# --- what is known of identity -----------------------------------------------------------------


class Truth:
    """Identity by continuous tracking through the whole video."""

    def __init__(self, whole: ClipGraph) -> None:
        self._seen = {node.id: node.spans_s for node in whole.objects}
        self._at: defaultdict[str, list[tuple[ObjectNode, Box]]] = defaultdict(list)
        for node in whole.objects:
            for box in node.boxes:
                self._at[moment(box.keyframe)].append((node, box.xyxy))

    def track_of(self, node: ObjectNode) -> str | None:
        """The track that lies in the node's place at most of its keyframes."""
        hits: Counter[str] = Counter()
        for box in node.boxes:
            for tracked, place in self._at[moment(box.keyframe)]:
                if tracked.label == node.label and overlap(place, box.xyxy) >= SAME_BOX:
                    hits[tracked.id] += 1
        return next((id_ for id_, count in hits.most_common(1) if 2 * count > len(node.boxes)), None)

    def same(self, first: Sighting, second: Sighting) -> bool | None:
        """Whether two objects of successive clips are one thing; None where that is not known."""
        ours, theirs = self.track_of(first.object), self.track_of(second.object)
        if ours is None or theirs is None:
            return None
        if ours == theirs:
            return True
        about = TimeSpan(first.object.spans_s[0].start_s - GAP_S, second.object.spans_s[-1].end_s + GAP_S)
        at_once_s = sum(
            part.duration_s
            for span in within(self._seen[ours], [about])
            for part in within([span], self._seen[theirs])
        )
        return False if at_once_s >= AT_ONCE_S else None

    def joins(self, graphs: Sequence[ClipGraph]) -> int:
        """So many edges would join every thing that is seen in two successive clips."""
        tracks = [{self.track_of(one.object) for one in persons(graph)} - {None} for graph in graphs]
        return sum(len(first & second) for first, second in pairwise(tracks))


def moment(keyframe: str) -> str:
    """The second at which a keyframe was taken; the same in every cut of the video."""
    return keyframe.partition("-")[2]


# --- scores ------------------------------------------------------------------------------------


def persons(graph: ClipGraph) -> list[Sighting]:
    return [sighting for sighting in sightings_of(graph) if sighting.object.label == LABEL]


def score_pairs(cuts: Cuts, truth: Truth, parser: SceneParser, threshold: float) -> Score:
    """Every pair of objects of different clips judged alone."""
    judged: list[tuple[bool, bool]] = []
    for first, second in (pair for graphs in cuts for pair in pairwise(map(persons, graphs))):
        for one, other in product(first, second):
            same = truth.same(one, other)
            if same is not None:
                judged.append((same, parser.same_thing(one, other) >= threshold))
    right = sum(same and said for same, said in judged)
    wrong = sum(said and not same for same, said in judged)
    return score(threshold, 0.0, right, wrong, sum(same for same, _ in judged))


def score_edges(cuts: Cuts, truth: Truth, parser: SceneParser, threshold: float, margin: float) -> Score:
    """The reference edges that bridging would make."""
    config = BridgeConfig(min_confidence=threshold, min_margin=margin, window_clips=1)
    edges = [
        pair for graphs in cuts for pair in resolve(find_candidates(map(persons, graphs), parser, config))
    ]
    verdicts = Counter(truth.same(edge.first, edge.second) for edge in edges)
    return score(threshold, margin, verdicts[True], verdicts[False], sum(map(truth.joins, cuts)))


def score(threshold: float, margin: float, right: int, wrong: int, possible: int) -> Score:
    precision, recall = right / max(1, right + wrong), right / max(1, possible)
    return Score(
        min_confidence=threshold,
        min_margin=margin,
        right=right,
        wrong=wrong,
        possible=possible,
        precision=round(precision, 4),
        recall=round(recall, 4),
        f1=round(2 * precision * recall / max(1e-9, precision + recall), 4),
    )


def choose(edges: Sequence[Score]) -> Score | None:
    """Of the settings that are precise enough the one that finds most."""
    precise = [row for row in edges if row.precision >= MIN_PRECISION and row.right]
    return max(precise, key=lambda row: (row.recall, row.precision), default=None)


# --- report ------------------------------------------------------------------------------------


def report(video: Video, parser: SceneParser, pairs: list[Score], edges: list[Score]) -> None:
    show("pairs, each judged alone", pairs)
    show("reference edges after matching", edges)
    chosen = choose(edges)
    config = BridgeConfig()
    print(f"\nprecision >= {MIN_PRECISION} with most found: {chosen}")
    print(f"in the config: min_confidence {config.min_confidence}, min_margin {config.min_margin}")
    result = {
        "video": {"name": Path(video.path).name, "sha256": video.sha256},
        "parser": parser.name,
        "pairs": [asdict(row) for row in pairs],
        "edges": [asdict(row) for row in edges],
        "chosen": chosen and asdict(chosen),
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1) + "\n")


def show(title: str, rows: Sequence[Score]) -> None:
    print(f"\n{title}")
    print(f"{'sure >=':>8} {'margin':>7} {'right':>6} {'wrong':>6} {'of':>5}  precision  recall     F1")
    for row in rows:
        counts = (
            f"{row.min_confidence:8.2f} {row.min_margin:7.2f} {row.right:6} {row.wrong:6} {row.possible:5}"
        )
        print(f"{counts} {row.precision:10.3f} {row.recall:7.3f} {row.f1:6.3f}")


if __name__ == "__main__":
    main()
