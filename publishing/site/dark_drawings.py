"""Drawings in the colours of a dark page."""

import colorsys
import re

COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
MANY_COLOURS = 12


def darkened(svg):
    """Return a drawing in the colours of a dark page.

    Ink and paper change places; colours keep their hue, and are light enough, or dark enough where
    they are a tint that something stands on.

    Parameters
    ----------
    svg : str
        From `slimmed` or `narrow`.

    Returns
    -------
    str or None
        None where colours are a scale, whose order would be lost: such a drawing keeps its paper.
    """
    colours = set(map(str.lower, COLOUR.findall(svg)))
    if "<image" in svg or sum(not _is_grey(colour) for colour in colours) > MANY_COLOURS:
        return None
    svg = COLOUR.sub(lambda colour: _dark(colour[0]), svg)
    return svg.replace("text{", "text,use{fill:#e6e6e6}text{", 1)


def _is_grey(colour):
    parts = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return max(parts) - min(parts) < 16


def _dark(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    hue, light, strength = colorsys.rgb_to_hls(*parts)
    if _is_grey(colour):
        light = 0.91 - 0.84 * light
    elif light > 0.8:
        light, strength = 0.07 + (1 - light), 0.6 * strength
    else:
        light, strength = min(max(light, 0.5), 0.75), 0.85 * strength
    made = colorsys.hls_to_rgb(hue, light, strength)
    return "#" + "".join(f"{round(255 * part):02x}" for part in made)
