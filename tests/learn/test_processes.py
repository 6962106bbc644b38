"""Processes that train together part before they end."""

import pytest

torch = pytest.importorskip("torch", reason="needs videostep[train]")

from videostep.learn.processes import leave_processes, processes  # noqa: E402


def test_who_trains_alone_has_nobody_to_leave():
    assert processes().num_processes == 1
    leave_processes()


def test_the_group_is_left(tmp_path):
    torch.distributed.init_process_group("gloo", init_method=f"file://{tmp_path}/meet", rank=0, world_size=1)
    leave_processes()
    assert not torch.distributed.is_initialized()
