# Every target is one line that calls one verb of the `kaggle-import` command, or one tool.
# `make help` lists them.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# DuckDB's queries occupy libuv's threads: with the default of 4, file I/O and heartbeats would stall.
export UV_THREADPOOL_SIZE := 8

CLI := node dist/client.js
SOURCES := $(shell find src assembly -name '*.ts') scripts/bundle-workflows.js scripts/bundle-command.js package.json tsconfig.json tsconfig.build.json

.PHONY: help install build demo up down test-auth check-config test-services list-datasets import-all \
	import-small import-dataset force-refresh plan inspect status show head sql export rejects versions diff rollback approve reject verify gc search schedule clean test fuzz lint conformance chaos bench bench-convert

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

install: dist/workflow-bundle.js ## install the dependencies and build the command

node_modules/.package-lock.json: package.json package-lock.json
	@echo 'Installing dependencies ...' >&2
	@npm ci --no-audit --no-fund --loglevel=error >&2
	@touch $@

dist/workflow-bundle.js: node_modules/.package-lock.json $(SOURCES)
	@echo 'Building ...' >&2
	@npm run --silent build >&2

demo: install ## import the sample datasets on an embedded stack, and sum up
	@$(CLI) demo

up: install ## start the embedded stack and a worker in the background
	@$(CLI) up

down: install ## stop them again; their data stays
	@$(CLI) down

test-auth: install ## show who Kaggle says we are
	@$(CLI) auth

check-config: install ## check configuration and environment, all problems at once
	@$(CLI) check

test-services: install ## reach Temporal, the catalog, the object store and Kaggle
	@$(CLI) services

list-datasets: install ## list the configured datasets and what is published of them
	@$(CLI) list

import-all: install ## import every configured dataset
	@$(CLI) import --all

import-small: install ## import every dataset that is not large_dataset
	@$(CLI) import --small

import-dataset: install ## import one dataset: DATASET=iris
	@$(CLI) import $(DATASET)

force-refresh: install ## import everything again, ignoring cache and publications
	@$(CLI) import --all --force

plan: install ## say what an import would do, and change nothing; DATASET=iris for one
	@$(CLI) plan $(DATASET)

inspect: install ## say how a file would be read, without a server: FILE=data.csv
	@$(CLI) inspect $(if $(FILE),'$(FILE)') $(if $(TABLE),'$(TABLE)')

status: install ## show what runs, how each dataset stands, the next run
	@$(CLI) status

show: install ## columns, types, proof and profile of what is published: NAME=iris
	@$(CLI) show $(NAME)

head: install ## show the first rows of a published table: NAME=titanic.passengers
	@$(CLI) head $(NAME)

sql: install ## query published tables by their names: Q="SELECT count(*) FROM iris"
	@$(CLI) sql "$$Q"

export: install ## write published tables as files: NAME=iris FORMAT=csv TO=folder/
	@$(CLI) export --format $(or $(FORMAT),csv) --to $(or $(TO),./) $(NAME)

rejects: install ## show the source records that are no rows, and why: NAME=iris
	@$(CLI) rejects $(NAME)

versions: install ## every published version, and whether it is still stored: NAME=iris
	@$(CLI) versions $(NAME)

diff: install ## two versions side by side: NAME=iris FROM=1 TO=2
	@$(CLI) diff $(NAME) $(FROM) $(TO)

rollback: install ## make an older version current again: NAME=iris VERSION=1
	@$(CLI) rollback $(NAME) $(VERSION)

approve: install ## make the version that is held current: NAME=iris VERSION=3
	@$(CLI) approve $(NAME) $(VERSION)

reject: install ## leave the version that is held aside: NAME=iris VERSION=3
	@$(CLI) reject $(NAME) $(VERSION)

verify: install ## hold what is stored against the catalog; NAME=iris for one of them
	@$(CLI) verify $(NAME)

gc: install ## say which old versions would be removed; ARGS=--apply does it
	@$(CLI) gc $(ARGS)

search: install ## find datasets on Kaggle: Q="student stress"
	@$(CLI) search $(Q)

schedule: install ## nightly imports: ACTION=create, list, show, pause, resume, trigger, backfill, delete; WHAT=gc or verify (DEEP=1); NAME of several
	@$(CLI) schedule $(or $(ACTION),show) $(if $(WHAT),--what $(WHAT)) $(if $(NAME),--name $(NAME)) $(if $(DEEP),--deep) $(ARGS)

clean: install ## remove temporary files and expired cache
	@$(CLI) clean

lint: node_modules/.package-lock.json ## run ESLint, Prettier and the type checker
	@npm run --silent lint

test: install ## lint, then run all tests on real servers
	@npm run --silent lint
	@node scripts/test.js

fuzz: install ## try the properties, and random tables, with other cases each time: RUNS=2000, TABLES=20000 of them
	@FUZZ_RUNS=$(or $(RUNS),2000) npx vitest run --testTimeout=0 $(shell grep -rl helpers/properties test)
	@python3 conformance/fuzz/judge.py --tables $(or $(TABLES),20000) --seed $(or $(SEED),$$(date +%s))
	@python3 conformance/fuzz/judge.py --faults --tables $(or $(TABLES),20000) --seed $(or $(SEED),$$(date +%s))
	@python3 conformance/fuzz/judge.py --exports --tables $(or $(TABLES),20000) --seed $(or $(SEED),$$(date +%s))

conformance: install ## hold us against the official Kaggle clients and Python readers; needs python3
	@bash scripts/conformance.sh

chaos: install ## import while servers and workers are killed, and judge what is left; needs python3; SEED=1 IMPORTS=200
	@SEED=$(or $(SEED),1) IMPORTS=$(or $(IMPORTS),200) bash scripts/conformance.sh --only chaos

bench: install ## measure everything beside its peers, and write tables and pictures into docs/; needs python3; ARGS=--short
	@node bench/all.js $(ARGS)

bench-convert: install ## measure the conversion beside its peers; needs python3
	@node bench/convert.js $(ARGS)
