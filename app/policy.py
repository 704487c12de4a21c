"""Who may do what. Deny by default: an endpoint without a line here is refused, and fails a test.

A line is a `Rule`: which roles, and whether a fresh second factor is needed ("step-up"). Which
object a person may touch is an object rule beside the model (`@object_rule(Model)`), asked through
`fetch`, which answers "not found" for missing and forbidden alike.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, SQLModel

from app.errors import ForbiddenError, NotFoundError

STEP_UP_LASTS = timedelta(minutes=5)

REVIEWER = "reviewer"
CLERK = "clerk"
ROUND_OFFICER = "round_officer"
AUDITOR = "auditor"
ADMINISTRATOR = "administrator"
STAFF = frozenset({REVIEWER, CLERK, ROUND_OFFICER, AUDITOR, ADMINISTRATOR})


@dataclass(frozen=True)
class Actor:
    """Who sends this request; `level`: `none`, `link` (one factor), `full` (two, or a passkey)."""

    account_id: uuid.UUID | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    level: str = "none"
    step_up_at: datetime | None = None

    @property
    def signed_in(self) -> bool:
        return self.account_id is not None

    @property
    def is_staff(self) -> bool:
        """Staff only count as such with a second factor: a mail link alone opens nothing."""
        return bool(self.roles) and self.level == "full"

    def has(self, *roles: str) -> bool:
        return self.is_staff and not self.roles.isdisjoint(roles)

    def fresh(self, now: datetime) -> bool:
        """Say whether the second factor was shown within the last five minutes."""
        return self.step_up_at is not None and now - self.step_up_at <= STEP_UP_LASTS


ANONYMOUS = Actor()


def account_of(actor: Actor) -> uuid.UUID:
    """Return whose act this is; raises ForbiddenError for nobody's."""
    if actor.account_id is None:
        raise ForbiddenError(lazy("Sign in first."))
    return actor.account_id


@dataclass(frozen=True)
class Rule:
    """What an endpoint asks for. `roles` empty: anyone (or anyone signed in)."""

    roles: frozenset[str] = frozenset()
    signed_in: bool = False
    step_up: bool = False
    voting_pass: bool = False
    """The endpoint takes a voting pass, never a signed-in person."""
    demo_only: bool = False


PUBLIC = Rule()
RESIDENT = Rule(signed_in=True)
VOTER = Rule(voting_pass=True)
DEMO = Rule(demo_only=True)


def staff(*roles: str, step_up: bool = False) -> Rule:
    """Allow these roles (none named: every role of the staff)."""
    return Rule(roles=frozenset(roles) or STAFF, signed_in=True, step_up=step_up)


REVIEW_DESK = staff(REVIEWER, CLERK, ROUND_OFFICER)

