#!/usr/bin/env python3
"""The pictures of the handouts, drawn by the tool from the synthetic recordings.

Run `python3 Tests/Reference/handout_pictures.py` to draw them anew, after a change of the synthetic
recordings or of the plots; `--only NAME` draws one. The experiment trains the Solutions' networks,
which takes some minutes. Needs gnuplot; writes Assignments/UNIT/Pictures/NAME.svg.

gnuplot writes every point with two decimals and every cell of a heat map as a polygon. For a page
that is too much, so the files are made small here, without a difference that the eye sees: lines
keep the points that are 0.4 points off, cells of a heat map are drawn as one line for each
shade and run. There is no --check: the drawing differs with gnuplot's version.
"""

import argparse
import math
import pathlib
import re
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
# A checkpoint of its own, so that nobody's training is lost.
TRAIN = ["train", "ECGformer", "--solutions", "--epochs", "3", "--checkpoint", "net.safetensors", "--json", "run.json"]
ATTENTION = ["plot", "attention", "ECGformer", "--solutions", "--checkpoint", "net.safetensors",
             "--set", "figures=hold-out", "--out", "OUT"]
TRAIN_MAPS = ["train", "DilatedNet", "--solutions", "--checkpoint", "net.safetensors", "--json", "run.json"]
MAPS = ["plot", "maps", "DilatedNet", "--solutions", "--checkpoint", "net.safetensors", "--out", "OUT"]
TRAIN_STACKED = ["train", "StackedLinearModel", "--solutions", "--checkpoint", "net.safetensors", "--json", "run.json"]
TRAIN_TOWERS = ["train", "TrainingStep", "--solutions", "--checkpoint", "net.safetensors"]
SEARCH = ["search", "StackedLinearModel", "--solutions", "--set", "perClass=500", "--out", "study"]
# What ./rhythm is called with, in an empty folder: without a store of recordings it takes the
# synthetic ones. OUT is where the picture goes.
PICTURE_COMMANDS = {
    "RecurrentNetworks": {
        "recordings": [["plot", "recordings", "--out", "OUT"]],
        "spectrograms": [["plot", "spectrograms", "--out", "OUT"]],
        "experiment": [
            ["experiments", "chunks", "--solutions", "--out", "experiments"],
            ["plot", "experiment", "experiments", "--out", "OUT"],
        ],
    },
    "HeartbeatTransformer": {
        "beat-forms": [["plot", "beat-forms", "--out", "OUT"]],
        "beat-classes": [["plot", "beat-classes", "--out", "OUT"]],
        # beside the learning curves, in a file of its own
        "confusion": [TRAIN, ["plot", "training", "run.json", "--out", "OUT"]],
        "heads": [TRAIN, [*ATTENTION, "--heads-of", "V"]],
        "attention": [TRAIN, ATTENTION],
    },
    "AttentionMaps": {
        "learning-curves": [TRAIN_MAPS, ["plot", "training", "run.json", "--out", "OUT"]],
        "map-fibrillation": [TRAIN_MAPS, [*MAPS, "A00688"]],
        "map-other": [TRAIN_MAPS, [*MAPS, "A01350"]],
    },
    "ModelSelection": {
        "learning-curves": [TRAIN_STACKED, ["plot", "training", "run.json", "--out", "OUT"]],
        "confusion": [TRAIN_STACKED, ["plot", "training", "run.json", "--out", "OUT"]],
        "search": [SEARCH, ["plot", "search", "study", "--out", "OUT"]],
    },
    "ContrastiveECG": {
        "similarities": [["plot", "similarities", "TrainingStep", "--solutions", "--groups",
                          "near,opposite,described,named", "--out", "OUT"]],
        "rankings": [TRAIN_TOWERS, ["plot", "rankings", "TrainingStep", "--solutions", "--checkpoint", "net.safetensors",
                                    "sinus tachycardia", "prolonged qt interval", "premature atrial contraction",
                                    "--groups", "seen", "--out", "OUT"]],
    },
}
TOLERANCE = 0.4
SHADES = 24


def short(number):
    """A number with one decimal and no needless zero."""
    text = f"{number:.1f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("0.", ".", 1) if abs(number) < 1 else text


