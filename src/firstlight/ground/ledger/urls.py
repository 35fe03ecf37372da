from django.urls import path

from firstlight.ground.ledger import views

app_name = "ledger"
urlpatterns = [
    path("clinic/stock/", views.stock, name="stock"),
    path("clinic/stock/receive/", views.receive, name="receive"),
    path("clinic/stock/journal/", views.journal, name="journal"),
    path("clinic/stock/lots/<uuid:lot_id>/", views.lot, name="lot"),
    path("clinic/stock/lots/<uuid:lot_id>/count/", views.count, name="count"),
    path("clinic/stock/lots/<uuid:lot_id>/adjust/", views.adjust, name="adjust"),
    path("clinic/stock/lots/<uuid:lot_id>/send-back/", views.send_back, name="send_back"),
    path("clinic/stock/draws/<uuid:draw_id>/waste/", views.waste, name="waste"),
    path("clinic/stock/wastes/<uuid:waste_id>/", views.witness, name="witness"),
]
