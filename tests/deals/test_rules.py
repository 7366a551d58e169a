"""Faulty merge rules are refused by name."""

import pytest

from extractor.assets import models_dir
from extractor.deals import load_rules
from extractor.errors import ModelError

SHIPPED = (models_dir() / "merging.toml").read_text(encoding="utf-8")


def test_a_type_may_have_points_of_its_own():
    rules = load_rules()
    assert rules.points["acquisition"].differ["value"] > rules.points["hosting"].differ["value"]
    assert rules.points["acquisition"].agree["value"] == rules.points["hosting"].agree["value"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[tolerance]\nnumbers = 0.03\n", "'differ' is missing"),
        (SHIPPED.replace("types.acquisition", "types.takeover"), "not a file of merge rules"),
        ("tolerance", "not a file of merge rules"),
    ],
)
def test_a_faulty_file_is_named(tmp_path, text, reason):
    path = tmp_path / "merging.toml"
    path.write_text(text)
    with pytest.raises(ModelError, match=rf"merging\.toml: {reason}"):
        load_rules(path)
