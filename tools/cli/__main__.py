"""`python -m tools.cli`, the command line without an installed script."""

from .main import main

if __name__ == "__main__":
    main()
