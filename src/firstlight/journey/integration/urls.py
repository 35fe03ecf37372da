from django.urls import path

from firstlight.journey.integration import views

app_name = "integration"
urlpatterns = [
    path("clinic/people/<uuid:parent_id>/notes/", views.notes, name="notes"),
    path("clinic/people/<uuid:parent_id>/notes/write/", views.write, name="write"),
    path("clinic/notes/<uuid:note_id>/amend/", views.amend, name="amend"),
    path("me/notes/", views.shared_notes, name="shared"),
]
