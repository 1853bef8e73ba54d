"""What the tests of ingest share: the web site."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina

from tests.ingest.refreshed_trust import RefreshedTrust
from tests.ingest.website import Website


@pytest.fixture
def website() -> Iterator[Website]:
    """The trust's web site on this machine; who asks again does so at once, and three times at most."""
    with stamina.set_testing(True, attempts=3), Website() as website:
        yield website


@pytest.fixture
def trust(website: Website, tmp_path: Path) -> RefreshedTrust:
    """The web site with an empty corpus that says in sources.yaml where its pages are."""
    return RefreshedTrust(site=website, home=tmp_path)
