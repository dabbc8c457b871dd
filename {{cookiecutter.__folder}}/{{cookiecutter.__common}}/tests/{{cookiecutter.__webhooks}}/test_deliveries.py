"""What a receiver gets, and what becomes of a delivery."""

import io
import json
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import monotonic
from typing import Any
from uuid import UUID

import httpx2
import pytest
from uuid_utils.compat import uuid7

from {{ cookiecutter.__package }}.events.schemas import EventRead
from {{ cookiecutter.__package }}.webhooks import deliveries as delivery_rules
from {{ cookiecutter.__package }}.webhooks import transport
from {{ cookiecutter.__package }}.webhooks.deliveries import Answer
from {{ cookiecutter.__package }}.webhooks.jobs import remove_old_deliveries, wake_due_webhooks
from {{ cookiecutter.__package }}.webhooks.transactions import deliveries_in_transaction

from ..accounts import Account
from ..database import Database
from ..jobs.running import run_due_jobs
from .conftest import Json, add_webhook
from .receiver import Receiver, endless_headers, nothing, receiving, says, status


def deliveries(admin: httpx2.Client, webhook: Json) -> list[Json]:
    """The newest first."""
    items: list[Json] = admin.get(f"/api/v1/webhooks/{webhook['id']}/deliveries").json()["items"]
    return items


def send_test_event(admin: httpx2.Client, webhook: Json) -> Json:
    """What became of it."""
    assert admin.post(f"/api/v1/webhooks/{webhook['id']}/test").status_code == 202
    run_due_jobs()
    return deliveries(admin, webhook)[0]


def let_time_pass(database: Database) -> None:
    """All waits are over."""
    database.execute(
        "UPDATE webhooks SET paused_until = NULL, sending_until = NULL, wake_at = '2020-01-01 00:00:00'",
        "UPDATE webhook_deliveries SET next_attempt_at = '2020-01-01 00:00:00' WHERE next_attempt_at IS NOT NULL",
        "UPDATE jobs SET due_at = '2020-01-01 00:00:00' WHERE due_at IS NOT NULL",
    )


def seconds_until(moment: str) -> float:
    return (datetime.fromisoformat(moment) - datetime.now(UTC)).total_seconds()


def wait_after(delivery: Json) -> float:
    """Seconds from one attempt to the next."""
    last, following = (datetime.fromisoformat(delivery[f"{name}_attempt_at"]) for name in ("last", "next"))
    return (following - last).total_seconds()


def deliver_jobs(database: Database) -> int:
    return len(database.rows("SELECT * FROM jobs WHERE name = 'webhooks.deliver'"))


