"""The `firstlight` command: Django's management command line with our settings."""

import os
import sys


def main() -> None:
    """Run one command. Exit status 2 means bad input, 1 a failed check."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstlight.conf.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["firstlight", *sys.argv[1:]])


if __name__ == "__main__":
    main()
