"""Operations as in Ninja's documentation."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import File, Form, Router, Schema, UploadedFile
from ninja.errors import HttpError

from ..auth.dependencies import SignedInRequest, signed_in
from ..core.routing import anyone
from ..users.models import User

router = Router()


class Item(Schema):
    name: str
    price: float | None = None


@router.post("/upload", auth=anyone)
def upload(request: HttpRequest, file: File[UploadedFile]) -> str:
    return f"{file.name}: {file.read().decode()}"


@router.post("/form", auth=anyone)
def form(request: HttpRequest, item: Form[Item]) -> str:
    return item.name


@router.post("/fields", auth=anyone)
def fields(request: HttpRequest, username: Form[str], file: File[UploadedFile]) -> str:
    return f"{username}: {file.name}"


@router.post("/mine", auth=signed_in)
def mine(request: SignedInRequest, file: File[UploadedFile]) -> str:
    return request.auth.user.email


@router.get("/numbers/{number}", auth=anyone)
def number(request: HttpRequest, number: int, limit: int = 10) -> list[int]:
    return [number, limit]


@router.get("/response", auth=anyone)
def response(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<a/>", content_type="application/xml", status=202)


@router.get("/error/{kind}", auth=anyone)
def error(request: HttpRequest, kind: str) -> str:
    match kind:
        case "conflict":
            raise HttpError(409, "Somebody was faster.")
        case "denied":
            raise PermissionDenied("Not yours.")
        case "missing":
            raise Http404("There is no such item.")
        case "suspicious":
            raise SuspiciousOperation("canary")
    return get_object_or_404(User, name=kind).email
