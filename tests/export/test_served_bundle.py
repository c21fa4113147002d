"""The bundle reloaded by MLflow: the labeller's own answers, and clear refusals."""

import json
import subprocess
import sys

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow.exceptions import MlflowException

from detente.bundle.labeller import Labeller
from detente.labels import LABEL_IDS

TEXTS = ["L’armée a bombardé le port.", "Ankara propose une médiation.", "Il pleut."]
TABLE = pd.DataFrame({"text": TEXTS, "source": "dépêche"}, index=[7, 3, 5])


@pytest.fixture(scope="module")
def served(tiny_bundle):
    return mlflow.pyfunc.load_model(str(tiny_bundle))


@pytest.mark.parametrize("weights", ["fp32", "int8"])
def test_the_reloaded_model_is_the_labeller(tiny_bundle, weights):
    answer = mlflow.pyfunc.load_model(str(tiny_bundle), model_config={"weights": weights}).predict(TABLE)
    said = Labeller.load(tiny_bundle, weights).label(TEXTS)
    assert list(answer.columns) == [*LABEL_IDS, "labels", "review"] and list(answer.index) == [7, 3, 5]
    np.testing.assert_array_equal(answer[list(LABEL_IDS)], said.probabilities)
    given = [[label for label, has in zip(LABEL_IDS, row, strict=True) if has] for row in said.decisions]
    assert answer["labels"].tolist() == given and any(given)
    assert answer["review"].tolist() == said.review.tolist()


def test_the_signature_names_every_column_and_the_models_own_thresholds(served, tiny_model):
    signature = served.metadata.signature
    assert {column.name: str(column.type) for column in signature.inputs} == {"text": "DataType.string"}
    types = {column.name: str(column.type) for column in signature.outputs}
    assert types == dict.fromkeys(LABEL_IDS, "DataType.double") | {
        "labels": "Array(string)",
        "review": "DataType.boolean",
    }
    defaults = {param.name.removeprefix("threshold_"): param.default for param in signature.params}
    assert defaults == dict(zip(LABEL_IDS, tiny_model.decision.thresholds, strict=True))


def test_a_threshold_may_be_changed_for_one_call(served):
    before, after = served.predict(TABLE), served.predict(TABLE, params={"threshold_accusation": 0.0})
    assert all("accusation" in labels for labels in after["labels"])
    others = [[label for label in labels if label != "accusation"] for labels in before["labels"]]
    assert [[label for label in labels if label != "accusation"] for labels in after["labels"]] == others


@pytest.mark.parametrize(
    ("table", "params", "message"),
    [
        ({"text": ["Il pleut.", " "]}, None, "row 2: the text is blank: ' '"),
        ({"text": ["Il pleut.", None]}, None, "row 2: the text is missing or not a string: nan"),
        ({"text": ["Il pleut.", ["deux"]]}, None, r"row 2: the text is missing or not a string: \['deux'\]"),
        ({"text": [5]}, None, "Incompatible input types for column text. Can not safely convert int64"),
        ({"texte": ["Il pleut."]}, None, r"Model is missing inputs \['text'\]"),
        ({"text": ["Il pleut."]}, {"threshold_accusation": 7.0}, r"thresholds are .*7.0.*expected numbers in \[0, 1\]"),
    ],
)
def test_bad_input_is_refused_with_its_row(served, table, params, message):
    with pytest.raises(MlflowException, match=message) as caught:
        served.predict(pd.DataFrame(table), params=params)
    assert caught.value.get_http_status_code() == 400


def test_the_bundle_brings_all_of_the_code_it_needs(tiny_bundle):
    script = (
        f"import json, sys\nimport mlflow\nmodel = mlflow.pyfunc.load_model({str(tiny_bundle)!r})\n"
        "rows = model.predict([{'text': 'Il pleut.'}]).to_dict('records')\n"
        "print(json.dumps([rows, sys.modules['detente'].__file__, sorted(sys.modules)]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    [row], code, modules = json.loads(done.stdout.splitlines()[-1])
    assert set(row) == {*LABEL_IDS, "labels", "review"}
    assert code == str(tiny_bundle / "code" / "detente" / "__init__.py")
    assert {"torch", "transformers", "hydra", "sklearn"}.isdisjoint(modules)
