"""What `firstlight` says of its commands: ours first, and bad input by exit status 2."""

import sys

from django.core.management import ManagementUtility, get_commands, load_command_class
from django.core.management.base import BaseCommand

OURS = "firstlight."
DJANGOS = {
    *(
        "--version",
        "--verbosity",
        "--settings",
        "--pythonpath",
        "--traceback",
        "--no-color",
        "--force-color",
        "--skip-checks",
    )
}
"""What Django adds to each command. It works; the help of ours leaves it out."""


def our_commands() -> dict[str, str]:
    """Return the app of each command that Firstlight brings, by the command's name."""
    return {name: str(app) for name, app in sorted(get_commands().items()) if str(app).startswith(OURS)}


class CommandLine(ManagementUtility):
    """Django's command line, which lists sixty commands; a clinic needs some twenty of them."""

    def main_help_text(self, commands_only: bool = False) -> str:
        """Return one line a command, with what it does."""
        if commands_only:
            return super().main_help_text(commands_only)
        lines = [f"  {name:<12} {load_command_class(app, name).help}" for name, app in our_commands().items()]
        return "\n".join(
            [
                "firstlight <command>; `firstlight <command> --help` explains each.",
                "",
                *lines,
                "",
                "Exit status 2 means bad input, 1 a failed check. Django's own commands, such as check and shell, work as well:",
                "`firstlight help --commands` names them all.",
            ]
        )

    def fetch_command(self, subcommand: str) -> BaseCommand:
        """Return a command; a name that there is not is bad input."""
        try:
            command = super().fetch_command(subcommand)
        except SystemExit:
            sys.exit(2)
        if type(command).__module__.startswith(OURS):
            command.suppressed_base_arguments = DJANGOS
            command.requires_system_checks = []  # they are of what is served, import every page, and are run before it is
        return command
