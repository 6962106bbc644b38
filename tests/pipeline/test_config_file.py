import tomllib
from dataclasses import replace

import pytest

from videostep.errors import ConfigError
from videostep.models.config import ModelsConfig
from videostep.pipeline.config import ExecutionConfig, RunConfig
from videostep.pipeline.config_file import changed_settings, config_from, config_toml, read_config

CHANGED = replace(
    RunConfig(),
    seed=7,
    ask_seed=8,
    split=replace(RunConfig().split, min_clip_s=1.0),
    ask=replace(RunConfig().ask, step_mix=(0.5, 0.5, 0.0)),
)
TABLE = {
    "depth": 2,
    "words": ["bus", 'a "b"'],
    "steps": [{"size px": 0.5, "extra": True}],
    "a.b": {"extra": {"depth": 1}},
    "empty": {},
}
INSTALLED = RunConfig(model="toy", parsers={"toy": TABLE, "a b": {}})


def read(text):
    return config_from(tomllib.loads(text), source="run.toml")


@pytest.mark.parametrize("config", [RunConfig(), CHANGED, INSTALLED])
def test_a_saved_config_comes_back(config, tmp_path):
    path = tmp_path / "run.toml"
    path.write_bytes(config_toml(config))
    assert read_config(path) == config


def test_how_a_run_is_carried_out_is_not_saved():
    config = RunConfig(execution=ExecutionConfig(workers=7))
    assert config_toml(config) == config_toml(RunConfig())


def test_every_stage_has_its_table():
    tables = tomllib.loads(config_toml(RunConfig()).decode())
    assert {"split", "embedded", "merge", "bridge", "ask", "balance"} <= tables.keys()


def test_what_a_file_does_not_name_keeps_its_default():
    assert read("[split]\nmin_clip_s = 1") == replace(
        RunConfig(), split=replace(RunConfig().split, min_clip_s=1.0)
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sede = 1", "there is no setting 'sede'; did you mean 'seed'?"),
        ("[splitt]", "there is no setting 'splitt'; did you mean 'split'?"),
        ("[split]\nmin_clip = 1", "there is no setting 'split.min_clip'; did you mean 'split.min_clip_s'?"),
        ("[ask.paths]\nmax_step = 1", "'ask.paths.max_step'; did you mean 'ask.paths.max_steps'?"),
        ("[qqq]", "there is no setting 'qqq'; known: ask, "),
        ("seed = 'x'", "seed: expected `int | null`, got `str`"),
        ("seed = -1", "seed is -1; give a whole number from 0 to 2**63 - 1"),
        ("[execution]\nworkers = 0", "execution.workers is 0; give 1 or more"),
        ("[split]\nmin_clip_s = nan", "split.min_clip_s is nan; give a finite number"),
        ("[execution]\nmax_failed_share = inf", "max_failed_share is inf; give a finite number"),
        ("[execution]\nmax_failed_share = 2", "max_failed_share is 2.0; give a share from 0 to 1"),
        ("[parsers]\ntoy = 1", "parsers[...]: expected `object`, got `int`"),
        ("[parsers.toy]\nsince = 2024-01-01", "parsers.toy.since is a date; give text, a number"),
        ("[parsers.toy]\nsizes = [1, nan]", "parsers.toy.sizes[1] is nan; give a finite number"),
        ("format = 'videostep.run/9'", "format 'videostep.run/9'; this version reads"),
    ],
)
def test_a_wrong_setting_is_named_with_a_remedy(text, message):
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert message.replace("int | null", "int") in str(caught.value)


def test_what_is_no_toml_or_missing_is_named(tmp_path):
    (tmp_path / "bad.toml").write_text("= 1")
    with pytest.raises(ConfigError, match=r"bad\.toml is not TOML"):
        read_config(tmp_path / "bad.toml")
    with pytest.raises(ConfigError, match=r"gone\.toml cannot be read: .*; check its path"):
        read_config(tmp_path / "gone.toml")


def test_changes_are_named_that_would_change_a_graph():
    saved = tomllib.loads(config_toml(RunConfig()).decode())
    assert changed_settings(saved, CHANGED) == ("seed 0 -> 7", "split.min_clip_s 0.6 -> 1.0")
    assert changed_settings(saved, replace(RunConfig(), ask=CHANGED.ask)) == ()


def test_the_order_of_a_parsers_settings_is_not_seen():
    turned = {key: TABLE[key] for key in reversed(TABLE)}
    assert config_toml(replace(INSTALLED, parsers={"a b": {}, "toy": turned})) == config_toml(INSTALLED)


def test_settings_of_the_chosen_parser_alone_change_a_graph():
    saved = tomllib.loads(config_toml(INSTALLED).decode())
    other = replace(INSTALLED, parsers={"toy": {**TABLE, "depth": 3}})
    assert changed_settings(saved, other) == ("parsers.toy.depth 2 -> 3",)
    unused = replace(INSTALLED, parsers={"toy": TABLE, "another": {"depth": 3}})
    unused = replace(unused, embedded=replace(unused.embedded, max_looks=5))
    assert changed_settings(saved, unused) == ()
    assert changed_settings(saved, replace(other, model="embedded")) == ('model "toy" -> "embedded"',)


def test_settings_of_another_version_are_changes_too():
    saved = tomllib.loads(config_toml(RunConfig()).decode())
    saved["split"]["magic"] = saved["split"].pop("min_clip_s")
    assert changed_settings(saved, RunConfig()) == ("split.magic 0.6 -> none", "split.min_clip_s none -> 0.6")


def test_tables_of_other_packages_backends_come_back_word_for_word(tmp_path):
    installed = {"parrot": {"loud": True, "extra": {"none": ""}, "words": ["b", "a"]}}
    config = RunConfig(models=ModelsConfig(installed=installed))
    (tmp_path / "run.toml").write_bytes(config_toml(config))
    assert read_config(tmp_path / "run.toml") == config
    with pytest.raises(ConfigError, match=r"models\.installed\.parrot\.rate is nan"):
        RunConfig(models=ModelsConfig(installed={"parrot": {"rate": float("nan")}}))
