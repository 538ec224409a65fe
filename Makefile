# Each target installs what it lacks, once. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup build dist release sbom demo test guards bench lighthouse sheets pictures fmt

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: ## install what building and testing need
	@scripts/setup.sh test

build: ## leave a build for demos and tests: target/release/countersign and target/site
	@scripts/setup.sh build
	@scripts/build.sh

dist: ## leave an optimised build: target/dist/countersign and target/site
	@scripts/setup.sh build
	@scripts/build.sh dist

release: dist ## pack that: target/dist/countersign-<version>-<arch>.tar.gz, with its SHA-256
	@scripts/release.sh

sbom: ## list what it is made of: target/dist/countersign-<version>.cdx.json (CycloneDX)
	@scripts/setup.sh sbom
	@scripts/sbom.sh

demo: build ## build, then serve with sample accounts and a mailbox (ARGS="…" is passed on)
	@exec target/release/countersign demo $(ARGS)

test: ## run every check and test (SECTIONS="checks rust browser" picks some)
	@scripts/test.sh $(SECTIONS)

guards: ## take each guard out once, and see its tests fail (GUARDS="part of a name" picks some)
	@scripts/setup.sh test >/dev/null
	@TEST_POSTGRES_URL=$$(scripts/postgres.sh start) node scripts/guards.mjs $(if $(GUARDS),"$(GUARDS)")

bench: dist ## measure, and print the table (QUICK=1: in three minutes)
	@scripts/bench.sh

lighthouse: build ## let Lighthouse judge the main pages, and write its table into docs/performance.md
	@scripts/lighthouse.sh

sheets: ## photograph all pages in every width, colour and two languages: target/sheets/index.html
	@scripts/setup.sh test
	@scripts/build.sh
	@scripts/sheets.sh

pictures: ## take the pictures of the handbook and of the README anew
	@scripts/setup.sh test
	@scripts/build.sh
	@scripts/sheets.sh pictures

fmt: ## format the sources
	@cargo fmt --all
