"""Each quality gate finds its fault, names the ids, and leaves clean records alone."""

import pytest

from detente.corpus.checks import (
    alike_across_documents,
    check,
    duplicate_texts,
    frequent_openings,
    labels_without_vote,
    templates,
    typography,
)


def numbered(make, texts):
    return [make(id=f"s{number}", document=f"d{number}", text=text) for number, text in enumerate(texts, start=1)]


def test_clean_records_have_no_problem(make):
    texts = ["L’armée a bombardé le port.", "« Nous sommes prêts à négocier », a dit le ministre.", "Qui a tiré ?"]
    assert check(numbered(make, texts)) == []


def test_texts_equal_but_for_case_and_apostrophe_are_duplicates(make):
    [problem] = duplicate_texts(numbered(make, ["L’armée avance.", "La trêve tient.", "L'Armée avance."]))
    assert problem.startswith("same text in s1, s3:")


def test_a_label_must_be_somebodys_vote(make):
    records = [make(id="s1"), make(id="s2", labels=["de_escalation", "escalation"])]
    assert labels_without_vote(records) == ["s2: label de_escalation is nobody's vote"]


def test_six_words_in_four_documents_are_a_template(make):
    texts = [
        f"{who} a fermement condamné les frappes menées contre {where}." for who, where in zip("ABCD", "WXYZ", strict=True)
    ]
    problems = templates(numbered(make, texts))
    assert problems[0] == "template 'a fermement condamné les frappes menées' in 4 documents: s1, s2, s3, s4"
    assert templates(numbered(make, texts[:3])) == []
    assert templates([make(id=f"s{number}", text=text) for number, text in enumerate(texts)]) == []


def test_a_long_proper_name_is_no_template(make):
    name = "l’Organisation pour la sécurité et la coopération en Europe"
    texts = [f"{verb} {name} hier." for verb in ("Saluer", "Quitter", "Aider", "Accuser")]
    assert templates(numbered(make, texts)) == []


def test_an_opening_may_return_four_times_or_in_half_a_percent(make):
    texts = [f"Selon l’armée {word}." for word in ("russe", "turque", "malienne", "libanaise", "syrienne")]
    [problem] = frequent_openings(numbered(make, [f"Selon l’armée, la ville {n} brûle." for n in range(5)]))
    assert problem == "5 sentences open with 'selon l armée', 4 may: s1, s2, s3, s4, s5"
    assert frequent_openings(numbered(make, texts[:4])) == []
    others = [f"Mot{n} puis autre{n} chose." for n in range(995)]
    assert frequent_openings(numbered(make, texts + others)) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('« Un "plan" », dit-il.', 'straight quotes " beside typographic ones'),
        ("L’armée s'avance.", "straight apostrophe ' beside ’"),
        ("La trêve  tient.", "two spaces in a row"),
        ("La trêve tient", "no final punctuation"),
    ],
)
def test_typography(make, text, fault):
    headline = make(id="s0", text="Un titre sans point")
    assert typography([headline, make(text=text)]) == [f"s1: {fault}: {text!r}"]


@pytest.mark.parametrize("text", ["« La trêve tient. »", "La trêve tient…", "Qui parle de “paix” ?", "L'ONU s'inquiète."])
def test_sound_typography(make, text):
    assert typography([make(text=text)]) == []


def test_a_post_on_social_media_may_end_without_punctuation(make):
    assert typography([make(text="La trêve tient #Genève", genre="official_social_media")]) == []


def test_alike_sentences_of_two_documents_are_told_unless_a_contrast_links_them(make):
    texts = [f"Le gouvernement a retiré hier ses {what} de la vallée frontalière." for what in ("troupes", "soldats")]
    first, second = numbered(make, texts)
    [problem] = alike_across_documents([first, second])
    assert problem.startswith("s1 and s2 are alike (0.7")
    assert alike_across_documents([first, second.model_copy(update={"contrast": "s1", "rule": 4})]) == []
