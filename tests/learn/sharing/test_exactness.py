"""Sharing changes no gradient: per parameter, because equal losses prove nothing."""

from __future__ import annotations

import importlib
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from videostep.learn.objective import Objective, WindowCounts, joint_loss, target_weights  # noqa: E402
from videostep.learn.sharing import forward, make_pack, pack, use_segments  # noqa: E402
from videostep.learn.sharing.masks import tree_mask  # noqa: E402


def gradients(case, packs, level):
    counts = WindowCounts.of(case.rows)
    case.model.zero_grad()
    for each in packs:
        logits = forward(case.model, each, case.media, level=level)
        weights = target_weights(each, counts, Objective())
        joint_loss(logits, torch.from_numpy(each.targets), weights).backward()
    return {
        name: parameter.grad.clone()
        for name, parameter in case.model.named_parameters()
        if parameter.grad is not None
    }


def differences(found, expected):
    """Largest difference of a parameter's gradient in relation to its norm, and that of all together."""
    worst = max(
        float((found[name] - expected[name]).norm() / expected[name].norm())
        for name in expected
        if expected[name].norm() > 1e-7
    )
    total = sum(float(gradient.norm()) ** 2 for gradient in expected.values()) ** 0.5
    apart = sum(float((found[name] - expected[name]).norm()) ** 2 for name in expected) ** 0.5
    return worst, apart / total


def one_by_one(case):
    return gradients(case, [make_pack([row]) for row in case.rows], "rows")


@pytest.fixture(scope="module")
def by_rows(case):
    return one_by_one(case)


def assert_same(found, expected):
    worst, total = differences(found, expected)
    assert found.keys() == expected.keys()
    assert worst <= 2e-5
    assert total <= 2e-6


@pytest.mark.parametrize("level", ["tree", "level1", "rows"])
def test_gradients_are_those_of_rows_one_by_one(case, by_rows, level):
    assert_same(gradients(case, [make_pack(case.rows)], level), by_rows)


def test_gradients_of_a_hybrid_model_are_those_of_rows_at_level_1(hybrid_case):
    assert_same(gradients(hybrid_case, [make_pack(hybrid_case.rows)], "level1"), one_by_one(hybrid_case))


def test_gradients_where_pictures_look_both_ways_are_those_of_rows_at_level_1(both_ways_case):
    expected = one_by_one(both_ways_case)
    assert_same(gradients(both_ways_case, [make_pack(both_ways_case.rows)], "level1"), expected)


def test_a_row_whose_pictures_look_both_ways_is_as_the_model_makes_it(both_ways_case):
    row = both_ways_case.rows[0]
    ids = torch.from_numpy(row.tokens)[None]
    kinds = (ids == both_ways_case.model.config.image_token_id).long()
    places = [target.position for target in row.targets]
    with torch.no_grad():
        plain = both_ways_case.model(input_ids=ids, token_type_ids=kinds, **both_ways_case.media["one"])
        found = forward(both_ways_case.model, make_pack([row]), both_ways_case.media, level="rows")
    torch.testing.assert_close(found, plain.logits[0, places])


def test_sharing_tokens_of_a_hybrid_model_is_wrong(hybrid_case):
    tree = gradients(hybrid_case, [make_pack(hybrid_case.rows)], "tree")
    worst, _ = differences(tree, one_by_one(hybrid_case))
    assert worst > 0.1


def test_gradients_are_the_same_by_segments(case, by_rows):
    use_segments(case.model)
    assert_same(gradients(case, [make_pack(case.rows)], "tree"), by_rows)
    case.model.set_attn_implementation({"text_config": "sdpa"})


@pytest.mark.parametrize("segments", [False, True])
def test_gradients_are_the_same_with_layers_run_again(case, by_rows, segments):
    case.model.activation_checkpointing_enable({"use_reentrant": False})
    if segments:
        use_segments(case.model)
    assert_same(gradients(case, [make_pack(case.rows)], "tree"), by_rows)
    case.model.set_attn_implementation({"text_config": "sdpa"})
    case.model.activation_checkpointing_disable()


@pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning")  # peft's
def test_gradients_of_adapters_are_the_same_vision_included(make_case):
    peft = pytest.importorskip("peft")
    case = make_case("qwen3_vl")
    config = peft.LoraConfig(r=2, target_modules=["q_proj", "v_proj", "qkv"], init_lora_weights=False)
    case.model = peft.get_peft_model(case.model, config)
    expected = one_by_one(case)
    assert any("visual" in name for name in expected)
    for level in ("tree", "level1"):
        assert_same(gradients(case, pack(case.rows, most_tokens=80, most_rows=4), level), expected)


def test_a_row_whose_positions_jump_is_still_one_row(make_case):
    case = make_case("internvl")
    jumping = [
        replace(row, positions=np.concatenate([np.arange(9), np.arange(len(row) - 9)])) for row in case.rows
    ]
    with torch.no_grad():
        together = forward(case.model, make_pack(jumping), case.media, level="tree")
        alone = [forward(case.model, make_pack([row]), case.media, level="rows") for row in jumping]
    torch.testing.assert_close(torch.cat(alone), together, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("level", ["tree", "level1", "rows"])
def test_a_pack_without_targets_has_gradients_of_zero(case, level):
    idle = [replace(row, targets=()) for row in case.rows]
    found = gradients(case, [make_pack(idle)], level)
    assert found
    assert all(not gradient.any() for gradient in found.values())


# What goes wrong without a sound: the loss hardly moves, the gradients are others.


def test_a_plain_causal_mask_is_wrong(case, by_rows, monkeypatch):
    module = importlib.import_module("videostep.learn.sharing.forward")
    monkeypatch.setattr(module, "tree_mask", lambda ends: tree_mask(torch.full_like(ends, len(ends))))
    assert differences(gradients(case, [make_pack(case.rows)], "tree"), by_rows)[1] > 0.1


def test_positions_that_do_not_start_again_are_wrong(case, by_rows):
    whole = make_pack(case.rows)
    straight = np.broadcast_to(np.arange(len(whole)), whole.positions.shape)
    wrong = gradients(case, [replace(whole, positions=straight)], "tree")
    assert differences(wrong, by_rows)[1] > 0.1


def test_an_eager_model_adds_the_mask_up(case, by_rows):
    case.model.set_attn_implementation({"text_config": "eager"})
    wrong = gradients(case, [make_pack(case.rows)], "tree")
    case.model.set_attn_implementation({"text_config": "sdpa"})
    assert differences(wrong, by_rows)[1] > 0.1