def thinned(points):
    """The points without those nearer than TOLERANCE to the line through their neighbours
    (Douglas and Peucker 1973)."""
    keep, stack = {0, len(points) - 1}, [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        (x0, y0), (x1, y1) = points[first], points[last]
        length = math.hypot(x1 - x0, y1 - y0) or 1
        far, place = 0, None
        for i in range(first + 1, last):
            x, y = points[i]
            distance = abs((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) / length
            if distance > far:
                far, place = distance, i
        if place is not None and far > TOLERANCE:
            keep.add(place)
            stack += [(first, place), (place, last)]
    return [points[i] for i in sorted(keep)]


def line(match):
    """A path of many points, thinned and with distances in place of places. The sample of a line in a legend may stand
    before it in the same path."""
    pieces = [
        [tuple(map(float, p.split(","))) for p in re.findall(r"-?[\d.]+,-?[\d.]+", piece)]
        for piece in match.group(1).split("M")[1:]]
    if not any(len(points) >= 20 for points in pieces) or len(pieces) > 2:
        return match.group(0)
    text, at = "", [0, 0]
    for points in pieces:
        text += "m"
        for point in thinned(points):
            for axis in (0, 1):
                # from the rounded place, so that roundings do not add up
                word = short(point[axis] - at[axis])
                at[axis] += float(word)
                text += word if word.startswith("-") or text.endswith("m") else " " + word
    return f"d='{text}'"


def points(match):
    """The points of a line, with their colour said once."""
    colours = re.findall(r"color='([^']*)'", match.group(0))
    if len(set(colours)) > 1:
        return match.group(0)
    return f"<g color='{colours[0]}'>" + re.sub(r" color='[^']*'", "", match.group(0)) + "</g>\n"


def heat_map(match):
    """A run of cells as one path for each shade, in units of a cell."""
    cells = []
    for red, green, blue, corners in re.findall(
        r"rgb\(\s*(\d+),\s*(\d+),\s*(\d+)\)' points = '([^']*)'", match.group(0)
    ):
        xs, ys = zip(*(map(float, corner.split(",")) for corner in corners.split()))
        cells.append(((int(red), int(green), int(blue)), min(xs), min(ys), max(xs), max(ys)))
    width = max(cell[3] - cell[1] for cell in cells)
    height = max(cell[4] - cell[2] for cell in cells)
    # the first and the last column can be cut: the corner is that of a whole cell, and a line runs
    # along the middle of its row
    left = min(cell[1] for cell in cells if cell[3] - cell[1] > 0.99 * width)
    top = min(cell[2] for cell in cells) + height / 2
    # blue falls and rises along the palette, red only falls: it orders the shades
    shade = lambda colour: round(colour[0] / 255 * (SHADES - 1))
    rows, colours = {}, {}
    for colour, x0, y0, x1, y1 in cells:
        colours.setdefault(shade(colour), []).append(colour)
        rows.setdefault(round((y0 + y1 - 2 * top) / 2 / height, 1), []).append(
            ((x0 - left) / width, (x1 - left) / width, shade(colour)))
    runs = {}
    for y, row in rows.items():
        current = None
        for x0, x1, tone in sorted(row):
            if current and current[2] == tone and abs(current[1] - x0) < 0.02:
                current[1] = x1
            else:
                current = [x0, x1, tone]
                runs.setdefault(tone, []).append((y, current))
    paths = []
    for tone, strokes in sorted(runs.items()):
        mean = [round(sum(c[i] for c in colours[tone]) / len(colours[tone])) for i in range(3)]
        d = "".join(f"M{short(run[0])} {short(y)}h{short(run[1] - run[0])}" for y, run in strokes)
        paths.append("<path stroke='#%02x%02x%02x' d='%s'/>" % (*mean, d))
    return (
        f"<g transform='matrix({width:.3f} 0 0 {height:.3f} {left:.2f} {top:.2f})' fill='none' "
        f"stroke-width='1.02' shape-rendering='crispEdges'>\n" + "\n".join(paths) + "\n</g>\n")


def small(svg):
    """The picture with the same look in fewer bytes."""
    svg = re.sub(r"(?:\s*<polygon fill = '[^']*' points = '[^']*'/>){40,}\s*", heat_map, svg)
    svg = re.sub(r"\bd='([^']*)'", line, svg)
    svg = re.sub(
        r"rgb\(\s*(\d+),\s*(\d+),\s*(\d+)\)",
        lambda m: "#%02x%02x%02x" % tuple(map(int, m.groups())), svg)
    svg = re.sub(
        r"(translate|scale)\(([^)]*)\)",
        lambda m: f"{m[1]}({','.join(short(float(word)) for word in m[2].split(','))})", svg)
    svg = re.sub(r"(\d)\.00\b", r"\1", svg)
    # the outlines of open symbols, which are hairlines otherwise
    svg = svg.replace("stroke-width='0.167'", "stroke-width='0.4'")
    # what holds without saying so, and what can be said once for all
    font = 'font-family="Helvetica" font-size="16"'
    svg = re.sub(
        rf' (stroke-linecap="butt"|stroke-linejoin="miter"|color="black"|{font})', "", svg)
    svg = svg.replace('<g id="gnuplot_canvas">', f'<g id="gnuplot_canvas" {font}>')
    svg = re.sub(r"(?:<use [^>]* color='[^']*'/>\s*){2,}", points, svg)
    # gnuplot opens a group for every change of colour, many of them for nothing
    empty = re.compile(r"<g [^>]*>\s*</g>\s*")
    while empty.search(svg):
        svg = empty.sub("", svg)
    return re.sub(r"[ \t]+", " ", re.sub(r"\s*\n\s*", "\n", svg))


def titled(svg):
    """The picture with a title that says what it shows, also where it is copied to another page. The title is the
    first text, or comes after the numbers and names of the axes and is the longest."""
    texts = re.findall(r"<text>(.*?)</text>", svg)
    title = texts[0] if len(texts[0]) > 10 else max(texts, key=len)
    return svg if "synthetic recordings" in title else svg.replace(
        f"<text>{title}</text>", f"<text>{title}, synthetic recordings</text>", 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    names = [name for pictures in PICTURE_COMMANDS.values() for name in pictures]
    parser.add_argument("--only", choices=names)
    only = parser.parse_args().only
    for unit, pictures in PICTURE_COMMANDS.items():
        target = ROOT / "Assignments" / unit / "Pictures"
        target.mkdir(exist_ok=True)
        for name, commands in pictures.items():
            if only not in (None, name):
                continue
            with tempfile.TemporaryDirectory() as folder:
                drawn = pathlib.Path(folder) / "drawn.svg"
                for command in commands:
                    words = [str(drawn) if word == "OUT" else word for word in command]
                    subprocess.run([ROOT / "rhythm", *words], cwd=folder, check=True)
                beside = drawn.with_name(f"drawn-{name}.svg")
                svg = (beside if beside.exists() else drawn).read_text()
            (target / f"{name}.svg").write_text(small(titled(svg)))
            print(f"{unit}/{name}.svg: {(target / f'{name}.svg').stat().st_size} bytes")


if __name__ == "__main__":
    main()
