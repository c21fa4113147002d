"""The tokenizer treats French as French, and is the same tokenizer after it was saved."""

import json

import pytest
from transformers import AutoConfig, AutoTokenizer

from detente.encoder.tokenizer import SPECIAL_TOKENS, load_tokenizer, save_tokenizer, train_tokenizer

HARD_STRINGS = [
    "",
    " ",
    "L’État d’Israël, qu’on l’accuse ou qu’on l’aide, n’a rien dit.",
    "« Nous ne céderons pas », a lancé le président Zelensky !",
    "“Cessez-le-feu” : l'offre «définitive» est-elle sérieuse ?",
    "Aujourd'hui, l'O.N.U. et l'O.T.A.N. se réunissent à 17 h 45.",
    "MM. Lavrov et Kerry (Genève, 9-10 sept. 2016) : 3,5 % d'écart.",
    "L'ŒUVRE du cœur; le nœud gordien, l'été, l'œil du 1ᵉʳ régiment",
    "12\u202f500 hommes\u00a0; 1,2\u00a0milliard d’€ — soit $1.3bn",
    "e\u0301tat de sie\u0300ge",
    "ligne 1\nligne 2\tcolonne\r\nfin",
    "‘’ʼ`´ ''' \" „ ‟",
    "Ошибка : Путин, 习近平, شكرا, Ελλάδα",
    "🚀🔥 tirs 👍🏽 et 🇫🇷",
    "<s> <mask> </s> <pad> <unk>",
    "▁espaces▁bas et _soulignés_",
    "https://www.lemonde.fr/a?b=c&d=é#f @Elysee #paix",
    "anticonstitutionnellementissime-vis-à-vis",
    "zéro\u200bchasse \ufeffBOM \u00adtrait",
    "!!!???...…«»()[]{}—–-/\\|@#%",
]


@pytest.fixture(scope="module")
def tokenizer(records):
    return train_tokenizer([record.text for record in records], vocabulary_size=1500)


def test_the_special_tokens_have_the_ids_of_camembert(tokenizer):
    assert tokenizer.convert_tokens_to_ids(list(SPECIAL_TOKENS)) == [0, 1, 2, 3, 4]
    first, second = (tokenizer.encode(word, add_special_tokens=False) for word in ("paix", "guerre"))
    assert tokenizer.encode("paix") == [0, *first, 2]
    assert tokenizer.encode("paix", "guerre") == [0, *first, 2, 2, *second, 2]


def test_no_more_pieces_than_asked_for(tokenizer):
    assert 1300 < len(tokenizer) <= 1500


@pytest.mark.parametrize("article, noun", [("l'", "accord"), ("d'", "État"), ("qu'", "il"), ("L'", "armée")])
def test_an_elided_word_keeps_its_apostrophe_and_the_noun_is_as_if_it_stood_alone(tokenizer, article, noun):
    assert tokenizer.tokenize(article + noun) == ["▁" + article, *tokenizer.tokenize(noun)]


@pytest.mark.parametrize("apostrophe", "’ʼ`´＇")
def test_all_apostrophes_are_one(tokenizer, apostrophe):
    assert tokenizer.tokenize(f"l{apostrophe}accord") == tokenizer.tokenize("l'accord")


def test_case_and_accents_are_kept(tokenizer):
    assert tokenizer.tokenize("La") == ["▁La"] != tokenizer.tokenize("la")
    assert tokenizer.tokenize("a") != tokenizer.tokenize("à")


def test_guillemets_and_punctuation_stand_alone(tokenizer):
    assert tokenizer.tokenize("«paix».") == ["▁«", *tokenizer.tokenize("paix"), "▁»", "▁."]


@pytest.mark.parametrize(
    "one, other",
    [
        ("« La paix » !", "«La paix»!"),
        ("La trêve : fragile ; rompue ?", "La trêve: fragile; rompue?"),
        ("«\u00a0Non\u202f», dit-il.", "« Non », dit-il."),
        ("( Genève )", "(Genève)"),
        ("l' accord", "l’accord"),
    ],
)
def test_spacing_around_punctuation_leaves_no_trace(tokenizer, one, other):
    assert tokenizer.encode(one) == tokenizer.encode(other)


@pytest.mark.parametrize("word", ["de", "la", "à", "et", ".", ",", "le"])
def test_the_most_frequent_words_have_one_piece(tokenizer, word):
    assert tokenizer.tokenize(word) == ["▁" + word]


def test_training_again_gives_the_same_pieces(records):
    texts = [record.text for record in records[:200]]
    first, second = (json.loads(train_tokenizer(texts, 600).backend_tokenizer.to_str()) for _ in range(2))
    assert first["model"] == second["model"]


def test_twenty_hard_strings_survive_saving(tokenizer, tmp_path):
    save_tokenizer(tokenizer, tmp_path)
    assert json.loads((tmp_path / "tokenizer_config.json").read_text())["tokenizer_class"] == "PreTrainedTokenizerFast"
    assert len(HARD_STRINGS) == 20
    before = tokenizer(HARD_STRINGS)["input_ids"]
    for reloaded in (load_tokenizer(tmp_path), AutoTokenizer.from_pretrained(tmp_path)):
        assert len(reloaded) == len(tokenizer)
        assert reloaded(HARD_STRINGS)["input_ids"] == before


def test_a_saved_encoder_has_an_embedding_for_each_piece(tiny_encoder):
    assert len(AutoTokenizer.from_pretrained(tiny_encoder)) == AutoConfig.from_pretrained(tiny_encoder).vocab_size
