"""The schemas of Kubernetes and of custom resources, closed: what a schema does not name is refused."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import yaml

CRDS = Path(__file__).parents[3].parent / "shared" / "knowledge" / "crds"
KUBERNETES = "1.34"
CORE = frozenset({"v1", "apps/v1", "networking.k8s.io/v1"})
FOLDERS = ("istio", "linkerd", "calico-v3-native", "gateway-api-standard", "antrea", "kuma", "consul")
"""First come, first served: Linkerd and Consul carry older Gateway API resources, which the newer ones go before."""
OPEN = "x-kubernetes-preserve-unknown-fields"
MESSAGE = "{kind} {name}: {path}: {message}"


def problems(manifest: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a manifest under its own schema; nothing when it would be taken."""
    if manifest["apiVersion"] in CORE:
        yield from _core(manifest)
        return
    schema = custom().get((manifest["apiVersion"], manifest["kind"]))
    if schema is None:
        yield f"no schema for {manifest['apiVersion']} {manifest['kind']}"
        return
    for error in jsonschema.Draft202012Validator(schema).iter_errors(manifest):
        yield f"{manifest['kind']} {manifest['metadata']['name']}: {error.json_path}: {error.message[:200]}"


def _core(manifest: dict[str, Any]) -> Iterator[str]:
    try:
        kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as error:
        yield f"{manifest['kind']} {manifest['metadata']['name']}: {error.path}: {error.message[:200]}"


@cache
def custom() -> dict[tuple[str, str], dict[str, Any]]:
    """apiVersion and kind -> closed JSON schema."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for folder in ("gateway-api-standard", *FOLDERS):
        for path in sorted((CRDS / folder).glob("*.yaml")):
            for document in yaml.load_all(path.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
                for key, schema in _versions(document or {}):
                    found.setdefault(key, schema)
    for path in sorted((CRDS / "cilium-jsonschema").glob("*networkpolicy_v2.json")):
        schema = json.loads(path.read_text())
        kind = {"ciliumnetworkpolicy": "CiliumNetworkPolicy"}.get(path.stem.partition("_")[0])
        if kind:
            found["cilium.io/v2", kind] = closed(schema, root=True)
    return found


def _versions(document: dict[str, Any]) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    if document.get("kind") != "CustomResourceDefinition":
        return
    spec = document["spec"]
    for version in spec["versions"]:
        schema = version.get("schema", {}).get("openAPIV3Schema")
        if schema:
            yield (f"{spec['group']}/{version['name']}", spec["names"]["kind"]), closed(schema, root=True)


def closed(schema: Any, *, root: bool = False) -> Any:
    """A structural schema in which an object without its own say about further keys takes none."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: one for key, one in schema.items() if key not in {"properties", "format", "nullable"}}
    made = {key: closed(one) if key in {"items", "additionalProperties"} else one for key, one in made.items()}
    if "properties" in schema:
        made["properties"] = {key: closed(one) for key, one in schema["properties"].items()}
        if not schema.get(OPEN) and "additionalProperties" not in schema:
            made["additionalProperties"] = False
    if root:
        made.setdefault("properties", {})
        made["properties"] |= {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": METADATA}
        if "additionalProperties" not in made and not schema.get(OPEN):
            made["additionalProperties"] = False
    if schema.get("x-kubernetes-int-or-string"):
        made.pop("type", None)
        made["anyOf"] = [{"type": "integer"}, {"type": "string"}]
    if schema.get("nullable") and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
    return made


METADATA = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "pattern": r"^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$", "maxLength": 253},
        "namespace": {"type": "string", "pattern": r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "maxLength": 63},
        "labels": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 63}},
        "annotations": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
