"""The page /mails, in development: how mails look."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from .service import preview_page

router = APIRouter()


@router.get("/mails", response_class=HTMLResponse)
def show_mails() -> str:
    return preview_page()
