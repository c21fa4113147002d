"""What a record accepts and what it refuses."""

import pytest
from pydantic import ValidationError

from detente.corpus.record import Record


def test_a_record_needs_no_rule_and_no_contrast(make):
    record = make()
    assert (record.rule, record.contrast) == (None, None)
    assert make(labels=[]).labels == []


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("text", "", "one non-empty line"),
        ("text", " La trêve tient.", "white space"),
        ("text", "La trêve\ntient.", "one non-empty line"),
        ("text", "La trêve\u2028tient.", "one non-empty line"),
        ("text", "La trêve \ud83d tient.", "surrogates not allowed"),
        ("labels", ["escalade"], "the labels are escalation, de_escalation, accusation, diplomatic_offer"),
        ("labels", ["escalation", "accusation"], r"write \['accusation', 'escalation'\]"),
        ("labels", ["accusation", "accusation"], "sorted and unique"),
        ("votes", {"first": ["guerre"]}, "unknown label 'guerre'"),
        ("genre", "poem", "agency_dispatch"),
        ("region", "antarctica", "middle_east"),
        ("year", 1944, "1945"),
        ("year", 2027, "2026"),
        ("year", "2014", "valid integer"),
        ("rule", 11, "10"),
        ("contrast", "s1", "names the sentence itself"),
        ("score", 0.5, "not permitted"),
    ],
)
def test_a_wrong_value_is_refused(values, key, value, message):
    with pytest.raises(ValidationError, match=message):
        Record(**(values | {key: value}))


def test_a_record_cannot_be_changed(make):
    with pytest.raises(ValidationError, match="frozen"):
        make().text = "Autre chose."
