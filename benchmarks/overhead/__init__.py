"""How the overhead figures of the catalogue come about: priors, published rows, fit, validation."""

import os

# The matrices are small: threads of the linear algebra library only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
