"""The Dockerfile and the Compose file: hadolint, and the schema that Compose itself is specified by, offline."""

import copy
import pathlib
import sys

import yaml


def check_compose_file_matches_the_compose_specification(context):
    match_schema(context, context.project / "docker-compose.yml")
    good = yaml.safe_load((context.project / "docker-compose.yml").read_text("utf-8"))
    # The check can fail: these would be passed over, or refused, by a real `docker compose up`.
    mistakes = {
        "unknown key of a service": lambda one: one["services"]["worker"].update(depend_on=["postgres"]),
        "unknown condition": lambda one: one["services"]["worker"]["depends_on"].update(s3={"condition": "healthy"}),
        "unknown key of the file": lambda one: one.update(service={}),
    }
    for mistake, make in mistakes.items():
        broken = copy.deepcopy(good)
        make(broken)
        file = context.folder() / "docker-compose.yml"
        file.write_text(yaml.safe_dump(broken), "utf-8")
        match_schema(context, file, expect=None)
    return f"{len(good['services'])} services; refused: {', '.join(mistakes)}"


def check_dockerfile_passes_hadolint(context):
    hadolint = pathlib.Path(sys.executable).parent / "hadolint"
    # DL3008 asks for versions of Debian's packages: a pinned one is gone with the next security update.
    command = [str(hadolint), "--failure-threshold", "info", "--ignore", "DL3008"]
    context.run([*command, str(context.project / "Dockerfile")], {"PATH": "/usr/bin:/bin"})
    broken = context.folder() / "Dockerfile"
    broken.write_text("FROM debian\nRUN sudo apt-get install vim\n", "utf-8")
    context.run([*command, str(broken)], {"PATH": "/usr/bin:/bin"}, expect=None)
    return "no remarks"


def match_schema(context, file, expect=0):
    command = [context.python, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
    context.run(command, context.plain_environment(), expect)
