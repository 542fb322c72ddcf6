from django.http import JsonResponse
from django.templatetags.static import static
from django.urls import path


def hello(request):
    return JsonResponse({"framework": "django", "static": static("pages/style.css")})


urlpatterns = [path("", hello)]
