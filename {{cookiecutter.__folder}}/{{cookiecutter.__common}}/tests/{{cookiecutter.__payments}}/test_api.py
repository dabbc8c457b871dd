"""Payments over HTTP."""

from typing import Any

import httpx2
import pytest

from {{ cookiecutter.__package }}.idempotency.repository import AnswerRepository
from {{ cookiecutter.__package }}.orders.repository import OrderRepository
from {{ cookiecutter.__package }}.payments.repository import PaymentRepository

from ..events.feed import Feed
from ..orders.factories import add_order, key
from ..races import meanwhile
from .factories import WEBHOOK, event, pay, send, signature, start_payment

ID = "0192abcd-0000-7000-8000-000000000000"


def status_of(client: httpx2.Client, order: dict[str, Any]) -> str:
    status: str = client.get(f"/api/v1/orders/{order['id']}").json()["status"]
    return status


def payments_of(client: httpx2.Client, order: dict[str, Any]) -> list[str]:
    """The statuses, oldest first."""
    items = client.get(f"/api/v1/orders/{order['id']}/payments").json()["items"]
    return [payment["status"] for payment in reversed(items)]


def cancel(client: httpx2.Client, order: dict[str, Any]) -> httpx2.Response:
    return client.patch(f"/api/v1/orders/{order['id']}/status", json={"status": "cancelled"})


class TestStartPayment:
    def test_is_for_the_whole_order(self, alice: httpx2.Client) -> None:
        order = add_order(alice, 2, price_cents=4900)

        response = alice.post(f"/api/v1/orders/{order['id']}/payments", headers=key())

        payment = response.json()
        assert response.status_code == 201
        assert response.headers["Location"] == f"/api/v1/orders/{order['id']}/payments"
        assert (payment["order_id"], payment["status"]) == (order["id"], "pending")
        assert (payment["amount_cents"], payment["currency"]) == (9800, "EUR")
        assert alice.get(response.headers["Location"]).json()["items"] == [payment]

    def test_is_done_once_for_a_key(self, alice: httpx2.Client) -> None:
        order, headers = add_order(alice), key()
        first, second = (alice.post(f"/api/v1/orders/{order['id']}/payments", headers=headers) for _ in range(2))

        assert first.json() == second.json()
        assert payments_of(alice, order) == ["pending"]

    def test_of_another_order_is_another_request(self, alice: httpx2.Client) -> None:
        headers = key()
        alice.post(f"/api/v1/orders/{add_order(alice)['id']}/payments", headers=headers)

        response = alice.post(f"/api/v1/orders/{add_order(alice)['id']}/payments", headers=headers)

        assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")

    @pytest.mark.parametrize(
        ("value", "code"), [("", "idempotency_key_required"), ("x" * 256, "invalid_idempotency_key")]
    )
    def test_needs_a_key(self, alice: httpx2.Client, value: str, code: str) -> None:
        headers = {"Idempotency-Key": value}

        response = alice.post(f"/api/v1/orders/{add_order(alice)['id']}/payments", headers=headers)

        assert (response.status_code, response.json()["code"]) == (400, code)

    def test_does_not_wait_for_the_first_request(self, alice: httpx2.Client, monkeypatch: pytest.MonkeyPatch) -> None:
        order = add_order(alice)
        monkeypatch.setattr(AnswerRepository, "lock", lambda *_scope: False)

        response = alice.post(f"/api/v1/orders/{order['id']}/payments", headers=key())

        assert (response.status_code, response.json()["code"]) == (409, "request_in_progress")

    def test_needs_a_pending_order(self, alice: httpx2.Client) -> None:
        order = add_order(alice)
        cancel(alice, order)

        response = alice.post(f"/api/v1/orders/{order['id']}/payments", headers=key())

        assert (response.status_code, response.json()["code"]) == (409, "order_not_payable")

    def test_can_be_tried_again(self, alice: httpx2.Client) -> None:
        order = add_order(alice)
        start_payment(alice, order)
        start_payment(alice, order)

        assert payments_of(alice, order) == ["pending", "pending"]

    def test_of_an_order_that_is_just_being_cancelled(self, alice: httpx2.Client) -> None:
        order = add_order(alice)

        with meanwhile(PaymentRepository, "add_payment", lambda: cancel(alice, order).status_code) as second:
            start_payment(alice, order)

        assert (second.waited, second.result) == (True, 200)


