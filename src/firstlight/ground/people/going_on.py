"""What only makes sense while care goes on is refused afterwards, in words for the parent as for staff."""

from django.utils.translation import gettext as _

from firstlight.ground.people.errors import CareEnded
from firstlight.ground.people.models import Episode
from firstlight.ground.people.steps import ENDED


def require_care(episode: Episode) -> None:
    """Raise CareEnded for an episode that has ended by now, whatever the copy at hand says."""
    state = Episode.objects.values_list("state", flat=True).get(id=episode.id)
    if state in ENDED:
        raise CareEnded(_("Care here has ended. Nothing new is chosen or agreed."), field="episode", value=state)