class TestWhatIsSent:
    def test_is_the_event_signed(self, admin: httpx2.Client, webhook: Json, receiver: Receiver) -> None:
        Account("carol")
        run_due_jobs()

        event = admin.get("/api/v1/events").json()["items"][-1]
        [received] = receiver.received
        assert received.verified(webhook["secret"]) == event
        assert received.target == "/hook?key=1"
        assert (received.headers["webhook-id"], received.headers["content-type"]) == (event["id"], "application/json")

    def test_can_be_traced_by_administrators(self, admin: httpx2.Client, webhook: Json) -> None:
        Account("carol")
        run_due_jobs()

        [delivery] = deliveries(admin, webhook)
        assert (delivery["event_type"], delivery["status"], delivery["attempts"]) == ("user.created", "delivered", 1)
        assert (delivery["last_status"], delivery["next_attempt_at"]) == (204, None)
        assert -5 < seconds_until(delivery["last_attempt_at"]) <= 0

    def test_is_what_the_webhook_wants(self, admin: httpx2.Client, webhook: Json, receiver: Receiver) -> None:
        admin.patch(f"/api/v1/webhooks/{webhook['id']}", json={"types": ["user.deactivated"]})
        carol = Account("carol")
        admin.patch(f"/api/v1/users/{carol.user.id}", json={"is_active": False})
        run_due_jobs()

        assert [json.loads(received.body)["type"] for received in receiver.received] == ["user.deactivated"]

    @pytest.mark.usefixtures("private_is_allowed")
    def test_goes_to_those_that_were_there(self, admin: httpx2.Client, receiver: Receiver) -> None:
        Account("carol")
        add_webhook(admin, receiver.url)
        run_due_jobs()

        assert receiver.received == []

    def test_is_sent_once_also_if_the_handler_runs_twice(
        self, admin: httpx2.Client, webhook: Json, receiver: Receiver
    ) -> None:
        Account("carol")
        run_due_jobs()
        event = EventRead.model_validate(admin.get("/api/v1/events").json()["items"][-1])

        with deliveries_in_transaction() as service:
            service.add_deliveries(event)
        run_due_jobs()

        assert len(receiver.received) == 1

    def test_is_nothing_for_an_inactive_webhook(self, admin: httpx2.Client, webhook: Json, receiver: Receiver) -> None:
        admin.post(f"/api/v1/webhooks/{webhook['id']}/test")
        admin.patch(f"/api/v1/webhooks/{webhook['id']}", json={"is_active": False})
        Account("carol")
        run_due_jobs()

        assert receiver.received == []
        assert [each["status"] for each in deliveries(admin, webhook)] == ["failed"]

    def test_says_nothing_of_secrets_in_the_log(self, admin: httpx2.Client, webhook: Json, log: io.StringIO) -> None:
        send_test_event(admin, webhook)

        written = log.getvalue()
        assert '"webhook_sent"' in written
        assert webhook["secret"] not in written
        assert "key=1" not in written

    def test_can_go_to_a_webhook_that_is_removed_meanwhile(
        self, admin: httpx2.Client, webhook: Json, receiver: Receiver
    ) -> None:
        def remove(connection: socket.socket) -> None:
            assert admin.delete(f"/api/v1/webhooks/{webhook['id']}").status_code == 204
            status(200)(connection)

        receiver.will(remove)

        admin.post(f"/api/v1/webhooks/{webhook['id']}/test")
        run_due_jobs()

        assert admin.get(f"/api/v1/webhooks/{webhook['id']}").status_code == 404


class TestATestEvent:
    def test_goes_to_this_webhook_alone(self, admin: httpx2.Client, webhook: Json, receiver: Receiver) -> None:
        other = add_webhook(admin, receiver.url)
        delivery = send_test_event(admin, webhook)

        [received] = receiver.received
        event = received.verified(webhook["secret"])
        assert (event["type"], event["data"]) == ("webhook.test", {"webhook_id": webhook["id"]})
        assert delivery["event_id"] == event["id"]
        assert deliveries(admin, other) == []
        assert "webhook.test" not in admin.get("/api/v1/events").text


class TestANewSecret:
    def test_signs_beside_the_old_one_for_a_day(
        self, admin: httpx2.Client, webhook: Json, receiver: Receiver, database: Database
    ) -> None:
        response = admin.post(f"/api/v1/webhooks/{webhook['id']}/secret")
        secret = response.json()["secret"]
        assert (response.status_code, secret != webhook["secret"]) == (200, True)

        send_test_event(admin, webhook)
        database.execute('UPDATE webhooks SET old_secrets = \'[["whsec_AA==", "2020-01-01T00:00:00Z"]]\'')
        send_test_event(admin, webhook)

        both, only = receiver.received
        assert len(both.signatures) == 2
        assert both.verified(secret) == both.verified(webhook["secret"])
        assert len(only.signatures) == 1
        only.verified(secret)


