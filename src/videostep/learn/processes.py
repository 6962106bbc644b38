"""Several processes that must decide alike: one of them decides, and the others hear of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import torch
from accelerate import PartialState
from accelerate.utils import broadcast_object_list

from videostep.errors import VideostepError

T = TypeVar("T")


def processes() -> PartialState:
    """This process among all that `torchrun` or `accelerate launch` have started; alone without them."""
    # Without a GPU they must be told so, or each would look for one and not find the others.
    return PartialState(cpu=not torch.accelerator.is_available())


def leave_processes() -> None:
    """Part from the others when all is done, as PyTorch wants it before a process ends."""
    processes().destroy_process_group()


def weights_are_sharded() -> bool:
    """Whether `accelerate launch` was told to divide the weights over processes (FSDP, DeepSpeed)."""
    return any(os.environ.get(f"ACCELERATE_USE_{how}", "").lower() == "true" for how in ("FSDP", "DEEPSPEED"))


def decided_by_main(decide: Callable[[], T]) -> T:
    """What the main process decides, in every process; its VideostepError is raised in all of them."""
    state = processes()
    if state.num_processes == 1:
        return decide()
    message: list[Any] = [None, None]
    if state.is_main_process:
        try:
            message[0] = decide()
        except VideostepError as error:
            message[1] = error
    broadcast_object_list(message)
    if message[1] is not None:
        raise message[1]
    decided: T = message[0]
    return decided
