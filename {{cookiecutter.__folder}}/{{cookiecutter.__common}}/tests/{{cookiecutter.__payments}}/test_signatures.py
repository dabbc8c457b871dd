"""Signatures of the payment provider."""

import pytest

from {{ cookiecutter.__package }}.payments.signatures import InvalidSignature, sign, verify

SECRET = "of the provider and of this service"
NOW = 1_700_000_000
BODY = b'{"id": "evt_1"}'
GOOD = sign(BODY, SECRET, NOW)
VALUE = GOOD.split("v1=")[1]


def test_is_an_hmac_of_the_time_and_the_body() -> None:
    assert sign(b"{}", "secret", 1) == "t=1,v1=1122767b193110cfec322b6f199b599edbf608ed087f2d27afb0b97d99523908"


@pytest.mark.parametrize("seconds", [0, 300, -300])
def test_is_good_for_300_seconds_on_both_sides(seconds: int) -> None:
    verify(GOOD, BODY, SECRET, NOW + seconds)


@pytest.mark.parametrize("seconds", [301, -301, 10**9])
def test_is_no_good_afterwards(seconds: int) -> None:
    with pytest.raises(InvalidSignature):
        verify(GOOD, BODY, SECRET, NOW + seconds)


@pytest.mark.parametrize(
    "signature",
    [
        f"t={NOW},v1={'0' * 64},v1={VALUE}",
        f"t={NOW},v1={VALUE},v1={'0' * 64}",
        f"t={NOW},v0=00,v1={VALUE},v2=00",
        f"t={NOW}, v1={VALUE.upper()}, key=of the provider,",
    ],
)
def test_one_right_value_is_enough(signature: str) -> None:
    verify(signature, BODY, SECRET, NOW)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "t=",
        f"v1={VALUE}",
        f"t={NOW}",
        f"t={NOW},v1=",
        f"t={NOW},v1={'0' * 64}",
        f"t={NOW},v0={VALUE}",
        f"t={NOW},v1={VALUE[:-1]}",
        f"t={NOW},v1={VALUE}0",
        f"t={NOW},t={NOW},v1={VALUE}",
        f"t=0{NOW},v1={VALUE}",
        f"t={NOW - 1},v1={VALUE}",
        f"t={NOW}.0,v1={VALUE}",
        f"t={'9' * 400},v1={VALUE}",
        f"t=\u0661,v1={VALUE}",
        f"t={NOW},v1=\xe9{VALUE}",
        f"t={NOW} ,v1={VALUE}x",
    ],
)
def test_another_one_is_refused(signature: str) -> None:
    with pytest.raises(InvalidSignature):
        verify(signature, BODY, SECRET, NOW)


def test_is_of_the_very_bytes() -> None:
    with pytest.raises(InvalidSignature):
        verify(GOOD, BODY + b" ", SECRET, NOW)


def test_is_of_the_secret() -> None:
    with pytest.raises(InvalidSignature):
        verify(GOOD, BODY, "another one", NOW)
