"""`python -m cstool` is the same command as `cstool`."""

from cstool.cli import main

if __name__ == "__main__":
    main()
