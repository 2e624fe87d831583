"""Applications and their files."""

import asyncio
import os

import pytest

from tests.support.api import Api, ApiError
from tests.support.platform import Platform


async def test_files_are_written_read_listed_and_removed(api: Api) -> None:
    app = await api.create_application("Files", {"a/b/c.txt": b"\x00\xff", "main.py": "print(1)\n"})
    assert await api.get_file(app.id, "a/b/c.txt") == b"\x00\xff"
    await api.put_file(app.id, "a/b/c.txt", b"second")
    assert await api.get_file(app.id, "a/b/c.txt") == b"second"
    listing = await api.call("GET", f"/applications/{app.id}/files")
    text = str(listing)
    assert "c.txt" in text
    assert "main.py" in text
    await api.call("DELETE", f"/applications/{app.id}/files/a/b/c.txt")
    with pytest.raises(ApiError) as caught:
        await api.get_file(app.id, "a/b/c.txt")
    assert caught.value.status == 404
    assert "c.txt" in caught.value.message


@pytest.mark.parametrize("path", ["имя.py", "with space.py", "a+b&c=d.py", "100%.py", "q?.py", "#hash.py", "ü/é.py"])
async def test_unusual_names(api: Api, path: str) -> None:
    app = await api.create_application("Unusual", {path: f"print({path!r})\n"})
    _, output = await api.run(app, path)
    assert output.lines() == [path]


async def test_a_write_is_whole_for_every_reader(api: Api) -> None:
    app = await api.create_application("Atomic", {"file": b"a" * 500_000}, ())

    async def write() -> None:
        for number in range(20):
            await api.put_file(app.id, "file", (b"a" if number % 2 else b"b") * 500_000)

    async def read() -> None:
        for _ in range(40):
            content = await api.get_file(app.id, "file")
            assert len(content) == 500_000
            assert len(set(content)) == 1

    await asyncio.gather(write(), read(), read())


async def test_the_same_name_twice_is_refused(api: Api) -> None:
    await api.call("POST", "/applications", {"name": "Twice"})
    with pytest.raises(ApiError) as caught:
        await api.call("POST", "/applications", {"name": "Twice"})
    assert caught.value.status == 409
    assert "Twice" in caught.value.message


async def test_delete_removes_the_folder(platform: Platform, api: Api) -> None:
    app = await api.create_application("Deleted", {"main.py": "print(1)\n"})
    folder = platform.data / "sources" / os.path.basename(app.path.rstrip("/"))
    assert folder.is_dir()
    await api.call("DELETE", f"/applications/{app.id}")
    assert not folder.exists()
    with pytest.raises(ApiError) as caught:
        await api.call("GET", f"/applications/{app.id}")
    assert caught.value.status == 404


async def test_an_enabled_script_keeps_its_id(api: Api) -> None:
    app = await api.create_application("SameId", {"main.py": "print(1)\n"})
    assert await api.enable_script(app.id, "main.py") == app.scripts["main.py"]
    started = await api.call("POST", "/tasks", {"scriptId": app.scripts["main.py"], "params": {}})
    assert (await api.closed(started["pid"]))["scriptId"] == app.scripts["main.py"]
    second = await api.call("POST", "/tasks", {"scriptId": app.scripts["main.py"]})
    await api.closed(second["pid"])


async def test_edited_code_is_what_the_next_run_runs(api: Api) -> None:
    app = await api.create_application("Edited", {"main.py": "import other\n", "other.py": "print('one')\n"})
    _, first = await api.run(app)
    await api.put_file(app.id, "other.py", "print('two')\n")
    _, second = await api.run(app)
    assert [first.lines(), second.lines()] == [["one"], ["two"]]
