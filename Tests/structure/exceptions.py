"""Lists of what still breaks a rule. They may only shrink: an entry that is no longer needed fails the test too."""

from pathlib import Path

LISTS = Path(__file__).resolve().parent / "exceptions"


def listed(rule):
    """The lines of a rule's list; none where there is no list."""
    path = LISTS / f"{rule}.txt"
    return path.read_text().splitlines() if path.exists() else []


def hold(rule, found):
    """Fails unless `found`, from entry to message, is what the rule's list has."""
    entries = set(listed(rule))
    new = [message for entry, message in sorted(found.items()) if entry not in entries]
    done = sorted(entries - set(found))
    assert not new, "\n".join(["", *new])
    assert not done, f"take out of Tests/structure/exceptions/{rule}.txt what no longer needs it: " + "; ".join(done)


def hold_counts(rule, counts, explain):
    """Fails where a count, by file, is above that of the rule's list, whose lines are `file count`, or above none at all.

    `explain(file)` says what was counted.
    """
    limits = {file: int(limit) for file, limit in (entry.split() for entry in listed(rule))}
    over = [f"{file}: {count}, at most {limits.get(file, 'none')}: {explain(file)}"
            for file, count in sorted(counts.items()) if count > limits.get(file, 0)]
    assert not over, "\n".join(["", *over])
    done = sorted(set(limits) - set(counts))
    assert not done, f"take out of Tests/structure/exceptions/{rule}.txt what no longer needs it: " + "; ".join(done)