class TestAFailedDelivery:
    @pytest.mark.parametrize(
        ("answer", "last_status"),
        [
            (status(301, Location="http://127.0.0.1:9/"), 301),
            (status(307, Location="/elsewhere"), 307),
            (status(400), 400),
            (status(404), 404),
            (status(500), 500),
            (status(599), 599),
            (says("HTTP/1.1 9999 garbage\r\n\r\n"), None),
            (says("\x00\x01garbage"), None),
            (says("HTTP/1.1 " + "x" * 100_000), None),
            (says("HTTP/1.1 200 OK\r\n" + "X: y\r\n" * 200 + "\r\n"), None),
            (says(""), None),
        ],
    )
    def test_is_tried_again(
        self,
        admin: httpx2.Client,
        webhook: Json,
        receiver: Receiver,
        database: Database,
        answer: Any,
        last_status: int | None,
    ) -> None:
        receiver.will(answer, status(200))

        delivery = send_test_event(admin, webhook)
        assert (delivery["status"], delivery["last_status"]) == ("pending", last_status)
        assert wait_after(delivery) == pytest.approx(5, abs=0.6)
        let_time_pass(database)
        run_due_jobs()

        [delivery] = deliveries(admin, webhook)
        assert (delivery["status"], delivery["attempts"], delivery["last_status"]) == ("delivered", 2, 200)
        first, second = receiver.received
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
        assert first.body == second.body

    @pytest.mark.parametrize("answer", [nothing, endless_headers])
    def test_does_not_take_longer_than_it_may(
        self,
        admin: httpx2.Client,
        webhook: Json,
        receiver: Receiver,
        monkeypatch: pytest.MonkeyPatch,
        log: io.StringIO,
        answer: Any,
    ) -> None:
        monkeypatch.setattr(transport, "TIMEOUT_SECONDS", 0.3)
        receiver.will(answer)
        started = monotonic()

        delivery = send_test_event(admin, webhook)

        assert 0.3 <= monotonic() - started < 2
        assert (delivery["status"], delivery["last_status"]) == ("pending", None)
        assert '"fault": "timeout"' in log.getvalue()

    def test_is_given_up_in_the_end(
        self, admin: httpx2.Client, webhook: Json, receiver: Receiver, database: Database
    ) -> None:
        receiver.will(status(500))
        send_test_event(admin, webhook)
        for _ in range(9):
            let_time_pass(database)
            wake_due_webhooks()
            run_due_jobs()

        [delivery] = deliveries(admin, webhook)
        assert (len(receiver.received), delivery["attempts"], delivery["status"]) == (8, 8, "failed")
        assert (delivery["last_status"], delivery["next_attempt_at"]) == (500, None)

    @pytest.mark.parametrize(
        ("retry_after", "seconds"),
        [
            ("120", 120),
            ("999999999", 24 * 3600),
            ("0", 5),
            ("-5", 5),
            ("soon", 5),
            ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", 5),
            ("Mon, 01 Jan 2030 00:00:00 +999999999999999", 5),
            ("1" * 100, 5),
        ],
    )
    def test_waits_as_long_as_the_receiver_asks(
        self, admin: httpx2.Client, webhook: Json, receiver: Receiver, retry_after: str, seconds: int
    ) -> None:
        receiver.will(status(429, Retry_After=retry_after))

        delivery = send_test_event(admin, webhook)

        assert wait_after(delivery) == pytest.approx(seconds, abs=1)

    def test_waits_until_the_receiver_asks(self, admin: httpx2.Client, webhook: Json, receiver: Receiver) -> None:
        moment = format_datetime(datetime.now(UTC) + timedelta(seconds=300), usegmt=True)
        receiver.will(status(503, Retry_After=moment))

        delivery = send_test_event(admin, webhook)

        assert wait_after(delivery) == pytest.approx(300, abs=3)

    def test_410_deactivates_the_webhook(self, admin: httpx2.Client, webhook: Json, receiver: Receiver) -> None:
        admin.post(f"/api/v1/webhooks/{webhook['id']}/test")
        receiver.will(status(410))

        send_test_event(admin, webhook)

        assert admin.get(f"/api/v1/webhooks/{webhook['id']}").json()["is_active"] is False
        assert [each["status"] for each in deliveries(admin, webhook)] == ["failed", "failed"]
        assert len(receiver.received) == 1

    def test_is_sent_again_when_an_administrator_asks(
        self, admin: httpx2.Client, webhook: Json, receiver: Receiver, database: Database
    ) -> None:
        receiver.will(status(410), status(200))
        delivery = send_test_event(admin, webhook)
        admin.patch(f"/api/v1/webhooks/{webhook['id']}", json={"is_active": True})

        response = admin.post(f"/api/v1/webhooks/{webhook['id']}/deliveries/{delivery['id']}/retry")
        run_due_jobs()

        [delivery] = deliveries(admin, webhook)
        assert (response.status_code, delivery["status"], delivery["attempts"]) == (202, "delivered", 1)

    def test_does_not_wait_when_an_administrator_asks(
        self, admin: httpx2.Client, webhook: Json, receiver: Receiver
    ) -> None:
        receiver.will(status(429, Retry_After="3600"), status(200))
        delivery = send_test_event(admin, webhook)

        admin.post(f"/api/v1/webhooks/{webhook['id']}/deliveries/{delivery['id']}/retry")
        run_due_jobs()

        [delivery] = deliveries(admin, webhook)
        assert (delivery["status"], delivery["attempts"]) == ("delivered", 1)

    def test_is_tried_again_now_if_an_administrator_asks_while_it_is_sent(
        self, admin: httpx2.Client, webhook: Json, receiver: Receiver, database: Database
    ) -> None:
        admin.post(f"/api/v1/webhooks/{webhook['id']}/test")
        with deliveries_in_transaction() as service:
            attempt = service.begin(UUID(webhook["id"]))
        assert attempt
        admin.post(f"/api/v1/webhooks/{webhook['id']}/deliveries/{attempt.delivery_id}/retry")

        with deliveries_in_transaction() as service:
            service.end(attempt, Answer(500))
        [delivery] = deliveries(admin, webhook)
        assert (delivery["status"], delivery["last_status"]) == ("pending", 500)
        assert seconds_until(delivery["next_attempt_at"]) <= 0

    def test_waits_as_usual_if_its_worker_dies(self, admin: httpx2.Client, webhook: Json) -> None:
        admin.post(f"/api/v1/webhooks/{webhook['id']}/test")

        with deliveries_in_transaction() as service:
            assert service.begin(UUID(webhook["id"]))

        [delivery] = deliveries(admin, webhook)
        assert wait_after(delivery) == pytest.approx(30, abs=1)

    def test_is_given_up_if_workers_die_of_it(
        self, admin: httpx2.Client, webhook: Json, receiver: Receiver, database: Database
    ) -> None:
        admin.post(f"/api/v1/webhooks/{webhook['id']}/test")
        for _ in range(8):
            with deliveries_in_transaction() as service:
                assert service.begin(UUID(webhook["id"]))
            let_time_pass(database)

        wake_due_webhooks()
        run_due_jobs()

        [delivery] = deliveries(admin, webhook)
        assert (delivery["status"], delivery["attempts"], receiver.received) == ("failed", 8, [])


