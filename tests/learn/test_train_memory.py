"""The estimate of memory is near to what PyTorch keeps, whatever learns."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="needs videostep[train]")
torch.set_num_threads(1)
transformers = pytest.importorskip("transformers")
vram = pytest.importorskip("videostep.learn.vram")
adapters = pytest.importorskip("videostep.learn.adapters")
pytestmark = pytest.mark.filterwarnings("default")  # torch and transformers deprecate things of each other

from videostep.learn.config import TrainConfig  # noqa: E402

GRID = (2, 16, 16)
PATCHES, PATCH_NUMBERS = 512, 3 * 2 * 14 * 14
VIDEO_TOKENS, TEXT_TOKENS, TARGETS = PATCHES // 4, 128, 40


def config():
    return transformers.Qwen2_5_VLConfig(
        text_config={
            "hidden_size": 128, "intermediate_size": 352, "num_hidden_layers": 3, "num_attention_heads": 4,
            "num_key_value_heads": 2, "vocab_size": 300, "bos_token_id": 1, "eos_token_id": 2,
            "rope_parameters": {"rope_type": "default", "rope_theta": 1e6, "mrope_section": [4, 6, 6]},
        },
        vision_config={
            "depth": 3, "hidden_size": 96, "intermediate_size": 192, "num_heads": 4,
            "out_hidden_size": 128, "fullatt_block_indexes": [0, 1, 2],
        },
        video_token_id=10, vision_start_token_id=11, image_token_id=12, vision_end_token_id=13,
    )  # fmt: skip


def kept_bytes(settings):
    """What autograd keeps of a forward pass, the weights aside."""
    torch.manual_seed(0)
    plain = transformers.Qwen2_5_VLForConditionalGeneration(config())
    model = adapters.prepare_weights(plain, settings)
    ids = torch.tensor([[11, *[10] * VIDEO_TOKENS, *[20] * (TEXT_TOKENS - 1)]])
    weights = {each.untyped_storage().data_ptr() for each in model.parameters()}
    kept = {}

    def keep(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        logits = model(
            input_ids=ids,
            mm_token_type_ids=(ids == 10).int() * 2,
            pixel_values_videos=torch.randn(PATCHES, PATCH_NUMBERS),
            video_grid_thw=torch.tensor([GRID]),
            logits_to_keep=TARGETS,
        ).logits
        torch.nn.functional.cross_entropy(logits[0], torch.zeros(TARGETS, dtype=torch.long))
    return sum(kept.values())


@pytest.mark.parametrize("settings", [{}, {"full": True}, {"vision": True}, {"full": True, "vision": True}])
def test_what_is_kept_for_the_backward_pass_is_estimated(settings):
    settings = TrainConfig(**settings)
    with torch.device("meta"):
        skeleton = transformers.AutoModelForImageTextToText.from_config(config())
    estimated = vram.estimate_memory(
        skeleton,
        settings,
        pack_tokens=VIDEO_TOKENS + TEXT_TOKENS,
        pack_targets=TARGETS,
        pack_pixels=PATCHES * PATCH_NUMBERS,
        bf16=False,
        checkpointing=False,
    )
    found = estimated.activations + estimated.vision + estimated.logits
    assert 0.9 < found / kept_bytes(settings) < 1.4
    assert bool(estimated.vision) == settings.vision
