"""VideoChat2's stage 3 on a videostep export: its own config, other data, from the environment."""

import os as __os

from scripts.videochat_mistral.config_7b_stage3 import *  # noqa: F403

# What `videostep export RUN --to videochat2 --out` wrote.
__data = __os.environ.get("STEP_DATA", "STEP_DATA-is-not-set")
# The folder with the three checkpoints that docs/videochat2.md names.
__weights = __os.environ.get("VIDEOCHAT2_WEIGHTS", "VIDEOCHAT2_WEIGHTS-is-not-set")
__start = __os.environ.get("VIDEOCHAT2_FROM", f"{__weights}/videochat2_mistral_7b_stage2.pth")

train_file = [[f"{__data}/train.json", __data, "video"]]
model.update(  # noqa: F405
    vit_blip_model_path=f"{__weights}/umt_l16_qformer.pth",
    mistral_model_path=f"{__weights}/Mistral-7B-Instruct-v0.2",
    videochat2_model_path=__start,
)
