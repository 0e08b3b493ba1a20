# Gapwise. `make help` lists the targets.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
export GOTOOLCHAIN := local
export CGO_ENABLED ?= 1

GO ?= go

.PHONY: help
help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## install PostgreSQL and pgvector where they are missing (needs root or sudo)
	@scripts/setup.sh

.PHONY: assets
assets: ## put what the pages take from npm into web/assets/dist, where Node.js is installed
	@scripts/assets.sh

.PHONY: build
build: assets ## build bin/gapwise
	@echo "==> Building bin/gapwise (the first time compiles what it stands on, a minute or two)"
	@CGO_ENABLED=0 $(GO) build -v -trimpath -buildvcs=false -o bin/gapwise ./cmd/gapwise 2>&1 | awk '/[ :]/ {print; next} {if (++n % 50 == 0) print "    " n " packages compiled"}'
	@cp bin/gapwise bin/gapwise.copy && mv bin/gapwise.copy bin/gapwise # less of a file that was copied is resident, see docs/budgets.md

.PHONY: run
run: setup build ## install what is missing, build, and serve on http://localhost:8080
	@echo "==> Starting; Ctrl-C stops it"
	@exec bin/gapwise serve

.PHONY: test
test: ## set up the same as run, and run every test with the race detector
	@scripts/setup.sh --compiler
	@echo "==> Testing, with the race detector (compiles first; some five minutes on two cores)"
	@$(GO) test -race -timeout 15m ./...
	@echo "==> Testing without it what only reads much"
	@$(GO) test -run '^(TestBounded|TestShared)$$' ./resume
	@$(GO) test ./internal/filetext

.PHONY: vet
vet: ## go vet, and go.mod as tidy would leave it
	@echo "==> Vetting"
	@$(GO) vet ./...
	@$(GO) mod tidy -diff

.PHONY: lint
lint: ## golangci-lint with the rules of ARCHITECTURE.md, and shellcheck where it is installed
	@echo "==> Linting (the first time builds the linter, which takes some minutes)"
	@$(GO) tool -modfile=tools/go.mod golangci-lint run ./...
	@if command -v shellcheck >/dev/null; then shellcheck scripts/*.sh test/*/*.sh .ci/run; fi

.PHONY: evals
evals: setup build ## run the evaluation cases against a stubbed model, offline; the report is in evals/report (ARGS=flags, such as "-suite gaps -v")
	@bin/gapwise evals -out evals/report $(ARGS)

.PHONY: tutor-live
tutor-live: setup ## put 24 questions to the model of LLM_BASE_URL through the whole service, and have the route of the purpose judge score the answers; it costs money
	@TUTOR_LIVE=1 $(GO) test ./cmd/gapwise -run '^TestTutorLive$$' -count=1 -v -timeout 60m

.PHONY: evals-record
evals-record: setup build ## record the cassettes of the evaluations anew, from the cases' own replies, or from LLM_BASE_URL where that is set (ARGS=flags)
	@bin/gapwise evals -record $(ARGS)

.PHONY: evals-mutants
evals-mutants: setup ## put 24 seeded mistakes into a binary, one at a time, and demand that the evaluations find 22 (RUN=part of a mistake's name)
	@echo "==> Building bin/gapwise-mutants"
	@CGO_ENABLED=0 $(GO) build -tags mutants -trimpath -buildvcs=false -o bin/gapwise-mutants ./cmd/gapwise
	@$(GO) run ./internal/evalsmutants -binary bin/gapwise-mutants -run "$(RUN)"

.PHONY: bench
bench: ## run every benchmark
	@$(GO) test -run '^$$' -bench . -benchmem ./...

.PHONY: bench-once
bench-once: ## run every benchmark once, to know that it still runs
	@echo "==> Running every benchmark once"
	@$(GO) test -run '^$$' -bench . -benchtime 1x ./... | grep -Ev 'no test files|^(ok|PASS|goos|goarch|pkg|cpu)'

.PHONY: fuzz
fuzz: ## run each fuzz target for FUZZTIME (10s), of the whole module or of PACKAGES
	@scripts/fuzz.sh "$${FUZZTIME:-10s}" $(PACKAGES)

.PHONY: check-budget
check-budget: setup ## measure the spending cap: 200 messages at once, and one after another
	@$(GO) test -count=1 -v -run 'TestCapHolds' ./cmd/gapwise

.PHONY: check-hostile
check-hostile: setup ## measure the longest time that a hostile file takes (CORPUS=directory of PDFs)
	@CORPUS="$(abspath $(CORPUS))" $(GO) test -count=1 -v -run TestHostileCorpus ./cmd/gapwise

.PHONY: check-kills
check-kills: ## read 1,000 files while every tenth reader is killed, and lose none (KILLS=how many)
	@KILLS="$${KILLS:-1000}" $(GO) test -count=1 -v -run '^TestKills$$' ./internal/filetext

.PHONY: check-resumes
check-resumes: setup ## analyse every resume of a directory and check every span (CORPUS=directory of PDFs)
	@CORPUS="$(abspath $(CORPUS))" $(GO) test -count=1 -v -run TestResumeCorpus ./cmd/gapwise

