"""The shipped rules hold on their own examples, and faulty ones are refused by name."""

import re
import tomllib

import pytest

from extractor.assets import models_dir
from extractor.errors import ModelError
from extractor.stories import load_rules
from extractor.stories.rules import LIKENESSES

DATA = tomllib.loads((models_dir() / "stories.toml").read_text(encoding="utf-8"))
RULES = [
    rule for kind in ("boilerplate", "stage", "digest", "ending", "comment") for rule in DATA[kind]
]


def finds(rule: dict, text: str) -> bool:
    find = re.match if "ignores" in rule else re.search
    return find(rule["pattern"], text, re.IGNORECASE) is not None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["example"])
def test_a_rule_matches_its_example_and_not_its_counterexample(rule):
    assert finds(rule, rule["example"])
    assert not finds(rule, rule["counterexample"])


def test_a_missing_threshold_is_named(tmp_path):
    path = tmp_path / "stories.toml"
    path.write_text("[window]\ndays = 4\n")
    with pytest.raises(ModelError, match="'copy_days' is missing"):
        load_rules(path)


def test_an_unknown_key_is_refused(tmp_path):
    path = tmp_path / "stories.toml"
    path.write_text("[window]\ndays = 4\ncopy_days = 9\nhours = 3\n")
    with pytest.raises(ModelError, match="not a file of story rules"):
        load_rules(path)


def test_a_pattern_for_text_in_lower_case_has_no_capitals(tmp_path):
    shipped = (models_dir() / "stories.toml").read_text(encoding="utf-8")
    path = tmp_path / "stories.toml"
    path.write_text(shipped.replace("\\b(weekly|", "\\b(Weekly|"))
    (tmp_path / "story_rarity.csv").write_text("feature,articles\n,1\n")
    with pytest.raises(ModelError, match="not a file of story rules"):
        load_rules(path)


FURNITURE = DATA["furniture"]


@pytest.mark.parametrize("rule", FURNITURE, ids=lambda rule: rule["example"])
def test_furniture_stands_before_a_number_of_a_form_and_before_no_other(rule):
    for text, wanted in ((rule["example"], True), (rule["counterexample"], False)):
        before = re.split(r"\d[\d.,]*$", text)[0].lower()
        assert (load_rules().furniture.search(before) is not None) == wanted


def test_every_weight_has_a_likeness_and_a_remark():
    text = (models_dir() / "stories.toml").read_text(encoding="utf-8")
    lines = text.partition("[weights]")[2].splitlines()
    for name in LIKENESSES:
        (line,) = [line for line in lines if line.startswith(f"{name} = ")]
        assert " # " in line
