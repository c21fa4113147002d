"""``detente promote``: the champion gives way only to a bundle that is not worse on the same sentences, or by force."""

import json
import shutil
from pathlib import Path

import mlflow
import pytest

from detente.commands.promote import promote
from detente.errors import UserError
from detente.tracking.lineage import file_hash


@pytest.fixture
def model(request):
    """A registered name of the test's own."""
    return "".join(letter if letter.isalnum() else "-" for letter in request.node.name)


@pytest.fixture
def promoted(composed, store, model):
    """Promotes a bundle under that name."""
    return lambda bundle, *overrides: promote(composed("promote", store, f"name={model}", f"bundle={bundle}", *overrides))


@pytest.fixture
def worse(tiny_bundle, tmp_path):
    """The bundle with thresholds that give no label at all, trained on another corpus."""
    folder = Path(shutil.copytree(tiny_bundle, tmp_path / "worse"))
    description = json.loads((folder / "artifacts" / "bundle.json").read_text(encoding="utf-8"))
    description["decision"]["thresholds"] = [1.0] * 4
    description["provenance"]["corpus"] = "0123abcd.dir"
    (folder / "artifacts" / "bundle.json").write_text(json.dumps(description), encoding="utf-8")
    return folder


def aliases(model):
    return {alias: str(version) for alias, version in mlflow.MlflowClient().get_registered_model(model).aliases.items()}


def test_the_first_version_is_champion_and_says_on_what_it_was_judged(promoted, tiny_bundle, small_splits, model, capsys):
    promotion = promoted(tiny_bundle)
    assert (promotion.version, promotion.outcome, promotion.champion) == ("1", "first", None)
    assert 0 < promotion.score <= 1
    assert aliases(model) == {"candidate": "1", "champion": "1"}
    md5 = file_hash(small_splits / "validation.parquet")
    told = {"validation/macro/f1": str(promotion.score), "validation.md5": md5, "provenance.git_commit": "abc"}
    assert mlflow.MlflowClient().get_model_version(model, "1").tags.items() >= told.items()
    assert mlflow.last_active_run().data.metrics == {"candidate/macro/f1": pytest.approx(promotion.score)}
    assert f"version 1 of {model} is the first champion: macro-F1 {promotion.score:.6f} on" in capsys.readouterr().out


def test_an_equal_bundle_becomes_champion_whatever_score_is_stored(promoted, tiny_bundle, model):
    first = promoted(tiny_bundle)
    mlflow.MlflowClient().set_model_version_tag(model, "1", "validation/macro/f1", "1.0")
    second = promoted(tiny_bundle)
    assert (second.outcome, second.champion, second.champion_score) == ("not worse", "1", first.score)
    assert aliases(model) == {"candidate": "2", "champion": "2"}


def test_a_worse_bundle_stays_a_candidate(promoted, tiny_bundle, worse, small_splits, model):
    first = promoted(tiny_bundle)
    with pytest.raises(UserError) as caught:
        promoted(worse)
    message = str(caught.value)
    assert f"version 2 of {model} is worse than the champion, version 1, which stays" in message
    assert f"macro-F1 0.000000 against {first.score:.6f} on validation.parquet" in message
    assert file_hash(small_splits / "validation.parquet") in message and "force=true" in message
    assert "different corpora, None and 0123abcd.dir" in message
    assert aliases(model) == {"candidate": "2", "champion": "1"}
    kept = {"promotion.outcome": "refused", "promotion.champion": "1", "promotion.champion/macro/f1": str(first.score)}
    assert mlflow.MlflowClient().get_model_version(model, "2").tags.items() >= kept.items()
    assert mlflow.last_active_run().info.status == "FINISHED"


def test_force_makes_a_worse_bundle_the_champion_and_a_better_one_wins_it_back(promoted, tiny_bundle, worse, model, capsys):
    promoted(tiny_bundle)
    assert promoted(worse, "force=true").outcome == "forced"
    assert "by force=true, in place of the champion, version 1" in capsys.readouterr().out
    assert aliases(model)["champion"] == "2"
    assert promoted(tiny_bundle).outcome == "not worse"
    assert aliases(model)["champion"] == "3"


def test_a_champion_that_is_gone_is_replaced_only_by_force(promoted, tiny_bundle, model, caplog):
    promoted(tiny_bundle)
    source = mlflow.MlflowClient().get_model_version(model, "1").source
    shutil.rmtree(source.removeprefix("file://"))
    with pytest.raises(UserError, match=r"version 1 of .* cannot be opened: (.|\n)*No such artifact(.|\n)*force=true"):
        promoted(tiny_bundle)
    assert aliases(model)["champion"] == "1"
    promotion = promoted(tiny_bundle, "force=true")
    assert (promotion.outcome, promotion.champion_score) == ("forced", None)
    assert aliases(model)["champion"] == "3" and "replaced without a comparison" in caplog.text


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("bundle=none", "no bundle in none: `detente export` makes one"),
        ("splits=none", "none/validation.parquet: no such split"),
        ("force=perhaps", "configuration, force"),
        ("name=a/b", "name='a/b': .*choose another name"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_registered(promoted, tiny_bundle, model, override, message):
    with pytest.raises(UserError, match=message):
        promoted(tiny_bundle, override)
    assert mlflow.MlflowClient().search_registered_models(f"name = '{model}'") == []
