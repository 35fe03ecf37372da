"""Format, lint, types, architecture, templates, dangerous calls: everything that reads the code and runs none of it."""

from tools.steps import BIN, Runner, Step, summary

CHECKS = (
    Step("format", (str(BIN / "ruff"), "format", "--check", "--quiet")),
    Step("lint", (str(BIN / "ruff"), "check", "--quiet")),
    Step("architecture", (str(BIN / "lint-imports"),)),
    Step("templates", (str(BIN / "djlint"), "src", "--lint", "--quiet")),
    Step("dangerous calls", (str(BIN / "bandit"), "--quiet", "--recursive", "--configfile", "pyproject.toml", "src")),
    Step("types", (str(BIN / "mypy"),)),
)


def run_checks(runner: Runner) -> None:
    """Run every check, the quick ones first."""
    for step in CHECKS:
        runner.run(step)


def main() -> None:
    """Run the checks and print their summary."""
    runner = Runner()
    runner.lanes([run_checks])
    print(summary(runner.outcomes), flush=True)
    raise SystemExit(any(outcome.failed for outcome in runner.outcomes))


if __name__ == "__main__":
    main()
