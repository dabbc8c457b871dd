"""Makes a complete run fail if the contract documents a code that no test got."""

from pathlib import Path
from typing import Any

import pytest

from .contract import answered, unanswered


class DocumentedCodes:
    """A plugin of pytest. With pytest-xdist, each worker hands over what its own tests got."""

    def __init__(self, tests: Path) -> None:
        self.tests = tests
        self.run_is_complete = True
        self.sentences: list[str] = []

    def pytest_deselected(self) -> None:
        self.run_is_complete = False

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        files = {item.path for item in session.items}
        if files != set(self.tests.rglob("test_*.py")) or session.config.option.collectonly:
            self.run_is_complete = False

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Comes from each worker of pytest-xdist when it has ended."""
        output = getattr(node, "workeroutput", {"run_is_complete": False, "answered": []})
        self.run_is_complete &= output["run_is_complete"]
        answered.update(output["answered"])

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput |= {"run_is_complete": self.run_is_complete, "answered": list(answered)}
        elif self.run_is_complete and session.exitstatus == pytest.ExitCode.OK:
            self.sentences = list(unanswered(answered))
            session.exitstatus = pytest.ExitCode.TESTS_FAILED if self.sentences else pytest.ExitCode.OK

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for sentence in self.sentences:
            terminalreporter.write_line(sentence, red=True)
