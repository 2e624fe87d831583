"""Output reaches a reader as it is printed, nothing lost, bytes kept."""

import asyncio
import json
import statistics
import time

import pytest

from tests.support.api import Api, App, behind

NOT_UTF8 = b"a\xff\xfe\x00b\n\xed\xa0\x80c\n\xc3\x28d\ncut \xd0"


async def test_lines_arrive_as_they_are_printed(api: Api, kit: App) -> None:
    pid = await api.start(kit, "timed_lines.py")
    delays = []
    async with api.follow(pid) as reader:
        async for record in reader:
            now = time.time()
            assert record["text"].endswith("\n"), "a line came in pieces"
            delays += [now - float(line) for line in record["text"].splitlines()]
    assert len(delays) == 40
    # The first may wait for this reader's request; on a loaded machine a few others may wait for a processor.
    assert statistics.median(delays) < 0.05
    assert sorted(delays)[34] < 0.25


async def test_text_without_a_line_break_arrives_too(api: Api, kit: App) -> None:
    pid = await api.start(kit, "partial_line.py")
    async with api.follow(pid) as reader:
        record = await asyncio.wait_for(reader.first(), 10)
    assert record["text"] == "name: "
    await api.stop(pid)
    await api.closed(pid)


async def test_records_carry_offset_time_stream_and_pid(api: Api, kit: App) -> None:
    task, output = await api.run(kit, "two_streams.py")
    assert output.lines("stdout") == [f"out {number}" for number in range(5)]
    assert output.lines("stderr") == [f"err {number}" for number in range(5)]
    printed = [record for record in output.records if record["stream"] != "system"]
    assert [record["text"][:3] for record in printed] == ["out", "err"] * 5
    expected_offset = 0
    for record in printed:
        assert set(record) >= {"offset", "time", "stream", "pid", "text"}
        assert record["offset"] == expected_offset
        assert record["pid"] == task["pid"]
        expected_offset += len(record["text"].encode())
    times = [record["time"] for record in printed]
    assert times == sorted(times)
    assert 0 <= times[0] < 10
    assert 0.15 <= times[-1] - times[0] < 5
    assert task["usage"]["outputBytes"] == expected_offset


async def test_raw_has_each_stream_apart(api: Api, kit: App) -> None:
    task, _ = await api.run(kit, "two_streams.py")
    assert await api.raw(task["pid"], "stdout") == b"".join(b"out %d\n" % number for number in range(5))
    assert await api.raw(task["pid"], "stderr") == b"".join(b"err %d\n" % number for number in range(5))
    both = await api.raw(task["pid"])
    assert both == b"".join(b"out %d\nerr %d\n" % (number, number) for number in range(5))


async def test_bytes_that_are_not_utf8(api: Api, kit: App) -> None:
    task, output = await api.run(kit, "not_utf8.py")
    assert output.text("stdout") == NOT_UTF8.decode(errors="replace")
    assert await api.raw(task["pid"], "stdout") == NOT_UTF8


async def test_a_character_split_between_writes_is_joined(api: Api, kit: App) -> None:
    pid = await api.start(kit, "split_character.py")
    live = await api.output(pid)
    assert live.text("stdout") == "Яр→🐍\n"
    assert (await api.output(pid)).text("stdout") == "Яр→🐍\n"


async def test_reading_again_gives_the_same(api: Api, kit: App) -> None:
    pid = await api.start(kit, "two_streams.py")
    live = await api.output(pid)
    later = await api.output(pid)
    assert live.text("stdout") == later.text("stdout")
    assert live.text("stderr") == later.text("stderr")
    assert live.end == later.end


async def test_output_without_follow_ends_at_what_is_there(api: Api, kit: App) -> None:
    pid = await api.start(kit, "sleep_long.py")
    async with api.follow(pid) as reader:
        first = await reader.first()
    async with api.session.get(api.address(f"/tasks/{pid}/output")) as response:
        lines = [json.loads(line) for line in (await response.read()).splitlines()]
    assert [line["text"] for line in lines if line.get("stream") == "stdout"] == [first["text"]]
    assert not any(line.get("end", {}).get("state") == "closed" for line in lines)
    await api.stop(pid)
    await api.closed(pid)


async def test_resume_after_a_record(api: Api, kit: App) -> None:
    """A reader that comes back at the end of what it has gets exactly the rest."""
    pid = await api.start(kit, "ticking.py", {"lines": 30, "pause": 0.02})
    text = ""
    position = 0
    async with api.follow(pid) as reader:
        async for record in reader:
            if record["stream"] == "stdout":
                text += record["text"]
                position = behind(record)
            if text.count("\n") >= 10:
                break
    rest = await api.output(pid, position)
    assert text + rest.text("stdout") == "".join(f"tick {number}\n" for number in range(30))


async def test_resume_inside_a_record(api: Api, kit: App) -> None:
    task, whole = await api.run(kit, "ticking.py", {"lines": 3, "pause": 0})
    text = whole.text("stdout")
    for position in (1, 7, 10, len(text) - 1):
        part = await api.output(task["pid"], position)
        assert part.text("stdout") == text[position:]
        assert part.records[0]["offset"] == position
    assert (await api.output(task["pid"], len(text))).text("stdout") == ""


@pytest.mark.parametrize("offset", ["-1", "x", "1.5", "99999999999999999999"])
async def test_a_wrong_offset_is_refused(api: Api, kit: App, offset: str) -> None:
    task, _ = await api.run(kit, "hello.py")
    query = {"from": offset}
    async with api.session.get(api.address(f"/tasks/{task['pid']}/output"), params=query) as response:
        body = await response.text()
        assert response.status == 400, body
        assert "from" in json.loads(body)["error"]["message"]


async def test_output_of_a_task_that_prints_nothing(api: Api) -> None:
    app = await api.create_application("Silent", {"main.py": "pass\n"})
    task, output = await api.run(app)
    assert output.text("stdout") == output.text("stderr") == ""
    assert await api.raw(task["pid"]) == b""
    assert task["usage"]["outputBytes"] == 0


async def test_print_then_die_a_thousand_times(api: Api, kit: App) -> None:
    """Every line that was printed before the end is there, whoever reads when."""
    todo = iter(range(1000))
    broken: list[str] = []

    async def worker() -> None:
        for number in todo:
            lines = 1 + number % 7
            pid = await api.start(kit, "print_then_die.py", {"lines": lines})
            output = await api.output(pid)
            if output.lines() != [f"line {one}" for one in range(lines)] or output.end is None:
                broken.append(f"{pid}: {output}")

    await asyncio.gather(*(worker() for _ in range(8)))
    assert not broken, f"{len(broken)} of 1000, first: {broken[0]}"
