"""Rows that are there already lack a value for a new field."""

from pathlib import Path

import pytest

from .database import Database
from .example_feature import MODELS
from .test_features import Project

FIELD = "    text = models.CharField(max_length=1000)\n"


@pytest.mark.slow
def test_one_without_a_default_is_refused_in_a_sentence(database: Database, tmp_path: Path) -> None:
    project = Project(tmp_path, database)
    project.make("samples", "samples of users")
    project.write_models(MODELS.replace(FIELD, f"{FIELD}    title = models.CharField(max_length=100)\n"))

    assert "a new field needs null=True or a default" in project.make_fails("samples", "titles")
