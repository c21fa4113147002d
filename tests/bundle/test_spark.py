"""The bundle as a Spark function: the labeller's own answers, in its columns."""

import os
import shutil

import mlflow
import numpy as np
import pytest

from detente.bundle.labeller import Labeller
from detente.labels import LABEL_IDS

TEXTS = ["L’armée a bombardé le port.", "Ankara propose une médiation.", "Il pleut.", "Kiev dément."]


@pytest.fixture(scope="module")
def spark():
    """A Spark of one local worker process."""
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed; `pip install pyspark` to run this test")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("no Java: neither `java` on PATH nor JAVA_HOME")
    builder = sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    session = builder.config("spark.driver.host", "127.0.0.1").getOrCreate()
    yield session
    session.stop()


def test_the_spark_function_says_what_the_labeller_says(spark, tiny_bundle):
    config = {"weights": "fp32", "threads": 1}
    function = mlflow.pyfunc.spark_udf(spark, str(tiny_bundle), env_manager="local", model_config=config)
    table = spark.createDataFrame(list(enumerate(TEXTS)), "n int, text string").repartition(2)
    rows = table.withColumn("said", function("text")).select("n", "text", "said.*").orderBy("n").collect()
    said = Labeller.load(tiny_bundle, "fp32").label(TEXTS)
    assert list(rows[0].asDict()) == ["n", "text", *LABEL_IDS, "labels", "review"]
    np.testing.assert_allclose([[row[label] for label in LABEL_IDS] for row in rows], said.probabilities, atol=1e-6)
    given = [[label for label, has in zip(LABEL_IDS, row, strict=True) if has] for row in said.decisions]
    assert [row["labels"] for row in rows] == given and any(given)
    assert [row["review"] for row in rows] == said.review.tolist()
