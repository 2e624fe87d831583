"""Moving, copying and archiving what is in an application, and renaming applications, over HTTP."""

import asyncio
import io
import tarfile
import zipfile
from urllib.parse import quote

import pytest

from tests.support.api import Api, ApiError, App, Json

FILES: dict[str, str | bytes] = {
    "main.py": "print('main')\n", "package/run.py": "print('run')\n", "package/lib.py": "", "data.txt": "data",
}  # fmt: skip
EXECUTABLE = ("main.py", "package/run.py")


async def change(api: Api, app: App, path: str, operation: str, to: str | None = None) -> Json:
    body = {"operation": operation} if to is None else {"operation": operation, "to": to}
    answer: Json = await api.call("POST", f"/applications/{app.id}/files/{quote(path)}", body)
    return answer


async def files(api: Api, app: App) -> dict[str, Json]:
    listed = await api.call("GET", f"/applications/{app.id}/files")
    return {one["path"]: one for one in listed}


@pytest.fixture
async def app(api: Api) -> App:
    return await api.create_application("Operations", FILES, EXECUTABLE)


async def test_a_moved_script_is_the_same_script(api: Api, app: App) -> None:
    assert await change(api, app, "main.py", "move", "tools/имя.py") == {"path": "tools/имя.py"}
    entry = (await files(api, app))["tools/имя.py"]
    assert entry["scriptId"] == app.scripts["main.py"]
    assert entry["executable"] is True
    _, output = await api.run(app, "tools/имя.py")
    assert output.lines() == ["main"]


async def test_a_moved_folder_takes_its_scripts_along(api: Api, app: App) -> None:
    await change(api, app, "package", "move", "deep/er/package")
    found = await files(api, app)
    assert "package" not in found
    assert found["deep/er/package/run.py"]["scriptId"] == app.scripts["package/run.py"]


async def test_a_copy_of_a_script_runs_and_has_an_id_of_its_own(api: Api, app: App) -> None:
    assert await change(api, app, "package", "copy", "package copy") == {"path": "package copy"}
    found = await files(api, app)
    assert found["package copy/run.py"]["executable"] is True
    assert found["package copy/run.py"]["scriptId"] not in (None, app.scripts["package/run.py"])
    assert found["package copy/lib.py"]["executable"] is False
    _, output = await api.run(app, "package copy/run.py")
    assert output.lines() == ["run"]


async def test_folders_are_created(api: Api, app: App) -> None:
    assert await change(api, app, "new/empty", "createFolder") == {"path": "new/empty"}
    assert (await files(api, app))["new/empty"]["type"] == "folder"
    with pytest.raises(ApiError) as caught:
        await change(api, app, "new/empty", "createFolder")
    assert caught.value.status == 409


@pytest.mark.parametrize(
    ("path", "operation", "to", "status", "words"),
    [
        ("main.py", "move", "data.txt", 409, "data.txt"),
        ("main.py", "copy", "data.txt", 409, "data.txt"),
        ("package", "copy", "package", 409, "package"),
        ("missing.py", "move", "other.py", 404, "missing.py"),
        ("missing.py", "copy", "other.py", 404, "missing.py"),
        ("package", "move", "package/inner", 400, "package/inner"),
        ("package", "copy", "package/inner", 400, "package/inner"),
        ("main.py", "move", "../outside.py", 400, "../outside.py"),
        ("main.py", "copy", "/etc/passwd", 400, "/etc/passwd"),
        ("main.py", "copy", "a//b", 400, "a//b"),
        ("main.py", "copy", "", 400, "to"),
        ("main.py", "move", None, 400, "to"),
        ("main.py", "rename", "other.py", 400, "rename"),
        ("main.py", "move", "data.txt/inner.py", 409, "data.txt"),
    ],
)
async def test_refusals_name_what_is_wrong_and_change_nothing(
    api: Api, app: App, path: str, operation: str, to: str | None, status: int, words: str
) -> None:
    before = await files(api, app)
    with pytest.raises(ApiError) as caught:
        await change(api, app, path, operation, to)
    assert caught.value.status == status, caught.value
    assert words in caught.value.message
    assert await files(api, app) == before


