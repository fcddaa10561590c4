"""The Kubernetes manifests against the schemas of Kubernetes itself, offline."""

import copy
import shutil

import kubernetes_validate
import yaml

from kit.context import Skipped
from kit.manifests import kustomizations, manifests, pod_template, references

#: Kinds of controllers and tools, without a schema in Kubernetes; named in the output, never passed over unseen.
OUTSIDE_KUBERNETES = {"Kustomization", "Component", "ScaledObject", "ScaledJob", "TriggerAuthentication", "PodMonitor"}
#: The oldest minor version that the manifests promise to work on; the newest is what the schemas have.
OLDEST = "1.29"


def check_manifests_match_the_schemas(context):
    checked, outside = 0, []
    newest = kubernetes_validate.latest_version()
    for file, document in manifests(context.project):
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


def check_mistakes_are_refused(context):
    """The check above can fail: an unknown field, a wrong type and an unknown kind, each made on purpose."""
    worker = the(context, "Deployment", "kaggle-import-worker")

    def container(one):
        return one["spec"]["template"]["spec"]["containers"][0]

    mistakes = {
        "unknown field in a container": lambda one: container(one).update(imagePullPolcy="Always"),
        "unknown field in the spec": lambda one: one["spec"].update(replica=1),
        "text for a number": lambda one: one["spec"].update(replicas="one"),
        "a container without name": lambda one: container(one).pop("name"),
        "unknown kind": lambda one: one.update(kind="Deploiement"),
    }
    for mistake, make in mistakes.items():
        broken = copy.deepcopy(worker)
        make(broken)
        try:
            validate("a broken worker", broken, OLDEST)
        except AssertionError:
            continue
        raise AssertionError(f"passed: {mistake}")
    return ", ".join(mistakes)


def check_kustomizations_name_existing_files(context):
    count = 0
    for file, document in kustomizations(context.project):
        patches = [one["path"] for one in document.get("patches", []) if "path" in one]
        generated = [name for made in document.get("configMapGenerator", []) for name in made.get("files", [])]
        for name in document.get("resources", []) + document.get("components", []) + patches + generated:
            assert (file.parent / name).exists(), f"{file.relative_to(context.project)}: no {name}"
            count += 1
    assert count, "there is no kustomization"
    return f"{count} entries"


def check_kustomizations_build(context):
    kubectl = shutil.which("kubectl")
    built = []
    for file, document in kustomizations(context.project):
        if document["kind"] == "Component":
            continue
        if kubectl is None:
            raise Skipped("kubectl is not installed")
        output = context.run([kubectl, "kustomize", str(file.parent)], {"PATH": "/usr/bin:/bin"})
        objects = [one for one in yaml.safe_load_all(output) if one]
        kinds = [one["kind"] for one in objects]
        # Applied again, placeholders would take the place of real secrets, and a job would start an import.
        assert not {"Secret", "Job", "CronJob"} & set(kinds), f"{file}: {kinds}"
        for one in objects:
            if one["kind"] not in OUTSIDE_KUBERNETES:
                validate(f"{file.parent.relative_to(context.project)} {one['kind']}", one, OLDEST)
        built.append(f"{file.parent.relative_to(context.project)}/ ({len(objects)} objects)")
    assert built, "there is no kustomization"
    return ", ".join(built)


def check_references_meet_their_objects(context):
    documents = list(manifests(context.project))
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
    assert count, "nothing refers to anything"
    return f"{count} references"


def check_names_are_those_of_the_documentation(context):
    """Names that people type: changing one breaks their commands."""
    for file, document in manifests(context.project):
        if document["kind"] not in OUTSIDE_KUBERNETES | {"Namespace"}:
            assert document["metadata"].get("namespace") == "exai", f"{file}: not in the namespace exai"
    the(context, "Namespace", "exai")
    credentials = the(context, "Secret", "kaggle-secrets")
    assert set(credentials["stringData"]) == {"username", "key"}, credentials
    job = the(context, "Job", "kaggle-dataset-import-job", "k8s/base/jobs/kaggle-dataset-import-job.yaml")
    container = pod_template(job)["spec"]["containers"][0]
    assert container["command"] + container["args"] == ["kaggle-import", "import", "--all"], container
    nightly = the(context, "CronJob", "kaggle-import-cronjob")["spec"]
    assert nightly["schedule"] == "0 2 * * *" and nightly["concurrencyPolicy"] == "Forbid", nightly
    assert nightly["jobTemplate"]["spec"] == job["spec"], "the CronJob's job is not the job"
    return "namespace, secret, job, cronjob"


def check_pods_meet_the_restricted_standard(context):
    """https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted, and nothing writable or idle."""
    count = 0
    for file, document in manifests(context.project):
        template = pod_template(document)
        if template is None:
            continue
        place, spec = f"{file.relative_to(context.project)}", template["spec"]
        assert spec["automountServiceAccountToken"] is False, f"{place}: a token that nobody needs"
        security = spec["securityContext"]
        assert security["runAsNonRoot"] is True and security["runAsUser"] > 0, f"{place}: {security}"
        assert security["seccompProfile"]["type"] == "RuntimeDefault", f"{place}: {security}"
        assert not any("hostPath" in volume for volume in spec.get("volumes", [])), f"{place}: a path of the host"
        for container in spec["containers"] + spec.get("initContainers", []):
            inner = container["securityContext"]
            assert inner["allowPrivilegeEscalation"] is False, f"{place}: {inner}"
            assert inner["capabilities"] == {"drop": ["ALL"]}, f"{place}: {inner}"
            assert inner["readOnlyRootFilesystem"] is True, f"{place}: {inner}"
            resources = container["resources"]
            assert {"cpu", "memory"} <= set(resources["requests"]) and "memory" in resources["limits"], f"{place}: {resources}"
            count += 1
    assert count, "no pods"
    return f"{count} containers"


def check_the_worker_is_one_host(context):
    """Two pods on one cache would be one host with two work folders; one pod's end must come before the next."""
    worker = the(context, "Deployment", "kaggle-import-worker")["spec"]
    assert worker["replicas"] == 1 and worker["strategy"] == {"type": "Recreate"}, worker["strategy"]
    claims = [volume.get("persistentVolumeClaim", {}) for volume in worker["template"]["spec"]["volumes"]]
    claim = the(context, "PersistentVolumeClaim", "kaggle-import-worker")
    assert {"claimName": claim["metadata"]["name"]} in claims, claims
    assert claim["spec"]["accessModes"] == ["ReadWriteOnce"], claim["spec"]
    return "one replica, recreated, on its own volume"


def validate(place, document, version):
    try:
        kubernetes_validate.validate(document, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        path = ".".join(str(part) for part in error.path)
        raise AssertionError(f"{place} for {version}: {path}: {error.message}") from error
    except kubernetes_validate.SchemaNotFoundError as error:
        raise AssertionError(f"{place}: {error.message}") from error


def the(context, kind, name, path=None):
    """The one object of this kind and name; `path` is where it must be."""
    found = [
        (file, one) for file, one in manifests(context.project) if one["kind"] == kind and one["metadata"]["name"] == name
    ]
    assert len(found) == 1, f"{len(found)} objects {kind} {name}"
    file, document = found[0]
    assert path is None or file == context.project / path, f"{kind} {name} is in {file}"
    return document
