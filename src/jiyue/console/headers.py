"""What every answer of the console forbids the browser: foreign hosts, inline scripts, foreign frames, devices."""

from typing import Final

from django.http import HttpRequest, HttpResponse

# Digests of the two style elements that Wagtail's text field adds whatever it is told: an empty one, and how nested lists
# are numbered. Another version of it may write another text: tests/browser/test_console_journey tells.
TEXT_FIELD: Final = (
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' 'sha256-Mhr2Q/2u+/s2WzwlFRrqCw7x0IU+emukGS8Q9RtPZ44='"
)
# Pictures are drawn from memory while they are chosen (blob:) and by Wagtail's own styles (data:). What Wagtail writes
# inline of its date fields, picture chooser and text field is ours instead (templates/wagtailadmin/widgets, writing.widgets).
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' {TEXT_FIELD}",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
        "base-uri 'none'",
        "manifest-src 'self'",
    )
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class HeadersMiddleware:
    """Adds what an answer does not say for itself: a preview or a private file has a stricter policy of its own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer
