"""The time a call takes longer, and what a path of calls takes longer, as arrays.

The tax of one call is read as a lognormal: `level` is the logarithm of its median in milliseconds, `slope` its
sigma, so that the quantile at normal score z is exp(level + slope z). Over n calls means add and tails add as
independent ones. A path whose own tail is long hides the tail of the tax: hypot(path tail, tail) - path tail. The
formula errs by 4 to 8 % on measured chains of 1 to 6 services; a utilisation correction 1 / (1 - rho) made it worse
and is left out.
"""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

SLOPES = (0.02, 2.2)


def added_ms(
    level: Array,
    slope: Array,
    *,
    calls: Array | float,
    score: Array | float,
    is_mean: Array | bool,
    path_tail: Array | float,
) -> Array:
    """Milliseconds that `calls` calls in sequence add at normal score `score`, or to the mean where `is_mean`.

    path_tail: how far the same quantile of the path without the tax lies above its mean, in ms. Never below a
    twentieth of the median tax of one call.
    """
    sigma = np.clip(slope, *SLOPES)
    median = np.exp(level)
    mean = median * np.exp(sigma * sigma / 2.0)
    above = median * np.exp(sigma * score) - mean
    tail = np.sqrt(calls) * above
    quantile = np.where(tail > 0.0, calls * mean + np.hypot(path_tail, tail) - path_tail, calls * mean + above)
    return np.asarray(np.where(is_mean, calls * mean, np.maximum(quantile, 0.05 * median)), dtype=np.float64)
