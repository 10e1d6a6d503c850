"""``python -m benchmarks.formats``: what becomes of files of every kind."""

from benchmarks.formats.accounted import main

if __name__ == "__main__":
    main()
