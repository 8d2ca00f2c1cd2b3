"""Writes the MATLAB fixtures of RecordingsTests with SciPy: files a recording may come in, and files that
are MATLAB files but no recordings.

    python3 Tests/Reference/matlab.py
"""

import pathlib

import numpy as np
from scipy.io import savemat

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "RecordingsTests/Fixtures/matlab"
ROW = np.array([[-32768, -3, 0, 7, 1000, 32767]], np.int16)

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, contents, options in [
        ("level4", {"val": ROW}, {"format": "4"}),
        ("level4-double", {"val": ROW.astype(float)}, {"format": "4"}),
        ("level5", {"val": ROW}, {}),
        ("level5-compressed", {"val": ROW}, {"do_compression": True}),
        ("level5-column", {"val": ROW.T}, {}),
        ("other-name", {"x": ROW}, {"format": "4"}),
        ("other-name-level5", {"x": ROW}, {}),
        ("matrix", {"val": np.zeros((2, 3), np.int16)}, {}),
        ("fraction", {"val": ROW + 0.5}, {}),
        ("too-large", {"val": ROW.astype(np.int32) * 2}, {}),
        ("text", {"val": "abc"}, {}),
        ("complex", {"val": ROW * 1j}, {}),
        ("empty", {"val": np.zeros((1, 0), np.int16)}, {}),
    ]:
        savemat(FOLDER / f"{name}.mat", contents, **options)
