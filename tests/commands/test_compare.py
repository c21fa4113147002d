"""``detente compare``: one table over all runs, words for what is significant, and no run lost because another is broken."""

import json

import pytest

from detente.commands import cli
from detente.commands.compare import main
from detente.errors import UserError
from detente.labels import LABEL_IDS


@pytest.fixture
def run(tmp_path):
    """Writes a run on 20 articles of one sentence that threatens; escalation is given where `right` says so.

    Every tenth sentence also offers talks, which every run finds.
    """

    def write(name, right, sentences=20):
        (tmp_path / name).mkdir()
        with (tmp_path / name / "predictions.jsonl").open("w", encoding="utf-8") as file:
            for number in range(sentences):
                offered = ["diplomatic_offer"] if number % 10 == 0 else []
                given = ["escalation"] if right(number) else []
                values = {"id": f"s{number}", "document": f"article-{number}", "truth": ["escalation", *offered]}
                values |= {"labels": given + offered, "probabilities": dict.fromkeys(LABEL_IDS, 0.5)}
                file.write(json.dumps(values) + "\n")
        return str(tmp_path / name)

    return write


@pytest.fixture
def half(run):
    return run("half", lambda number: number % 2)


@pytest.fixture
def whole(run):
    return run("whole", lambda number: True)


def cells(output, run):
    """The cells of a run's rows in a Markdown table, by label."""
    rows = [
        [cell.strip() for cell in row.strip("|").split("|")] for row in output.splitlines() if row.startswith(f"| {run} ")
    ]
    return {row[1]: row[2:] for row in rows}


def test_the_table_has_a_row_a_label_and_macro(half, whole, capsys):
    """Half of 20 sentences against all: F1 2/3 and 1.

    No resample speaks against it: p = 2 / 1001, times the 2 labels that occur. McNemar: p = 2 / 2¹⁰, times 4 labels.
    """
    main([half, whole, "--markdown"])
    rows = cells(capsys.readouterr().out, "B")
    assert list(rows) == ["escalade", "désescalade", "accusation", "offre diplomatique", "macro"]
    assert rows["escalade"][:2] == ["0.67", "1.00"] and rows["escalade"][2].startswith("+0.33 [+0.1")
    assert rows["escalade"][3:] == ["0.004", "0/10", "0.008"]
    assert rows["offre diplomatique"] == ["1.00", "1.00", "+0.00 [+0.00, +0.00]", "1.000", "0/0", "1.000"]
    assert rows["accusation"] == ["–", "–", "– [–, –]", "–", "0/0", "1.000"]
    assert rows["macro"][:2] == ["0.83", "1.00"] and rows["macro"][4:] == ["", ""]


def test_words_say_what_is_significant_and_which_way(half, whole, capsys):
    main([half, whole])
    shown = " ".join(capsys.readouterr().out.split())
    assert "F1 is higher for escalade, macro; more decisions are right for escalade." in shown
    main([whole, half])
    shown = " ".join(capsys.readouterr().out.split())
    assert "F1 is lower for escalade, macro; fewer decisions are right for escalade." in shown
    main([half, half])
    assert "Nothing is significant at 5% after Holm's correction." in " ".join(capsys.readouterr().out.split())


def test_a_broken_run_is_a_row_and_the_others_still_come_out(run, half, whole, monkeypatch, capsys):
    shorter = run("shorter", bool, sentences=19)
    monkeypatch.setattr("sys.argv", ["detente", "compare", half, f"{half}/gone", shorter, whole, "--markdown"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 2
    shown = capsys.readouterr()
    assert list(cells(shown.out, "B")) == list(cells(shown.out, "C")) == ["not compared"]
    assert cells(shown.out, "D")["escalade"][:2] == ["0.67", "1.00"]
    assert shown.err.startswith("detente: 2 of 3 not compared:\n")
    assert "gone/predictions.jsonl: No such file" in shown.err and "half/predictions.jsonl (s19)" in shown.err


def test_equal_seeds_print_equal_tables(half, whole, capsys):
    printed = []
    for seed in ("1", "1", "2"):
        main([half, whole, "--seed", seed, "--samples", "200", "--markdown"])
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1] != printed[2]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--samples", "159"], "--samples 159 --seed 1: --samples takes 160 or more"),
        (["--seed", "-1"], "--seed -1: .*--seed takes 0 or more"),
        (["B"] * 25, "27 runs: at most 26"),
    ],
)
def test_options_out_of_range_are_named(half, whole, options, message):
    with pytest.raises(UserError, match=message):
        main([half, whole, *options])
