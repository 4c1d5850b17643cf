"""`python -m meshadvisor`: the console script without its path."""

import sys

from meshadvisor.cli import main

sys.exit(main())
