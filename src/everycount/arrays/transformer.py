"""Run a BERT encoder forward and pool its last layer into sentence vectors, in NumPy."""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Pooling = Literal["mean", "cls"]
PIECES = 4096
"""Word pieces in one batch: the largest array, of a feed-forward layer, is then 25 MB in the
models of this kind."""
CHUNK = 64
"""Rows to which the activation is applied at once, so that they stay in the processor's cache."""
GELU = (
    0.79788422,
    0.036334271,
    -3.31197358e-05,
    -5.5243561e-05,
    3.96962284e-06,
    -1.33481132e-07,
    1.80646093e-09,
)
"""Coefficients c of x (1 + tanh(x c(x²))) / 2, our own minimax fit of x Φ(x), Φ the normal
distribution function; largest error 7e-8, which is below the rounding of float32 near 1."""
GELU_END = 5.5**2
"""Largest x² of the fit. Beyond it Φ is 0 or 1 to 2e-8 and the polynomial is held."""
SENTENCES = 16
"""Sentences of one length whose attention is computed at once: enough work for a thread."""
STEPS = ("query", "key", "value")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Encoder:
    """Weights of a BERT encoder and how to run it."""

    weights: Mapping[str, Floats]
    """Arrays by the name BERT gives them, without a leading ``bert.``."""
    layers: int
    heads: int
    epsilon: float
    """Added to the variance when a layer is normalised."""
    pooling: Pooling = "mean"


def embed(encoder: Encoder, sentences: Sequence[Sequence[int]]) -> Floats:
    """Return the vectors of sentences given as word-piece numbers, each of length 1.

    Sentences are sorted by length and laid end to end, so no padding is computed.

    Parameters
    ----------
    encoder : Encoder
        Weights and settings.
    sentences : sequence of sequence of int
        Word pieces with the marks of beginning and end; none is empty, none longer than the model
        allows.

    Returns
    -------
    ndarray
        Shape (sentences, width), float32, in the order given.

    References
    ----------
    Devlin et al. (2019), BERT; Reimers and Gurevych (2019), Sentence-BERT, for the pooling.

    Examples
    --------
    >>> from everycount.arrays.transformer import Encoder, embed
    >>> weights = {
    ...     "embeddings.word_embeddings.weight": np.array([[1, 0], [0, 2]], np.float32),
    ...     "embeddings.position_embeddings.weight": np.zeros((4, 2), np.float32),
    ...     "embeddings.token_type_embeddings.weight": np.zeros((1, 2), np.float32),
    ...     "embeddings.LayerNorm.weight": np.ones(2, np.float32),
    ...     "embeddings.LayerNorm.bias": np.zeros(2, np.float32),
    ... }
    >>> embed(Encoder(weights=weights, layers=0, heads=1, epsilon=1e-12), [[0], [1]]).round(3)
    array([[ 0.707, -0.707], [-0.707,  0.707]], dtype=float32)
    """
    width = encoder.weights["embeddings.word_embeddings.weight"].shape[1]
    vectors = np.empty((len(sentences), width), np.float32)
    order = sorted(range(len(sentences)), key=lambda at: len(sentences[at]))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for batch in _batches(order, sentences):
            vectors[batch] = _embed_batch(encoder, [sentences[at] for at in batch], pool)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny), np.float32)


def gelu(values: Floats) -> Floats:
    """Apply the Gaussian error linear unit in place and return the array.

    References
    ----------
    Hendrycks and Gimpel (2016), Gaussian error linear units; the exact form, x Φ(x).

    Examples
    --------
    >>> gelu(np.array([[-1.0, 0.0, 1.0]], np.float32)).round(4)
    array([[-0.1587,  0.    ,  0.8413]], dtype=float32)
    """
    for start in range(0, len(values), CHUNK):
        chunk = values[start : start + CHUNK]
        squares = np.minimum(chunk * chunk, np.float32(GELU_END))
        inner = np.full_like(chunk, GELU[-1])
        for coefficient in GELU[-2::-1]:
            inner *= squares
            inner += np.float32(coefficient)
        inner *= chunk
        np.tanh(inner, out=inner)
        inner += np.float32(1)
        inner *= np.float32(0.5)
        chunk *= inner
    return values


