"""Who may call what: see tests/permissions.py."""

from .factories import identity_id, new_finish, new_start

ANSWERS = {
    "start_oauth_sign_in": "all all all all",
    "finish_oauth_sign_in": "all all all all",
    "list_identities": "401 ok ok ok",
    "remove_identity": "401 ok 404 404",
}

BODIES = {"start_oauth_sign_in": new_start, "finish_oauth_sign_in": new_finish}

PATH_IDS = {"provider": "github", "identity_id": identity_id}
