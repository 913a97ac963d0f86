"""The timeline of a method: one bar a project, from its first day to its last, coloured by region."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kg.colours import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION, YELLOW, Colour
from kg.drawing.svg import FAINT, MUTED, Frame, box, document, group, text_line, width_of, wrapped
from kg.network.spread import Step

_LABEL, _START, _END = (24.0, 250.0), 290.0, 870.0
_ROW, _TOP = 40.0, 84.0
_MOST = 40
_COLOURS = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, YELLOW)


def timeline_picture(steps: Sequence[Step], *, title: str, description: str, source: str = "") -> str:
    """Return the SVG picture of the projects of a method in time; projects without a first day stand last, unplaced.

    Of more than `_MOST` projects the first stand in it, and the first of each region; the source line says how many
    are left out.
    """
    wanted = sorted(range(len(steps)), key=lambda place: not steps[place].new_region)[:_MOST]
    left = len(steps) - len(wanted)
    steps = [steps[place] for place in sorted(wanted)]
    if left:
        source = f"The first projects, and the first of each region; {left:,} more are not drawn. {source}".rstrip()
    dated = [step for step in steps if step.start]
    first = min((int(step.start[:4]) for step in dated), default=2000)
    last = max((int(_end(step)[:4]) + 1 for step in dated), default=first + 1)
    colours = _colours(steps)
    bottom = _TOP + _ROW * len(steps)
    frame = Frame(900, bottom + 78, title, description, source)
    return document(
        frame,
        [
            *_years(first, last, bottom),
            *(_step(step, place, (first, last), colours) for place, step in enumerate(steps)),
            *_legend(colours, bottom + 24),
        ],
    )


def _end(step: Step) -> str:
    return str(step.project.attributes.get("endDate") or step.start)


def _x(day: str, years: tuple[int, int]) -> float:
    first, last = years
    moment = date.fromisoformat(day)
    year = moment.year + (moment.timetuple().tm_yday - 1) / 365.25
    return _START + (_END - _START) * (year - first) / max(1, last - first)


def _years(first: int, last: int, bottom: float) -> list[str]:
    every = 1 + (last - first) // 12
    pieces = []
    for year in range(first, last + 1, every):
        x = _START + (_END - _START) * (year - first) / max(1, last - first)
        pieces.append(f'<path d="M{x:.1f} {_TOP - 12}V{bottom}" stroke="{FAINT}"/>')
        pieces.append(text_line(x, _TOP - 18, str(year), size=11, fill=MUTED, anchor="middle"))
    return pieces


def _step(step: Step, place: int, years: tuple[int, int], colours: dict[str, Colour]) -> str:
    y = _TOP + place * _ROW
    colour = colours[_region(step)]
    owners = ", ".join(owner.label for owner in step.owners)
    (name, *_), (owner, *_) = (
        (*wrapped(step.project.label, 12.5, _LABEL[1], most=1, bold=True), ""),
        (*wrapped(owners, 11, _LABEL[1], most=1), ""),
    )
    pieces = [
        text_line(_LABEL[0], y + 10, name, size=12.5, weight=600),
        text_line(_LABEL[0], y + 25, owner, size=11, fill=MUTED),
    ]
    roles = ", ".join(step.roles)
    if step.start:
        x, end = _x(step.start, years), _x(_end(step), years)
        pieces.append(box(x, y, max(end - x, 6), 22, fill=colour.tint, stroke=colour.strong, radius=4))
        # The roles stand in the bar where they fit, and else beside it, on the side where there is room.
        width = width_of(roles, 11)
        if width + 12 <= end - x:
            pieces.append(text_line(x + 8, y + 15, roles, size=11, fill=colour.ink))
        elif end + width + 8 <= _END:
            pieces.append(text_line(end + 8, y + 15, roles, size=11, fill=MUTED))
        else:
            pieces.append(text_line(x - 8, y + 15, roles, size=11, fill=MUTED, anchor="end"))
    else:
        pieces.append(text_line(_START, y + 15, f"first day unknown · {roles}", size=11, fill=MUTED))
    return group(pieces, title=f"{step.project.label}, {owners}: {roles}")


def _region(step: Step) -> str:
    return step.regions[0].label if step.regions else "no region known"


def _colours(steps: Sequence[Step]) -> dict[str, Colour]:
    regions = dict.fromkeys(_region(step) for step in steps)
    return {region: _COLOURS[place] if place < len(_COLOURS) else GREY for place, region in enumerate(regions)}


def _legend(colours: dict[str, Colour], y: float) -> list[str]:
    pieces, x = [], 24.0
    for region, colour in colours.items():
        if x + width_of(region, 11) > 860:
            x, y = 24.0, y + 18
        pieces.append(box(x, y - 10, 14, 12, fill=colour.tint, stroke=colour.strong, radius=3))
        pieces.append(text_line(x + 20, y, region, size=11, fill=MUTED))
        x += 40 + width_of(region, 11)
    return pieces
