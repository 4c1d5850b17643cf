#!/usr/bin/env python
"""Django's own entry point; `meshadvisor COMMAND` does the same and more."""

import sys

from meshadvisor.cli import main

if __name__ == "__main__":
    sys.exit(main())
