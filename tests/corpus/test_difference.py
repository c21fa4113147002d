"""What changed between two versions of a corpus."""

import io

from rich.console import Console

from detente.corpus.difference import LabelChange, compare, render


def test_each_kind_of_change_is_counted_under_its_label(make):
    old = [make(id="gone"), make(id="kept"), make(id="moved"), make(id="reworded", text="Avant.")]
    new = [
        make(id="reworded", text="Après."),
        make(id="moved", labels=["accusation"]),
        make(id="kept", year=2015),
        make(id="fresh", labels=["accusation", "escalation"]),
    ]
    difference = compare(old, new)
    assert difference.of_label("escalation") == LabelChange(added=1, removed=1, gained=0, lost=1, rewritten=1)
    assert difference.of_label("accusation") == LabelChange(added=1, removed=0, gained=1, lost=0, rewritten=0)
    assert difference.of_label("de_escalation") == LabelChange(0, 0, 0, 0, 0)
    assert difference.changed_ids() == ["fresh", "gone", "moved", "reworded"]


def test_the_order_of_the_records_is_no_change(make):
    records = [make(id="s1"), make(id="s2")]
    assert compare(records, records[::-1]).changed_ids() == []


def test_the_table_shows_labels_and_all_sentences(make):
    output = io.StringIO()
    Console(file=output, width=100).print(render(compare([], [make(id="s1"), make(id="s2", labels=[])])))
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in output.getvalue().splitlines()]
    assert ["escalation", "1", "0", "0", "0", "0"] in rows
    assert ["all sentences", "2", "0", "", "", "0"] in rows
