from __future__ import annotations

import numpy as np

from videostep.graph import Box

LEFT, RIGHT = Box(0.1, 0.4, 0.2, 0.7), Box(0.8, 0.4, 0.9, 0.7)


def test_a_walker_is_one_track(watch, thing, gliding):
    scene = watch(thing("person", gliding(LEFT, (0.03, 0), 20)))
    assert [len(track.pictures) for track in scene.tracks] == [20]


def test_people_in_different_clothes_keep_their_tracks_when_they_cross(watch, thing, gliding):
    one = thing("person", gliding(LEFT, (0.035, 0), 20), colour=3)
    other = thing("person", gliding(RIGHT, (-0.035, 0), 20), colour=50)
    scene = watch(one, other)
    ends = [Box(*track.edges[-4:]).x1 for track in scene.tracks]
    assert len(scene.tracks) == 2
    assert ends[0] > 0.7
    assert ends[1] < 0.2


def test_people_in_the_same_clothes_do_not_change_places_when_they_cross(watch, thing, gliding):
    scene = watch(
        thing("person", gliding(LEFT, (0.035, 0), 20)), thing("person", gliding(RIGHT, (-0.035, 0), 20))
    )
    for track in scene.tracks:
        steps = np.diff(np.asarray(track.edges).reshape(-1, 4)[:, 0])
        assert (steps > 0).all() or (steps < 0).all()


def test_a_track_survives_an_occlusion_of_a_second(watch, thing, gliding):
    boxes = gliding(LEFT, (0.03, 0), 24)
    boxes[10:15] = [None] * 5
    scene = watch(thing("person", boxes))
    assert [len(track.pictures) for track in scene.tracks] == [19]


def test_a_track_ends_when_the_thing_is_gone_for_long(watch, thing, gliding):
    boxes = gliding(LEFT, (0.0, 0), 30)
    boxes[8:22] = [None] * 14
    assert len(watch(thing("person", boxes)).tracks) == 2


def test_another_thing_in_the_same_place_is_another_track(watch, thing):
    first = thing("person", [LEFT] * 6 + [None] * 6, colour=3)
    then = thing("person", [None] * 6 + [LEFT] * 6, colour=50)
    assert len(watch(first, then).tracks) == 2


def test_a_parked_car_stays_one_track_while_the_camera_pans(watch, thing, gliding):
    step = 0.04
    pan = [np.array([[1.0, 0.0, -step], [0.0, 1.0, 0.0]])] * 15
    scene = watch(thing("car", gliding(Box(0.7, 0.4, 0.9, 0.6), (-step, 0), 15)), camera=pan)
    (path,) = scene.paths.values()
    assert np.ptp(path.feet[1:, 0]) < 1e-6


def test_a_box_seen_once_leaves_nothing(watch, thing):
    boxes = [None] * 10
    boxes[4] = LEFT
    stays = thing("car", [RIGHT] * 10)
    assert len(watch(thing("person", boxes), stays).tracks) == 1


def test_a_car_that_is_called_a_truck_now_and_then_is_one_track(watch, thing):
    car = thing("car", [LEFT if i % 4 else None for i in range(12)])
    truck = thing("truck", [None if i % 4 else LEFT for i in range(12)])
    (track,) = watch(car, truck).tracks
    assert track.label == "car"
    assert round(track.label_share, 2) == 0.75
