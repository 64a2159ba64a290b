# Everything that is done with this project, by name. `make` alone lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash

OUT ?= out
INPUTS ?= 1000000
CARGO ?= cargo
TARGET := $(or $(CARGO_TARGET_DIR),target)
SANPI := $(TARGET)/debug/sanpi
SAMPLE_INBOX := sample_data/inbox
# The sample with the corrections of batch 02 laid over it, as the province receives them.
CORRECTED_INBOX := $(OUT)/inbox-with-corrections

# cargo fmt does not see modules that a macro declares.
RULE_FILES := --edition 2024 $(wildcard src/rules/*/*.rs)

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

.PHONY: build
build: ## Build the program (the first time about 15 minutes on two cores: polars)
	@$(CARGO) build --locked

.PHONY: run
run: build ## Build, run the night job on the sample and say where the report is
	@$(SANPI) run --inbox $(SAMPLE_INBOX) --out $(OUT) --fail-on never

.PHONY: rerun
rerun: run ## Add the corrections of batch 02 and rerun only that batch
	@rm -rf $(CORRECTED_INBOX) && mkdir -p $(CORRECTED_INBOX)
	@cp -a $(SAMPLE_INBOX)/. $(CORRECTED_INBOX)/ && cp -a sample_data/corrections/. $(CORRECTED_INBOX)/
	@$(SANPI) run --batch 02 --inbox $(CORRECTED_INBOX) --out $(OUT) --fail-on never

.PHONY: test
test: ## Every test: Rust, the datasets read by DuckDB, polars and pandas, the workbooks opened by others
	@$(CARGO) test --locked
	@$(MAKE) --no-print-directory readers
	@$(MAKE) --no-print-directory returns

.PHONY: readers
readers: build ## Read the sample's datasets with DuckDB, polars and pandas (needs python3)
	@tests/readers/run $(SANPI)

.PHONY: returns
returns: build ## Open the annotated copies and the template with openpyxl and LibreOffice (needs python3)
	@tests/returns/run $(SANPI)

.PHONY: check
check: fmt-check lint test ## Format, lints and tests

.PHONY: fmt
fmt: ## Format the code
	@$(CARGO) fmt && rustfmt $(RULE_FILES)

.PHONY: fmt-check
fmt-check: ## Say where the code is not formatted
	@$(CARGO) fmt --check && rustfmt --check $(RULE_FILES)

.PHONY: lint
lint: ## Clippy, no warning allowed
	@$(CARGO) clippy --locked --all-targets -- -D warnings

.PHONY: fuzz
fuzz: ## Read INPUTS damaged files (a test run reads 20000 of them)
	@SANPI_MUTATIONS=$(INPUTS) $(CARGO) test --locked --test it mutations:: -- --nocapture

.PHONY: crash
crash: ## Kill a run, and fail its disk, at every call that changes files (needs strace; about two hours)
	@SANPI_CRASH_SECONDS=1000000 $(CARGO) test --locked --test it crash:: -- --nocapture

.PHONY: docs
docs: build ## Rebuild the generated pages: pipelines/RULES.md and the crate's documentation
	@SANPI_BLESS=1 $(CARGO) test --locked --lib rules::
	@$(CARGO) doc --locked --no-deps

.PHONY: sample
sample: ## Rebuild sample_data byte for byte (needs python3)
	@python3 -m venv $(TARGET)/sample-venv
	@$(TARGET)/sample-venv/bin/pip install --quiet --disable-pip-version-check -r sample_data/requirements.txt
	@$(TARGET)/sample-venv/bin/python sample_data/generate.py
	@git diff --stat --exit-code -- sample_data && echo "sample_data: unchanged"

.PHONY: bench
bench: ## Measure whole runs against bare readers, and how they grow (QUICK=1: smaller; PARTS=growth,cores: only these; ARGS: see benches/compare.py)
	@$(CARGO) build --release --locked
	@python3 -m venv $(TARGET)/bench-venv
	@$(TARGET)/bench-venv/bin/pip install --quiet --disable-pip-version-check -r benches/requirements.txt
	@load=$$($(CARGO) bench --quiet --locked --bench load -- where) && \
	  benches/compare.py --sanpi $(TARGET)/release/sanpi --load $$load --venv $(TARGET)/bench-venv \
	  --work $(TARGET)/bench $(if $(QUICK),--quick) $(if $(PARTS),--only $(PARTS)) $(ARGS)

.PHONY: bench-parts
bench-parts: ## The parts of a run, what reading in a child costs, and how identity and rules grow with the rows
	@$(CARGO) bench --locked --bench parts
	@$(CARGO) bench --locked --bench child_cost
	@$(CARGO) bench --locked --bench rules_growth

.PHONY: ci
ci: ## What CI runs
	@.ci/run
