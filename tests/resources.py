"""Ten resources that use every type, modifier and owner rule together, and the command that adds them."""

import os
import subprocess
import sys
from pathlib import Path

from tools.sync import ROOT

RESOURCES: list[dict[str, str]] = [
    {
        "name": "project",
        "fields": "title:str(200) code:str(2..12)!unique status:enum(draft,active,on-hold)=draft",
    },
    {
        "name": "task",
        "fields": "title:str(200) body:text? priority:int(0..9)=0 due_on:date? starts_at:datetime done:bool=false"
        " ratio:float total:decimal(12,2) kind:enum(bug,feature) project:ref(projects)",
    },
    {"name": "category", "who": "public-read", "fields": "name:str(80)!unique rank:int?"},
    {
        "name": "line_item",
        "who": "members",
        "fields": "quantity:int(1..) category:ref(categories) price:decimal(10,3)=0.500 ratio:float=0.5"
        " type:enum(yes,no)? in_stock:bool?",
    },
    {
        "name": "article",
        "who": "public-read",
        "fields": "title:str(1..100) summary:str(0..500)= body:text(50000) published_on:date"
        " category:ref(categories)? featured:bool",
    },
    {
        "name": "time_entry",
        "fields": "minutes:int(1..1440) note:text? task:ref(tasks)? project:ref(projects)? category:ref(categories)?"
        " billed_at:datetime? on:date",
    },
    {"name": "person", "plural": "people", "who": "members", "fields": "number:int!unique nick_name:str(2)"},
    {
        "name": "order_line",
        "who": "members",
        "fields": "sku:str(64)!unique amount:decimal(15,2)? weight:float? start:date? article:ref(articles)",
    },
    {"name": "x", "plural": "xs", "who": "owner", "fields": "y:int(..-1)?!unique client:enum(x,y)?"},
    {
        "name": "very_long_resource_name",
        "plural": "very_long_resource_names",
        "fields": "a_field_of_twenty_ch:enum(one,two)=two another_long_name_xx:ref(projects)? x:ref(xs)"
        " name_that_is_so_long:bool"
        " the_longest_unique_x:str(64)!unique",
    },
]


def add_resource(project: Path, **answers: str) -> subprocess.CompletedProcess[str]:
    """As an owner types it, in the folder of the project."""
    command = [sys.executable, "-m", "cookiecutter", str(ROOT), "--directory", "resource", "--no-input"]
    return subprocess.run(
        [*command, *(f"{question}={answer}" for question, answer in answers.items())],
        cwd=project,
        env=os.environ | {"PWD": str(project)},
        capture_output=True,
        text=True,
    )
