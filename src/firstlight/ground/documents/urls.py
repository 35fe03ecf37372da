from django.urls import path

from firstlight.ground.documents import views

app_name = "documents"
urlpatterns = [
    path("clinic/people/<uuid:parent_id>/documents/", views.of_parent, name="of_parent"),
    path("clinic/documents/<uuid:document_id>/", views.document, name="document"),
    path("clinic/documents/<uuid:document_id>/release/", views.release, name="release"),
    path("clinic/documents/<uuid:document_id>.pdf", views.printed, name="printed"),
    path("me/documents/", views.mine, name="mine"),
    path("me/documents/<uuid:document_id>/", views.my_document, name="my_document"),
    path("me/documents/<uuid:document_id>.pdf", views.my_printed, name="my_printed"),
]
