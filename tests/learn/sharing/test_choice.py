"""Models that would let rows mix are refused before training, and those that would not are not."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from videostep.errors import InputError  # noqa: E402
from videostep.learn.sharing import (  # noqa: E402
    Findings,
    Level,
    Row,
    Target,
    choose_level,
    made_up_rows,
    probe,
    use_segments,
)
from videostep.learn.sharing.refusals import tree_refusal, vision_refusal  # noqa: E402
from videostep.learn.sharing.segment_attention import uses_segments  # noqa: E402

DECODER = {
    "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "vocab_size": 300, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2,
}  # fmt: skip


def decoder(family, **settings):
    torch.manual_seed(0)
    config = transformers.AutoConfig.for_model(family, **DECODER | settings)
    model = transformers.AutoModelForCausalLM.from_config(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(4 if parameter.ndim == 2 else 1)
    return model


def hybrid():
    kinds = ["linear_attention", "full_attention"]
    small = {"linear_num_key_heads": 2, "linear_num_value_heads": 2, "linear_key_head_dim": 8}
    return decoder("qwen3_5_text", layer_types=kinds, head_dim=8, linear_value_head_dim=8, **small)


def test_families_that_obey_a_mask_share_everything(case):
    assert choose_level(case.model, case.rows, case.media).level == Level.TREE


def test_without_rows_of_its_own_a_trial_makes_some_up(case):
    assert choose_level(case.model).level == Level.TREE


def test_a_trial_leaves_the_model_as_it_was(case):
    case.model.model.eval()  # such as a part that is frozen
    before = [module.training for module in case.model.modules()]
    probe(case.model, Level.TREE, case.rows, case.media)
    assert [module.training for module in case.model.modules()] == before
    assert not case.model.get_output_embeddings()._forward_pre_hooks
    assert not case.model.get_input_embeddings()._forward_hooks
    assert not any(name.startswith("get_") for module in case.model.modules() for name in vars(module))
    assert all(parameter.grad is None for parameter in case.model.parameters())
    case.model.train()


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (lambda: decoder("llama", attn_implementation="eager"), "'eager' adds masks"),
        (lambda: decoder("mistral", sliding_window=8), "a window of neighbours"),
        (lambda: decoder("qwen2", use_sliding_window=True, sliding_window=8, max_window_layers=1), "window"),
        (hybrid, "a state on from token to token"),
        (
            lambda: decoder("bart", decoder_attention_heads=4, d_model=32, decoder_layers=1),
            "takes no positions",
        ),
    ],
)
def test_models_that_would_mix_rows_are_refused_by_their_configuration(model, reason):
    made = model()
    assert reason in (tree_refusal(made) or "")
    assert choose_level(made).level == Level.ROWS


@pytest.mark.parametrize("family", ["llama", "qwen2", "qwen3"])
def test_plain_decoders_are_not_refused(family):
    assert tree_refusal(decoder(family)) is None


def test_a_window_that_is_not_used_is_no_reason():
    assert tree_refusal(decoder("qwen2", use_sliding_window=False, sliding_window=8)) is None


def test_experts_share_too():
    experts = {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 16, "head_dim": 8}
    assert choose_level(decoder("qwen3_moe", sliding_window=8, **experts)).level == Level.TREE


def test_pictures_that_look_both_ways_share_their_features_alone(both_ways_case):
    level, reason = choose_level(both_ways_case.model, both_ways_case.rows, both_ways_case.media)
    assert level == Level.VISION
    assert "both ways" in reason


def test_pictures_beside_the_rows_share_nothing():
    vision = {
        "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 1, "num_global_layers": 1,
        "attention_heads": 2, "image_size": 28, "vision_output_dim": 32, "intermediate_layers_indices": [0],
    }  # fmt: skip
    rope = {"rope_type": "default", "rope_theta": 1e4}
    text = DECODER | {"cross_attention_layers": [1], "rope_parameters": rope}
    config = transformers.MllamaConfig(text_config=text, vision_config=vision)
    model = transformers.MllamaForConditionalGeneration(config)
    assert "by cross-attention" in tree_refusal(model)


def test_the_trial_alone_finds_a_state_that_leaks():
    model = hybrid()
    findings = probe(model, Level.TREE, made_up_rows(model), {})
    assert findings.leak > 0
    assert findings.difference > 0.01
    assert findings.fault


def test_the_trial_alone_finds_a_mask_that_is_added_up():
    model = decoder("llama", attn_implementation="eager")
    assert "logits differ" in probe(model, Level.TREE, made_up_rows(model), {}).fault


def test_either_sign_alone_is_a_fault():
    assert Findings(noise=1e-7, difference=9e-7, leak=0.0).fault is None
    assert "logits differ by 2.0e-06" in Findings(noise=1e-7, difference=2e-6, leak=0.0).fault
    assert "logits differ" in Findings(noise=1e-7, difference=float("nan"), leak=0.0).fault
    assert "tokens of other rows" in Findings(noise=1e-7, difference=1e-7, leak=1e-9).fault


def test_a_trial_is_made_without_dropout():
    model = decoder("llama", attention_dropout=0.5).train()
    assert choose_level(model).level == Level.TREE
    assert all(module.training for module in model.modules())


def test_a_model_without_pictures_has_nothing_to_encode_once():
    assert "no method that turns pictures" in vision_refusal(decoder("llama"))


def test_a_hybrid_model_with_pictures_shares_its_vision(hybrid_case):
    level, reason = choose_level(hybrid_case.model, hybrid_case.rows, hybrid_case.media)
    assert level == Level.VISION
    assert reason.startswith("not tree: some layers carry a state")


def test_segments_pass_the_trial_too(case):
    use_segments(case.model)
    try:
        level, _ = choose_level(case.model, case.rows, case.media)
        assert level == Level.TREE
    finally:
        case.model.set_attn_implementation({"text_config": "sdpa"})


def test_attention_goes_by_segments_where_a_kernel_for_them_is_at_hand(make_case, monkeypatch):
    case = make_case("qwen3_vl")
    choose_level(case.model, case.rows, case.media)
    assert not uses_segments(case.model)
    monkeypatch.setattr("videostep.learn.sharing.choice.segments_are_fast", lambda model: True)
    assert choose_level(case.model, case.rows, case.media).level == Level.TREE
    assert uses_segments(case.model)


def test_faulty_rows_are_no_reason_to_share_less(case):
    lost = Row(tokens=[1, 2], targets=(Target(position=0, token=2, task="answer"),), media="lost")
    with pytest.raises(InputError, match="rows about 'lost', but no pictures"):
        choose_level(case.model, [lost], case.media)
