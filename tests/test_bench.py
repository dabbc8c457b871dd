"""The benchmark compares services that do the same: it fills the tables as they are, and reads the same fields.

What the plain app of Django reads is not checked here.
"""

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
    "bare": "import json, bare; print(json.dumps(bare.COLUMNS))",
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
            run = subprocess.run(command, cwd=project, env=environment, check=True, stdout=subprocess.PIPE)
            return json.loads(run.stdout)

        tokens, fields, bare, columns = map(printed, CODE.values())
        contract = printed("from service.system.contract import contract_as_json; print(contract_as_json().decode())")

    assert {name: len(values) for name, values in tokens.items()} == {"access": 50, "refresh": 3}
    assert fields == list(contract["components"]["schemas"]["UserRead"]["properties"])
    assert bare == fields
    assert set(columns) == {*fields, "password_hash"}