# Endpoint -> rule, one block per feature, in the order of its pages.
ENDPOINTS: dict[str, Rule] = {
    "static": PUBLIC,
    "web.health": PUBLIC,
    # Rounds: what everybody sees; then what officers prepare and decide.
    "rounds.home": PUBLIC,
    "rounds.show": PUBLIC,
    "rounds.rules": PUBLIC,
    "rounds.rule_sheet": PUBLIC,
    "rounds.areas": PUBLIC,
    "rounds.project_list": PUBLIC,
    "rounds.project": PUBLIC,
    "rounds.project_places": PUBLIC,
    "rounds.manage_list": staff(),
    "rounds.manage": staff(),
    "rounds.manage_projects": staff(),
    "rounds.new": staff(ROUND_OFFICER),
    "rounds.setup_step": staff(ROUND_OFFICER),
    "rounds.new_project": staff(ROUND_OFFICER),
    "rounds.edit_project": staff(ROUND_OFFICER),
    "rounds.remove_project": staff(ROUND_OFFICER),
    "rounds.project_programme": staff(ROUND_OFFICER),
    "rounds.remove_programme": staff(ROUND_OFFICER),
    "rounds.announce": staff(ROUND_OFFICER),
    "rounds.end_proposals": staff(ROUND_OFFICER),
    "rounds.freeze": staff(ROUND_OFFICER, step_up=True),
    "rounds.open_vote": staff(ROUND_OFFICER, step_up=True),
    "rounds.close": staff(ROUND_OFFICER, step_up=True),
    # Voucher programmes: what everybody reads; then what officers prepare and decide.
    "programmes.browse": PUBLIC,
    "programmes.show": PUBLIC,
    "programmes.manage_list": staff(),
    "programmes.manage": staff(),
    "programmes.new": staff(ROUND_OFFICER),
    "programmes.step": staff(ROUND_OFFICER),
    "programmes.design": staff(ROUND_OFFICER),
    "programmes.parameters": staff(ROUND_OFFICER),
    "programmes.propose": staff(ROUND_OFFICER, step_up=True),
    "programmes.back_to_draft": staff(ROUND_OFFICER),
    "programmes.open_programme": staff(ROUND_OFFICER, step_up=True),
    "programmes.close": staff(ROUND_OFFICER, step_up=True),
    # Open books of care.
    "openbooks.browse": PUBLIC,
    "openbooks.show": PUBLIC,
    "openbooks.as_csv": PUBLIC,
    # Unusual payments; clerks do not look for them.
    "openbooks.flag_list": staff(ROUND_OFFICER, AUDITOR),
    "openbooks.flag": staff(ROUND_OFFICER, AUDITOR, step_up=True),
    "openbooks.note_flag": staff(ROUND_OFFICER, step_up=True),
    # The voter roll: uploads, letters, a new code for a lost letter.
    "roll.overview": staff(CLERK, ROUND_OFFICER, AUDITOR),
    "roll.example": staff(),
    "roll.ask_for_approval": staff(CLERK, ROUND_OFFICER, step_up=True),
    "roll.discard": staff(CLERK, ROUND_OFFICER),
    "roll.make_letters": staff(CLERK, step_up=True),
    "roll.letters_page": staff(CLERK),
    "roll.letters_progress": staff(CLERK),
    "roll.take_letters": staff(CLERK, step_up=True),
    "roll.reissue": staff(CLERK, step_up=True),
    # The booth, and turnout.
    "ballots.choose_round": PUBLIC,
    "ballots.enter": PUBLIC,
    "ballots.overview": VOTER,
    "ballots.fill": VOTER,
    "ballots.save": VOTER,
    "ballots.save_draft": VOTER,
    "ballots.review": VOTER,
    "ballots.cast": VOTER,
    "ballots.done": VOTER,
    "ballots.receipt": VOTER,
    "ballots.leave": PUBLIC,
    "ballots.left": PUBLIC,
    "ballots.turnout": staff(CLERK, ROUND_OFFICER, AUDITOR),
    # Help, and what the site says about itself.
    "town.help": PUBLIC,
    "town.accessibility": PUBLIC,
    "town.privacy": PUBLIC,
    "town.limits": PUBLIC,
    "town.about": PUBLIC,
    "town.source": PUBLIC,
    # Signing in, and one's own account. What staff may do there, the pages check besides.
    "accounts.sign_in": PUBLIC,
    "accounts.type_digits": PUBLIC,
    "accounts.use_link": PUBLIC,
    "accounts.type_paper_code": PUBLIC,
    "accounts.ask_letter": PUBLIC,
    "accounts.letter_asked": PUBLIC,
    "accounts.staff_sign_in": PUBLIC,
    "accounts.set_up": PUBLIC,
    "accounts.step_up": RESIDENT,
    "accounts.passkey_sign_in_options": PUBLIC,
    "accounts.passkey_sign_in": PUBLIC,
    "accounts.passkey_options": RESIDENT,
    "accounts.add_passkey": RESIDENT,
    "accounts.remove_passkey": RESIDENT,
    "accounts.profile": RESIDENT,
    "accounts.change_name": RESIDENT,
    "accounts.change_email": RESIDENT,
    "accounts.confirm_email": PUBLIC,
    "accounts.sign_out": PUBLIC,
    "accounts.end_session": RESIDENT,
    "accounts.end_all_sessions": RESIDENT,
    # The staff's shell.
    "admin.dashboard": staff(),
    "admin.decisions": staff(),
    "admin.decision": staff(),
    "admin.approve": staff(step_up=True),
    "admin.refuse": staff(),
    "admin.people": staff(ADMINISTRATOR),
    "admin.add_person": staff(ADMINISTRATOR, step_up=True),
    "admin.person": staff(ADMINISTRATOR),
    "admin.give_role": staff(ADMINISTRATOR, step_up=True),
    "admin.take_role": staff(ADMINISTRATOR, step_up=True),
    "admin.disable_person": staff(ADMINISTRATOR, step_up=True),
    "admin.enable_person": staff(ADMINISTRATOR, step_up=True),
    "admin.reset_person": staff(ADMINISTRATOR, step_up=True),
    "admin.audit": staff(AUDITOR, ADMINISTRATOR),
    "admin.audit_csv": staff(AUDITOR, ADMINISTRATOR),
    "admin.town": staff(ADMINISTRATOR),
    "admin.areas": staff(ADMINISTRATOR, ROUND_OFFICER),
    "admin.add_area": staff(ADMINISTRATOR, ROUND_OFFICER),
    "admin.change_area": staff(ADMINISTRATOR, ROUND_OFFICER),
    "admin.move_area": staff(ADMINISTRATOR, ROUND_OFFICER),
    "admin.remove_area": staff(ADMINISTRATOR, ROUND_OFFICER),
    "admin.upload_shapes": staff(ADMINISTRATOR, ROUND_OFFICER),
    "admin.desk": staff(CLERK),
    "admin.desk_code": staff(CLERK),
    "admin.account_letters": staff(CLERK),
    "admin.make_letters": staff(CLERK),
    "admin.letters_file": staff(CLERK),
    "admin.letters_printed": staff(CLERK),
    "admin.drop_letter": staff(CLERK),
    # Only in a demonstration.
    "demo.people": DEMO,
    # Proposals: what everybody sees, what residents do, the review desk of staff.
    "proposals.start": PUBLIC,
    "proposals.browse": PUBLIC,
    "proposals.show": PUBLIC,
    "proposals.begin": RESIDENT,
    "proposals.mine": RESIDENT,
    "proposals.own": RESIDENT,
    "proposals.step": RESIDENT,
    "proposals.similar": RESIDENT,
    "proposals.picture": RESIDENT,
    "proposals.remove_picture": RESIDENT,
    "proposals.send": RESIDENT,
    "proposals.withdraw": RESIDENT,
    "proposals.delete": RESIDENT,
    "proposals.answer": RESIDENT,
    "proposals.join": RESIDENT,
    "proposals.desk_all": REVIEW_DESK,
    "proposals.desk": REVIEW_DESK,
    "proposals.review_page": REVIEW_DESK,
    "proposals.assign": REVIEW_DESK,
    "proposals.ask": REVIEW_DESK,
    "proposals.note": REVIEW_DESK,
    "proposals.take_down": staff(CLERK, ROUND_OFFICER),
    "proposals.checklist": staff(REVIEWER, ROUND_OFFICER),
    "proposals.decide": staff(REVIEWER, ROUND_OFFICER),
    "proposals.reopen": staff(REVIEWER, ROUND_OFFICER),
    "proposals.join_form": REVIEW_DESK,
    "proposals.withdraw_join": REVIEW_DESK,
    "proposals.release": REVIEW_DESK,
    "proposals.propose_release": staff(ROUND_OFFICER, step_up=True),
    # The count, its runs and the result.
    "results.show": PUBLIC,
    "results.why": PUBLIC,
    "results.my_share": PUBLIC,
    "results.ballots_file": PUBLIC,
    "results.run_list": PUBLIC,
    "results.public_run": PUBLIC,
    "results.public_run_why": PUBLIC,
    "results.public_compare": PUBLIC,
    "results.rehearsal": staff(ROUND_OFFICER, AUDITOR),
    "results.compare": staff(ROUND_OFFICER, AUDITOR),
    "results.request_comparison": staff(ROUND_OFFICER),
    "results.import_election": staff(ROUND_OFFICER),
    "results.count": staff(ROUND_OFFICER, AUDITOR),
    "results.run": staff(ROUND_OFFICER, AUDITOR),
    "results.run_why": staff(ROUND_OFFICER, AUDITOR),
    "results.progress": staff(ROUND_OFFICER, AUDITOR),
    "results.request_official": staff(ROUND_OFFICER, step_up=True),
    "results.request_what_if": staff(ROUND_OFFICER),
    "results.enter_draw": staff(ROUND_OFFICER, step_up=True),
    "results.propose_publication": staff(ROUND_OFFICER, step_up=True),
    # Providers: the register; what organisations do; accreditation at the desk of staff.
    "providers.browse": PUBLIC,
    "providers.show": PUBLIC,
    "providers.mine": RESIDENT,
    "providers.apply": RESIDENT,
    "providers.own": RESIDENT,
    "providers.services": RESIDENT,
    "providers.point": RESIDENT,
    "providers.own_file": RESIDENT,
    "providers.send": RESIDENT,
    "providers.renew": RESIDENT,
    "providers.profile": RESIDENT,
    "providers.tariffs": RESIDENT,
    "providers.bank": RESIDENT,
    "providers.stop_bank": RESIDENT,
    "providers.people": RESIDENT,
    "providers.remove_person": RESIDENT,
    "providers.device_list": RESIDENT,
    "providers.withdraw_device": RESIDENT,
    "providers.desk": staff(),
    "providers.item": staff(),
    "providers.desk_file": staff(),
    "providers.take": staff(CLERK, ROUND_OFFICER),
    "providers.judge": staff(CLERK, ROUND_OFFICER),
    "providers.reason": staff(CLERK, ROUND_OFFICER, step_up=True),
    "providers.outcome": staff(CLERK, ROUND_OFFICER, step_up=True),
    "providers.confirm": staff(step_up=True),
    "providers.confirm_bank": staff(CLERK, ROUND_OFFICER, step_up=True),
    "providers.refuse_bank": staff(CLERK, ROUND_OFFICER),
    "providers.council": staff(ADMINISTRATOR, step_up=True),
    # The till of a provider. The address of a QR picture asks nobody who they are.
    "till.scan": PUBLIC,
    "till.read_code": PUBLIC,
    "till.choose": RESIDENT,
    "till.start": RESIDENT,
    "till.by_photo": RESIDENT,
    "till.by_camera": RESIDENT,
    "till.amount": RESIDENT,
    "till.confirm": RESIDENT,
    "till.receipt": RESIDENT,
    "till.correction": RESIDENT,
    "till.waiting": RESIDENT,
    "till.waiting_progress": RESIDENT,
    "till.taken": RESIDENT,
    "till.visit_list": RESIDENT,
    "till.book_visit": RESIDENT,
    "till.visit": RESIDENT,
    "till.cancel_visit": RESIDENT,
    # The holder of a voucher; whose it is, is asked by `fetch`.
    "vouchers.mine": RESIDENT,
    "vouchers.show": RESIDENT,
    "vouchers.confirm": RESIDENT,
    "vouchers.refuse": RESIDENT,
    "vouchers.lost": RESIDENT,
    "vouchers.appeal": RESIDENT,
    "vouchers.choose_who": RESIDENT,
    "vouchers.book": RESIDENT,
    "vouchers.cancel_visit": RESIDENT,
    "vouchers.limits": RESIDENT,
    # Who acts for a holder: the holder's pages, the delegate's, the organisation's, the desk's.
    "delegation.mine": RESIDENT,
    "delegation.new": RESIDENT,
    "delegation.one": RESIDENT,
    "delegation.powers": RESIDENT,
    "delegation.last_day": RESIDENT,
    "delegation.make_code": RESIDENT,
    "delegation.end": RESIDENT,
    "delegation.helping": RESIDENT,
    "delegation.accept": RESIDENT,
    "delegation.helped": RESIDENT,
    "delegation.stop": RESIDENT,
    "delegation.voucher": RESIDENT,
    "delegation.voucher_code": RESIDENT,
    "delegation.confirm": RESIDENT,
    "delegation.refuse": RESIDENT,
    "delegation.give": RESIDENT,
    "delegation.check_gift": RESIDENT,
    "delegation.choose_who": RESIDENT,
    "delegation.book": RESIDENT,
    "delegation.cancel_visit": RESIDENT,
    "delegation.appeals": RESIDENT,
    "delegation.appeal": RESIDENT,
    "delegation.workers": RESIDENT,
    "delegation.name_worker": RESIDENT,
    "delegation.remove_worker": RESIDENT,
    "delegation.find_resident": staff(CLERK),
    "delegation.at_desk": staff(CLERK),
    "delegation.name_at_desk": staff(CLERK, step_up=True),
    "delegation.one_at_desk": staff(CLERK),
    "delegation.make_code_at_desk": staff(CLERK, step_up=True),
    "delegation.end_at_desk": staff(CLERK),
    # The shared pool: what everybody sees, what residents give and ask for, what officers decide.
    "pool.public": PUBLIC,
    "pool.mine": RESIDENT,
    "pool.give": RESIDENT,
    "pool.check": RESIDENT,
    "pool.begin": RESIDENT,
    "pool.own": RESIDENT,
    "pool.need": RESIDENT,
    "pool.amount": RESIDENT,
    "pool.in_words": RESIDENT,
    "pool.send": RESIDENT,
    "pool.withdraw": RESIDENT,
    "pool.desk": staff(ROUND_OFFICER),
    "pool.item": staff(ROUND_OFFICER),
    "pool.decide": staff(ROUND_OFFICER, step_up=True),
    # Settlement: the pages of staff who pay providers and decide disputes.
    "settlement.batch_list": staff(ROUND_OFFICER, AUDITOR),
    "settlement.batch": staff(ROUND_OFFICER, AUDITOR),
    "settlement.table": staff(ROUND_OFFICER, AUDITOR),
    "settlement.prepare": staff(ROUND_OFFICER),
    "settlement.freeze": staff(ROUND_OFFICER, step_up=True),
    "settlement.withdraw": staff(ROUND_OFFICER),
    "settlement.propose": staff(ROUND_OFFICER, step_up=True),
    "settlement.take_file": staff(ROUND_OFFICER, step_up=True),
    "settlement.bank_statement": staff(ROUND_OFFICER, step_up=True),
    "settlement.bank_return": staff(ROUND_OFFICER, step_up=True),
    "settlement.payer": staff(ROUND_OFFICER, step_up=True),
    "settlement.dispute_list": staff(CLERK, ROUND_OFFICER),
    "settlement.dispute": staff(CLERK, ROUND_OFFICER, step_up=True),
    # What a provider took and was paid; a holder's payment by its receipt.
    "payouts.taken": RESIDENT,
    "payouts.taken_csv": RESIDENT,
    "payouts.payment": RESIDENT,
    "payouts.dispute": RESIDENT,
    "payouts.withdraw_dispute": RESIDENT,
    "payouts.settlements": RESIDENT,
    "payouts.settlement": RESIDENT,
    "payouts.statement_pdf": RESIDENT,
    "payouts.statement_csv": RESIDENT,
    "payouts.own_payment": RESIDENT,
    "payouts.own_dispute": RESIDENT,
    "payouts.withdraw_own_dispute": RESIDENT,
    # Entitlements: a resident's own applications; the desk, batches and hand-over.
    "entitlements.mine": RESIDENT,
    "entitlements.prove": RESIDENT,
    "entitlements.begin": RESIDENT,
    "entitlements.own": RESIDENT,
    "entitlements.age": RESIDENT,
    "entitlements.household": RESIDENT,
    "entitlements.remove_member": RESIDENT,
    "entitlements.income": RESIDENT,
    "entitlements.evidence": RESIDENT,
    "entitlements.own_file": RESIDENT,
    "entitlements.carrier": RESIDENT,
    "entitlements.area": RESIDENT,
    "entitlements.send": RESIDENT,
    "entitlements.withdraw": RESIDENT,
    "entitlements.appeal": RESIDENT,
    "entitlements.desk": staff(CLERK, ROUND_OFFICER),
    "entitlements.item": staff(CLERK, ROUND_OFFICER),
    "entitlements.desk_file": staff(CLERK, ROUND_OFFICER),
    "entitlements.take": staff(CLERK, ROUND_OFFICER),
    "entitlements.ask": staff(CLERK, ROUND_OFFICER),
    "entitlements.decide": staff(CLERK, ROUND_OFFICER, step_up=True),
    "entitlements.back_to_review": staff(CLERK, ROUND_OFFICER),
    "entitlements.answer_appeal": staff(CLERK, ROUND_OFFICER, step_up=True),
    "entitlements.identity_code": staff(CLERK, step_up=True),
    "entitlements.batch_list": staff(CLERK, ROUND_OFFICER),
    "entitlements.dry_run": staff(CLERK, ROUND_OFFICER),
    "entitlements.propose_batch": staff(ROUND_OFFICER, step_up=True),
    "entitlements.batch": staff(CLERK, ROUND_OFFICER),
    "entitlements.print_vouchers": staff(CLERK, step_up=True),
    "entitlements.print_slips": staff(CLERK, step_up=True),
    "entitlements.hand_over": staff(CLERK, step_up=True),
    "entitlements.find_voucher": staff(CLERK, ROUND_OFFICER),
    "entitlements.voucher": staff(CLERK, ROUND_OFFICER),
    "entitlements.replace_voucher": staff(CLERK, step_up=True),
    "entitlements.print_replacement": staff(CLERK, step_up=True),
    "entitlements.print_replacement_slip": staff(CLERK, step_up=True),
    "entitlements.block_voucher": staff(CLERK, ROUND_OFFICER, step_up=True),
    "entitlements.unblock_voucher": staff(CLERK, ROUND_OFFICER, step_up=True),
    "entitlements.answer_block": staff(CLERK, ROUND_OFFICER, step_up=True),
    # Open data for programs.
    "api.rounds": PUBLIC,
    "api.round_": PUBLIC,
    "api.projects": PUBLIC,
    "api.results": PUBLIC,
    "api.ballots": PUBLIC,
    "api.openapi": PUBLIC,
    "api.providers": PUBLIC,
    "api.programmes": PUBLIC,
    "api.statistics": PUBLIC,
    # A device shows its token, not a person's session: see app/api/redemptions.py.
    "api.redeem_voucher": PUBLIC,
    "api.redemption": PUBLIC,
    "api.correct_redemption": PUBLIC,
    "api.settlements": PUBLIC,
    # Pictures of proposals and projects: public ones, and one's own.
    "pictures.full": PUBLIC,
    "pictures.small": PUBLIC,
}

