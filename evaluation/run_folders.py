"""Run folders: a run kept on disk, with the files that TREC's own tools read, and found again as a baseline."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evaluation.relevance import run_rows
from evaluation.runs import Run
from ingest.errors import TrustbotError

_RESULTS = "results.json"


def write_run(run: Run, out: Path) -> Path:
    """Write a run into a new folder below `out`, named by its id, and return that folder."""
    folder = _new_folder(out, str(run.results["run"]["id"]))
    run.results["run"]["id"] = folder.name
    (folder / _RESULTS).write_text(_json(run.results, indent=1), encoding="utf-8")
    answers = "".join(f"{_json(answer.as_json())}\n" for answer in run.answers)
    (folder / "answers.jsonl").write_text(answers, encoding="utf-8")
    (folder / "qrels.trec").write_text(_qrels(run.relevant), encoding="utf-8")
    (folder / "run.trec").write_text(_trec_run(run.retrieved), encoding="utf-8")
    return folder


def read_results(path: Path) -> dict[str, Any]:
    """The results of a run, by its folder or its results file. Raises TrustbotError when there are none."""
    file = path / _RESULTS if path.is_dir() else path
    try:
        results = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(results, dict) and {"run", "measures", "questions"} <= results.keys():
            return results
    except FileNotFoundError as error:
        raise TrustbotError(f"there is no run at {path}: name the folder of one, or its {_RESULTS}") from error
    except (OSError, ValueError) as error:
        raise TrustbotError(f"{file} cannot be read ({error}): name the folder of a run") from error
    raise TrustbotError(f"{file} is not the results of a run: name the folder of one")


def git_revision(folder: Path) -> str | None:
    """The commit that the code in `folder` stands at, with `+` when it has been changed since; None outside git."""
    tracked = _git(folder, "ls-files", "--error-unmatch", "runs.py")
    revision = _git(folder, "rev-parse", "HEAD")
    if not tracked or not revision:
        return None
    return f"{revision}+" if _git(folder, "status", "--porcelain", "--untracked-files=no") else revision


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _new_folder(out: Path, run_id: str) -> Path:
    """Two runs of one second get a number each."""
    for number in range(1, 1000):
        folder = out / (run_id if number == 1 else f"{run_id}-{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise TrustbotError(f"{folder} cannot be made ({error.strerror}): name another with --out") from error
        return folder
    raise TrustbotError(f"{out} is full of runs called {run_id}: name another folder with --out")


def _qrels(relevant: Mapping[str, Sequence[str]]) -> str:
    return "".join(f"{question} 0 {passage} 1\n" for question, passages in relevant.items() for passage in passages)


def _trec_run(retrieved: Mapping[str, Sequence[str]]) -> str:
    rows, ranks = [], dict.fromkeys(retrieved, 0)
    for question, passage, score in run_rows(retrieved):
        ranks[question] += 1
        rows.append(f"{question} Q0 {passage} {ranks[question]} {score:g} trustbot\n")
    return "".join(rows)


def _json(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
