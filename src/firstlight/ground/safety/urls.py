from django.urls import path

from firstlight.ground.safety import views

app_name = "safety"
urlpatterns = [
    path("help/", views.help_now, name="help"),
    path("me/help-now/", views.help_now, name="help_inside"),
    path("me/help/", views.parent_help, name="parent_help"),
    path("clinic/roster/", views.roster, name="roster"),
    path("clinic/roster/add/", views.add_slot, name="add_slot"),
    path("clinic/roster/<uuid:slot_id>/end/", views.end_slot, name="end_slot"),
    path("clinic/roster/mailbox/", views.set_mailbox, name="set_mailbox"),
    path("clinic/people/<uuid:parent_id>/safety-plan/", views.plan, name="plan"),
    path("clinic/people/<uuid:parent_id>/safety-plan/write/", views.write_plan, name="write_plan"),
]
