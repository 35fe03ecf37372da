from django.urls import path

from firstlight.journey.eligibility.views import assessment, baseline

app_name = "eligibility"
urlpatterns = [
    path("clinic/people/<uuid:parent_id>/baseline/", baseline.baseline, name="baseline"),
    path("clinic/people/<uuid:parent_id>/baseline/<slug:kind>/", baseline.enter, name="enter"),
    path("clinic/people/<uuid:parent_id>/baseline/entry/<uuid:entry_id>/", baseline.correct, name="correct"),
    path("clinic/people/<uuid:parent_id>/assessment/", assessment.assessment, name="assessment"),
    path("clinic/people/<uuid:parent_id>/assessment/run/", assessment.run, name="run"),
    path("clinic/people/<uuid:parent_id>/assessment/<uuid:assessment_id>/decide/", assessment.decide, name="decide"),
]
