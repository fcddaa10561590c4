"""The Kubernetes manifests of the project: every document with its file, and what it refers to."""

import yaml

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


def kustomizations(project):
    """The file and the document of each kustomization: of the project's root, and below k8s/."""
    root = project / "kustomization.yaml"
    for file in ([root] if root.exists() else []) + sorted((project / "k8s").rglob("kustomization.yaml")):
        document = yaml.safe_load(file.read_text("utf-8"))
        document.setdefault("kind", "Kustomization")
        yield file, document


def manifests(project):
    """Every document of every YAML file, with its file; patches are parts of objects, and seen in the build."""
    patches = set()
    for file, document in kustomizations(project):
        yield file, document
        patches |= {(file.parent / one["path"]).resolve() for one in document.get("patches", []) if "path" in one}
    for file in sorted((project / "k8s").rglob("*.y*ml")):
        if file.resolve() in patches or file.stem == "kustomization":
            continue
        for document in yaml.safe_load_all(file.read_text("utf-8")):
            if document:
                assert document.get("kind"), f"{file}: a document without kind"
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


def pod_template(document):
    """The pod template of a controller; None for other kinds."""
    spec = document.get("spec") or {}
    if document["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return spec.get("template") if document["kind"] in ("Deployment", "StatefulSet", "Job", "CronJob") else None
