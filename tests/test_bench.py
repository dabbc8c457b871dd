"""The benchmark compares services that do the same: it fills the tables as they are now, and reads the same fields."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.test_generated import ENVIRONMENT, UV, installed, uv
from tools.sync import ROOT

PLAIN = ROOT / "tools" / "plain"
CODE = {  # What each prints.
    "tokens": "import seed; seed.main(3)",
    "fields": "import json, schemas; print(json.dumps(list(schemas.UserRead.model_fields)))",
    "columns": "import json; from sqlalchemy_models import User; print(json.dumps(User.__table__.columns.keys()))",
}


@pytest.mark.slow
def test_the_plain_apps_fit_a_generated_service(template: Path) -> None:
    with installed(template, {"framework": "flask", "database": "sqlite", "project_slug": "service"}) as project:
        uv(project, "run", "service", "migrate")
        url = f"sqlite:///{project / 'data' / 'development' / 'service.sqlite3'}"
        environment = ENVIRONMENT | {
            "PYTHONPATH": str(PLAIN),
            "DATABASE_URL": url,
            "NAME": "service",
            "SECRET_KEY": "k" * 32,
        }

        def printed(code: str) -> Any:
            command = [UV, "run", "python", "-c", code]
            return json.loads(
                subprocess.run(command, cwd=project, env=environment, check=True, capture_output=True).stdout
            )

        tokens, fields, columns = map(printed, CODE.values())
        contract = json.loads(uv(project, "run", "service", "openapi"))

    assert {name: len(values) for name, values in tokens.items()} == {"access": 50, "refresh": 3}
    assert fields == list(contract["components"]["schemas"]["UserRead"]["properties"])
    assert set(columns) == {*fields, "password_hash"}
