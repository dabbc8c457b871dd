"""The contract, `openapi.yaml`, and the page to read and try it."""

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any

import yaml

from .settings import ROOT

# Swagger UI, from a package that keeps up with its releases.
PACKAGE = "{{ {'fastapi': 'fastapi_swagger', 'django': 'ninja', 'flask': 'flask_swagger_ui'}[cookiecutter.framework] }}"
FOLDER = "{{ {'fastapi': 'resources', 'django': 'static/ninja', 'flask': 'dist'}[cookiecutter.framework] }}"

START = "SwaggerUIBundle({url: '/openapi.json', dom_id: '#docs', persistAuthorization: true})"


@cache
def contract() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))
    return document


@cache
def contract_as_json() -> str:
    return json.dumps(contract(), indent=2, ensure_ascii=False)


@cache
def docs_page() -> tuple[str, str]:
    """The page, which loads nothing but the contract, and its Content-Security-Policy."""
    scripts = [_asset("swagger-ui-bundle.js"), START]
    html = "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            f"<title>{escape(contract()['info']['title'])}</title><style>{_asset('swagger-ui.css')}</style></head>",
            '<body><div id="docs"></div>',
            *(f"<script>{script}</script>" for script in scripts),
            "</body></html>",
        ]
    )
    hashes = " ".join(f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts)
    policy = (
        f"default-src 'none'; connect-src 'self'; img-src data:; style-src 'unsafe-inline'; script-src {hashes}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return html, policy


def _asset(name: str) -> str:
    return (files(PACKAGE) / FOLDER / name).read_text(encoding="utf-8")
