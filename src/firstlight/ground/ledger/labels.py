"""What a label and a delivery note have to say, before anything comes into stock."""

import re
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firstlight.clinical.quantities import Concentration, Mass, QuantityError, Volume
from firstlight.ground.ledger.models import Lot
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Clinic
from firstlight.ground.visits.clocktimes import day_of

NDC = re.compile(r"^[0-9]{4,5}-[0-9]{3,4}-[0-9]{1,2}\Z")
NDC_EXPECTED = gettext_lazy("Write the NDC with its hyphens, as in 42023-113-10.")
MOST_VIALS = 10_000


def check_label(lot: Lot, vial_total_ug: int | None) -> None:
    """Refuse a label whose figures do not fit each other."""
    try:
        full = Concentration(lot.concentration_ug_per_ml).mass_in(Volume(lot.vial_volume_ul))
    except QuantityError as error:
        if error.field == "volume":
            message = _("No vial has this volume. Use steps of 0.01 mL.")
            raise Refused(message, field="vial_volume_ul", value=error.value) from error
        message = _("No label says this concentration. Use steps of 0.1 mg/mL, from 0.1 mg/mL to 1,000 mg/mL.")
        raise Refused(message, field="concentration_ug_per_ml", value=error.value) from error
    if full.ug == 0:
        raise Refused(_("A vial holds more than 0 mL."), field="vial_volume_ul", value=lot.vial_volume_ul)
    if vial_total_ug is not None and vial_total_ug != full.ug:
        shown = {"computed": full.text(), "label": Mass(vial_total_ug).text()}
        message = _("Concentration and volume make %(computed)s in a vial, the label says %(label)s. Look again.")
        raise Refused(message % shown, field="vial_total_ug", value=vial_total_ug)


def check_delivery(lot: Lot, at: datetime) -> None:
    """Refuse a delivery that is incomplete, expired, or taken into stock already."""
    if not NDC.fullmatch(lot.ndc):
        raise Refused(str(NDC_EXPECTED), field="ndc", value=lot.ndc)
    for field in ("lot_number", "supplier", "invoice"):
        if not getattr(lot, field):
            raise Refused(_("This is needed."), field=field, value="")
    if not 1 <= lot.vials <= MOST_VIALS:
        message = _("A delivery has 1 to %(most)d vials.") % {"most": MOST_VIALS}
        raise Refused(message, field="vials", value=lot.vials)
    if lot.expires_date < day_of(at, Clinic.objects.get(id=lot.clinic_id).timezone):
        raise Refused(_("This lot has expired already."), field="expires_date", value=lot.expires_date)
    same = Lot.objects.filter(ndc=lot.ndc, lot_number=lot.lot_number, invoice=lot.invoice)
    if same.exists():
        message = _("This lot was received on this invoice already.")
        raise Refused(message, field="lot_number", value=lot.lot_number)
