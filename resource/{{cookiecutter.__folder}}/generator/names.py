"""Which names a resource and its fields can have."""

import re

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
# An index of a list is named after the table and its columns, and PostgreSQL cuts names off after 63 characters.
MAX_LENGTH = {"resource": 24, "field": 20}

# What the classes of a feature inherit or use in their bodies, and the parameters of a repository.
RESERVED_FIELDS = set(
    # The columns of every resource, and the parameters of a list.
    "id created_at updated_at user user_id limit cursor below self filters"
    # Types.
    " bool date datetime decimal dict float int list set str uuid"
    # Python, pydantic, SQLAlchemy and Django.
    " adelete arefresh_from_db asave check clean clean_fields construct copy date_error_message db_column_names"
    " delete dict from_db from_orm full_clean get_constraints get_deferred_fields json metadata models"
    " objects parse_file parse_obj parse_raw pk prepare_database_save refresh_from_db refuse_nul limit_fields registry"
    " save save_base schema schema_json serializable_value type_annotation_map unique_error_message"
    " update_forward_refs validate validate_constraints validate_unique".split()
)
# Python's, and those that every editor and every prompt of SQL understands as something else.
RESERVED_RESOURCES = set(
    "all analyse analyze and any array as asc both case cast check collate column constraint create cross current_date"
    " current_time current_user default deferrable desc distinct do else end except exists false fetch for foreign from"
    " full grant having in index initially inner insert intersect into is join key lateral leading left like"
    " natural not null offset on only or order outer over partition placing primary references returning right select"
    " some symmetric table then to trailing transaction trigger true union unique update using values variadic view"
    " when where window with".split()
)


class Refused(Exception):
    """Why nothing was written, in a sentence."""


def camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def plural_of(name: str) -> str:
    """Regular: a person would be persons."""
    if re.search(r"[^aeiou]y$", name):
        return f"{name[:-1]}ies"
    return f"{name}es" if re.search(r"(s|x|z|ch|sh)$", name) else f"{name}s"


def article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
