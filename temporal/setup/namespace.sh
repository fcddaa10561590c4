#!/bin/sh
# Creates the namespace and the search attributes of kaggle-import; what is there already is left as it is.
# Needs the temporal CLI, TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE.
set -eu

# A server that has just opened its port answers its first calls with errors, and a new namespace takes a
# few seconds to be known everywhere.
patiently() {
  attempts=30
  until "$@"; do
    attempts=$((attempts - 1))
    if [ "$attempts" -eq 0 ]; then
      echo "Given up: $*" >&2
      exit 1
    fi
    sleep 2
  done
}

ensure_namespace() {
  temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
    temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 30d
}

patiently ensure_namespace
patiently temporal operator search-attribute create \
  --name KaggleDataset --type Keyword \
  --name ImportStage --type Keyword \
  --name ImportOutcome --type Keyword
