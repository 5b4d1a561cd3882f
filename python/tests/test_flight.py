from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from grantry.flight import AsyncFlight, Flight


def nothing() -> None:
    return None


def test_one_works_and_all_get_it() -> None:
    flight: Flight[object] = Flight()
    come, go = threading.Event(), threading.Event()
    done: list[object] = []

    def work() -> object:
        come.set()
        assert go.wait(10)
        done.append(object())
        return done[-1]

    waiting = Waiting(flight)
    with ThreadPoolExecutor(50) as pool:
        first = pool.submit(flight.do, nothing, work)
        assert come.wait(10)
        others = [pool.submit(flight.do, nothing, work) for _ in range(49)]
        waiting.until(49)
        go.set()
        assert {id(each.result(10)) for each in [first, *others]} == {id(done[0])}
    assert len(done) == 1


def test_all_get_the_failure_and_the_next_tries_again() -> None:
    flight: Flight[int] = Flight()

    def fail() -> int:
        raise OSError("away")

    with pytest.raises(OSError, match="away"):
        flight.do(nothing, fail)
    assert flight.do(nothing, lambda: 7) == 7


def test_what_is_ready_is_not_worked_for() -> None:
    assert Flight[int]().do(lambda: 3, lambda: 1 // 0) == 3


def test_an_interruption_is_for_whoever_worked_alone() -> None:
    flight: Flight[str] = Flight()
    come, go = threading.Event(), threading.Event()

    def interrupted() -> str:
        come.set()
        assert go.wait(10)
        raise KeyboardInterrupt

    waiting = Waiting(flight)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(flight.do, nothing, interrupted)
        assert come.wait(10)
        second = pool.submit(flight.do, nothing, lambda: "done")
        waiting.until(1)
        go.set()
        assert isinstance(first.exception(10), KeyboardInterrupt)
        assert second.result(10) == "done"


class Waiting:
    """Tells how many wait for a flight's outcome: as many as have asked and were not given work."""

    def __init__(self, flight: Flight[object] | Flight[str]) -> None:
        self._changed = threading.Condition()
        self._asked = 0
        do = flight.do

        def counted(ready: object, work: object) -> object:
            def asked() -> None:
                with self._changed:
                    self._asked += 1
                    self._changed.notify_all()

            return do(asked, work)  # type: ignore[arg-type]

        flight.do = counted  # type: ignore[assignment, method-assign]

    def until(self, others: int) -> None:
        # Whoever has asked under the lock has joined the flight that is under way.
        with self._changed:
            assert self._changed.wait_for(lambda: self._asked == others + 1, 10)


def test_tasks_share_too_and_one_that_stops_does_not_stop_the_others() -> None:
    async def main() -> None:
        flight: AsyncFlight[str] = AsyncFlight()
        go = asyncio.Event()
        runs = 0

        async def work() -> str:
            nonlocal runs
            runs += 1
            await go.wait()
            return "done"

        first = asyncio.create_task(flight.do(nothing, work))
        others = [asyncio.create_task(flight.do(nothing, work)) for _ in range(20)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        go.set()
        assert await asyncio.gather(*others) == ["done"] * 20
        assert runs == 1
        assert await flight.do(nothing, work) == "done"
        assert runs == 2

    asyncio.run(main())


def test_a_flight_of_a_loop_that_stopped_is_forgotten() -> None:
    flight: AsyncFlight[str] = AsyncFlight()

    async def hang() -> str:
        await asyncio.Event().wait()
        return "never"

    async def leave() -> None:
        waiting = asyncio.create_task(flight.do(nothing, hang))
        await asyncio.sleep(0)
        waiting.cancel()

    async def done() -> str:
        return "done"

    # Stopped, as a server's loop may be, with the work still under way.
    stopped = asyncio.new_event_loop()
    stopped.run_until_complete(leave())
    hanging = flight._running
    assert hanging
    try:
        assert asyncio.run(asyncio.wait_for(flight.do(nothing, done), 10)) == "done"
    finally:
        hanging.cancel()
        stopped.run_until_complete(asyncio.gather(hanging, return_exceptions=True))
        stopped.close()
