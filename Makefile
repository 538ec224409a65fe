# Each target installs what it lacks, once. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup build demo test bench fmt

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' Makefile

setup: ## install what building and testing need
	@scripts/setup.sh test

build: ## leave a release build: target/release/countersign and target/site
	@scripts/setup.sh build
	@scripts/build.sh

demo: build ## build, then serve with sample accounts and a mailbox (ARGS="…" is passed on)
	@exec target/release/countersign demo $(ARGS)

test: ## run every check and test (SECTIONS="checks rust browser" picks some)
	@scripts/test.sh $(SECTIONS)

bench: build ## measure, and print the table
	@scripts/bench.sh

fmt: ## format the sources
	@cargo fmt --all
