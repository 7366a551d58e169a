"""The rule files beside merging.toml say what their examples say; faulty ones are named."""

import tomllib

import pytest

from extractor.assets import models_dir
from extractor.deals import load_cues, load_sources
from extractor.deals.checks import load_plausibility
from extractor.deals.numbers import is_rounding
from extractor.errors import ModelError

CUES = tomllib.loads((models_dir() / "cues.toml").read_text(encoding="utf-8"))["cue"]
KINDS = tomllib.loads((models_dir() / "sources.toml").read_text(encoding="utf-8"))["source"]


@pytest.mark.parametrize("rule", CUES, ids=lambda rule: rule["name"])
def test_a_cue_does_what_its_examples_say(rule):
    cues, name = load_cues(), rule["name"]

    def gives(text):
        return any(cue == name or cue.startswith(f"{name} ") for cue in cues.of(text))

    assert gives(rule["example"])
    assert not gives(rule["counterexample"])


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("It priced notes due 2031 and bonds due in March 2033.", ("mark 2031", "mark 2033")),
        ("It exchanged its 2029 convertible notes.", ("mark 2029",)),
        ("The start-up closed a Series C round after its Series B.", ("mark b", "mark c")),
        ("It sold Series A preferred stock by a pre-Series C agreement.", ()),
    ],
)
def test_a_mark_is_the_word_that_tells_one_issue_from_the_next(text, marks):
    assert sorted(cue for cue in load_cues().of(text) if cue.startswith("mark ")) == list(marks)


@pytest.mark.parametrize("rule", KINDS, ids=lambda rule: rule["kind"])
def test_a_kind_of_source_does_what_its_examples_say(rule):
    sources = load_sources()

    def kind(url):
        return sources.kind(urls=(url,), site="", opening="")

    assert kind(rule["example"]) == rule["kind"]
    assert kind(rule["counterexample"]) == ""


def test_a_reprinted_release_keeps_the_mark_of_its_wire():
    sources = load_sources()
    text = "EASTON, Md., Aug. 14, 2025 (GLOBE NEWSWIRE) -- TeraWulf said"
    assert sources.kind(urls=("https://finance.example/a",), site="", opening=text) == "release"
    late = "x" * 600 + text
    assert sources.kind(urls=("https://finance.example/a",), site="", opening=late) == ""


@pytest.mark.parametrize(
    ("exact", "round_", "is_one"),
    [
        (3.67e9, 3.7e9, True),
        (3.7e9, 4e9, True),
        (865e6, 850e6, True),
        (3.67e9, 3.6e9, True),  # "over $3.6 billion"
        (245, 250, True),
        (3.1e9, 4e9, False),
        (150, 200, False),
        (9.7e9, 9.6e9, False),
        (1.4e9, 1.5e9, False),
        (3.7e9, 3.67e9, False),
        (245, 330, False),
    ],
)
def test_what_counts_as_a_rounding(exact, round_, is_one):
    assert is_rounding(exact, round_) is is_one


@pytest.mark.parametrize("load", [load_cues, load_sources, load_plausibility])
def test_a_faulty_rule_file_is_named(tmp_path, load):
    path = tmp_path / "rules.toml"
    path.write_text("nothing = 1\n")
    with pytest.raises(ModelError, match=r"rules\.toml: '\w+' is missing"):
        load(path)
    path.write_text("[broken")
    with pytest.raises(ModelError, match=r"rules\.toml: not a file of"):
        load(path)
