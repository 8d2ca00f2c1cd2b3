"""Writes the fixture of the counter-based generator's test: Philox 4x32 with ten rounds.

    python3 Tests/Reference/philox.py           write Tests/TensorCoreTests/Fixtures/philox.json
    python3 Tests/Reference/philox.py --check   compare the file with what would be written

The formulas are those of Salmon, Moraes, Dror and Shaw 2011, and are held to the three known answers that
come with the authors' library (Random123, kat_vectors) before anything is written.
"""

import json
import pathlib
import sys

PATH = pathlib.Path(__file__).resolve().parents[1] / "TensorCoreTests/Fixtures/philox.json"
MASK = 0xFFFFFFFF
KNOWN = [
    ([0] * 4, [0] * 2, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ([MASK] * 4, [MASK] * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ([0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], [0xA4093822, 0x299F31D0],
     "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [b >> 32 ^ c[1] ^ k[0], b & MASK, a >> 32 ^ c[3] ^ k[1], a & MASK]
        k = [k[0] + 0x9E3779B9 & MASK, k[1] + 0xBB67AE85 & MASK]
    return c


def main():
    for counter, key, answer in KNOWN:
        assert " ".join(f"{word:08x}" for word in philox(counter, key)) == answer
    cases = [
        {"key": f"{key:016x}",
         "words": [word for place in range(33)
                   for word in philox([place, 0, 0, 0], [key & MASK, key >> 32])][:130]}
        for key in (0, 0xFFFFFFFFFFFFFFFF, 0x299F31D0A4093822)]
    text = json.dumps({"cases": cases}) + "\n"
    if "--check" in sys.argv[1:]:
        if PATH.read_text() != text:
            sys.exit("philox.json is not what would be written")
        print("philox.json agrees with the formulas and the known answers")
    else:
        PATH.write_text(text)


main()
