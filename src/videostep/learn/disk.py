"""A disk that is full while a training saves: told as what it is, whichever library meets it."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from safetensors import SafetensorError

from videostep.errors import RunFolderError
from videostep.store.atomic import refusal

_NUMBER: Final = re.compile(r"\(os error (\d+)\)")
"""As safetensors writes it behind the words."""
_TORCH_WRITER: Final = ("inline_container.cc", "PytorchStreamWriter")
"""One of these stands in what PyTorch says when it could not write a file whole; why, it does not say."""
_OF_DISKS: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})


@contextmanager
def telling_of_disk(folder: Path) -> Iterator[None]:
    """Turn what libraries raise when `folder` cannot be written into RunFolderError."""
    try:
        yield
    except (SafetensorError, RuntimeError, OSError) as error:
        number = _number_of(error)
        if number in _OF_DISKS:
            raise refusal(folder, OSError(number, os.strerror(number))) from error
        if isinstance(error, RuntimeError) and any(name in str(error) for name in _TORCH_WRITER):
            raise RunFolderError(
                f"{folder} cannot be written: a checkpoint could not be written whole",
                remedy="free some disk space and run the same command again: finished work is reused",
            ) from error
        raise


def _number_of(error: Exception) -> int:
    """The system's number for what went wrong; 0 where the error gives none."""
    if isinstance(error, OSError):
        return error.errno or 0
    found = _NUMBER.search(str(error))
    return int(found[1]) if found else 0
