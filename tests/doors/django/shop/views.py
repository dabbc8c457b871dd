"""Views as in Django's documentation."""

from collections.abc import Callable

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from ..users.models import User


@csrf_exempt
def post(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST["username"])


@csrf_exempt
def upload(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.FILES["file"].read())  # type: ignore[union-attr]


@csrf_exempt
def body(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"size": len(request.body)})


def visits(request: HttpRequest) -> HttpResponse:
    request.session["visits"] = request.session.get("visits", 0) + 1
    return HttpResponse(str(request.session["visits"]))


def error(request: HttpRequest, kind: str) -> HttpResponse:
    match kind:
        case "denied":
            raise PermissionDenied("Not yours.")
        case "missing":
            raise Http404("There is no such page.")
        case "suspicious":
            raise SuspiciousOperation("canary")
    return redirect("visits")


@csrf_exempt
def rename(request: HttpRequest) -> HttpResponse:
    """Without `atomic`, each statement is committed at once: Django's default."""
    get_user_model().objects.update(name="Alice Liddell")
    raise PermissionDenied


@csrf_exempt
@transaction.atomic
def rename_at_once(request: HttpRequest) -> HttpResponse:
    User.objects.update(name="Alice Liddell")
    raise PermissionDenied


def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(f"{number}\n" for number in range(3))


class Greeting(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("hello")


def third_party(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """A middleware."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response["X-Third-Party"] = "here"
        return response

    return middleware


urlpatterns = [
    path("post", post),
    path("upload", upload),
    path("body", body),
    path("visits", visits, name="visits"),
    path("error/<str:kind>", error),
    path("rename", rename),
    path("rename-at-once", rename_at_once),
    path("stream", stream),
    path("greeting", Greeting.as_view()),
    path("only-get", require_GET(visits)),
]
