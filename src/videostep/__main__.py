"""`python -m videostep`."""

from videostep.cli import main

if __name__ == "__main__":
    main()