def _batches(order: Sequence[int], sentences: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Yield sentence numbers, of similar length, up to `PIECES` word pieces at a time."""
    batch: list[int] = []
    pieces = 0
    for at in order:
        if batch and pieces + len(sentences[at]) > PIECES:
            yield batch
            batch, pieces = [], 0
        batch.append(at)
        pieces += len(sentences[at])
    if batch:
        yield batch


def _embed_batch(encoder: Encoder, sentences: Sequence[Sequence[int]], pool: Executor) -> Floats:
    """Return the pooled vectors of sentences sorted by length."""
    sizes = [(length, len(list(same))) for length, same in groupby(map(len, sentences))]
    pieces = np.fromiter((piece for sentence in sentences for piece in sentence), np.intp)
    places = np.concatenate([np.tile(np.arange(length), count) for length, count in sizes])
    weights = encoder.weights
    states = weights["embeddings.word_embeddings.weight"][pieces]
    states += weights["embeddings.position_embeddings.weight"][places]
    states += weights["embeddings.token_type_embeddings.weight"][0]
    _normalise(states, encoder, "embeddings.LayerNorm")
    for layer in range(encoder.layers):
        states = _layer(states, encoder, f"encoder.layer.{layer}", sizes, pool)
    pooled = [
        block.mean(axis=1) if encoder.pooling == "mean" else block[:, 0]
        for block in _blocks(states, sizes)
    ]
    return np.concatenate(pooled)


def _layer(
    states: Floats,
    encoder: Encoder,
    name: str,
    sizes: Sequence[tuple[int, int]],
    pool: Executor,
) -> Floats:
    """Return the states after one layer: attention, then feed-forward, each added to its input."""
    attended = _attend(states, encoder, f"{name}.attention.self", sizes, pool)
    middle = _linear(attended, encoder, f"{name}.attention.output.dense")
    middle += states
    _normalise(middle, encoder, f"{name}.attention.output.LayerNorm")
    inner = _linear(middle, encoder, f"{name}.intermediate.dense")
    list(pool.map(gelu, np.array_split(inner, os.cpu_count() or 1)))  # in place
    after = _linear(inner, encoder, f"{name}.output.dense")
    after += middle
    return _normalise(after, encoder, f"{name}.output.LayerNorm")


def _attend(
    states: Floats,
    encoder: Encoder,
    name: str,
    sizes: Sequence[tuple[int, int]],
    pool: Executor,
) -> Floats:
    """Return what each piece gathers from the pieces of its sentence, all heads side by side."""
    query, key, value = (_linear(states, encoder, f"{name}.{step}") for step in STEPS)
    query *= np.float32(1 / np.sqrt(query.shape[1] // encoder.heads))
    gathered = np.empty_like(query)

    def gather(block: tuple[int, int, int]) -> None:
        start, length, count = block
        part = slice(start, start + length * count)
        shape = (count, length, encoder.heads, -1)
        asked, known, told = (
            array[part].reshape(shape).transpose(0, 2, 1, 3) for array in (query, key, value)
        )
        scores = asked @ known.transpose(0, 1, 3, 2)
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        gathered[part] = (scores @ told).transpose(0, 2, 1, 3).reshape(length * count, -1)

    list(pool.map(gather, _parts(sizes)))
    return gathered


def _parts(sizes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield first row, length and number of up to `SENTENCES` sentences of one length."""
    start = 0
    for length, count in sizes:
        for done in range(0, count, SENTENCES):
            number = min(SENTENCES, count - done)
            yield start + done * length, length, number
        start += length * count


def _blocks(states: Floats, sizes: Sequence[tuple[int, int]]) -> Iterator[Floats]:
    """Yield the states of sentences of one length, shape (sentences, pieces, width)."""
    start = 0
    for length, count in sizes:
        yield states[start : start + length * count].reshape(count, length, -1)
        start += length * count


def _linear(states: Floats, encoder: Encoder, name: str) -> Floats:
    """Return states times the transposed weights, plus the bias."""
    result: Floats = states @ encoder.weights[f"{name}.weight"].T
    result += encoder.weights[f"{name}.bias"]
    return result


def _normalise(states: Floats, encoder: Encoder, name: str) -> Floats:
    """Bring each row to mean 0 and variance 1 in place, scale and shift it, and return it."""
    states -= states.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", states, states)[:, None] / np.float32(states.shape[1])
    states /= np.sqrt(variance + np.float32(encoder.epsilon))
    states *= encoder.weights[f"{name}.weight"]
    states += encoder.weights[f"{name}.bias"]
    return states
