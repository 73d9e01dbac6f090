PORT ?= 8080
DATA ?= .octavo
EVENTS ?= 2000000

.PHONY: help demo build test check bench torture torture-tester fuzz mutants contracts dev

help: ## What can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

demo: ## The product at work (make demo PORT=8080 DATA=.octavo EVENTS=2000000)
	@./.ci/need rust node postgres redis
	@$(MAKE) --no-print-directory build
	./target/release/octavo demo --port $(PORT) --data $(DATA) --events $(EVENTS)

build: frontend/dist/index.html ## The one binary, pages included: target/release/octavo
	cargo build --release --locked --package server

test: ## Proves it: lints, unit, property, HTTP and browser tests
	@./.ci/need rust node postgres redis chromium python openssl
	@$(MAKE) --no-print-directory target/sqlfluff/.installed
	@$(MAKE) --no-print-directory check
	cd frontend && npm test
	cd e2e && npm ci --no-audit --no-fund --prefer-offline
	cargo build --locked --workspace
	./target/debug/octavo contract --check
	./target/debug/testkit run -- cargo test --locked --workspace
	cd e2e && npm test

check: frontend/dist/index.html ## Formatting, lints and types
	cargo fmt --check
	cargo clippy --locked --workspace --all-targets -- --deny warnings
	cd frontend && npm run lint && npm run gen:api -- --check

bench: frontend/dist/index.html ## Measures, side by side with a floor or a peer
	@./.ci/need rust postgres redis
	cargo build --release --locked --package bench --package server
	./target/release/bench

torture: frontend/dist/index.html ## Nothing lost, nothing double, whatever is killed (make torture EVENTS=200000 FAULTS=14 SEED=1)
	@./.ci/need rust postgres redis
	cargo build --release --locked --package torture --package server
	./target/release/torture $(if $(filter-out file,$(origin EVENTS)),--events $(EVENTS)) $(if $(FAULTS),--kills $(FAULTS)) $(if $(SEED),--seed $(SEED))

torture-tester: frontend/dist/index.html ## Plants faults where the harness has to find them: is the tester any good?
	@./.ci/need rust postgres redis
	cargo build --release --locked --package torture --package server
	cargo test --locked --package spool --lib the_model_finds -- --nocapture
	./target/release/torture --planted mark --events 60000
	./target/release/torture --planted position --events 60000 --kills 40

fuzz: frontend/dist/index.html target/schemathesis/.installed ## Sends the API whatever its document permits, and more, as every role (make fuzz EXAMPLES=10 SEED=1)
	@./.ci/need rust postgres redis python
	cargo build --locked --package server
	./target/schemathesis/bin/python .ci/fuzz $(if $(EXAMPLES),--examples $(EXAMPLES)) $(if $(SEED),--seed $(SEED))

mutants: ## Takes away, one at a time, what decides who sees what: a test has to fail each time
	@./.ci/need rust postgres redis python
	@cargo mutants --version >/dev/null || { echo "this needs cargo-mutants: cargo install cargo-mutants --locked" >&2; exit 1; }
	cargo mutants --package access --package engine
	cargo build --locked --package testkit
	./.ci/conditions

contracts: ## Writes what is generated and committed: OpenAPI, its client, the metrics' page, the policy's matrix
	cargo run --locked --package server -- contract
	cargo build --locked --package testkit
	OCTAVO_UPDATE_GOLDEN=1 ./target/debug/testkit run -- cargo test --locked --package access --package server reviewed --quiet
	cd frontend && npm run gen:api

dev: frontend/node_modules/.installed ## The pages with live reload, beside a running demo
	cd frontend && npm run dev

target/sqlfluff/.installed target/schemathesis/.installed: target/%/.installed: .ci/%.txt
	@./.ci/need python
	python3 -m venv target/$*
	./target/$*/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

frontend/node_modules/.installed: frontend/package-lock.json
	cd frontend && npm ci --no-audit --no-fund --prefer-offline
	@touch $@

FRONTEND := $(shell find frontend/src frontend/tracker frontend/public frontend/index.html frontend/package.json frontend/vite.config.ts frontend/vite.tracker.config.ts -type f 2>/dev/null)

frontend/dist/index.html: frontend/node_modules/.installed $(FRONTEND)
	cd frontend && npm run build
	@touch $@
