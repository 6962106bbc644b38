"""A clip as a film, where the server takes one."""

from __future__ import annotations

import io
import json

import av
import pytest

from videostep.errors import RequestError
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.parsers.video_llm.parser import VideoLlmParser
from videostep.models.openai.model import OpenAIModel
from videostep.testing.fake_server import FakeServer
from videostep.testing.perfect_eye import PerfectEye
from videostep.testing.staged import staged_graph, watch_staged

TRUTH = staged_graph()


def test_the_event_is_asked_with_a_film_of_the_clip():
    films: list[bytes] = []

    def answer(asked, seed):
        if not asked.words.startswith("Task: event."):
            assert asked.films == ()
            return PerfectEye(TRUTH).answer_asked(asked, seed)
        assert asked.images == ()
        films.extend(asked.films)
        return json.dumps({"description": "a film is seen", "participants": []})

    with FakeServer(answer) as server:
        model = OpenAIModel("fake", server.url)
        parser = VideoLlmParser(model, VideoLlmConfig(samples=1, film=True))
        graph, _ = watch_staged(parser, TRUTH)
        parser.close()
    assert [clip.event.description for clip in graph.clips] == ["a film is seen"] * 2
    lengths = []
    for film in films:
        with av.open(io.BytesIO(film)) as container:
            lengths.append(len(list(container.decode(video=0))))
    assert lengths == [len(clip.keyframes) for clip in TRUTH.clips]


def test_a_long_film_is_thinned_out():
    from videostep.induce.parsers.video_llm.pictures import Shelf
    from videostep.media.picture import Picture
    from videostep.models.images import ImageConfig
    from videostep.testing.dials import dial

    shelf = Shelf(ImageConfig())
    for number in range(20):
        shelf.put(Picture(number / 5, dial(number / 5)))
    with av.open(io.BytesIO(shelf.film(8).data)) as film:
        times_s = [frame.time for frame in film.decode(video=0)]
    shelf.close()
    assert times_s == pytest.approx([0.0, 0.6, 1.2, 1.8, 2.4, 3.0, 3.6], abs=2e-3)


def test_weights_on_this_machine_are_shown_pictures():
    speak = pytest.importorskip("videostep.models.local.speak", reason="needs videostep[train]")
    from videostep.models.protocol import Image

    with pytest.raises(RequestError, match=r"set video_llm\.film to false"):
        speak.Speaker._part(object.__new__(speak.Speaker), Image(data=b"", media_type="video/mp4"))
