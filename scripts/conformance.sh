#!/usr/bin/env bash
# Runs the conformance checks: official clients and readers, in their own Python environment, against what we built.
# Usage: scripts/conformance.sh [--only WORD] [--data FOLDER] [--list]
set -euo pipefail
cd "$(dirname "$0")/.."

python="${PYTHON:-python3}"
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  echo "conformance: needs Python 3.11 or newer; found $("$python" --version 2>&1). Set PYTHON to another one." >&2
  exit 2
fi

# One environment for each list of requirements and each Python; made once for all checkouts of this user.
environment_of() {
  local key environment
  key=$({ cat "$1"; "$python" --version; } | "$python" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest()[:12])')
  environment="${XDG_CACHE_HOME:-$HOME/.cache}/kaggle-import/conformance-venv/$key"
  if [ ! -f "$environment/complete" ]; then
    echo "conformance: installing $2 into $environment" >&2
    rm -rf "$environment"
    "$python" -m venv "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir --no-compile --requirement "$1" >&2
    touch "$environment/complete"
  fi
  echo "$environment"
}

environment=$(environment_of conformance/requirements.txt 'the official clients and readers')
ICEBERG=$(environment_of conformance/iceberg.txt 'the readers of Iceberg')
export ICEBERG
CROISSANT=$(environment_of conformance/croissant.txt 'the readers of Croissant and Data Package')
export CROISSANT
NAMES=$(environment_of conformance/names.txt 'real names')
export NAMES
# Spark takes 450 MB a version: only where its Java is, and the older one only when it is asked for.
if command -v java >/dev/null; then
  SPARK_4_1=$(environment_of conformance/spark-4.1.txt 'Spark 4.1')
  export SPARK_4_1
  if [ -n "${CONFORMANCE_SPARK_3_5:-}" ]; then
    SPARK_3_5=$(environment_of conformance/spark-3.5.txt 'Spark 3.5')
    export SPARK_3_5
  fi
fi

# `make conformance` builds first; alone, this script runs what was built last.
[ -f dist/stack/kaggle-server/main.js ] || npm run build >&2
exec "$environment/bin/python" conformance/run.py "$@"
