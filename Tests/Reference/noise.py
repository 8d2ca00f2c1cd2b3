"""Numbers by a formula, for every reference script.

They come from no random generator, so that a test in another language can
make the same ones to the last bit instead of reading them. `noise(count, stream)` is, for the
entry `i` of stream `s`, in 32-bit unsigned arithmetic:

    u = i * 2654435761 + (s + 1) * 40503;  u ^= u >> 16;  u *= 2246822519;  u ^= u >> 13
    value = u / 2^31 - 1                                              (in [-1, 1), in float64)
"""

import numpy as np


def noise(count, stream):
    """`count` numbers in [-1, 1) of the stream, float64."""
    mask = np.uint64(0xFFFFFFFF)
    u = np.arange(count, dtype=np.uint64) * np.uint64(2654435761)
    u = (u + np.uint64((stream + 1) * 40503)) & mask
    u ^= u >> np.uint64(16)
    u = (u * np.uint64(2246822519)) & mask
    u ^= u >> np.uint64(13)
    return u.astype(np.float64) / 2.0**31 - 1.0
