"""Mutated files of every type: each is taken or refused with a reason, and no build is ever half."""

from pathlib import Path

from ingest.embedding import EmbeddingModel
from tests.ingest.mutated_files import SOUND, survive_mutations


def test_two_hundred_mutated_files_crash_nothing_and_leave_whole_builds(tmp_path: Path, tiny_model: Path) -> None:
    outcomes = survive_mutations(tmp_path, EmbeddingModel(str(tiny_model)), count=200, seed=7)
    assert sum(outcomes.values()) == 200
    assert {name.split()[0] for name in outcomes} == set(SOUND)
    assert sum(count for name, count in outcomes.items() if name.endswith("taken")) > 40
    assert sum(count for name, count in outcomes.items() if name.endswith("refused")) > 40