T = TypeVar("T", bound=SQLModel)
_object_rules: dict[type[SQLModel], Callable[[Session, Actor, Any], bool]] = {}


def object_rule(
    model: type[T],
) -> Callable[[Callable[[Session, Actor, T], bool]], Callable[[Session, Actor, T], bool]]:
    """Declare which actors may touch an object of `model`."""

    def declare(rule: Callable[[Session, Actor, T], bool]) -> Callable[[Session, Actor, T], bool]:
        _object_rules[model] = rule
        return rule

    return declare


def fetch(session: Session, actor: Actor, model: type[T], key: Any) -> T:
    """Load an object this actor may touch; raises NotFoundError for missing and forbidden alike."""
    found = session.get(model, key)
    if found is None or not _object_rules[model](session, actor, found):
        raise NotFoundError(
            lazy("This page does not exist, or it is not yours to see. Check the address.")
        )
    return found


@dataclass(frozen=True)
class Verdict:
    """Whether a request may go on; if not, what is missing: `sign_in`, `step_up` or `role`."""

    allowed: bool
    missing: str = ""


def judge(rule: Rule | None, actor: Actor, *, now: datetime, demo: bool) -> Verdict:
    """Apply a rule to an actor; no rule means no."""
    if rule is None or (rule.demo_only and not demo):
        return Verdict(allowed=False, missing="role")
    if rule.signed_in and not actor.signed_in:
        return Verdict(allowed=False, missing="sign_in")
    if rule.roles and not actor.has(*rule.roles):
        second_factor = not actor.roles.isdisjoint(rule.roles) and actor.level != "full"
        return Verdict(allowed=False, missing="sign_in" if second_factor else "role")
    if rule.step_up and not actor.fresh(now):
        return Verdict(allowed=False, missing="step_up")
    return Verdict(allowed=True)
