"""Notes, as clients see them."""

import httpx2
import pytest

NOTES = "/api/v1/notes"


def write(user: httpx2.Client, title: str) -> dict[str, str]:
    note: dict[str, str] = user.post(NOTES, json={"title": title, "text": "Two litres"}).json()
    return note


def test_a_new_note_is_where_the_answer_says(alice: httpx2.Client) -> None:
    response = alice.post(NOTES, json={"title": "Milk"})

    assert response.json() == alice.get(response.headers["Location"]).json()
    assert response.json()["text"] == ""


def test_a_list_goes_on_page_by_page_from_the_newest(alice: httpx2.Client) -> None:
    milk, bread = write(alice, "Milk"), write(alice, "Bread")

    first = alice.get(NOTES, params={"limit": 1}).json()
    second = alice.get(NOTES, params={"limit": 1, "cursor": first["next_cursor"]}).json()

    assert first["items"] == [bread]
    assert second == {"items": [milk], "next_cursor": None}


def test_a_cursor_of_another_list_is_refused(alice: httpx2.Client) -> None:
    assert alice.get(NOTES, params={"cursor": "made-up"}).json()["code"] == "invalid_cursor"


def test_a_change_leaves_alone_what_was_not_sent(alice: httpx2.Client) -> None:
    note = write(alice, "Milk")

    response = alice.patch(f"{NOTES}/{note['id']}", json={"title": "Bread"})

    assert response.json() == alice.get(f"{NOTES}/{note['id']}").json() == note | {"title": "Bread"}


def test_a_deleted_note_is_gone(alice: httpx2.Client) -> None:
    note = write(alice, "Milk")

    assert alice.delete(f"{NOTES}/{note['id']}").status_code == 204

    assert alice.get(NOTES).json()["items"] == []


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PATCH", {"title": "Bread"}), ("DELETE", None)])
def test_another_users_note_does_not_exist(
    alice: httpx2.Client, bob: httpx2.Client, method: str, body: dict[str, str] | None
) -> None:
    note = write(alice, "Milk")

    response = bob.request(method, f"{NOTES}/{note['id']}", json=body)

    assert response.json()["code"] == "note_not_found"
    assert bob.get(NOTES).json()["items"] == []
    assert alice.get(f"{NOTES}/{note['id']}").json() == note
