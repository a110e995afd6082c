# Jishi. The two commands to know: `make run` and `make test`.
# ARGS is passed on: make run ARGS="--listen 127.0.0.1:9000 --reset"

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS  = -s -w -X jishi/internal/app.Version=$(VERSION)
GOBUILD  = CGO_ENABLED=0 go build -trimpath -tags timetzdata -ldflags '$(LDFLAGS)'

UI         = internal/edge/web/dist/index.html
UI_SOURCES = $(shell find web -type d \( -name node_modules -o -name e2e -o -name test-results \) -prune -o -type f ! -name '*.test.ts*' -print)

.PHONY: help build run test test-go test-web e2e screenshots gen lint bench clean ui deps binary

build: ui binary ## bin/jishi: static, stripped, with the UI inside

help: ## this list
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## set up everything and start the demo marketplace; ARGS go to `jishi demo`
	@bin/jishi demo $(ARGS)

test: ## set up everything and run all tests
	@scripts/test

test-go: ## Go tests with the race detector on SQLite and PostgreSQL; ARGS go to `go test`
	@scripts/test-go $(ARGS)

test-web: deps ## type check and unit tests of the UI
	cd web && npm run --silent check && npm run --silent test

e2e: build ## browser tests against a fresh demo; ARGS go to playwright
	@scripts/e2e $(ARGS)

screenshots: deps ## pictures of the README from a running demo, JISHI_E2E_URL; ARGS is zh, en or nothing
	@JISHI_CHROMIUM=$$(scripts/find-chromium) node web/scripts/screenshots.mjs $(ARGS)

gen: deps ## rewrite docs/openapi.json and the UI's types from the code
	@scripts/generate

lint: deps ## formatting, go vet, type check
	@scripts/lint
	cd web && npm run --silent check

bench: build ## measure; ARGS go to `jishi bench`
	@bin/jishi bench $(ARGS)

clean: ## remove what was built; data/ and installed packages stay
	rm -rf bin web/test-results web/playwright-report
	find internal/edge/web/dist -mindepth 1 ! -name .keep -delete

deps:
	@scripts/npm-ci

ui: deps $(UI)

$(UI): $(UI_SOURCES)
	cd web && npm run --silent build
	@touch $@

binary:
	$(GOBUILD) -o bin/jishi ./cmd/jishi
