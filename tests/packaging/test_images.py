"""The container file, the compose file, the Kubernetes manifests: what they name exists in `am` and in each other."""

import asyncio
import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from tests.packaging.options import unknown_options
from tests.support.platform import ROOT, running_platform

PACKAGING = ROOT / "packaging"
CONTAINERFILE = PACKAGING / "container/Containerfile"
HEALTH = PACKAGING / "container/health.sh"
MANIFESTS = sorted(path.name for path in (PACKAGING / "kubernetes").glob("*.yaml"))


@cache
def stages() -> dict[str, list[tuple[str, str]]]:
    """Each stage's instructions, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", CONTAINERFILE.read_text())
    found: dict[str, list[tuple[str, str]]] = {"": []}
    current = ""
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        word, _, rest = line.partition(" ")
        if word == "FROM":
            current = rest.rpartition(" AS ")[2]
            found[current] = []
        found[current].append((word, rest))
    return found


def instruction(stage: str, word: str) -> Any:
    """The one instruction of that name, read as JSON where it is some."""
    (rest,) = [rest for name, rest in stages()[stage] if name == word]
    return json.loads(rest) if rest.startswith("[") else rest


def documents(name: str) -> Iterator[dict[str, Any]]:
    yield from yaml.safe_load_all((PACKAGING / "kubernetes" / name).read_text())


def objects() -> dict[tuple[str, str], dict[str, Any]]:
    return {(one["kind"], one["metadata"]["name"]): one for name in MANIFESTS for one in documents(name)}


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((PACKAGING / "compose.yaml").read_text()))


def entry_point(stage: str) -> list[str]:
    return list(instruction(stage, "ENTRYPOINT"))


def workloads() -> Iterator[tuple[str, dict[str, Any]]]:
    for (kind, name), one in objects().items():
        if kind in {"Deployment", "StatefulSet"}:
            yield name, one


@pytest.mark.parametrize("stage", ["manager", "hypervisor"])
def test_container_file(stage: str) -> None:
    words = [word for word, _ in stages()[stage]]
    assert {"HEALTHCHECK", "STOPSIGNAL", "EXPOSE", "VOLUME", "LABEL"} <= set(words)
    assert instruction(stage, "USER") == "10001:10001"
    command = [*entry_point(stage), *(instruction(stage, "CMD") if "CMD" in words else [])]
    assert unknown_options(command) == []
    # What it listens on is what it exposes, and its folders are volumes of it.
    ports = {word.rpartition(":")[2] for word in command if word.startswith("0.0.0.0:")}
    assert ports == set(instruction(stage, "EXPOSE").split())
    folders = {
        value for option, value in pairwise(command) if option in {"--data", "--sources", "--workdirs", "--venvs"}
    }
    assert folders == set(instruction(stage, "VOLUME"))
    health = instruction(stage, "HEALTHCHECK")
    assert f'"/usr/local/libexec/am-health", "{sorted(ports)[-1 if stage == "manager" else 0]}"' in health


def test_container_file_copies_what_is_there() -> None:
    for stage, instructions in stages().items():
        for word, rest in instructions:
            if word == "COPY" and not rest.startswith("--from=build "):
                assert stage == "build"
                assert (ROOT / rest.split()[0]).exists()
    ignored = (ROOT / ".containerignore").read_text().splitlines()
    assert ignored == (PACKAGING / "container/Containerfile.dockerignore").read_text().splitlines()
    # What cmake and the build of the web IDE read must reach them.
    assert "tests" in ignored
    assert "!tests/fuzz" in ignored


def test_compose_file() -> None:
    project = compose()
    for name, service in project["services"].items():
        build = service["build"]
        assert (PACKAGING / build["context"] / build["dockerfile"]).resolve() == CONTAINERFILE
        assert build["target"] == name
        assert unknown_options([*entry_point(name), *service.get("command", [])]) == []
        for secret in service["secrets"]:
            assert secret["source"] in project["secrets"]
            assert secret["target"] in entry_point(name)
        for volume in service["volumes"]:
            source, target = volume.split(":")[:2]
            assert source in project["volumes"]
            assert any(target == one or target.startswith(f"{one}/") for one in instruction(name, "VOLUME"))
        assert all(other in project["services"] for other in service.get("depends_on", {}))
    used = {volume.split(":")[0] for service in project["services"].values() for volume in service["volumes"]}
    assert used == set(project["volumes"])


def test_compose_opens_only_the_manager_and_only_to_this_machine() -> None:
    services = compose()["services"]
    assert all(port.startswith("127.0.0.1:") for port in services["manager"]["ports"])
    assert "ports" not in services["hypervisor"]
    # Scripts are not changed by tasks, whatever they do.
    assert "sources:/sources:ro" in services["hypervisor"]["volumes"]
    assert "sources:/data/sources" in services["manager"]["volumes"]
    manager = services["hypervisor"]["command"][services["hypervisor"]["command"].index("--manager") + 1]
    assert manager == f"{services['manager']['hostname']}:18563"


@pytest.mark.parametrize("name", MANIFESTS)
def test_every_manifest_is_an_object_of_kubernetes(name: str) -> None:
    for one in documents(name):
        assert {"apiVersion", "kind", "metadata", "spec"} <= one.keys()


def test_references_in_the_manifests() -> None:
    known = objects()
    for name, workload in workloads():
        spec = workload["spec"]
        pod = spec["template"]["spec"]
        labels = spec["template"]["metadata"]["labels"]
        assert spec["selector"]["matchLabels"] == labels
        assert known["Service", name]["spec"]["selector"] == labels
        claims = {one["metadata"]["name"] for one in spec.get("volumeClaimTemplates", [])}
        volumes = {one["name"]: one for one in pod["volumes"]}
        for volume in volumes.values():
            if "persistentVolumeClaim" in volume:
                assert ("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]) in known
        (container,) = pod["containers"]
        mounted = {one["name"] for one in container["volumeMounts"]}
        assert mounted == set(volumes) | claims
        ports = {one["name"]: str(one["containerPort"]) for one in container["ports"]}
        assert set(ports.values()) == set(instruction(container["name"], "EXPOSE").split())
        for port in known["Service", name]["spec"]["ports"]:
            assert ports[port["targetPort"]] == str(port["port"])
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            for way in container.get(probe, {}).values():
                assert not isinstance(way, dict) or way.get("port", "http") in {*ports, "http"}
        assert unknown_options([*entry_point(container["name"]), *container.get("args", [])]) == []
        paths = {one["mountPath"] for one in container["volumeMounts"]}
        assert set(instruction(container["name"], "VOLUME")) <= paths
        assert "/etc/application-manager" in paths
    args = known["StatefulSet", "am-hypervisor"]["spec"]["template"]["spec"]["containers"][0]["args"]
    host = args[args.index("--manager") + 1].partition(":")[0]
    assert ("Service", host) in known


def test_no_container_has_more_rights_than_it_needs() -> None:
    for _, workload in workloads():
        pod = workload["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["securityContext"]["runAsUser"] == 10001
        assert not pod["automountServiceAccountToken"]
        own = pod["containers"][0]["securityContext"]
        assert own["readOnlyRootFilesystem"]
        assert not own["allowPrivilegeEscalation"]
        assert own["capabilities"] == {"drop": ["ALL"]}
    for service in compose()["services"].values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


async def health(*arguments: object) -> int:
    process = await asyncio.create_subprocess_exec(
        "bash", str(HEALTH), *map(str, arguments), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    return await asyncio.wait_for(process.wait(), 30)


async def test_health(installed_am: Path) -> None:
    with running_platform() as platform:
        port = platform.url.rpartition(":")[2]
        assert await health(port, "/healthz", 200) == 0
        assert await health(port, "/api/v1/tasks", 200) == 1
        assert await health(platform.resource_port) == 0
        # It is connected to, but says nothing that is HTTP.
        assert await health(platform.ipc_port) == 1
    assert await health(port, "/healthz", 200) == 1
