"""Sentence models in folders: a very small one, and everything that can be wrong with it."""

import json
import sys

import numpy as np
import pytest
import tokenizers

from everycount.errors import InputError, NotFound, Unavailable
from everycount.io.sentence_model import read_sentence_model

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "women", "water", "seats")
WIDTH, INNER, PLACES = 4, 6, 8
CONFIG = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "layer_norm_eps": 1e-12,
}


def arrays(prefix="", kind=np.float32):
    rng = np.random.default_rng(3)
    shapes = {
        "embeddings.word_embeddings.weight": (len(WORDS), WIDTH),
        "embeddings.position_embeddings.weight": (PLACES, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
    }
    layer = "encoder.layer.0"
    for part in ("attention.self.query", "attention.self.key", "attention.self.value"):
        shapes[f"{layer}.{part}.weight"] = (WIDTH, WIDTH)
    shapes[f"{layer}.attention.output.dense.weight"] = (WIDTH, WIDTH)
    shapes[f"{layer}.intermediate.dense.weight"] = (INNER, WIDTH)
    shapes[f"{layer}.output.dense.weight"] = (WIDTH, INNER)
    for name in ("embeddings", f"{layer}.attention.output", f"{layer}.output"):
        shapes[f"{name}.LayerNorm.weight"] = (WIDTH,)
    for name in [name for name in shapes if name.endswith(".weight")]:
        if "_embeddings" not in name:
            shapes[name.replace(".weight", ".bias")] = shapes[name][:1]
    return {prefix + name: rng.normal(size=shape).astype(kind) for name, shape in shapes.items()}


def safetensors(content):
    header, body = {"__metadata__": {"format": "pt"}}, b""
    for name, array in content.items():
        data = array.tobytes()
        header[name] = {
            "dtype": {"float32": "F32", "float16": "F16", "int64": "I64"}[str(array.dtype)],
            "shape": list(array.shape),
            "data_offsets": [len(body), len(body) + len(data)],
        }
        body += data
    return with_header(header, body)


def with_header(header, body=b""):
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "tiny"
    (place / "1_Pooling").mkdir(parents=True)
    write(place, "config.json", CONFIG)
    write(place, "1_Pooling/config.json", {"pooling_mode_mean_tokens": True})
    vocabulary = {word: at for at, word in enumerate(WORDS)}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.post_processor = tokenizers.processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(place / "tokenizer.json"))
    (place / "model.safetensors").write_bytes(safetensors(arrays()))
    return place


def write(folder, name, content):
    (folder / name).write_text(json.dumps(content), encoding="utf-8")


def faults(folder):
    with pytest.raises(InputError) as caught:
        read_sentence_model(folder)
    return [str(problem) for problem in caught.value.problems]


def test_vectors_have_length_one_and_come_in_order(folder):
    vectors = read_sentence_model(folder)(["women seats", "water", "women seats"])
    assert vectors.shape == (3, WIDTH)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1)
    assert (vectors[0] == vectors[2]).all()
    assert not np.allclose(vectors[0], vectors[1])


def test_no_texts_give_no_vectors(folder):
    assert read_sentence_model(folder)([]).shape == (0, WIDTH)


def test_equal_texts_are_computed_once(folder, monkeypatch):
    asked = []

    def run(encoder, pieces):
        asked.extend(pieces)
        return np.ones((len(pieces), WIDTH), np.float32)

    monkeypatch.setattr("everycount.io.sentence_model.run", run)
    embed = read_sentence_model(folder)
    embed(["women", "women"])
    embed(["women", "water"])
    assert asked == [[2, 4, 3], [2, 5, 3]]


def test_the_first_piece_is_pooled_where_the_model_says_so(folder):
    mean = read_sentence_model(folder)(["women"])
    write(folder, "1_Pooling/config.json", {"pooling_mode_cls_token": True})
    assert not np.allclose(read_sentence_model(folder)(["women"]), mean)


def test_without_a_word_on_pooling_the_mean_is_taken(folder):
    mean = read_sentence_model(folder)(["women"])
    (folder / "1_Pooling/config.json").unlink()
    assert (read_sentence_model(folder)(["women"]) == mean).all()


def test_names_may_begin_with_bert_and_whole_numbers_are_left_aside(folder):
    plain = read_sentence_model(folder)(["women"])
    content = {**arrays("bert."), "bert.embeddings.position_ids": np.arange(4)}
    (folder / "model.safetensors").write_bytes(safetensors(content))
    assert (read_sentence_model(folder)(["women"]) == plain).all()


def test_half_precision_is_read(folder):
    plain = read_sentence_model(folder)(["women"])
    (folder / "model.safetensors").write_bytes(safetensors(arrays(kind=np.float16)))
    assert read_sentence_model(folder)(["women"]) == pytest.approx(plain, abs=0.01)


def test_long_texts_are_cut_at_what_the_model_was_made_for(folder):
    embed = read_sentence_model(folder)
    assert (embed(["water " * 6]) == embed(["water " * 60])).all()
    write(folder, "sentence_bert_config.json", {"max_seq_length": 4})
    short = read_sentence_model(folder)
    assert (short(["water " * 2]) == short(["water " * 6])).all()


