from django.urls import path

from firstlight.ground.people.views import (
    enquiries,
    episodes,
    held,
    invitations,
    parent_access,
    records,
    staff,
    staff_access,
    you,
)

app_name = "people"
urlpatterns = [
    # A parent's way in and out, and her own settings.
    path("me/sign-in/", parent_access.sign_in, name="parent_sign_in"),
    path("me/sign-in/code/", parent_access.code, name="parent_code"),
    path("me/sign-in/password/", parent_access.password, name="parent_password"),
    path("me/sign-out/", parent_access.sign_out, name="parent_sign_out"),
    path("me/leave/", parent_access.leave, name="leave"),
    path("me/lock/", parent_access.lock, name="lock"),
    path("me/i/<str:token>/", invitations.invitation, name="invitation"),
    path("me/i/<str:token>/password/", invitations.invitation_password, name="invitation_password"),
    path("me/held/<uuid:held_id>/", held.held_parent, name="held_parent"),
    path("me/you/", you.you, name="you"),
    path("me/you/pin/", you.pin, name="pin"),
    path("me/you/everywhere/", you.everywhere, name="parent_everywhere"),
    # Staff come in.
    path("clinic/sign-in/", staff_access.sign_in, name="staff_sign_in"),
    path("clinic/sign-in/code/", staff_access.code, name="staff_code"),
    path("clinic/sign-in/recovery/", staff_access.recovery, name="staff_recovery"),
    path("clinic/sign-in/app/", staff_access.enrol, name="staff_enrol"),
    path("clinic/start/<str:token>/", staff_access.begin, name="staff_start"),
    path("clinic/sign-out/", staff_access.sign_out, name="staff_sign_out"),
    path("clinic/place/", staff_access.place, name="staff_place"),
    path("clinic/held/<uuid:held_id>/", held.held_staff, name="held_staff"),
    # The door.
    path("clinic/enquiries/", enquiries.enquiries, name="enquiries"),
    path("clinic/enquiries/log/", enquiries.log, name="log_enquiry"),
    path("clinic/enquiries/<uuid:episode_id>/", enquiries.enquiry, name="enquiry"),
    path("clinic/episodes/<uuid:episode_id>/contact/", episodes.contact, name="step_contact"),
    path("clinic/episodes/<uuid:episode_id>/invite/", episodes.invite, name="step_invite"),
    path("clinic/episodes/<uuid:episode_id>/link/", episodes.resend, name="step_link"),
    path("clinic/episodes/<uuid:episode_id>/decline/", episodes.decline, name="step_decline"),
    path("clinic/episodes/<uuid:episode_id>/withdraw/", episodes.withdraw, name="step_withdraw"),
    path("clinic/episodes/<uuid:episode_id>/pause/", episodes.pause, name="step_pause"),
    path("clinic/episodes/<uuid:episode_id>/resume/", episodes.resume, name="step_resume"),
    path("clinic/episodes/<uuid:episode_id>/stop/", episodes.stop, name="step_stop"),
    path("clinic/episodes/<uuid:episode_id>/transfer/", episodes.transfer, name="step_transfer"),
    path("clinic/episodes/<uuid:episode_id>/close/", episodes.close, name="step_close"),
    # Records.
    path("clinic/people/", records.people, name="people"),
    path("clinic/people/<uuid:parent_id>/", records.record, name="record"),
    path("clinic/people/<uuid:parent_id>/details/", records.details, name="details"),
    path("clinic/people/<uuid:parent_id>/family/child/", records.child, name="child"),
    path("clinic/people/<uuid:parent_id>/family/<uuid:child_id>/feeding/", records.feeding, name="feeding"),
    path("clinic/people/<uuid:parent_id>/family/loss/", records.loss, name="loss"),
    # The house.
    path("clinic/staff/", staff.team, name="staff"),
    path("clinic/staff/hire/", staff.hire_someone, name="hire"),
    path("clinic/staff/<uuid:membership_id>/", staff.member, name="member"),
    path("clinic/staff/<uuid:membership_id>/credential/", staff.credential, name="credential"),
    path("clinic/account/", staff.account, name="account"),
    path("clinic/account/password/", staff.password, name="password"),
    path("clinic/account/recovery-codes/", staff.recovery_codes, name="recovery_codes"),
    path("clinic/account/everywhere/", staff.everywhere, name="staff_everywhere"),
]
