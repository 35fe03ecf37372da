from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.models import Account, Clinic, ClinicRecord

KETAMINE = "ketamine hydrochloride (racemic)"


class Lot(AppendOnly, ClinicRecord):
    """Vials that came together: one maker's lot on one invoice. What is left of it is the last entry's balance."""

    drug = models.CharField(max_length=80, default=KETAMINE)
    ndc = models.CharField(max_length=13)
    lot_number = models.CharField(max_length=40)
    concentration_ug_per_ml = models.PositiveIntegerField()
    vial_volume_ul = models.PositiveIntegerField()
    vials = models.PositiveIntegerField()
    supplier = models.CharField(max_length=120)
    invoice = models.CharField(max_length=60)
    expires_date = models.DateField()
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["expires_date", "lot_number"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "ndc", "lot_number", "invoice"], name="ledger_received_once"),
            models.CheckConstraint(
                condition=models.Q(concentration_ug_per_ml__gt=0, vial_volume_ul__gt=0, vials__gt=0),
                name="ledger_lot_holds_something",
            ),
        ]

    @property
    def vial_ug(self) -> int:
        """Return the micrograms in one full vial."""
        return self.concentration_ug_per_ml * self.vial_volume_ul // 1_000

    @property
    def received_ug(self) -> int:
        """Return the micrograms that came."""
        return self.vial_ug * self.vials

    def facts(self) -> dict[str, Any]:
        """Return what the chain holds of a lot, so that a changed label is found."""
        return {
            "drug": self.drug,
            "ndc": self.ndc,
            "lot_number": self.lot_number,
            "concentration_ug_per_ml": self.concentration_ug_per_ml,
            "vial_volume_ul": self.vial_volume_ul,
            "vials": self.vials,
            "supplier": self.supplier,
            "invoice": self.invoice,
            "expires_date": self.expires_date.isoformat(),
        }


class Draw(AppendOnly, ClinicRecord):
    """An amount taken from a lot for one session: in somebody's hand until all of it is given or wasted."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    session_ref = models.UUIDField(db_index=True)
    amount_ug = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    def facts(self) -> dict[str, Any]:
        """Return what the chain holds of a draw."""
        return {"amount_ug": self.amount_ug, "session_ref": str(self.session_ref)}


class EntryKind(models.TextChoices):
    """What an entry says happened."""

    RECEIVE = "receive", _("Received")
    DRAW = "draw", _("Drawn")
    ADMINISTER = "administer", _("Given")
    WASTE = "waste", _("Wasted")
    WASTE_WITNESS = "waste_witness", _("Waste witnessed")
    RETURN = "return", _("Sent back")
    COUNT = "count", _("Counted")
    ADJUST = "adjust", _("Adjusted to count")


# Entries about what somebody has in hand; all others are about the cabinet.
IN_HAND = (EntryKind.ADMINISTER, EntryKind.WASTE, EntryKind.WASTE_WITNESS)
DIRECTIONS: dict[str, int] = {
    EntryKind.RECEIVE: 1,
    EntryKind.DRAW: -1,
    EntryKind.ADMINISTER: -1,
    EntryKind.WASTE: -1,
    EntryKind.WASTE_WITNESS: 0,
    EntryKind.RETURN: -1,
    EntryKind.COUNT: 0,
}


def _directions_fit() -> models.Q:
    fit = models.Q(kind=EntryKind.ADJUST, direction__in=[-1, 1])
    for kind, direction in DIRECTIONS.items():
        fit |= models.Q(kind=kind, direction=direction)
    return fit


class LedgerEntry(AppendOnly, ClinicRecord):
    """One line of a clinic's journal, chained to the line before it.

    `before_ug` and `after_ug` are the balance of what the entry is about: the lot in the cabinet, or the draw in hand.
    """

    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=13, choices=EntryKind.choices)
    direction = models.SmallIntegerField()
    amount_ug = models.PositiveBigIntegerField()
    before_ug = models.PositiveBigIntegerField()
    after_ug = models.PositiveBigIntegerField()
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, null=True, related_name="+")
    waste = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    session_ref = models.UUIDField(null=True)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=120, blank=True)
    by_role = models.CharField(max_length=20)
    reason = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    CHAINED = (
        "id", "clinic_id", "sequence", "at", "kind", "direction", "amount_ug", "before_ug", "after_ug", "lot_id", "draw_id",
        "waste_id", "session_ref", "by_id", "by_name", "by_role", "reason", "facts",
    )  # fmt: skip

    class Meta:
        ordering = ["sequence"]
        indexes = [models.Index(fields=["lot", "sequence"]), models.Index(fields=["draw", "sequence"])]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "sequence"], name="ledger_one_entry_a_place"),
            models.CheckConstraint(
                condition=models.Q(after_ug=models.F("before_ug") + models.F("direction") * models.F("amount_ug")),
                name="ledger_entry_adds_up",
            ),
            models.CheckConstraint(condition=_directions_fit(), name="ledger_direction_fits_kind"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[*IN_HAND, EntryKind.DRAW], draw__isnull=False)
                | models.Q(draw__isnull=True) & ~models.Q(kind__in=[*IN_HAND, EntryKind.DRAW]),
                name="ledger_draw_where_needed",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=EntryKind.WASTE_WITNESS, waste__isnull=False)
                | models.Q(waste__isnull=True) & ~models.Q(kind=EntryKind.WASTE_WITNESS),
                name="ledger_witness_of_a_waste",
            ),
        ]

    def columns(self) -> dict[str, Any]:
        """Return what the hash covers: every column but the two hashes."""
        return {name: getattr(self, name) for name in self.CHAINED}


class LedgerHead(models.Model):
    """The last link of one clinic's journal. Locked while a line is added, so balances are read and written in turn."""

    clinic = models.OneToOneField(Clinic, on_delete=models.PROTECT, primary_key=True, related_name="+")
    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    objects: ClassVar[models.Manager["LedgerHead"]]
