"""The ray engine: the local engine's rows in its order, on one machine or two, whoever dies on the way."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from detente.bundle.labeller import Labeller
from detente.bundle.ray_engine import Workers, label_on_ray
from detente.bundle.streaming import label_table
from detente.bundle.survey import CHUNK_ROWS, survey_table
from detente.bundle.writing import rejects_path
from detente.errors import UserError

pytest.importorskip("ray.data", reason="the extra `scale` brings ray")

PARTS = 13
ROWS = PARTS * CHUNK_ROWS - 655


@pytest.fixture(scope="module")
def cluster():
    """Two machines of a processor each; the driver is on the first one."""
    import ray
    from ray.cluster_utils import Cluster
    from ray.data import DataContext

    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RAY_worker_niceness", "0")  # by default any other work on the machine goes first
        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
        cluster.add_node(num_cpus=1)
        ray.init(cluster.address, log_to_driver=False, logging_level="ERROR")
        DataContext.get_current().wait_for_min_actors_s = 300  # else the first may be through before the second is there
        yield cluster
        ray.shutdown()
        cluster.shutdown()


@pytest.fixture(scope="module")
def source(tmp_path_factory, records):
    """Sentences with every kind of bad row, in row groups that fit neither chunks nor parts."""
    texts = [f"{records[n % 90].text} ({n})" for n in range(ROWS)]
    texts[5], texts[CHUNK_ROWS], texts[-1] = None, "  ", ""
    path = tmp_path_factory.mktemp("source") / "in.parquet"
    pq.write_table(pa.table({"n": range(ROWS), "text": texts}), path, row_group_size=1234)
    return path


@pytest.fixture(scope="module")
def expected(source, tiny_bundle):
    """What the local engine writes; with fp32, whose figures depend a little on which sentences stand together."""
    output = source.with_name("local.parquet")
    label_table(survey_table(source, "text", output), output, Labeller.load(tiny_bundle, "fp32", 1).label, "m")
    return output


@pytest.fixture
def label(cluster, tiny_bundle):
    def _label(source, output, threads=1, **more):
        return label_on_ray(str(source), "text", str(output), Workers(tiny_bundle, "fp32", threads), "m", CHUNK_ROWS, **more)

    return _label


def test_the_rows_are_the_local_engines_though_a_node_dies(label, cluster, source, expected, tmp_path):
    [doomed] = cluster.worker_nodes
    seen, output = [], tmp_path / "out.parquet"

    def kill_once(note):
        seen.append(note.node)
        if note.node == doomed.node_id and doomed in cluster.worker_nodes:
            cluster.remove_node(doomed, allow_graceful=False)
            seen.append("killed")

    done = label(source, output, done=kill_once)
    assert seen.index("killed") < PARTS - 1 and set(seen) == {"killed", doomed.node_id, cluster.head_node.node_id}
    assert len(seen) == PARTS + 1  # every part is told of once
    assert (done.labelled, done.rejected) == (ROWS - 3, 3)
    assert pq.read_table(output).equals(pq.read_table(expected))
    assert rejects_path(output).read_bytes() == rejects_path(expected).read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {output.name, rejects_path(output).name}


def test_a_stopped_run_goes_on_and_folders_are_read_and_written(label, source, expected, tmp_path):
    (tmp_path / "in").mkdir()
    whole = pq.read_table(source)
    pq.write_table(whole[: 2 * CHUNK_ROWS], tmp_path / "in" / "b.parquet")
    pq.write_table(whole[2 * CHUNK_ROWS : 2 * CHUNK_ROWS + 7], tmp_path / "in" / "c.parquet")
    seen = []

    def stop(note):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        label(tmp_path / "in", tmp_path / "out", done=stop)
    assert not (tmp_path / "out").exists()
    done = label(tmp_path / "in", tmp_path / "out", done=seen.append)
    assert len(seen) < 3 and (done.labelled, done.rejected) == (2 * CHUNK_ROWS + 5, 2)
    assert pq.read_table(tmp_path / "out")["n"].equals(pq.read_table(expected)["n"][: 2 * CHUNK_ROWS + 5])
    assert (tmp_path / "out" / "_SUCCESS").exists() and not (tmp_path / "out.parts").exists()


def test_what_a_worker_cannot_do_is_told_as_a_mistake(label, source, tmp_path):
    with pytest.raises(UserError, match=r"--threads 64: no machine of the cluster has as many; they have \["):
        label(source, tmp_path / "out.parquet", threads=64)
    damaged = tmp_path / "in.parquet"
    damaged.write_bytes(b"\xff" * 60_000 + source.read_bytes()[60_000:])
    with pytest.raises(UserError, match=r"in\.parquet: not a Parquet file that can be read"):
        label(damaged, tmp_path / "out.parquet")
