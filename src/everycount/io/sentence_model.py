"""Read a sentence-embedding model from a folder and turn texts into vectors with it."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from everycount.arrays.transformer import Encoder, Floats, Pooling
from everycount.arrays.transformer import embed as run
from everycount.errors import InputError, NotFound, Problem, Unavailable
from everycount.io.files import read_bytes

FILES: Final = ("config.json", "tokenizer.json", "model.safetensors")
POOLING: Final = "1_Pooling/config.json"
LIMITS: Final = "sentence_bert_config.json"
TYPES: Final[dict[str, np.dtype[Any]]] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2")}
"""Number types of a safetensors file that are read. Half precision is widened on reading."""
HEADER: Final = 8
"""Bytes before the header of a safetensors file: its length, lowest byte first."""
PARTS: Final = (
    *(f"attention.self.{step}" for step in ("query", "key", "value")),
    *("attention.output.dense", "attention.output.LayerNorm"),
    *("intermediate.dense", "output.dense", "output.LayerNorm"),
)
ABOVE: Final = (
    *(f"embeddings.{part}_embeddings.weight" for part in ("word", "position", "token_type")),
    *("embeddings.LayerNorm.weight", "embeddings.LayerNorm.bias"),
)
Embed = Callable[[Sequence[str]], NDArray[np.float32]]


def read_sentence_model(name: Path | str) -> Embed:
    """Return the function that turns texts into vectors, as a model in a folder defines it.

    Parameters
    ----------
    name : Path or str
        Folder as sentence-transformers publishes it (config.json, tokenizer.json,
        model.safetensors, 1_Pooling), or the name of an installed package that holds such a folder
        called ``model``.

    Returns
    -------
    callable
        Takes texts, returns an array of shape (texts, width), float32, each row of length 1.
        Equal texts are computed once, and remembered as long as the function lives.

    Raises
    ------
    NotFound
        If there is neither such a folder nor such a package.
    Unavailable
        If the extra ``everycount[semantic]`` is not installed.
    InputError
        With every fault of the folder: a file missing or damaged, an architecture other than BERT.

    References
    ----------
    Vectors agree with sentence-transformers to 1e-5: tests/parity/test_sentence_model.py.
    """
    folder = _folder(str(name))
    config, pooling = _settings(folder)
    encoder = _encoder(folder, config, pooling)
    tokenizer = _tokenizer(folder, encoder)
    known: dict[str, NDArray[np.float32]] = {}

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        pieces = [encoding.ids for encoding in tokenizer.encode_batch(new)]
        known.update(zip(new, run(encoder, pieces), strict=True))
        width = encoder.weights[ABOVE[0]].shape[1]
        return np.array([known[text] for text in texts], np.float32).reshape(len(texts), width)

    return embed


def _folder(name: str) -> Path:
    """Return the folder of that name, or the folder ``model`` of the package of that name."""
    if Path(name).is_dir():
        return Path(name)
    module = name.replace("-", "_")  # packages are installed by one name and imported by the other
    spec = find_spec(module) if module.isidentifier() else None
    for place in spec.submodule_search_locations or () if spec else ():
        if (Path(place) / "model").is_dir():
            return Path(place) / "model"
    raise NotFound(
        f"there is no sentence model {name!r}: found neither a folder of that name nor an "
        "installed package of that name with a folder 'model'"
    )


def _settings(folder: Path) -> tuple[dict[str, Any], Pooling]:
    """Return the settings of a model that can be run, or raise with every reason against it."""
    problems = [
        Problem(file, "nothing", "a file of the model")
        for file in FILES
        if not (folder / file).is_file()
    ]
    config = _json(folder / FILES[0], problems) if (folder / FILES[0]).is_file() else {}
    kind, form = config.get("model_type"), config.get("position_embedding_type", "absolute")
    asked = (
        ("model_type", kind, "bert"),
        ("hidden_act", config.get("hidden_act"), "gelu"),
        ("position_embedding_type", form, "absolute"),
    )
    if config:
        problems += [
            Problem(f"config.json, {field}", repr(found), f"{want!r}, the one kind that is run")
            for field, found, want in asked
            if found != want
        ]
        problems += [
            Problem(f"config.json, {field}", repr(config.get(field)), "a number above 0")
            for field in ("num_hidden_layers", "num_attention_heads", "layer_norm_eps")
            if not isinstance(config.get(field), int | float) or config[field] <= 0
        ]
    pooling = _pooling(folder, problems)
    if problems:
        raise InputError(f"sentence model {folder}", problems)
    return config, pooling


def _pooling(folder: Path, problems: list[Problem]) -> Pooling:
    """Return how word pieces are pooled: the mean, unless the model says the first."""
    modes = _json(folder / POOLING, problems) if (folder / POOLING).is_file() else {}
    chosen = {
        mode for mode, use in modes.items() if mode.startswith("pooling_mode_") and use is True
    }
    if chosen == {"pooling_mode_cls_token"}:
        return "cls"
    if chosen - {"pooling_mode_mean_tokens"}:
        found = ", ".join(sorted(chosen))
        expected = "pooling_mode_mean_tokens or pooling_mode_cls_token alone"
        problems.append(Problem(POOLING, found, expected))
    return "mean"


def _json(path: Path, problems: list[Problem]) -> dict[str, Any]:
    """Return the object in a JSON file; note a problem and return nothing if it is none."""
    try:
        content = json.loads(read_bytes(path))
    except ValueError as error:
        problems.append(Problem(path.name, f"no JSON ({error})", "an object"))
        return {}
    if not isinstance(content, dict):
        problems.append(Problem(path.name, type(content).__name__, "an object"))
        return {}
    return content


def _encoder(folder: Path, config: Mapping[str, Any], pooling: Pooling) -> Encoder:
    """Return the weights of a model, or raise with every array that is missing or misfits."""
    subject = f"sentence model {folder}, {FILES[2]}"
    arrays = _arrays(read_bytes(folder / FILES[2]), subject)
    weights = {name.removeprefix("bert."): array for name, array in arrays.items()}
    layers = int(config["num_hidden_layers"])
    wanted = [
        *ABOVE,
        *(
            f"encoder.layer.{layer}.{part}.{kind}"
            for layer in range(layers)
            for part in PARTS
            for kind in ("weight", "bias")
        ),
    ]
    missing = [Problem(name, "nothing", "an array") for name in wanted if name not in weights]
    if missing:
        raise InputError(subject, missing)
    heads = int(config["num_attention_heads"])
    width = weights[ABOVE[0]].shape[-1]
    if width % heads:
        problem = Problem(ABOVE[0], f"width {width}", f"a multiple of the {heads} heads")
        raise InputError(subject, [problem])
    kept = {name: weights[name] for name in wanted}
    epsilon = float(config["layer_norm_eps"])
    return Encoder(weights=kept, layers=layers, heads=heads, epsilon=epsilon, pooling=pooling)


def _arrays(content: bytes, subject: str) -> dict[str, Floats]:
    """Return the arrays of a safetensors file by name, whole numbers left out."""
    size = int.from_bytes(content[:HEADER], "little")
    end = HEADER + size
    try:
        header = json.loads(content[HEADER:end]) if HEADER < end <= len(content) else None
    except ValueError:
        header = None
    if not isinstance(header, dict):
        problem = Problem("header", f"{len(content)} bytes without one", "a safetensors file")
        raise InputError(subject, [problem])
    arrays: dict[str, Floats] = {}
    problems: list[Problem] = []
    for name, entry in header.items():
        if name == "__metadata__" or (isinstance(entry, dict) and entry.get("dtype") == "I64"):
            continue
        fault = _fault(entry, len(content) - end)
        if fault:
            problems.append(Problem(name, *fault))
            continue
        first, last = entry["data_offsets"]
        kind = TYPES[entry["dtype"]]
        array = np.frombuffer(content[end + first : end + last], kind)
        arrays[name] = array.reshape(entry["shape"]).astype(np.float32, copy=False)
    if problems:
        raise InputError(subject, problems)
    return arrays


def _fault(entry: object, available: int) -> tuple[str, str] | None:
    """Return what is wrong with an entry of the header, and what was expected."""
    try:
        kind, shape = entry["dtype"], entry["shape"]  # type: ignore[index]  # caught below
        first, last = map(int, entry["data_offsets"])  # type: ignore[index]
        size = math.prod(int(number) for number in shape)
    except (KeyError, TypeError, ValueError):
        return "an entry without type, shape or place", "dtype, shape and data_offsets"
    if kind not in TYPES:
        return f"numbers of type {kind}", " or ".join(TYPES)
    if not 0 <= first <= last <= available:
        return f"bytes {first} to {last} of {available}", "a place within the file"
    if last - first != size * TYPES[kind].itemsize:
        return f"{last - first} bytes", f"{size * TYPES[kind].itemsize} for shape {shape}"
    return None


def _tokenizer(folder: Path, encoder: Encoder) -> Any:
    """Return the tokenizer of a model, cutting texts at the length the model was made for."""
    try:
        tokenizers = import_module("tokenizers")
    except ImportError as error:
        raise Unavailable(
            "sentence embeddings need the optional part: pip install 'everycount[semantic]'"
        ) from error
    file = folder / FILES[1]
    try:
        tokenizer = tokenizers.Tokenizer.from_str(read_bytes(file).decode())
    except Exception as error:  # tokenizers raises Exception itself
        problem = Problem(FILES[1], f"no tokenizer ({error})", "a file of the tokenizers library")
        raise InputError(f"sentence model {folder}", [problem]) from error
    problems: list[Problem] = []
    limits = _json(folder / LIMITS, problems) if (folder / LIMITS).is_file() else {}
    places = encoder.weights[ABOVE[1]].shape[0]
    longest = limits.get("max_seq_length")
    limit = min(longest, places) if isinstance(longest, int) and longest > 2 else places
    if tokenizer.get_vocab_size() > encoder.weights[ABOVE[0]].shape[0]:
        found = f"{tokenizer.get_vocab_size()} word pieces"
        expected = f"at most the {encoder.weights[ABOVE[0]].shape[0]} the weights know"
        problems.append(Problem(FILES[1], found, expected))
    if problems:
        raise InputError(f"sentence model {folder}", problems)
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=limit)
    return tokenizer
