"""VideoChat2-Mistral behind an OpenAI-compatible URL, so that `videostep evaluate` and `run` can ask it.

    cd Ask-Anything/video_chat2
    python /PATH/TO/recipes/backbones/videochat2_serve.py CONFIG.py --weights CKPT.pth
    videostep evaluate ... --model openai:videochat2@http://127.0.0.1:8000/v1

CONFIG.py is the config that it was trained with. Frames arrive as pictures; of more than its `num_frames`, so
many are taken at equal steps.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import numpy as np
import torch
from chat_server import Asked, BadRequest, Said, parser, serve
from PIL import Image

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of pixels; what VideoChat2's trainer uses for its `vit` tower."""
INSTRUCTIONS = (
    "Answer in a few words.",
    "Explain step by step what leads to the answer, then give the answer.",
)
"""What `videostep export` says: VideoChat2 has learned to get it before the video."""


def prompt_of(words: str) -> tuple[str, str]:
    """What stands before the video's embeddings, and behind them, as in VideoChat2's training."""
    question, _, last = words.rpartition("\n")
    instruction = last if last in INSTRUCTIONS else ""
    question = question if instruction else words
    start = f"{instruction} " if instruction else ""
    return f"{start}[INST] <Video>", f"</Video> [/INST] [INST] {question} [/INST]"


def pixels_of(frames: list[Image.Image], side_px: int) -> torch.Tensor:
    """1 x frames x 3 x side x side."""
    squeezed = [np.asarray(frame.resize((side_px, side_px), Image.BICUBIC)) for frame in frames]
    values = (np.stack(squeezed) / 255 - np.array(MEAN)) / np.array(STD)
    return torch.from_numpy(values.astype(np.float32)).permute(0, 3, 1, 2)[None]


class VideoChat2:
    """A loaded model that can be asked."""

    def __init__(self, model: Any, *, n_frames: int, side_px: int) -> None:
        self.model, self.n_frames, self.side_px = model, n_frames, side_px

    @torch.no_grad()
    def __call__(self, asked: Asked) -> Said:
        """Answer; raises BadRequest for fewer frames than the model was trained with."""
        if len(asked.frames) < self.n_frames:
            raise BadRequest(f"{len(asked.frames)} frames were sent, the model takes {self.n_frames}")
        places = np.linspace(0, len(asked.frames) - 1, self.n_frames).round().astype(int)
        frames = pixels_of([asked.frames[place] for place in places], self.side_px)
        before, behind = prompt_of(asked.words)
        device = next(self.model.parameters()).device
        instruction = before.rpartition("[INST]")[0].strip()
        video, _ = self.model.encode_img(frames.to(device), instruction)
        parts = [self._embedded(before, begins=True), video, self._embedded(behind, begins=False)]
        torch.manual_seed(asked.seed)
        sampled = {"do_sample": True, "temperature": asked.temperature, "top_p": asked.top_p}
        tokens = self.model.mistral_model.generate(
            inputs_embeds=torch.cat(parts, dim=1),
            max_new_tokens=asked.max_tokens,
            **(sampled if asked.temperature > 0 else {"do_sample": False}),
        )[0]
        text = self.model.mistral_tokenizer.decode(tokens, skip_special_tokens=True).strip()
        return Said(text=text, tokens=len(tokens), is_whole=len(tokens) < asked.max_tokens)

    def _embedded(self, text: str, *, begins: bool) -> torch.Tensor:
        language_model = self.model.mistral_model
        ids = self.model.mistral_tokenizer(text, return_tensors="pt", add_special_tokens=begins).input_ids
        return language_model.get_input_embeddings()(ids.to(next(language_model.parameters()).device))


def main() -> None:
    """Load by VideoChat2's own classes and serve."""
    flags = parser("Serve VideoChat2-Mistral.")
    flags.add_argument("config")
    flags.add_argument("--weights", required=True)
    given = flags.parse_args()
    sys.path.insert(0, os.getcwd())
    sys.argv = [sys.argv[0], given.config]
    from utils.config import Config

    from models import VideoChat2_it_mistral

    config = Config.get_config()
    config.model.videochat2_model_path = given.weights
    model = VideoChat2_it_mistral(config=config.model).to(config.device).eval()
    asked = VideoChat2(model, n_frames=config.num_frames, side_px=config.inputs.image_res)
    serve(asked, "videochat2", given.host, given.port)


if __name__ == "__main__":
    main()
