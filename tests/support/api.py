"""A client of the HTTP API: thin, typed, aiohttp underneath."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, NotRequired, Self, TypedDict
from urllib.parse import quote

import aiohttp

Json = dict[str, Any]


class Outcome(TypedDict):
    kind: str
    exitCode: NotRequired[int | None]
    signal: NotRequired[int | None]
    message: NotRequired[str]


class Task(TypedDict):
    pid: str
    parentPid: str | None
    applicationId: str
    scriptId: str
    owner: str
    startParams: Json
    startedAt: str | None
    finishedAt: str | None
    language: str
    startPath: str
    state: str
    outcome: Outcome
    limits: dict[str, float]
    usage: dict[str, float]
    hypervisor: str | None


class Record(TypedDict):
    offset: int
    next: NotRequired[int]  # the offset that continues behind this record
    time: float
    stream: str
    pid: str
    text: str


def behind(record: Record) -> int:
    """Where to go on reading after this record."""
    return record.get("next", record["offset"] + len(record["text"].encode()))


class ApiError(Exception):
    """An answer with an error status, as the API words it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message


@dataclass
class App:
    id: str
    name: str
    path: str
    scripts: dict[str, str] = field(default_factory=dict)  # path -> script id


@dataclass
class Output:
    """What a reader of the output stream got: the records and the end."""

    records: list[Record]
    end: Json | None

    def text(self, stream: str | None = None) -> str:
        return "".join(one["text"] for one in self.records if stream in (None, one["stream"]))

    def lines(self, stream: str | None = "stdout") -> list[str]:
        return self.text(stream).splitlines()


