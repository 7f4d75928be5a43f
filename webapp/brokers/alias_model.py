"""What links reports of brokers: aliases of the accused, and the clusters of reports that they make.

Whoever is accused has personal data too, and has not been judged. So numbers and plates lie here sealed, found by a
keyed hash (webapp/sealing.py; `flask reseal` renews both), and the page shows them masked. The letters of names lie
open, as in the report itself: what sounds alike can only be found by letters. None of it says who reported anything.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import AreaCode, Base, BigId, UTCDateTime

#: Whose pages of clusters are noted in the audit log.
CLUSTER = "broker_cluster"


class BrokerAlias(Base):
    """One thing that a report says of the accused, of the kinds of traces.py. A name has a row for each of its words.

    Only of reports that may link others (aliases.py), rewritten whenever the report changes.
    """

    __tablename__ = "broker_aliases"
    __table_args__ = (
        sa.Index("ix_broker_aliases_report_id", "report_id"),
        sa.Index("ix_broker_aliases_value_hash", "value_hash"),
        # Names that may be alike in one regency; whoever else claims an agency or a place.
        sa.Index("ix_broker_aliases_kind_key_area_code", "kind", "key", "area_code"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("broker_reports.id"))
    kind: Mapped[str] = mapped_column(sa.String(8))
    #: Of a phone, number or plate.
    value_encrypted: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    value_hash: Mapped[str | None] = mapped_column(sa.String(64))
    #: Of a name the consonants of one word; of an agency its words, of a place one of them. Else empty.
    key: Mapped[str] = mapped_column(sa.String(64), default="")
    #: Of a name how all of it sounds.
    sounds: Mapped[str] = mapped_column(sa.String(100), default="")
    #: A name or an agency as it was written; the bank of an account.
    shown: Mapped[str] = mapped_column(sa.String(60), default="")
    #: Of the report.
    area_code: Mapped[str] = mapped_column(AreaCode)


class BrokerMembership(Base):
    """To which cluster a report belongs; to none if nothing links it. Only reports that may link others have a row."""

    __tablename__ = "broker_memberships"

    report_id: Mapped[int] = mapped_column(sa.ForeignKey("broker_reports.id"), primary_key=True, autoincrement=False)
    cluster_id: Mapped[int | None] = mapped_column(sa.ForeignKey("broker_clusters.id"), index=True)


class BrokerCluster(Base):
    """Reports that belong together. It lives as long as it has two; when clusters meet, the oldest stays."""

    __tablename__ = "broker_clusters"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Counted whenever something in it changes, so that no page counts.
    report_count: Mapped[int] = mapped_column(sa.Integer, default=0)
    #: Regencies.
    area_count: Mapped[int] = mapped_column(sa.Integer, default=0)
    #: People who know nothing of each other (sources.py).
    source_count: Mapped[int] = mapped_column(sa.Integer, default=0)
    #: When its newest report came.
    newest_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class BrokerClusterArea(Base):
    """From which area a cluster can be seen: the regencies of its reports, their provinces, the nation.

    So the list of any coordinator is one range of one index.
    """

    __tablename__ = "broker_cluster_areas"
    __table_args__ = (
        sa.Index("ix_broker_cluster_areas_area_code_newest_id", "area_code", "newest_id"),
        sa.Index(
            "ix_broker_cluster_areas_crossed",
            *("area_code", "crossed_at"),
            sqlite_where=sa.text("crossed_at IS NOT NULL"),
            postgresql_where=sa.text("crossed_at IS NOT NULL"),
        ),
    )

    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("broker_clusters.id"), primary_key=True, autoincrement=False)
    area_code: Mapped[str] = mapped_column(AreaCode, sa.ForeignKey("areas.code"), primary_key=True)
    #: Of this area and below.
    report_count: Mapped[int] = mapped_column(sa.Integer)
    #: The newest report of the whole cluster. No two clusters share one, so a list goes on from it.
    newest_id: Mapped[int] = mapped_column(sa.BigInteger)
    #: When reports of this area were last joined to those of another regency.
    crossed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class BrokerCrossing(Base):
    """Two regencies whose reports a cluster joined for the first time, of which their coordinators were told once."""

    __tablename__ = "broker_crossings"
    __table_args__ = (sa.UniqueConstraint("cluster_id", "area_code", "other_code"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("broker_clusters.id"))
    #: The smaller code of both.
    area_code: Mapped[str] = mapped_column(AreaCode)
    other_code: Mapped[str] = mapped_column(AreaCode)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
