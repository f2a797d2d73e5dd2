"""Charts as SVG."""

import html
import math

BLUE, GREY, INK = "#2b6cb0", "#a0aec0", "#1a202c"


def picture(width, height, parts):
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" '
        'font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>', *parts, "</svg>",
    ]) + "\n"


def text(x, y, content, anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{html.escape(content)}</text>'


def line(x1, y1, x2, y2, color=INK):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{color}"/>'


def bars(rates, ours):
    """Medians of what is done a second, on a logarithmic scale from 100, with a line from the least to the most."""
    names = sorted(rates, key=rates.median, reverse=True)
    left, width, height = 7 * max(map(len, names)) + 8, 560, 22
    longest = math.log10(max(max(rates[name]) for name in names) / 100)

    def length(rate):
        return max(0, math.log10(max(rate, 1) / 100)) / longest * width

    parts = []
    for number, name in enumerate(names):
        top = 10 + number * height
        least, most = left + length(min(rates[name])), left + length(max(rates[name]))
        parts += [
            text(left - 8, top + 14, name, "end"),
            f'<rect x="{left}" y="{top + 3}" width="{length(rates.median(name)):.1f}" height="15" '
            f'fill="{BLUE if name in ours else GREY}"/>',
            line(least, top + 10, most, top + 10),
            text(most + 6, top + 14, f"{rates.median(name):,.0f}/s"),
        ]
    return picture(left + width + 100, height * len(names) + 20, parts)


def panels(charts, below, unit):
    """Small charts side by side: {title: {x: (median, least, most)}}, x on a logarithmic scale."""
    width, height, parts = 320, 220, []
    for number, (title, points) in enumerate(charts.items()):
        parts += panel(title, points, below, unit, number * width + 60, 40, width - 90, height - 90)
    return picture(width * len(charts), height, parts)


def panel(title, points, below, unit, left, top, width, height):
    xs = sorted(points)
    first, last = math.log10(xs[0]), math.log10(xs[-1])
    highest = max(most for _, _, most in points.values()) * 1.1

    def across(x):
        return left + (math.log10(x) - first) / ((last - first) or 1) * width

    def down(y):
        return top + height - y / highest * height

    parts = [text(left, top - 20, title), line(left, down(0), left + width, down(0)), line(left, top, left, down(0))]
    for share in (0, 0.5, 1):
        mark = highest / 1.1 * share
        parts += [text(left - 6, down(mark) + 4, f"{mark:,.{0 if mark >= 10 or not mark else 1}f}", "end")]
        parts += [line(left - 3, down(mark), left, down(mark))]
    # Of marks that would stand in each other's way the first stays.
    free = -math.inf
    for x in xs:
        half = 3.5 * len(short(x))
        if across(x) - half > free:
            parts.append(text(across(x), down(0) + 16, short(x), "middle"))
            free = across(x) + half
    way = " ".join(f"{across(x):.1f},{down(points[x][0]):.1f}" for x in xs)
    parts.append(f'<polyline points="{way}" fill="none" stroke="{BLUE}" stroke-width="2"/>')
    for x in xs:
        median, least, most = points[x]
        parts.append(line(across(x), down(least), across(x), down(most)))
        parts.append(f'<circle cx="{across(x):.1f}" cy="{down(median):.1f}" r="3" fill="{BLUE}"/>')
    return parts + [text(left, down(0) + 34, f"{unit} against {below}")]


def short(number):
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if number >= size:
            return f"{number / size:g}{letter}"
    return f"{number:g}"