class OutputReader:
    """Iterates over the records of one answer; `end` is there after the last."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.end: Json | None = None
        self._records = self._read(response.content)

    def __aiter__(self) -> AsyncIterator[Record]:
        """Goes on where the last iteration stopped."""
        return self._records

    async def __anext__(self) -> Record:
        return await anext(self._records)

    async def _read(self, content: aiohttp.StreamReader) -> AsyncIterator[Record]:
        async for line in lines_of(content):
            value: Json = json.loads(line)
            if "end" in value:
                self.end = value["end"]
                return
            if "offset" in value:
                record: Record = value  # type: ignore[assignment]
                yield record

    async def first(self) -> Record:
        async for record in self:
            return record
        raise AssertionError("the output ended without a record")


async def lines_of(content: aiohttp.StreamReader) -> AsyncIterator[bytes]:
    """Lines of any length (StreamReader.readline has a limit)."""
    parts: list[bytes] = []
    async for chunk in content.iter_any():
        *complete, rest = chunk.split(b"\n")
        for line in complete:
            parts.append(line)
            yield b"".join(parts)
            parts = []
        if rest:
            parts.append(rest)
    if parts:
        yield b"".join(parts)


_names: Counter[str] = Counter()


class Api:
    """One client session with a token (or none)."""

    def __init__(self, url: str, token: str | None) -> None:
        self.url = url.rstrip("/")
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        timeout = aiohttp.ClientTimeout(total=None, connect=10, sock_read=100)
        connector = aiohttp.TCPConnector(limit=0)
        self.session = aiohttp.ClientSession(headers=headers, timeout=timeout, connector=connector)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()

    def address(self, path: str) -> str:
        return f"{self.url}/api/v1{path}"

    async def call(self, method: str, path: str, body: object = None, **options: Any) -> Any:
        """The JSON of a good answer (None for an empty one); ApiError otherwise."""
        if body is not None:
            options["json"] = body
        async with self.session.request(method, self.address(path), **options) as response:
            content = await response.read()
            raise_for_error(response.status, content)
            return json.loads(content) if content else None

    # --- applications -----------------------------------------------------------------------------------------

    async def create_application(
        self, name: str, files: Mapping[str, str | bytes], executable: tuple[str, ...] | None = None
    ) -> App:
        """An application with these files; all .py and .py3 ones executable unless told which.

        The name gets a number when it was used before.
        """
        _names[name] += 1
        unique = name if _names[name] == 1 else f"{name}{_names[name]}"
        made = await self.call("POST", "/applications", {"name": unique})
        app = App(made["id"], made["name"], made["path"])
        for path, content in files.items():
            await self.put_file(app.id, path, content)
        wanted = executable if executable is not None else tuple(p for p in files if p.endswith((".py", ".py3")))
        for path in wanted:
            app.scripts[path] = await self.enable_script(app.id, path)
        return app

    async def put_file(self, app_id: str, path: str, content: str | bytes) -> None:
        data = content.encode() if isinstance(content, str) else content
        address = self.address(f"/applications/{app_id}/files/{quote(path)}")
        async with self.session.put(address, data=data) as response:
            raise_for_error(response.status, await response.read())

    async def get_file(self, app_id: str, path: str) -> bytes:
        address = self.address(f"/applications/{app_id}/files/{quote(path)}")
        async with self.session.get(address) as response:
            content = await response.read()
            raise_for_error(response.status, content)
            return content

    async def enable_script(self, app_id: str, path: str) -> str:
        made = await self.call("PUT", f"/applications/{app_id}/scripts/{quote(path)}")
        return str(made["id"])

    # --- tasks ------------------------------------------------------------------------------------------------

    async def start(self, app: App, script: str = "main.py", params: Json | None = None) -> str:
        body = {"applicationId": app.id, "script": script, "params": params or {}}
        return str((await self.call("POST", "/tasks", body))["pid"])

    async def task(self, pid: str) -> Task:
        found: Task = await self.call("GET", f"/tasks/{pid}")
        return found

    async def tasks(self, **query: str | int) -> list[Task]:
        """The history. The list may be the answer itself or its field `tasks`."""
        answer = await self.call("GET", "/tasks", params={key: str(value) for key, value in query.items()})
        found: list[Task] = answer if isinstance(answer, list) else answer["tasks"]
        return found

    async def stop(self, pid: str) -> None:
        await self.call("POST", f"/tasks/{pid}/stop")

    @asynccontextmanager
    async def follow(self, pid: str, offset: int = 0, tree: bool = False) -> AsyncIterator[OutputReader]:
        query = {"from": str(offset), "follow": "true"}
        if tree:
            query["tree"] = "true"
        async with self.session.get(self.address(f"/tasks/{pid}/output"), params=query) as response:
            if response.status != 200:
                raise_for_error(response.status, await response.read())
            yield OutputReader(response)

    async def output(self, pid: str, offset: int = 0, tree: bool = False) -> Output:
        """Everything to the end of the task."""
        async with self.follow(pid, offset, tree) as reader:
            records = [record async for record in reader]
            return Output(records, reader.end)

    async def raw(self, pid: str, stream: str | None = None) -> bytes:
        query = {} if stream is None else {"stream": stream}
        async with self.session.get(self.address(f"/tasks/{pid}/output/raw"), params=query) as response:
            content = await response.read()
            raise_for_error(response.status, content)
            return content

    async def closed(self, pid: str) -> Task:
        """Waits for the end on the output stream, and gives the task as it is then."""
        async with self.follow(pid) as reader:
            async for _ in reader:
                pass
            assert reader.end is not None, f"the output of {pid} ended without its end record"
        return await self.task(pid)

    async def run(self, app: App, script: str = "main.py", params: Json | None = None) -> tuple[Task, Output]:
        pid = await self.start(app, script, params)
        output = await self.output(pid)
        return await self.task(pid), output


def raise_for_error(status: int, content: bytes) -> None:
    if status < 400:
        return
    try:
        error = json.loads(content)["error"]
        code, message = str(error["code"]), str(error["message"])
    except (ValueError, KeyError, TypeError):
        code, message = "not_the_error_model", content[:500].decode(errors="replace")
    raise ApiError(status, code, message)
