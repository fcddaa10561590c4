# Every target is one line that calls one verb of the `kaggle-import` command, or one tool.
# `make help` lists them.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# DuckDB's queries occupy libuv's threads: with the default of 4, file I/O and heartbeats would stall.
export UV_THREADPOOL_SIZE := 8

CLI := node dist/client.js
SOURCES := $(shell find src assembly -name '*.ts') scripts/bundle-workflows.js package.json tsconfig.json tsconfig.build.json

.PHONY: help install build demo up down test-auth check-config test-services list-datasets import-all \
	import-small import-dataset force-refresh plan status search schedule clean test lint conformance bench-convert

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

install: dist/workflow-bundle.js ## dependencies and the built command

node_modules/.package-lock.json: package.json package-lock.json
	@echo 'Installing dependencies ...' >&2
	@npm ci --no-audit --no-fund --loglevel=error >&2
	@touch $@

dist/workflow-bundle.js: node_modules/.package-lock.json $(SOURCES)
	@echo 'Building ...' >&2
	@npm run --silent build >&2

demo: install ## embedded stack, sample datasets, summary
	@$(CLI) demo

up: install ## start the embedded stack and a worker in the background
	@$(CLI) up

down: install ## stop the embedded stack and its worker
	@$(CLI) down

test-auth: install ## who Kaggle says we are
	@$(CLI) auth

check-config: install ## check configuration and environment, all problems at once
	@$(CLI) check

test-services: install ## reach Temporal, database, object store and Kaggle
	@$(CLI) services

list-datasets: install ## configured datasets, published version, age
	@$(CLI) list

import-all: install ## import every configured dataset
	@$(CLI) import --all

import-small: install ## import every dataset that is not large_dataset
	@$(CLI) import --small

import-dataset: install ## import one dataset: DATASET=name
	@$(CLI) import $(DATASET)

force-refresh: install ## import everything again, ignoring cache and publications
	@$(CLI) import --all --force

plan: install ## what an import would do; changes nothing
	@$(CLI) plan $(DATASET)

status: install ## running imports, last outcomes, cache
	@$(CLI) status

search: install ## find Kaggle datasets: Q="words"
	@$(CLI) search $(Q)

schedule: install ## the nightly import: ACTION=create|show|pause|resume|trigger|delete
	@$(CLI) schedule $(or $(ACTION),show)

clean: install ## remove temporary files and expired cache
	@$(CLI) clean

lint: node_modules/.package-lock.json ## ESLint, Prettier, types
	@npm run --silent lint

test: install ## lint, types and all tests, on real servers
	@npm run --silent lint
	@node scripts/test.js

conformance: install ## the official Kaggle clients and Python readers against ours (needs python3)
	@bash scripts/conformance.sh

bench-convert: install ## conversion against its peers, measured in the same run (needs python3)
	@node bench/convert.js
