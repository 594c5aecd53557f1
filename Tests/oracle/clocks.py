"""Format.md, "From sensor values to samples": segments and times of rows out of the stamps of a log that is not read live, whole
lists at a time."""

from itertools import groupby


def lower_median(numbers):
    return sorted(numbers)[(len(numbers) - 1) // 2]


def groups_of(stamps):
    """Neighbouring rows of one stamp: the stamp and their number."""
    return [(stamp, len(list(rows))) for stamp, rows in groupby(stamps)]


def first_rows(stamps, period):
    """Of the rows that are looked at: whether the clock is coarse, the longest step, and the spacing to begin with."""
    count = next((n for n in range(256, min(len(stamps), 1 << 14) + 1) if len(groups_of(stamps[:n])) >= 4), min(len(stamps), 1 << 14))
    groups = groups_of(stamps[:count])
    steps = [(later - stamp, n) for (stamp, n), (later, _) in zip(groups, groups[1:]) if later > stamp]
    typical = lower_median([step for step, _ in steps]) if steps else 0
    coarse = 2 * sum(n for _, n in groups if n > 1) >= count and typical <= 60
    spacing = lower_median([step / n for step, n in steps if step <= 2 * typical for _ in range(n)]) if steps else period
    longest = max(0.25, 4 * period) + (typical if coarse else 0)
    return coarse, longest, spacing if spacing <= longest else period


def segments_of(stamps, period, allowed=0.0):
    """Per segment: the times of its rows, the places of rows behind bridged gaps, and whether rows share a stamp. `allowed` are
    the seconds that the model allows to bridge."""
    coarse, longest, spacing = first_rows(stamps, period)
    segments = []
    for stamp, n in groups_of(stamps):
        step = stamp - segments[-1][-1][0] if segments else None
        is_bridged = step is not None and longest < step <= min(allowed, 0.5)
        if step is None or abs(step) > longest and not is_bridged:
            segments.append([])
        segments[-1].append((stamp, n, is_bridged))
    out = []
    for groups in segments:
        times, bridged = [], []
        for place, (stamp, n, is_bridged) in enumerate(groups):
            start, d = stamp, spacing
            if place + 1 < len(groups):
                later, _, before_bridge = groups[place + 1]
                even = (later - stamp) / n
                if before_bridge:
                    d = min(spacing, even)
                elif coarse and place == 0 and spacing < even:
                    start = later - n * d
                else:
                    spacing = d = even
            if is_bridged:
                bridged.append(len(times))
            times += [start + j * d for j in range(n)]
        out.append((times, bridged, any(n > 1 for _, n, _ in groups)))
    return out


def interval_of(times, bridged, shares):
    """Seconds; None for a single row."""
    if len(times) == 1:
        return None
    if shares:
        gaps = sum(times[b] - times[b - 1] for b in bridged)
        return (times[-1] - times[0] - gaps) / (len(times) - 1 - len(bridged))
    return lower_median([after - before for before, after in zip(times, times[1:])])
