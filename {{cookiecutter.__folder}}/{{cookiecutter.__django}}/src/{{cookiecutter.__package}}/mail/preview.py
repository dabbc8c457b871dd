"""The page /mails, in development: how mails look."""

from django.http import HttpRequest, HttpResponse

from .service import preview_page


def show_mails(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(preview_page())
