"""The page /mails, in development: how mails look."""

from flask import Blueprint

from .service import preview_page

bp = Blueprint("mail", __name__)


@bp.get("/mails")
def show_mails() -> str:
    return preview_page()
