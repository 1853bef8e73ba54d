"""How well screening tells messages that need a person: each example of `prompts/like_*.txt`, judged by the others.

    python -m evaluation.screening_check

Prints the share of each list that the patterns of `bot/screening.py` hold up, and the patterns and the likeness
together, where the example itself is left out of what it is compared with.
"""

from collections.abc import Mapping

from bot.likeness import Likeness
from bot.screening import screen
from evaluation.tables import make_console, new_table
from ingest.embedding import EmbeddingModel


def held_up(model: EmbeddingModel) -> Mapping[str, tuple[float, float, int]]:
    """For each list of examples: the share held up by patterns alone, by both, and how many examples it has."""
    likeness = Likeness(model)
    found = {}
    for name, lines in likeness.examples.items():
        by_pattern = [screen(line) is not None for line in lines]
        by_both = [
            seen or likeness.verdict(line, but=line) is not None for line, seen in zip(lines, by_pattern, strict=True)
        ]
        found[name] = (sum(by_pattern) / len(lines), sum(by_both) / len(lines), len(lines))
    return found


def main() -> None:
    """Print the table."""
    table = new_table("Held up before anything is searched", "examples", "of", "by patterns", "by likeness too")
    for name, (patterns, both, many) in held_up(EmbeddingModel()).items():
        table.add_row(name, str(many), f"{patterns:.3f}", f"{both:.3f}")
    make_console().print(table)


if __name__ == "__main__":
    main()
