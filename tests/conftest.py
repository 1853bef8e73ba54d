"""What tests share: one real embedding model, one index of the corpus, and the command line in this process."""

import io
import os
from functools import cache
from pathlib import Path

import pytest

from ingest.embedding import DEFAULT_MODEL, EmbeddingModel
from tests.commands import Command, Ended, Terminal
from tests.pages import write_trust

CORPUS = Path(__file__).parent.parent / "corpus"

os.environ["HF_HUB_OFFLINE"] = "1"
for _name in list(os.environ):
    if _name.lower() in ("http_proxy", "https_proxy", "all_proxy", "no_proxy") or _name.startswith("TRUSTBOT_"):
        del os.environ[_name]


@pytest.fixture(scope="session")
def model() -> EmbeddingModel:
    """The real embedding model, loaded once."""
    return EmbeddingModel()


@pytest.fixture(scope="session")
def corpus_index(model: EmbeddingModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the project's own corpus. It is shared: do not ingest into it."""
    from ingest.pipeline import ingest

    index = tmp_path_factory.mktemp("corpus") / "index"
    ingest(CORPUS, index, model)
    return index


@pytest.fixture(scope="session")
def trust_index(model: EmbeddingModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the made-up trust of `tests/pages.py`. It is shared: do not ingest into it."""
    from ingest.pipeline import ingest

    folder = tmp_path_factory.mktemp("trust")
    ingest(write_trust(folder / "corpus"), folder / "index", model)
    return folder / "index"


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of another sentence-transformers model: real, random, and with a window of 30 word pieces."""
    from tests.models import save_tiny_model

    return save_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def command(
    model: EmbeddingModel,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """The command line, run in this process, in an empty folder, with models that are loaded once a test."""
    from trustbot import main  # noqa: TID251

    load = cache(EmbeddingModel)
    monkeypatch.setattr("ingest.embedding.EmbeddingModel", lambda name: model if name == DEFAULT_MODEL else load(name))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, stdin: str = "", terminal: bool = False) -> Ended:
        monkeypatch.setattr("sys.stdin", Terminal(stdin) if terminal else io.StringIO(stdin))
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        printed = capsys.readouterr()
        return Ended(code=code, out=printed.out, err=printed.err)

    return run
