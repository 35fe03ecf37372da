from django.urls import path

from firstlight.journey.consent.views import clinic, parent

app_name = "consent"
urlpatterns = [
    path("me/agree/", parent.mine, name="mine"),
    path("me/agree/<int:number>/", parent.part, name="part"),
    path("me/agree/touch/", parent.touch, name="touch"),
    path("me/agree/sign/", parent.sign, name="sign"),
    path("me/agree/back/", parent.withdraw, name="withdraw"),
    path("clinic/people/<uuid:parent_id>/consent/", clinic.consent, name="of_parent"),
    path("clinic/people/<uuid:parent_id>/consent/withdraw/", clinic.withdraw, name="withdraw_for"),
    path("clinic/people/<uuid:parent_id>/consent/touch/", clinic.narrow, name="narrow_for"),
]
