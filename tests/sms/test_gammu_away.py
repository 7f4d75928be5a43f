"""What becomes of a modem's texts while its daemon is not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sms.gateways import Found, GivenBack, Receipt
from sms.gateways.gammu import Gammu
from sms.text import segments
from tests.sms.modem import HALO, LONG, NOW, id_of, needs_smsd, news_of, question
from tests.sms.smsd import Daemon, until

pytestmark = needs_smsd


def waiting(daemon: Daemon) -> list[tuple[int, int]]:
    """Texts that the daemon has still to send, and further parts of them."""
    return daemon.rows("SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM outbox_multipart)")  # type: ignore[return-value]  # two counts


class TestDaemonAway:
    def test_texts_wait_for_it(self, stopped: Daemon) -> None:
        modem = Gammu(stopped.url)
        modem.send(HALO)
        assert modem.poll(NOW) == []
        stopped.start()
        assert until(lambda: news_of(modem, Receipt)) == [Receipt(HALO.reference, id_of(HALO), "sent")]

    def test_what_it_never_began_is_given_back_and_may_go_anew(self, stopped: Daemon) -> None:
        modem = Gammu(stopped.url, good_for=-1)
        modem.send(LONG)
        given_back = GivenBack(LONG.reference, id_of(LONG))
        assert modem.poll(NOW) == modem.poll(NOW) == [given_back]
        assert modem.look_up(question(LONG)) is None
        assert waiting(stopped) == [(0, 0)]
        assert modem.send(LONG).provider_id == id_of(LONG, row=2)
        assert waiting(stopped) == [(1, segments(LONG.body) - 1)]
        modem.acknowledge([given_back])
        assert modem.look_up(question(LONG)) == Found(id_of(LONG, row=2), "sent"), "of the first taking, told late"

    def test_it_waits_no_longer_than_the_text_is_valid(self, stopped: Daemon) -> None:
        modem = Gammu(stopped.url)
        modem.send(replace(HALO, valid_until=datetime.now(UTC) + timedelta(seconds=60)))
        assert modem.poll(NOW) == []
        modem.send(replace(LONG, valid_until=datetime.now(UTC) - timedelta(seconds=1)))
        assert modem.poll(NOW) == [GivenBack(LONG.reference, id_of(LONG, row=2))]

    def test_what_was_given_back_is_told_until_it_is_stored(self, stopped: Daemon) -> None:
        modem = Gammu(stopped.url, good_for=-1)
        modem.send(HALO)
        told = modem.poll(NOW)
        modem.acknowledge(told)
        assert modem.poll(NOW) == stopped.rows("SELECT * FROM desmigratif_texts") == []

    @pytest.mark.parametrize("left", [False, True])
    def test_what_it_may_have_sent_is_never_sent_again(self, stopped: Daemon, left: bool) -> None:
        modem = Gammu(stopped.url, good_for=-1)
        modem.send(LONG)
        if left:
            stopped.rows(
                'INSERT INTO sentitems ("ID", "SequencePosition", "CreatorID", "Text", "UDH", "SenderID")'
                " VALUES (1, 1, ?, '', '', '')",
                [LONG.reference],
            )
        else:
            stopped.rows("UPDATE outbox SET \"SendingTimeOut\" = '2026-01-01 00:00:00'")
        expired = Receipt(LONG.reference, id_of(LONG), "failed", "expired")
        assert modem.poll(NOW) == modem.poll(NOW) == [expired]
        assert modem.look_up(question(LONG)) == Found(id_of(LONG), "failed", "expired")
        modem.acknowledge([expired])
        assert modem.poll(NOW) == []
        modem.send(LONG)
        assert waiting(stopped) == [(0, 0)]

    def test_what_the_daemon_has_begun_is_left_to_it(self, stopped: Daemon) -> None:
        modem = Gammu(stopped.url, good_for=-1)
        modem.send(HALO)
        stopped.rows("UPDATE outbox SET \"SendingTimeOut\" = '2999-01-01 00:00:00'")
        assert modem.poll(NOW) == []
        assert stopped.rows("SELECT count(*) FROM outbox") == [(1,)]