class TestOneAfterTheOther:
    def test_all_that_is_due_is_sent(self, admin: httpx2.Client, webhook: Json, receiver: Receiver) -> None:
        for name in ("carol", "dave", "erin"):
            Account(name)
        run_due_jobs()

        assert len(receiver.received) == 3

    def test_a_webhook_that_fails_is_paused(
        self, admin: httpx2.Client, webhook: Json, receiver: Receiver, database: Database
    ) -> None:
        receiver.will(status(500))
        for name in ("carol", "dave", "erin"):
            Account(name)
        run_due_jobs()
        assert len(receiver.received) == 1

        receiver.will(status(200))
        for _ in range(3):
            let_time_pass(database)
            run_due_jobs()
        assert {each["status"] for each in deliveries(admin, webhook)} == {"delivered"}

    def test_one_that_fails_holds_up_nobody_else(self, admin: httpx2.Client, webhook: Json, receiver: Receiver) -> None:
        with receiving() as other:
            other.will(status(200))
            add_webhook(admin, other.url)
            receiver.will(status(500))
            for name in ("carol", "dave", "erin"):
                Account(name)
            run_due_jobs()

            assert (len(receiver.received), len(other.received)) == (1, 3)

    def test_is_sent_nothing_while_it_is_sent_something(
        self, admin: httpx2.Client, webhook: Json, receiver: Receiver
    ) -> None:
        admin.post(f"/api/v1/webhooks/{webhook['id']}/test")
        admin.post(f"/api/v1/webhooks/{webhook['id']}/test")
        with deliveries_in_transaction() as service:
            assert service.begin(UUID(webhook["id"]))

        run_due_jobs()

        assert receiver.received == []

    def test_a_worker_that_was_too_slow_changes_nothing(
        self, admin: httpx2.Client, webhook: Json, receiver: Receiver, database: Database
    ) -> None:
        admin.post(f"/api/v1/webhooks/{webhook['id']}/test")
        with deliveries_in_transaction() as service:
            slow = service.begin(UUID(webhook["id"]))
        let_time_pass(database)
        with deliveries_in_transaction() as service:
            other = service.begin(UUID(webhook["id"]))
        assert slow
        assert other

        with deliveries_in_transaction() as service:
            service.end(slow, Answer(200))
        assert deliveries(admin, webhook)[0]["status"] == "pending"
        with deliveries_in_transaction() as service:
            service.end(other, Answer(500))
        [delivery] = deliveries(admin, webhook)
        assert (delivery["status"], delivery["last_status"], delivery["attempts"]) == ("pending", 500, 2)

    def test_one_that_is_slow_waits_longer_than_it_took(
        self, admin: httpx2.Client, webhook: Json, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        admin.post(f"/api/v1/webhooks/{webhook['id']}/test")
        admin.post(f"/api/v1/webhooks/{webhook['id']}/test")
        with deliveries_in_transaction() as service:
            attempt = service.begin(UUID(webhook["id"]))
        assert attempt
        began_earlier = delivery_rules.SENDING + timedelta(seconds=5)
        monkeypatch.setattr(delivery_rules, "SENDING", began_earlier)

        with deliveries_in_transaction() as service:
            service.end(attempt, Answer(200))
        run_due_jobs()

        assert receiver.received == []
        assert [each["status"] for each in deliveries(admin, webhook)] == ["pending", "delivered"]

    def test_one_job_looks_what_is_due(
        self, admin: httpx2.Client, webhook: Json, receiver: Receiver, database: Database
    ) -> None:
        for _ in range(3):
            event = EventRead(id=uuid7(), type="note.created", created_at=datetime.now(UTC), data={})
            with deliveries_in_transaction() as service:
                service.add_deliveries(event)

        assert deliver_jobs(database) == 1
        run_due_jobs()
        assert len(receiver.received) == 3

    def test_one_job_waits_for_the_end_of_a_pause(
        self, admin: httpx2.Client, webhook: Json, receiver: Receiver, database: Database
    ) -> None:
        receiver.will(status(429, Retry_After="30"))
        send_test_event(admin, webhook)
        for _ in range(5):
            event = EventRead(id=uuid7(), type="note.created", created_at=datetime.now(UTC), data={})
            with deliveries_in_transaction() as service:
                service.add_deliveries(event)
            run_due_jobs()

        assert (len(receiver.received), deliver_jobs(database)) == (1, 1)

    def test_no_job_waits_for_long(
        self, admin: httpx2.Client, webhook: Json, receiver: Receiver, database: Database
    ) -> None:
        """Otherwise each event beside one that is tried again in hours would add a job for then."""
        receiver.will(status(429, Retry_After="3600"), status(200))
        send_test_event(admin, webhook)
        for _ in range(3):
            send_test_event(admin, webhook)
        assert deliver_jobs(database) == 0

        let_time_pass(database)
        wake_due_webhooks()
        run_due_jobs()
        assert {each["status"] for each in deliveries(admin, webhook)} == {"delivered"}

    def test_a_url_that_was_changed_meanwhile_is_not_judged_by_the_old_one(
        self, admin: httpx2.Client, webhook: Json, receiver: Receiver
    ) -> None:
        admin.post(f"/api/v1/webhooks/{webhook['id']}/test")
        with deliveries_in_transaction() as service:
            attempt = service.begin(UUID(webhook["id"]))
        assert attempt
        changed = admin.patch(f"/api/v1/webhooks/{webhook['id']}", json={"url": f"{receiver.url}&new=1"}).json()

        with deliveries_in_transaction() as service:
            service.end(attempt, Answer(410))

        assert admin.get(f"/api/v1/webhooks/{webhook['id']}").json() == changed
        assert changed["is_active"] is True

    @pytest.mark.parametrize("wake_at", ["NULL", "'2020-01-01 00:00:00'"])
    def test_goes_on_when_its_job_was_lost(
        self, admin: httpx2.Client, webhook: Json, receiver: Receiver, database: Database, wake_at: str
    ) -> None:
        admin.post(f"/api/v1/webhooks/{webhook['id']}/test")
        with deliveries_in_transaction() as service:
            assert service.begin(UUID(webhook["id"]))
        database.execute("DELETE FROM jobs")
        let_time_pass(database)
        database.execute(f"UPDATE webhooks SET wake_at = {wake_at}")

        wake_due_webhooks()
        run_due_jobs()

        [delivery] = deliveries(admin, webhook)
        assert (delivery["status"], delivery["attempts"]) == ("delivered", 2)


class TestANameThatChangesItsMind:
    """It is public when it is registered, and leads to this machine when it is connected to."""

    def test_gets_nothing(
        self, admin: httpx2.Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
    ) -> None:
        addresses = ["8.8.8.8"]

        def look_up(_host: bytes, port: int, **_options: object) -> list[Any]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (addresses[0], port))]

        monkeypatch.setattr("{{ cookiecutter.__package }}.webhooks.addresses.getaddrinfo", look_up)
        webhook = add_webhook(admin, receiver.url.replace("127.0.0.1", "example.com"))
        addresses[0] = "127.0.0.1"

        delivery = send_test_event(admin, webhook)

        assert (receiver.received, delivery["status"], delivery["last_status"]) == ([], "pending", None)
        assert '"fault": "forbidden_address"' in log.getvalue()

    def test_is_looked_up_once(
        self, admin: httpx2.Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, webhook: Json
    ) -> None:
        asked = []

        def look_up(host: bytes, port: int, **_options: object) -> list[Any]:
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

        monkeypatch.setattr("{{ cookiecutter.__package }}.webhooks.addresses.getaddrinfo", look_up)
        url = receiver.url.replace("127.0.0.1", "example.com")
        admin.patch(f"/api/v1/webhooks/{webhook['id']}", json={"url": url})
        send_test_event(admin, webhook)

        [received] = receiver.received
        assert (asked, received.headers["host"].partition(":")[0]) == ([b"example.com"], "example.com")


class TestOldDeliveries:
    def test_are_removed(self, admin: httpx2.Client, webhook: Json, database: Database) -> None:
        send_test_event(admin, webhook)
        remove_old_deliveries()
        assert len(deliveries(admin, webhook)) == 1

        [(delivery_id,)] = database.rows("SELECT id FROM webhook_deliveries")
        old = str(delivery_id).replace(str(delivery_id)[:8], "01000000")
        database.execute(f"UPDATE webhook_deliveries SET id = '{old}'")
        database.execute("UPDATE webhook_deliveries SET next_attempt_at = '2030-01-01 00:00:00'")
        remove_old_deliveries()
        assert len(deliveries(admin, webhook)) == 1, "It waits for its next attempt."
        database.execute("UPDATE webhook_deliveries SET next_attempt_at = NULL")
        remove_old_deliveries()
        assert deliveries(admin, webhook) == []
