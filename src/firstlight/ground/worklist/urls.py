from django.urls import path

from firstlight.ground.worklist import views

app_name = "worklist"
urlpatterns = [
    path("clinic/tasks/", views.tasks, name="tasks"),
    path("clinic/tasks/new/", views.new_task, name="new_task"),
    path("clinic/tasks/<uuid:task_id>/", views.task, name="task"),
    path("clinic/tasks/<uuid:task_id>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("clinic/tasks/<uuid:task_id>/finish/", views.finish, name="finish"),
    path("clinic/tasks/<uuid:task_id>/note/", views.note, name="note"),
    path("clinic/tasks/<uuid:task_id>/hand-over/", views.hand_over, name="hand_over"),
]
