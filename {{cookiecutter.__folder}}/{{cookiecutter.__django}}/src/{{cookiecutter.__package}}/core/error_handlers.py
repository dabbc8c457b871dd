"""From exceptions to problems: Django's own, the database's, the service's."""

from django.http import Http404, HttpRequest, HttpResponse

from .engine import is_unavailable
from .errors import DatabaseUnavailable, NotFound
from .problems import problem_response
from .wsgi import PATH


def respond(request: HttpRequest, error: Exception) -> HttpResponse:
    problem = problem_response(_translated(error), request.META[PATH])
    return HttpResponse(problem.body, status=problem.status, headers=problem.headers)


def respond_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """For Django's `handler404`."""
    return respond(request, exception)


def _translated(error: Exception) -> Exception:
    if isinstance(error, Http404):
        return NotFound()
    if is_unavailable(error):
        return DatabaseUnavailable(error)
    return error
