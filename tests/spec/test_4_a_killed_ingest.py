"""Promise 4: SIGKILL at any moment of an ingest leaves the old build answering and the next ingest succeeding."""

from pathlib import Path

from ingest.embedding import EmbeddingModel
from tests.killing import survive


def test_an_ingest_may_be_killed_at_any_moment(tmp_path: Path, model: EmbeddingModel) -> None:
    """Five real processes; `make soak` kills thirty."""
    killed = list(survive(tmp_path, model, times=5, seed=20240517))
    assert len({one.stage for one in killed}) == 5
    assert [one for one in killed if one.code == -9]
