"""How a feature says what its jobs are."""

from uuid import UUID

import pytest

from {{ cookiecutter.__package }}.jobs.registry import job, registered_jobs, scheduled

NOTE_ID = "01a217ca-7633-7473-8816-dec89c88a1c6"
exported: list[UUID] = []


@job
def export(note_id: UUID) -> None:
    exported.append(note_id)


class TestJob:
    def test_is_known_by_its_feature_and_its_name(self) -> None:
        assert registered_jobs()["jobs.export"].schedule is None

    def test_converts_what_comes_as_json(self) -> None:
        exported.clear()

        registered_jobs()["jobs.export"].run(note_id=NOTE_ID)

        assert exported == [UUID(NOTE_ID)]

    def test_does_not_repeat_an_argument_that_it_refuses(self) -> None:
        with pytest.raises(ValueError, match="note_id") as refusal:
            registered_jobs()["jobs.export"].run(note_id="a secret")

        assert "a secret" not in str(refusal.value)

    def test_stays_a_function(self) -> None:
        export(UUID(NOTE_ID))

    def test_has_a_name_of_its_own(self) -> None:
        def export(note_id: UUID) -> None: ...

        with pytest.raises(LookupError, match=r"there is another job jobs\.export; rename one of them"):
            job(export)

    def test_is_no_coroutine(self) -> None:
        async def upload() -> None: ...

        with pytest.raises(LookupError, match=r"the job jobs\.upload is async"):
            job(upload)


class TestScheduled:
    @pytest.mark.parametrize("schedule", ["", "daily", "61 * * * *", "* * * *", "0 0 31 2 *"])
    def test_refuses_what_never_comes(self, schedule: str) -> None:
        def clean_up() -> None: ...

        with pytest.raises(LookupError, match=r"the schedule of jobs\.clean_up should be like 30 4"):
            scheduled(schedule)(clean_up)
