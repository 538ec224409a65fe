# Each target installs what it lacks, once. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup build release demo test guards bench fmt

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' Makefile

setup: ## install what building and testing need
	@scripts/setup.sh test

build: ## leave a release build: target/release/countersign and target/site
	@scripts/setup.sh build
	@scripts/build.sh

release: build ## pack it: target/release/countersign-<version>-<arch>.tar.gz, with its SHA-256
	@scripts/release.sh

demo: build ## build, then serve with sample accounts and a mailbox (ARGS="…" is passed on)
	@exec target/release/countersign demo $(ARGS)

test: ## run every check and test (SECTIONS="checks rust browser" picks some)
	@scripts/test.sh $(SECTIONS)

guards: ## take each guard out once, and see its tests fail (GUARDS="part of a name" picks some)
	@scripts/setup.sh test >/dev/null
	@TEST_POSTGRES_URL=$$(scripts/postgres.sh start) node scripts/guards.mjs $(if $(GUARDS),"$(GUARDS)")

bench: build ## measure, and print the table
	@scripts/bench.sh

fmt: ## format the sources
	@cargo fmt --all
