#!/usr/bin/env python3
"""The module graph of Package.swift as a Mermaid picture in Documentation/architecture.md.

    Documentation/module-graph.py            writes it anew
    Documentation/module-graph.py --check    ends with 1 where it is not what Package.swift says

An arrow is a dependency; one that follows from others is left out. Ends with 1, too, where a module depends
on itself through others, or on one that it must do without (`APART`).
"""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "Documentation" / "architecture.md"
# What knows verdicts, points and people needs no tensor; the judge knows no recordings, the core no course.
APART = {
    "People": {"TensorCore", "Assignment"}, "Intake": {"TensorCore"}, "Gradebook": {"TensorCore"}, "Publication": {"TensorCore"},
    "Reports": {"TensorCore"}, "Exports": {"TensorCore"},
    "Judge": {"Recordings"}, "TensorCore": {"Examples", "Training", "Assignment"},
    "Coursework": {"Judge", "Assignment"},
}
BEGIN, END = "<!-- module graph: begin -->\n", "<!-- module graph: end -->\n"


def graph() -> tuple[dict[str, set[str]], dict[str, str]]:
    """The dependencies of each target that is no test, and the group that it stands in."""
    package = json.loads(
        subprocess.run(["swift", "package", "--package-path", str(ROOT), "dump-package"], check=True,
                       capture_output=True).stdout)
    targets = {target["name"]: target for target in package["targets"]
               if target["type"] != "test" and not (target.get("path") or "").startswith("Tests/")}
    edges = {}
    for name, target in targets.items():
        own = (next(iter(dependency.values()))[0] for dependency in target["dependencies"])
        edges[name] = {dependency for dependency in own if dependency in targets}
    return edges, {name: group(target) for name, target in targets.items()}


def group(target: dict) -> str:
    folder = (target.get("path") or f"Sources/{target['name']}").split("/")[0]
    if target["type"] == "system":
        return "Libraries"
    return {"Assignments": "Units", "Solutions": "Units", "Grader": "Grader"}.get(folder, "Sources")


def reached(edges: dict[str, set[str]]) -> dict[str, set[str]]:
    """All that a module depends on, through others too."""
    found: dict[str, set[str]] = {}

    def visit(name: str, above: tuple[str, ...]) -> set[str]:
        if name in above:
            sys.exit(f"{' -> '.join(above[above.index(name):] + (name,))}: modules depend on each other")
        if name not in found:
            found[name] = set()
            for dependency in sorted(edges[name]):
                found[name] |= {dependency} | visit(dependency, above + (name,))
        return found[name]

    for name in sorted(edges):
        visit(name, ())
    for name, others in APART.items():
        for other in sorted(others & found.get(name, set())):
            sys.exit(f"{name} depends on {other}, which it must do without")
    return found


def picture() -> str:
    edges, groups = graph()
    below = reached(edges)
    lines = ["```mermaid", "graph BT"]
    for title in ["Libraries", "Sources", "Grader", "Units"]:
        lines.append(f"  subgraph {title}")
        lines += [f"    {name}" for name in sorted(edges) if groups[name] == title]
        lines.append("  end")
    for name in sorted(edges):
        through = set().union(*(below[other] for other in edges[name]))
        lines += [f"  {name} --> {other}" for other in sorted(edges[name] - through)]
    return "\n".join(lines + ["```"]) + "\n"


def main() -> None:
    text = PAGE.read_text()
    head, rest = text.split(BEGIN)
    whole = head + BEGIN + picture() + END + rest.split(END)[1]
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(whole)
    elif whole != text:
        sys.exit("the picture is not what Package.swift says: Documentation/module-graph.py writes it anew")


if __name__ == "__main__":
    main()
