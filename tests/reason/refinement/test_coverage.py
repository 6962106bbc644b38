"""The grammar follows the sampler's wording: what it cannot read could never be refined."""

import pytest

from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.refinement.form import sentences
from videostep.reason.refinement.grammar import english
from videostep.reason.refinement.lexicon import lexicon_of
from videostep.reason.refinement.reading import Reader
from videostep.reason.refinement.vocabulary import add_words_of, vocabulary_of
from videostep.testing.graphs import random_graph, street_graph

GRAPHS = [street_graph(), random_graph(1, n_clips=4, n_objects=3)]


@pytest.mark.parametrize("graph", GRAPHS, ids=["street", "random"])
def test_nearly_all_questions_and_sentences_can_be_read(graph):
    known, read = vocabulary_of(graph), {"question": [], "sentence": []}
    config = AskConfig(min_confidence=0.0)
    for sample in ask_graph(graph, graph_sha256="0" * 64, config=config, seed=1).samples:
        reader = Reader(english(), lexicon_of(add_words_of(sample, known)))
        read["question"].append((sample.question, reader.readings("question", sample.question[:-1])))
        read["sentence"] += [
            (told, reader.readings("sentence", told)) for told in sentences(sample.rationale)
        ]
    for kind, texts in read.items():
        unread = [text for text, readings in texts if not readings]
        assert len(unread) <= 0.1 * len(texts), f"english.txt has no line for a {kind} such as {unread[:5]}"
