"""VideoChat2-Mistral trained with the joint objective, by its own trainer and in its own environment.

    cd Ask-Anything/video_chat2
    torchrun ... /PATH/TO/recipes/backbones/videochat2_train.py tasks/train_it.py CONFIG.py output_dir OUT

No file of VideoChat2 is edited. Three things are replaced when it is loaded:

- the loss: `joint_loss.py`, where VideoChat2 takes one mean over all tokens;
- pictures: frames are squeezed whole into the square. Cutting out as little as half of a frame and mirroring
  it, as VideoChat2 does, makes "to the left", "how many" and "is there a" false;
- a video that cannot be read: its question is left out, where VideoChat2 shows another video with it.
"""

from __future__ import annotations

import os
import runpy
import sys
from typing import Any

import torch
from joint_loss import learning_jointly

WEIGHT = float(os.environ.get("STEP_LAMBDA", "1.0"))
"""Lambda; STEP, equation 3."""
RATIONALE_INSTRUCTION = os.environ.get(
    "STEP_RATIONALE_INSTRUCTION", "Explain step by step what leads to the answer, then give the answer."
)
"""What `videostep export` says before a rationale: by it a conversation is known for one."""


def learn_jointly(model_class: Any, instruction: str, weight: float) -> None:
    """Give VideoChat2_it_mistral the joint objective; its `forward` is `(image, text_input, instruction)`."""
    own_forward = model_class.forward

    def forward(self: Any, image: Any, text_input: Any, instruction_: Any) -> Any:
        is_rationale = torch.tensor([instruction in text for text in text_input])
        with learning_jointly(self.mistral_model, weight, is_rationale):
            return own_forward(self, image, text_input, instruction_)

    model_class.forward = forward


def keep_frames_whole(transforms: Any) -> None:
    """Squeeze where torchvision's `transforms` would crop at random, and never mirror."""

    def squeeze(size: int, scale: Any = None, **settings: Any) -> Any:
        return transforms.Resize((size, size), **settings)

    transforms.RandomResizedCrop = squeeze
    transforms.RandomHorizontalFlip = lambda *_: transforms.Lambda(_as_it_is)


def _as_it_is(frames: Any) -> Any:
    return frames


def leave_out_unreadable(dataset_class: Any) -> None:
    """After one failure the question goes, too: VideoChat2 tries the next times with other videos."""
    own_init = dataset_class.__init__

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        own_init(self, *args, **{**kwargs, "num_tries": 1})

    dataset_class.__init__ = init


def main() -> None:
    """Replace the three, then run VideoChat2's own script with the arguments that follow it."""
    sys.path.insert(0, os.getcwd())
    from dataset.it_dataset_mistral import ITVidTrainDataset_mistral
    from torchvision import transforms

    from models import VideoChat2_it_mistral

    learn_jointly(VideoChat2_it_mistral, RATIONALE_INSTRUCTION, WEIGHT)
    keep_frames_whole(transforms)
    leave_out_unreadable(ITVidTrainDataset_mistral)
    sys.argv = sys.argv[1:]
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
