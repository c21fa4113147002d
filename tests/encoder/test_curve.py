"""The curve survives a stop, and steps made twice count once."""

from detente.encoder.curve import append_point, read_curve


def test_points_are_appended_and_a_step_made_again_replaces_what_it_said(tmp_path):
    path = tmp_path / "work" / "curve.csv"
    for step, loss in [(2, 3.0), (4, 2.5), (6, 2.25), (5, 2.5), (6, 2.0)]:
        append_point(path, {"loss": loss}, step)
    append_point(path, {"validation_loss": 2.125, "loss": 1.875}, 6)
    assert path.read_text(encoding="utf-8").startswith("step,metric,value\n2,loss,3.0\n4,loss,2.5\n")
    curve = read_curve(path)
    assert list(curve) == [2, 4, 5, 6]
    assert curve[6] == {"loss": 1.875, "validation_loss": 2.125}