class TestReceivePaymentEvent:
    def test_a_success_pays_the_order(self, alice: httpx2.Client, client: httpx2.Client) -> None:
        order = add_order(alice)

        response = send(client, event("succeeded", start_payment(alice, order)))

        assert (response.status_code, response.json()) == (200, {"received": True})
        assert status_of(alice, order) == "paid"
        assert payments_of(alice, order) == ["succeeded"]

    def test_a_failure_leaves_the_order(self, alice: httpx2.Client) -> None:
        order = add_order(alice)

        send(alice, event("failed", start_payment(alice, order)))

        assert status_of(alice, order) == "pending"
        assert payments_of(alice, order) == ["failed"]

    def test_the_same_event_changes_nothing_again(self, alice: httpx2.Client) -> None:
        order = add_order(alice)
        payment = start_payment(alice, order)
        failure = event("failed", payment)
        send(alice, failure)
        send(alice, event("succeeded", payment))

        response = send(alice, failure)

        assert response.json() == {"received": True}
        assert payments_of(alice, order) == ["succeeded"]

    @pytest.mark.parametrize(
        ("kinds", "status"),
        [
            (["succeeded", "succeeded"], "succeeded"),
            (["succeeded", "failed"], "succeeded"),
            (["failed", "succeeded"], "succeeded"),
            (["failed", "failed"], "failed"),
        ],
    )
    def test_events_come_in_any_order(self, alice: httpx2.Client, kinds: list[str], status: str) -> None:
        order = add_order(alice)
        payment = start_payment(alice, order)

        for kind in kinds:
            send(alice, event(kind, payment))

        assert payments_of(alice, order) == [status]
        assert status_of(alice, order) == ("paid" if status == "succeeded" else "pending")

    @pytest.mark.parametrize(
        ("owner", "method"), [(OrderRepository, "lock_order"), (PaymentRepository, "update_payment")]
    )
    def test_two_events_come_at_once(self, alice: httpx2.Client, owner: type, method: str) -> None:
        order = add_order(alice)
        payment = start_payment(alice, order)

        with meanwhile(owner, method, lambda: send(alice, event("succeeded", payment))):
            send(alice, event("failed", payment))

        assert status_of(alice, order) == "paid"
        assert payments_of(alice, order) == ["succeeded"]

    def test_a_success_for_a_cancelled_order_is_to_be_refunded(self, alice: httpx2.Client) -> None:
        order = add_order(alice)
        payment = start_payment(alice, order)
        cancel(alice, order)

        send(alice, event("succeeded", payment))
        send(alice, event("succeeded", payment))

        assert status_of(alice, order) == "cancelled"
        assert payments_of(alice, order) == ["refund_due"]

    def test_a_second_success_for_an_order_is_to_be_refunded(self, alice: httpx2.Client) -> None:
        order = add_order(alice)
        first, second = start_payment(alice, order), start_payment(alice, order)

        send(alice, event("succeeded", second))
        send(alice, event("succeeded", first))

        assert status_of(alice, order) == "paid"
        assert payments_of(alice, order) == ["refund_due", "succeeded"]

    def test_the_payment_of_an_order_that_is_cancelled_is_to_be_refunded(
        self, alice: httpx2.Client, admin: httpx2.Client
    ) -> None:
        order = add_order(alice)
        start_payment(alice, order)
        pay(alice, order)

        cancel(admin, order)

        assert payments_of(alice, order) == ["pending", "refund_due"]

    @pytest.mark.parametrize(
        "other",
        [
            {"id": "a", "type": "payment.disputed", "data": {"payment_id": ID}, "more": 1},
            {"type": "account.updated"},
            {"id": 7, "type": "account.updated", "data": []},
            {"type": ""} | dict.fromkeys(map(str, range(200))),
        ],
    )
    def test_a_type_that_is_not_known_changes_nothing(self, client: httpx2.Client, other: dict[str, Any]) -> None:
        response = send(client, other)

        assert (response.status_code, response.json()) == (200, {"received": True})

    def test_unknown_fields_do_not_count(self, alice: httpx2.Client) -> None:
        order = add_order(alice)
        success = event("succeeded", start_payment(alice, order)) | dict.fromkeys(map(str, range(200)))

        assert send(alice, success).status_code == 200
        assert status_of(alice, order) == "paid"

    @pytest.mark.parametrize("payment", [ID, ID.upper(), f"urn:uuid:{ID}", "chair", None, 7, ["a"]])
    def test_needs_a_payment(self, client: httpx2.Client, payment: object) -> None:
        response = send(client, {"id": "a", "type": "payment.failed", "data": {"payment_id": payment}})

        assert (response.status_code, response.json()["code"]) == (404, "payment_not_found")

    def test_an_event_for_no_payment_is_not_taken_for_one_that_was_received(self, client: httpx2.Client) -> None:
        unknown = {"id": "a", "type": "payment.failed", "data": {"payment_id": ID}}

        assert [send(client, unknown).status_code for _ in range(2)] == [404, 404]

    @pytest.mark.parametrize("body", [b"{", b"", b"[]", b'{"id": "a"}', b"\xff"])
    def test_looks_at_the_signature_first(self, client: httpx2.Client, body: bytes) -> None:
        headers = {"Content-Type": "text/plain"}

        unsigned = client.post(WEBHOOK, content=body, headers=headers | {"Payment-Signature": "t=1,v1=00"})
        signed = client.post(WEBHOOK, content=body, headers=headers | signature(body))

        assert (unsigned.status_code, unsigned.json()["code"]) == (400, "invalid_signature")
        assert signed.status_code == 415

    def test_a_signature_is_required(self, client: httpx2.Client) -> None:
        response = client.post(WEBHOOK, json={"id": "a", "type": "payment.failed", "data": {}})

        assert (response.status_code, response.json()["code"]) == (400, "invalid_signature")

    @pytest.mark.parametrize(
        ("body", "status"),
        [(b"{", 400), (b"[]", 422), (b'{"id": "a"}', 422), (b'{"id": "", "type": "payment.failed", "data": {}}', 422)],
    )
    def test_then_at_the_body(self, client: httpx2.Client, body: bytes, status: int) -> None:
        headers = {"Content-Type": "application/json"} | signature(body)

        assert client.post(WEBHOOK, content=body, headers=headers).status_code == status


