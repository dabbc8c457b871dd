"""Django's own commands: `uv run manage.py help`."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{{ cookiecutter.__package }}.settings")
execute_from_command_line(sys.argv)