.PHONY: fixtures
fixtures: ## make the fixture resumes anew from their sources (needs Chromium and LibreOffice)
	@scripts/fixtures.sh

.PHONY: bench-reading
bench-reading: ## measure how resumes are read, beside pdftotext (CORPUS=directory, JSON=file to write)
	@$(GO) run ./internal/benchreading -dir "$(abspath $(or $(CORPUS),../shared/resumes))" -json "$(JSON)"

.PHONY: bench-vectors
bench-vectors: setup ## measure vector search at up to a million postings (SIZES=10000,100000; KEEP=1 keeps the databases; JSON=file to write)
	@$(GO) run ./internal/benchvectors $(if $(SIZES),-sizes "$(SIZES)") $(if $(KEEP),-keep) -json "$(JSON)"

.PHONY: bench-gaps
bench-gaps: setup build ## measure gap reports: a comparison, the ranking, seniority, and uploads over HTTP (CORPUS=directory of PDFs; JSON=file to write)
	@$(GO) run ./internal/benchgaps -v -dir "$(abspath $(or $(CORPUS),../shared/resumes))" -json "$(JSON)"

.PHONY: bench-import
bench-import: setup build ## measure the import of postings end to end: rate, CPU and memory (ROWS=50000, 1000000 at most)
	@$(GO) run ./internal/benchimport $(if $(ROWS),-rows $(ROWS))

.PHONY: bench-match
bench-match: setup ## measure how well postings are matched against labels, and, with SIZES=10000,100000,1000000, how fast (KEEP=1 keeps the databases; JSON=file to write)
	@$(GO) run ./internal/benchmatch $(if $(SIZES),-sizes "$(SIZES)") $(if $(KEEP),-keep) -json "$(JSON)"

.PHONY: catalog
catalog: ## check the catalogue's YAML and compile it to what the binary loads
	@cd catalog && $(GO) run ./compile

.PHONY: bench-skills
bench-skills: ## measure how skills are found, linked and levelled, beside a naive baseline (DATA=directory of the development sets)
	@$(GO) run ./internal/benchskills -data "$(abspath $(or $(DATA),../shared/data))"

.PHONY: fit-context
fit-context: ## fit the weights by which everyday words are told from skills to the labelled contexts
	@$(GO) test ./skill -count=1 -v -run '^TestContextWeights$$' -fit-context

.PHONY: train-embeddings
train-embeddings: ## train the built-in embedding model anew (DATA=directory of its sources)
	@$(GO) run ./embeddings/train -data "$(abspath $(or $(DATA),../shared/data))" -out embeddings/model/skills.bin

.PHONY: bench-tutor
bench-tutor: setup build ## measure the tutor without a model: what it finds for questions, and the time to the first words (SET=development or held-out; JSON=file to write)
	@$(GO) run ./internal/benchtutor -v $(if $(SET),-set "$(SET)") -json "$(JSON)"

.PHONY: bench-gateway
bench-gateway: setup build ## measure caps, books, crashes, speed and memory of the gateway against a stub with a bill of its own (RUN=part of a measure's name)
	@$(GO) run ./internal/benchgateway -run "$(RUN)"

.PHONY: test-browser
test-browser: setup ## drive Chromium over every page (installs Chromium and Node.js where they are missing; RUN=part of a test's name)
	@scripts/browser.sh
	@$(MAKE) --no-print-directory build
	@echo "==> Driving a browser over every page; internal/browsertest/artefacts has pictures and figures"
	@$(GO) test -tags browser -count=1 -timeout 15m $(if $(RUN),-v -run "$(RUN)") ./internal/browsertest

.PHONY: check-openai-client
check-openai-client: setup build ## run the official OpenAI client for Node against the gateway (installs Node.js where it is missing)
	@test/openai-client/run.sh

.PHONY: bench-aliases
bench-aliases: ## measure how often another name leads to the right skill (ALIASES=directory with dev_alias_norm.jsonl)
	@ALIASES="$(abspath $(ALIASES))" $(GO) test -count=1 -v -run TestAliasAccuracy ./skill

.PHONY: fit-linker
fit-linker: ## train the linker anew: words, memory and weights of skill/linkmodel (DATA=directory of the development sets)
	@$(GO) run ./skill/fitlink -data "$(abspath $(or $(DATA),../shared/data))"

.PHONY: train-tagger
train-tagger: ## cross-validate the tagger of skills and train it anew (DATA=directory of the development sets)
	@$(GO) run ./skill/train -data "$(abspath $(or $(DATA),../shared/data))"

.PHONY: check-import
check-import: ## import the whole of ESCO and O*NET over the catalogue (RELEASES=directory of the published data as JSON Lines)
	@RELEASES="$(abspath $(RELEASES))" $(GO) test -count=1 -v -run TestImportPublished ./catalog

.PHONY: update
update: ## write the golden files anew
	@$(GO) test ./prompts ./resume ./tutor ./catalog ./web -update

.PHONY: clean
clean: ## remove what was built
	@rm -rf bin