def test_a_package_with_a_model_is_read_by_its_name(folder, monkeypatch):
    package = folder.parent / "tiny_package"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    folder.rename(package / "model")
    monkeypatch.syspath_prepend(folder.parent)
    assert read_sentence_model("tiny_package")(["women"]).shape == (1, WIDTH)


@pytest.mark.parametrize("name", ["no/such/folder", "json", "no_such_package"])
def test_a_model_that_is_not_there_is_not_found(name):
    with pytest.raises(NotFound, match=f"there is no sentence model '{name}'"):
        read_sentence_model(name)


def test_a_package_that_is_one_module_is_no_model():
    with pytest.raises(NotFound):
        read_sentence_model("this")


def test_the_missing_extra_is_named(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(Unavailable, match=r"pip install 'everycount\[semantic\]'"):
        read_sentence_model(folder)


def test_a_folder_that_is_no_model_is_told_with_all_it_lacks(tmp_path):
    assert faults(tmp_path) == [
        "config.json: found nothing, expected a file of the model",
        "tokenizer.json: found nothing, expected a file of the model",
        "model.safetensors: found nothing, expected a file of the model",
    ]


def test_an_architecture_that_cannot_be_run_is_told_with_every_reason(folder):
    other = {
        **CONFIG,
        "model_type": "mpnet",
        "hidden_act": "relu",
        "position_embedding_type": "relative",
        "num_hidden_layers": 0,
        "layer_norm_eps": "small",
    }
    write(folder, "config.json", other)
    write(folder, "1_Pooling/config.json", {"pooling_mode_max_tokens": True})
    assert faults(folder) == [
        "config.json, model_type: found 'mpnet', expected 'bert', the one kind that is run",
        "config.json, hidden_act: found 'relu', expected 'gelu', the one kind that is run",
        "config.json, position_embedding_type: found 'relative', expected 'absolute', "
        "the one kind that is run",
        "config.json, num_hidden_layers: found 0, expected a number above 0",
        "config.json, layer_norm_eps: found 'small', expected a number above 0",
        "1_Pooling/config.json: found pooling_mode_max_tokens, expected "
        "pooling_mode_mean_tokens or pooling_mode_cls_token alone",
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [("{", "config.json: found no JSON"), ("[]", "config.json: found list, expected an object")],
)
def test_settings_that_are_no_object_are_told(folder, content, fault):
    (folder / "config.json").write_text(content, encoding="utf-8")
    assert faults(folder)[0].startswith(fault)


def test_limits_that_are_no_json_are_told(folder):
    (folder / "sentence_bert_config.json").write_text("{", encoding="utf-8")
    assert faults(folder)[0].startswith("sentence_bert_config.json: found no JSON")


@pytest.mark.parametrize(
    "content",
    [b"", b"\x01", (99).to_bytes(8, "little") + b"{}", (2).to_bytes(8, "little") + b"{]"],
    ids=["empty", "short", "cut", "no-json"],
)
def test_a_damaged_file_of_weights_is_told(folder, content):
    (folder / "model.safetensors").write_bytes(content)
    assert faults(folder) == [
        f"header: found {len(content)} bytes without one, expected a safetensors file"
    ]


def test_a_header_that_is_no_object_is_told(folder):
    (folder / "model.safetensors").write_bytes(with_header([1]))
    assert "expected a safetensors file" in faults(folder)[0]


def test_every_damaged_array_is_told(folder):
    entry = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
    header = {
        "a": "text",
        "b": {**entry, "dtype": "BF16"},
        "c": {**entry, "data_offsets": [0, 99]},
        "d": {**entry, "shape": [3]},
        "e": {**entry, "data_offsets": ["x", 1]},
        "f": entry,
    }
    (folder / "model.safetensors").write_bytes(with_header(header, bytes(8)))
    assert faults(folder) == [
        "a: found an entry without type, shape or place, expected dtype, shape and data_offsets",
        "b: found numbers of type BF16, expected F32 or F16",
        "c: found bytes 0 to 99 of 8, expected a place within the file",
        "d: found 8 bytes, expected 12 for shape [3]",
        "e: found an entry without type, shape or place, expected dtype, shape and data_offsets",
    ]


def test_arrays_that_are_missing_are_told(folder):
    content = arrays()
    del content["encoder.layer.0.output.dense.bias"], content["embeddings.LayerNorm.bias"]
    (folder / "model.safetensors").write_bytes(safetensors(content))
    assert faults(folder) == [
        "embeddings.LayerNorm.bias: found nothing, expected an array",
        "encoder.layer.0.output.dense.bias: found nothing, expected an array",
    ]


def test_heads_that_do_not_divide_the_width_are_told(folder):
    write(folder, "config.json", {**CONFIG, "num_attention_heads": 3})
    assert faults(folder) == [
        "embeddings.word_embeddings.weight: found width 4, expected a multiple of the 3 heads"
    ]


def test_a_damaged_tokenizer_is_told(folder):
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")
    assert faults(folder)[0].startswith("tokenizer.json: found no tokenizer (")


def test_a_tokenizer_with_more_words_than_the_weights_is_told(folder):
    content = arrays()
    name = "embeddings.word_embeddings.weight"
    content[name] = content[name][:5]
    (folder / "model.safetensors").write_bytes(safetensors(content))
    assert faults(folder) == [
        "tokenizer.json: found 7 word pieces, expected at most the 5 the weights know"
    ]
