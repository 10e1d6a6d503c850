"""``python -m qa`` is ``qa``."""

from qa.cli.app import main

if __name__ == "__main__":
    main()
