"""The forward pass of a BERT encoder, against the same written plainly, one sentence at a time."""

import numpy as np
import pytest
from scipy.special import ndtr, softmax

from everycount.arrays import transformer
from everycount.arrays.transformer import Encoder, embed, gelu

WIDTH, INNER, WORDS, PLACES, LAYERS, HEADS = 8, 16, 20, 64, 2, 2
SENTENCES = [[1, 5, 2], [1, 2], [1, 7, 8, 9, 2], [1, 6, 2], [3]]


def encoder(pooling="mean"):
    rng = np.random.default_rng(7)

    def random(*shape):
        return rng.normal(size=shape).astype(np.float32)

    weights = {
        "embeddings.word_embeddings.weight": random(WORDS, WIDTH),
        "embeddings.position_embeddings.weight": random(PLACES, WIDTH),
        "embeddings.token_type_embeddings.weight": random(2, WIDTH),
    }
    shapes = {
        "attention.self.query": (WIDTH, WIDTH),
        "attention.self.key": (WIDTH, WIDTH),
        "attention.self.value": (WIDTH, WIDTH),
        "attention.output.dense": (WIDTH, WIDTH),
        "intermediate.dense": (INNER, WIDTH),
        "output.dense": (WIDTH, INNER),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in range(LAYERS):
        for name, shape in shapes.items():
            weights[f"encoder.layer.{layer}.{name}.weight"] = random(*shape)
            weights[f"encoder.layer.{layer}.{name}.bias"] = random(shape[0])
        norms += [
            f"encoder.layer.{layer}.{part}.LayerNorm" for part in ("attention.output", "output")
        ]
    for name in norms:
        weights[f"{name}.weight"], weights[f"{name}.bias"] = random(WIDTH), random(WIDTH)
    return Encoder(weights=weights, layers=LAYERS, heads=HEADS, epsilon=1e-12, pooling=pooling)


def plainly(known, pieces):
    weights = {name: array.astype(float) for name, array in known.weights.items()}

    def normal(rows, name):
        centred = rows - rows.mean(axis=1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + known.epsilon)
        return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def linear(rows, name):
        return rows @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    rows = weights["embeddings.word_embeddings.weight"][pieces]
    rows = rows + weights["embeddings.position_embeddings.weight"][: len(pieces)]
    rows = normal(
        rows + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm"
    )
    size = WIDTH // HEADS
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        query, key, value = (
            linear(rows, f"{name}.attention.self.{step}") for step in ("query", "key", "value")
        )
        heads = [
            softmax(query[:, part] @ key[:, part].T / np.sqrt(size), axis=1) @ value[:, part]
            for part in (slice(head * size, head * size + size) for head in range(HEADS))
        ]
        attended = linear(np.hstack(heads), f"{name}.attention.output.dense")
        rows = normal(attended + rows, f"{name}.attention.output.LayerNorm")
        inner = linear(rows, f"{name}.intermediate.dense")
        after = linear(inner * ndtr(inner), f"{name}.output.dense")
        rows = normal(after + rows, f"{name}.output.LayerNorm")
    pooled = rows.mean(axis=0) if known.pooling == "mean" else rows[0]
    return pooled / np.linalg.norm(pooled)


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_vectors_agree_with_the_pass_written_plainly(pooling):
    known = encoder(pooling)
    expected = [plainly(known, sentence) for sentence in SENTENCES]
    assert embed(known, SENTENCES) == pytest.approx(np.array(expected), abs=2e-5)


def test_vectors_do_not_depend_on_what_else_is_in_the_batch(monkeypatch):
    known = encoder()
    together = embed(known, SENTENCES)
    monkeypatch.setattr(transformer, "PIECES", 4)
    monkeypatch.setattr(transformer, "SENTENCES", 1)
    assert embed(known, SENTENCES) == pytest.approx(together, abs=1e-5)


def test_no_sentences_give_no_vectors():
    assert embed(encoder(), []).shape == (0, WIDTH)


def test_gelu_is_exact_to_float32():
    values = np.linspace(-12, 12, 20_001)
    expected = values * ndtr(values)
    found = gelu(values.astype(np.float32).reshape(-1, 3)).ravel()
    assert np.abs(found - expected).max() < 1e-6