async def test_of_many_copies_to_one_name_one_wins(api: Api, app: App) -> None:
    answers = await asyncio.gather(
        *(change(api, app, "package", "copy", "same") for _ in range(8)), return_exceptions=True
    )
    refused = [one for one in answers if isinstance(one, ApiError)]
    assert len(refused) == 7, answers
    assert {one.status for one in refused} == {409}


@pytest.mark.parametrize("form", ["zip", "tar.gz"])
async def test_a_folder_is_downloaded_as_an_archive(api: Api, app: App, form: str) -> None:
    address = api.address(f"/applications/{app.id}/files/package")
    async with api.session.get(address, params={"archive": form}) as response:
        assert response.status == 200
        assert f"package.{form}" in response.headers["Content-Disposition"]
        content = io.BytesIO(await response.read())
    if form == "zip":
        with zipfile.ZipFile(content) as archive:
            assert archive.testzip() is None
            members = {one.filename: (one.external_attr >> 16) & 0o111 for one in archive.infolist()}
            assert archive.read("package/run.py") == b"print('run')\n"
    else:
        with tarfile.open(fileobj=content) as archive:
            members = {one.name: one.mode & 0o111 for one in archive.getmembers()}
    assert members.keys() == {"package/run.py", "package/lib.py"}
    assert members["package/run.py"] != 0
    assert members["package/lib.py"] == 0


@pytest.mark.parametrize(
    ("path", "form", "status"), [("main.py", "zip", 400), ("package", "rar", 400), ("missing", "zip", 404)]
)
async def test_archives_that_cannot_be(api: Api, app: App, path: str, form: str, status: int) -> None:
    address = api.address(f"/applications/{app.id}/files/{path}")
    async with api.session.get(address, params={"archive": form}) as response:
        assert response.status == status, await response.text()


async def test_a_write_of_an_old_version_is_refused(api: Api, app: App) -> None:
    address = api.address(f"/applications/{app.id}/files/main.py")
    async with api.session.get(address) as response:
        old = response.headers["ETag"]
    async with api.session.put(address, data=b"second", headers={"If-Match": old}) as response:
        assert response.status == 200
        current = response.headers["ETag"]
    assert current != old
    async with api.session.put(address, data=b"third", headers={"If-Match": old}) as response:
        assert response.status == 412
        assert (await response.json())["error"]["code"] == "precondition_failed"
    async with api.session.put(address, data=b"third", headers={"If-None-Match": "*"}) as response:
        assert response.status == 412
    assert await api.get_file(app.id, "main.py") == b"second"
    async with api.session.get(address, headers={"If-None-Match": current}) as response:
        assert response.status == 304
    await api.call("DELETE", f"/applications/{app.id}/files/main.py")
    async with api.session.put(address, data=b"third", headers={"If-Match": current}) as response:
        assert response.status == 412


async def test_an_application_is_renamed_and_its_scripts_run_on(api: Api, app: App) -> None:
    other = await api.create_application("Taken", {})
    with pytest.raises(ApiError) as caught:
        await api.call("PATCH", f"/applications/{app.id}", {"name": other.name})
    assert caught.value.status == 409
    assert other.name in caught.value.message
    with pytest.raises(ApiError) as caught:
        await api.call("PATCH", f"/applications/{app.id}", {"name": "a/b"})
    assert caught.value.status == 400
    renamed = await api.call("PATCH", f"/applications/{app.id}", {"name": f"{app.name} renamed"})
    assert renamed["name"] == f"{app.name} renamed"
    assert renamed["path"] == app.path
    _, output = await api.run(app, "main.py")
    assert output.lines() == ["main"]
