"""The official tree of areas: province 33 → regency 33.01 → district 33.01.22 → village 33.01.22.2004."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.areas.codes import NATION, is_within, parent_of
from webapp.db import AreaCode, Base, db

NATION_LEVEL, PROVINCE, REGENCY, DISTRICT, VILLAGE = range(5)


class Area(Base):
    """One place of the tree; the nation itself is the row `ID`."""

    __tablename__ = "areas"
    __table_args__ = (sa.Index("ix_areas_parent_code_name_key", "parent_code", "name_key"),)

    code: Mapped[str] = mapped_column(AreaCode, primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(AreaCode, sa.ForeignKey("areas.code"))
    level: Mapped[int] = mapped_column(sa.SmallInteger)
    name: Mapped[str] = mapped_column(sa.String(80))
    #: Folded name for searching: lower case, ASCII.
    name_key: Mapped[str] = mapped_column(sa.String(80))
    #: IANA zone, by province (Asia/Jakarta, Asia/Makassar, Asia/Jayapura).
    zone: Mapped[str] = mapped_column(sa.String(32))
    #: A village of the programme, where facilitators work.
    participates: Mapped[bool] = mapped_column(sa.Boolean, default=False)

    @property
    def ancestors(self) -> list[Area]:
        """From the province down to the parent."""
        codes, code = [], parent_of(self.code)
        while code and code != NATION:
            codes.append(code)
            code = parent_of(code)
        if not codes:
            return []
        rows = db.session.scalars(sa.select(Area).where(Area.code.in_(codes)).order_by(Area.code))
        return list(rows)

    @property
    def full_name(self) -> str:
        """'Jetis, Ponorogo, Jawa Timur' as a person says it, smallest first."""
        return ", ".join(a.name for a in [self, *reversed(self.ancestors)])

    def is_within(self, code: str) -> bool:
        return is_within(self.code, code)
