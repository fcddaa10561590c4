"""The Kubernetes manifests against the schemas of Kubernetes itself, offline."""

import shutil

import kubernetes_validate
import yaml

from kit.context import Skipped

#: Kinds of controllers and tools, without a schema in Kubernetes; named in the output, never passed over unseen.
OUTSIDE_KUBERNETES = {"Kustomization", "Component", "ScaledObject", "ScaledJob", "TriggerAuthentication", "PodMonitor"}
#: The oldest minor version that the manifests promise to work on; the newest is what the schemas have.
OLDEST = "1.29"
#: Where a manifest names another object, and the kind of that object.
REFERENCES = {
    "secretRef": ("name", "Secret"),
    "secretKeyRef": ("name", "Secret"),
    "secret": ("secretName", "Secret"),
    "configMapRef": ("name", "ConfigMap"),
    "configMapKeyRef": ("name", "ConfigMap"),
    "configMap": ("name", "ConfigMap"),
    "persistentVolumeClaim": ("claimName", "PersistentVolumeClaim"),
}


def check_manifests_match_the_schemas(context):
    checked, outside = 0, []
    newest = kubernetes_validate.latest_version()
    for file, document in manifests(context):
        place = f"{file.relative_to(context.project)} {document['kind']}"
        if document["kind"] in OUTSIDE_KUBERNETES:
            outside.append(place)
            continue
        for version in (OLDEST, newest):
            validate(place, document, version)
        checked += 1
    assert checked, "k8s/ has no manifests"
    unseen = f"; without a schema: {', '.join(outside)}" if outside else ""
    return f"{checked} objects, strictly, against {OLDEST} and {newest}{unseen}"


def check_kustomizations_name_existing_files(context):
    count = 0
    for file, document in manifests(context):
        if document["kind"] not in ("Kustomization", "Component"):
            continue
        patches = [one["path"] for one in document.get("patches", []) if "path" in one]
        for name in document.get("resources", []) + document.get("components", []) + patches:
            assert (file.parent / name).exists(), f"{file.relative_to(context.project)}: no {name}"
            count += 1
    assert count, "k8s/ has no kustomization"
    return f"{count} entries"


def check_kustomizations_build(context):
    kubectl = shutil.which("kubectl")
    built = []
    for file in sorted((context.project / "k8s").rglob("kustomization.yaml")):
        document = yaml.safe_load(file.read_text("utf-8"))
        if document.get("kind") == "Component":
            continue
        if kubectl is None:
            raise Skipped("kubectl is not installed")
        output = context.run([kubectl, "kustomize", str(file.parent)], {"PATH": "/usr/bin:/bin"})
        objects = [one for one in yaml.safe_load_all(output) if one]
        for one in objects:
            if one["kind"] not in OUTSIDE_KUBERNETES:
                validate(f"{file.parent.relative_to(context.project)} {one['kind']}", one, OLDEST)
        built.append(f"{file.parent.relative_to(context.project)} ({len(objects)} objects)")
    assert built, "k8s/ has no kustomization"
    return ", ".join(built)


def check_references_meet_their_objects(context):
    documents = list(manifests(context))
    known = {(one["kind"], one["metadata"]["name"]) for _, one in documents if "metadata" in one}
    for _, one in documents:
        # A generator makes the object when the kustomization is built.
        known |= {("ConfigMap", made["name"]) for made in one.get("configMapGenerator", [])}
        known |= {("Secret", made["name"]) for made in one.get("secretGenerator", [])}
    count = 0
    for file, document in documents:
        for kind, name in references(document):
            assert (kind, name) in known, f"{file.relative_to(context.project)}: no {kind} {name}"
            count += 1
    return f"{count} references"


def validate(place, document, version):
    try:
        kubernetes_validate.validate(document, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        path = ".".join(str(part) for part in error.path)
        raise AssertionError(f"{place} for {version}: {path}: {error.message}") from error
    except kubernetes_validate.SchemaNotFoundError as error:
        raise AssertionError(f"{place}: {error.message}") from error


def manifests(context):
    """Every document of every YAML file, with its file; patches are parts of objects, and seen in the build."""
    patches = set()
    for file in (context.project / "k8s").rglob("kustomization.yaml"):
        entries = yaml.safe_load(file.read_text("utf-8")).get("patches", [])
        patches |= {(file.parent / one["path"]).resolve() for one in entries if "path" in one}
    for file in sorted((context.project / "k8s").rglob("*.y*ml")):
        if file.resolve() in patches:
            continue
        for document in yaml.safe_load_all(file.read_text("utf-8")):
            if document:
                default = "Kustomization" if file.stem == "kustomization" else None
                document.setdefault("kind", default)
                assert document["kind"], f"{file}: a document without kind"
                yield file, document


def references(node):
    """Kind and name of every object that a manifest needs; optional ones are left out."""
    if isinstance(node, list):
        for one in node:
            yield from references(one)
    elif isinstance(node, dict):
        if isinstance(node.get("serviceAccountName"), str):
            yield "ServiceAccount", node["serviceAccountName"]
        for key, value in node.items():
            if key in REFERENCES and isinstance(value, dict) and not value.get("optional"):
                field, kind = REFERENCES[key]
                if isinstance(value.get(field), str):
                    yield kind, value[field]
            yield from references(value)
