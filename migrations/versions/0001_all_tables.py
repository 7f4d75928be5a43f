"""all tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.db import AreaCode, BigId, SortKey, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "areas",
        sa.Column("code", AreaCode, nullable=False),
        sa.Column("parent_code", AreaCode, nullable=True),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=80), nullable=False),
        sa.Column("zone", sa.String(length=32), nullable=False),
        sa.Column("participates", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["parent_code"], ["areas.code"], name="fk_areas_parent_code"),
        sa.PrimaryKeyConstraint("code", name="pk_areas"),
    )
    op.create_index("ix_areas_parent_code_name_key", "areas", ["parent_code", "name_key"])

    op.create_table(
        "checklist_items",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name_id", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("short_name", sa.String(length=12), nullable=False),
        sa.Column("due_days", sa.SmallInteger(), nullable=False),
        sa.Column("schemes", sa.String(length=80), nullable=False),
        sa.Column("has_number", sa.Boolean(), nullable=False),
        sa.Column("has_expiry", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_checklist_items"),
    )
    op.create_table(
        "demo_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_demo_clock"),
    )
    op.create_table(
        "destinations",
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("name_id", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("mission_number", sa.String(length=20), nullable=False),
        sa.Column("mission_verified_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name="pk_destinations"),
    )
    op.create_table(
        "number_states",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("stopped_at", UTCDateTime, nullable=True),
        sa.Column("wrong_person_at", UTCDateTime, nullable=True),
        sa.Column("invalid_at", UTCDateTime, nullable=True),
        sa.Column("heard_at", UTCDateTime, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_number_states"),
    )
    op.create_table(
        "reminder_rules",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("anchor", sa.String(length=16), nullable=False),
        sa.Column("offset_days", sa.SmallInteger(), nullable=False),
        sa.Column("repeat_days", sa.SmallInteger(), nullable=False),
        sa.Column("hour", sa.SmallInteger(), nullable=False),
        sa.Column("useful_days", sa.SmallInteger(), nullable=False),
        sa.Column("stages", sa.String(length=120), nullable=False),
        sa.Column("schemes", sa.String(length=80), nullable=False),
        sa.Column("destinations", sa.String(length=80), nullable=False),
        sa.Column("missing_any", sa.String(length=120), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("sensitivity", sa.String(length=10), nullable=False),
        sa.Column("text_code", sa.String(length=8), nullable=False),
        sa.Column("expects", sa.String(length=8), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_reminder_rules"),
    )
    op.create_table(
        "routes",
        sa.Column("gateway", sa.String(length=16), nullable=False),
        sa.Column("paused_until", UTCDateTime, nullable=True),
        sa.Column("pause_reason", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("gateway", name="pk_routes"),
    )
    op.create_table(
        "texts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(length=320), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_texts"),
        sa.UniqueConstraint("code", "language", "version", name="uq_texts_code_language_version"),
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("gateway", sa.String(length=16), nullable=False),
        sa.Column("started_at", UTCDateTime, nullable=False),
        sa.Column("beat_at", UTCDateTime, nullable=False),
        sa.Column("handed_over", sa.BigInteger(), nullable=False),
        sa.Column("stopped_at", UTCDateTime, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
    )
    op.create_table(
        "accounts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("failed_logins", sa.Integer(), nullable=False),
        sa.Column("locked_until", UTCDateTime, nullable=True),
        sa.Column("created_at", UTCDateTime, nullable=False),
        sa.Column("closed_at", UTCDateTime, nullable=True),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name="fk_accounts_area_code"),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("phone", name="uq_accounts_phone"),
        sa.UniqueConstraint("username", name="uq_accounts_username"),
    )
    op.create_index("ix_accounts_area_code", "accounts", ["area_code"])

    op.create_table(
        "access_grants",
        sa.Column("id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("granted_at", UTCDateTime, nullable=False),
        sa.Column("until", UTCDateTime, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_access_grants_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_access_grants"),
    )
    op.create_index("ix_access_grants_account_id", "access_grants", ["account_id"])

    op.create_table(
        "account_sessions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("created_at", UTCDateTime, nullable=False),
        sa.Column("seen_at", UTCDateTime, nullable=False),
        sa.Column("ended_at", UTCDateTime, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_account_sessions_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_account_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_account_sessions_token_hash"),
    )
    op.create_index("ix_account_sessions_account_id", "account_sessions", ["account_id"])

    op.create_table(
        "audit_log",
        sa.Column("id", BigId, nullable=False),
        sa.Column("at", UTCDateTime, nullable=False),
        sa.Column("account_id", BigId, nullable=True),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_audit_log_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_log"),
    )
    op.create_index("ix_audit_log_account_id", "audit_log", ["account_id"])
    op.create_index("ix_audit_log_area_code_id", "audit_log", ["area_code", "id"])
    op.create_index("ix_audit_log_subject_id", "audit_log", ["subject", "subject_id", "id"])

    op.create_table(
        "invitations",
        sa.Column("id", BigId, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("invited_by_id", BigId, nullable=False),
        sa.Column("created_at", UTCDateTime, nullable=False),
        sa.Column("expires_at", UTCDateTime, nullable=False),
        sa.Column("used_at", UTCDateTime, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_invitations_account_id"),
        sa.ForeignKeyConstraint(["invited_by_id"], ["accounts.id"], name="fk_invitations_invited_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("code_hash", name="uq_invitations_code_hash"),
    )
    op.create_index("ix_invitations_account_id", "invitations", ["account_id"])

    op.create_table(
        "people",
        sa.Column("id", BigId, nullable=False),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_key", SortKey, nullable=False),
        sa.Column("search_text", sa.String(length=500), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("birth_year", sa.SmallInteger(), nullable=True),
        sa.Column("nik_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("nik_hash", sa.String(length=64), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("education", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("nonprocedural", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", BigId, nullable=False),
        sa.Column("created_at", UTCDateTime, nullable=False),
        sa.Column("updated_at", UTCDateTime, nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name="fk_people_area_code"),
        sa.ForeignKeyConstraint(["created_by_id"], ["accounts.id"], name="fk_people_created_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_index("ix_people_area_code_name_key_id", "people", ["area_code", "name_key", "id"])
    op.create_index("ix_people_birth_year_area_code", "people", ["birth_year", "area_code"])
    op.create_index("ix_people_nik_hash", "people", ["nik_hash"])
    op.create_index("ix_people_stage_area_code_name_key_id", "people", ["stage", "area_code", "name_key", "id"])

    op.create_table(
        "submissions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("location", sa.String(length=200), nullable=False),
        sa.Column("at", UTCDateTime, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_submissions_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_submissions"),
        sa.UniqueConstraint("account_id", "key", name="uq_submissions_account_id_key"),
    )
    op.create_table(
        "consents",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("wording", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("witness", sa.String(length=100), nullable=False),
        sa.Column("account_id", BigId, nullable=True),
        sa.Column("at", UTCDateTime, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_consents_account_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_consents_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index("ix_consents_person_id_purpose_id", "consents", ["person_id", "purpose", "id"])

    op.create_table(
        "departures",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.Column("destination_code", sa.String(length=2), nullable=False),
        sa.Column("sector", sa.String(length=24), nullable=False),
        sa.Column("job", sa.String(length=80), nullable=False),
        sa.Column("scheme", sa.String(length=16), nullable=False),
        sa.Column("agency", sa.String(length=100), nullable=False),
        sa.Column("employer", sa.String(length=100), nullable=False),
        sa.Column("port", sa.String(length=60), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("planned_month", sa.Date(), nullable=True),
        sa.Column("departed_on", sa.Date(), nullable=True),
        sa.Column("contract_start", sa.Date(), nullable=True),
        sa.Column("contract_end", sa.Date(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", BigId, nullable=False),
        sa.Column("created_at", UTCDateTime, nullable=False),
        sa.Column("updated_at", UTCDateTime, nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["accounts.id"], name="fk_departures_created_by_id"),
        sa.ForeignKeyConstraint(["destination_code"], ["destinations.code"], name="fk_departures_destination_code"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_departures_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_departures"),
    )
    op.create_index("ix_departures_area_code_planned_on", "departures", ["area_code", "planned_on"])
    op.create_index("ix_departures_person_id", "departures", ["person_id"])
    op.create_index("ix_departures_planned_on", "departures", ["planned_on"])

    op.create_table(
        "events",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("account_id", BigId, nullable=True),
        sa.Column("at", UTCDateTime, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_events_account_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_events_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    op.create_index("ix_events_person_id_id", "events", ["person_id", "id"])

    op.create_table(
        "family_contacts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("relation", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("removed_at", UTCDateTime, nullable=True),
        sa.Column("added_at", UTCDateTime, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_family_contacts_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_family_contacts"),
    )
    op.create_index("ix_family_contacts_number", "family_contacts", ["number"])
    op.create_index("ix_family_contacts_person_id", "family_contacts", ["person_id"])

    op.create_table(
        "phones",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("reader", sa.String(length=10), nullable=False),
        sa.Column("do_not_text", sa.Boolean(), nullable=False),
        sa.Column("safe_from_hour", sa.SmallInteger(), nullable=True),
        sa.Column("safe_until_hour", sa.SmallInteger(), nullable=True),
        sa.Column("confirmed_at", UTCDateTime, nullable=True),
        sa.Column("removed_at", UTCDateTime, nullable=True),
        sa.Column("added_at", UTCDateTime, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_phones_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_phones"),
        sa.UniqueConstraint("person_id", "number", name="uq_phones_person_id_number"),
    )
    op.create_index("ix_phones_number", "phones", ["number"])
    op.create_index("ix_phones_person_id", "phones", ["person_id"])

    op.create_table(
        "stage_moves",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("from_stage", sa.String(length=16), nullable=False),
        sa.Column("to_stage", sa.String(length=16), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("account_id", BigId, nullable=True),
        sa.Column("at", UTCDateTime, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_stage_moves_account_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_stage_moves_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_stage_moves"),
    )
    op.create_index("ix_stage_moves_person_id", "stage_moves", ["person_id"])

    op.create_table(
        "tasks",
        sa.Column("id", BigId, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("created_at", UTCDateTime, nullable=False),
        sa.Column("done_at", UTCDateTime, nullable=True),
        sa.Column("done_by_id", BigId, nullable=True),
        sa.Column("outcome", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["done_by_id"], ["accounts.id"], name="fk_tasks_done_by_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_tasks_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
        sa.UniqueConstraint("key", name="uq_tasks_key"),
    )
    op.create_index("ix_tasks_area_code_done_at_id", "tasks", ["area_code", "done_at", "id"])
    op.create_index("ix_tasks_person_id", "tasks", ["person_id"])

    op.create_table(
        "messages",
        sa.Column("id", BigId, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("person_id", BigId, nullable=True),
        sa.Column("phone_id", BigId, nullable=True),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.Column("zone", sa.String(length=32), nullable=False),
        sa.Column("text_code", sa.String(length=8), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("body", sa.String(length=1000), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("sensitivity", sa.String(length=10), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("stages", sa.String(length=120), nullable=False),
        sa.Column("expects", sa.String(length=8), nullable=False),
        sa.Column("answered_at", UTCDateTime, nullable=True),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", UTCDateTime, nullable=False),
        sa.Column("expires_at", UTCDateTime, nullable=True),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("lease_owner", sa.String(length=32), nullable=True),
        sa.Column("lease_until", UTCDateTime, nullable=True),
        sa.Column("gateway", sa.String(length=16), nullable=False),
        sa.Column("provider_id", sa.String(length=64), nullable=True),
        sa.Column("error_code", sa.String(length=16), nullable=False),
        sa.Column("segments", sa.SmallInteger(), nullable=False),
        sa.Column("price_rupiah", sa.Integer(), nullable=False),
        sa.Column("created_by_id", BigId, nullable=True),
        sa.Column("created_at", UTCDateTime, nullable=False),
        sa.Column("handed_at", UTCDateTime, nullable=True),
        sa.Column("sent_at", UTCDateTime, nullable=True),
        sa.Column("delivered_at", UTCDateTime, nullable=True),
        sa.Column("updated_at", UTCDateTime, nullable=False),
        sa.CheckConstraint("priority IN (0, 5, 9)", name="ck_messages_priority"),
        sa.ForeignKeyConstraint(["created_by_id"], ["accounts.id"], name="fk_messages_created_by_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_messages_person_id"),
        sa.ForeignKeyConstraint(["phone_id"], ["phones.id"], name="fk_messages_phone_id"),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("key", name="uq_messages_key"),
        sa.UniqueConstraint("reference", name="uq_messages_reference"),
    )
    op.create_index("ix_messages_cause", "messages", ["cause"])
    op.create_index(
        "ix_messages_due",
        "messages",
        ["priority", "due_at"],
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_messages_open",
        "messages",
        ["lease_until"],
        sqlite_where=sa.text("state IN ('sending','unknown')"),
        postgresql_where=sa.text("state IN ('sending','unknown')"),
    )
    op.create_index("ix_messages_person_id_id", "messages", ["person_id", "id"])
    op.create_index(
        "ix_messages_provider",
        "messages",
        ["gateway", "provider_id"],
        sqlite_where=sa.text("provider_id IS NOT NULL"),
        postgresql_where=sa.text("provider_id IS NOT NULL"),
    )
    op.create_index(
        "ix_messages_question",
        "messages",
        ["number", "sent_at"],
        sqlite_where=sa.text("expects != ''"),
        postgresql_where=sa.text("expects != ''"),
    )
    op.create_index("ix_messages_state_area_code", "messages", ["state", "area_code"])
    op.create_index(
        "ix_messages_troubled",
        "messages",
        ["area_code", "id"],
        sqlite_where=sa.text("state IN ('failed','unknown')"),
        postgresql_where=sa.text("state IN ('failed','unknown')"),
    )
    op.create_index(
        "ix_messages_unanswered",
        "messages",
        ["area_code", "sent_at"],
        sqlite_where=sa.text("expects != '' AND answered_at IS NULL AND sent_at IS NOT NULL"),
        postgresql_where=sa.text("expects != '' AND answered_at IS NULL AND sent_at IS NOT NULL"),
    )

    op.create_table(
        "papers",
        sa.Column("id", BigId, nullable=False),
        sa.Column("departure_id", BigId, nullable=False),
        sa.Column("item_code", sa.String(length=16), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("number_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("at", UTCDateTime, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_papers_account_id"),
        sa.ForeignKeyConstraint(["departure_id"], ["departures.id"], name="fk_papers_departure_id"),
        sa.ForeignKeyConstraint(["item_code"], ["checklist_items.code"], name="fk_papers_item_code"),
        sa.PrimaryKeyConstraint("id", name="pk_papers"),
        sa.UniqueConstraint("departure_id", "item_code", name="uq_papers_departure_id_item_code"),
    )
    op.create_table(
        "incoming",
        sa.Column("id", BigId, nullable=False),
        sa.Column("gateway", sa.String(length=16), nullable=False),
        sa.Column("provider_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("body", sa.String(length=1600), nullable=False),
        sa.Column("received_at", UTCDateTime, nullable=False),
        sa.Column("understood_at", UTCDateTime, nullable=True),
        sa.Column("command", sa.String(length=12), nullable=False),
        sa.Column("person_id", BigId, nullable=True),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.Column("answers_id", BigId, nullable=True),
        sa.Column("for_human", sa.Boolean(), nullable=False),
        sa.Column("handled_at", UTCDateTime, nullable=True),
        sa.Column("handled_by_id", BigId, nullable=True),
        sa.ForeignKeyConstraint(["answers_id"], ["messages.id"], name="fk_incoming_answers_id"),
        sa.ForeignKeyConstraint(["handled_by_id"], ["accounts.id"], name="fk_incoming_handled_by_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_incoming_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_incoming"),
        sa.UniqueConstraint("gateway", "provider_id", name="uq_incoming_gateway_provider_id"),
    )
    op.create_index("ix_incoming_area_code_id", "incoming", ["area_code", "id"])
    op.create_index(
        "ix_incoming_not_understood",
        "incoming",
        ["id"],
        sqlite_where=sa.text("understood_at IS NULL"),
        postgresql_where=sa.text("understood_at IS NULL"),
    )
    op.create_index("ix_incoming_number_id", "incoming", ["number", "id"])
    op.create_index("ix_incoming_person_id_id", "incoming", ["person_id", "id"])
    op.create_index(
        "ix_incoming_unread",
        "incoming",
        ["area_code", "id"],
        sqlite_where=sa.text("for_human = 1 AND handled_at IS NULL"),
        postgresql_where=sa.text("for_human AND handled_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("incoming")
    op.drop_table("papers")
    op.drop_table("messages")
    op.drop_table("tasks")
    op.drop_table("stage_moves")
    op.drop_table("phones")
    op.drop_table("family_contacts")
    op.drop_table("events")
    op.drop_table("departures")
    op.drop_table("consents")
    op.drop_table("submissions")
    op.drop_table("people")
    op.drop_table("invitations")
    op.drop_table("audit_log")
    op.drop_table("account_sessions")
    op.drop_table("access_grants")
    op.drop_table("accounts")
    op.drop_table("workers")
    op.drop_table("texts")
    op.drop_table("routes")
    op.drop_table("reminder_rules")
    op.drop_table("number_states")
    op.drop_table("destinations")
    op.drop_table("demo_clock")
    op.drop_table("checklist_items")
    op.drop_table("areas")