class TestEvents:
    def test_tell_what_becomes_of_an_order(self, alice: httpx2.Client, admin: httpx2.Client) -> None:
        feed = Feed(admin)
        order = add_order(alice)
        payment = start_payment(alice, order)
        for kind in ("failed", "failed", "succeeded", "succeeded"):
            send(alice, event(kind, payment))
        admin.patch(f"/api/v1/orders/{order['id']}/status", json={"status": "fulfilled"})

        user_id = alice.get("/api/v1/users/me").json()["id"]
        of_order = {"order_id": order["id"], "user_id": user_id}
        of_payment = {"order_id": order["id"], "payment_id": payment["id"]}
        assert feed.read_about("order", "payment") == [
            ("order.created", of_order | {"total_cents": order["total_cents"], "currency": "EUR"}),
            ("payment.failed", of_payment | {"status": "failed"}),
            ("order.paid", of_order),
            ("payment.succeeded", of_payment | {"status": "succeeded"}),
            ("order.fulfilled", of_order),
        ]

    def test_tell_of_money_that_must_go_back(self, alice: httpx2.Client, admin: httpx2.Client) -> None:
        feed = Feed(admin)
        order = add_order(alice)
        payment = start_payment(alice, order)
        cancel(alice, order)
        send(alice, event("succeeded", payment))

        happened = feed.read_about("order", "payment")
        assert [kind for kind, _ in happened] == ["order.created", "order.cancelled", "payment.succeeded"]
        assert happened[-1][1]["status"] == "refund_due"
