# SPDX-License-Identifier: Apache-2.0
SHELL := $(shell command -v bash)
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VERSION   := $(shell sed -n 's/^version: //p' galaxy.yml)
TARBALL   := openstack_ops-placement-$(VERSION).tar.gz
PLATFORMS := linux_amd64 linux_arm64 darwin_arm64
PROGRAMS  := $(PLATFORMS:%=binaries/%/placement)
# In the tarball these are packed with xz, and plugins/plugin_utils/program.py unpacks them.
SQUEEZED  := $(patsubst %,binaries/%/placement.xz,$(filter-out linux_amd64,$(PLATFORMS)))
HOST       = $(shell go env GOHOSTOS)_$(shell go env GOHOSTARCH)
# Everything below modules/ may be embedded; tests are not.
SOURCES   := go.mod go.sum $(shell find cmd/placement modules -type f ! -name '*_test.go' ! -path '*/testdata/*')
# The link in playbooks/collections leads to the folder of the tarball, which is as new as the tarball.
PACKED    := $(filter-out playbooks/collections/%,$(shell git ls-files -co --exclude-standard -- LICENSE THIRD_PARTY_LICENSES README.md CHANGELOG.md CONTRIBUTING.md galaxy.yml \
               .ansible-lint changelogs docs meta playbooks plugins roles tests/sanity 2>/dev/null))
# The time of the files in the tarball: that of the commit.
EPOCH     = $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null),0)
# The race detector needs cgo and a C compiler. scripts/test does not go without it.
RACE       = $(if $(filter 1,$(shell go env CGO_ENABLED)),$(if $(shell command -v $(firstword $(shell go env CC))),-race))

LAB       ?= placement
PROFILE   ?= placement
RELEASE   ?= zed

.PHONY: help
help: ## show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## install what tests and linters need; building takes Go alone
	@scripts/setup $(FOR)

.PHONY: build
build: binaries/sha256.json binaries/host ## build the program for every platform

# Functions are inlined in these packages only, which read logs and answers. Inlining everywhere makes the tarball an eighth larger
# than it may be, and the program 3 % faster. See docs/decisions/0027-the-program-as-a-command.md.
INLINED := runtime runtime/... internal/runtime/... internal/bytealg internal/sync bytes strings regexp unicode/utf8 compress/flate \
             hash/crc32 bufio sync sync/atomic encoding/json math/bits github.com/openstack-ops/...
INLINE  := -gcflags=all=-l $(INLINED:%=-gcflags=%=)

# The same sources and the same Go give the same bytes, whoever builds where.
GOBUILD := CGO_ENABLED=0 GOFLAGS= GOAMD64=v1 GOARM64=v8.0 go build -trimpath -buildvcs=false $(INLINE) -ldflags='-s -w -buildid='

$(PROGRAMS): binaries/%/placement: $(SOURCES) Makefile
	@mkdir -p $(@D)
	GOOS=$(word 1,$(subst _, ,$*)) GOARCH=$(word 2,$(subst _, ,$*)) $(GOBUILD) -o $@ ./cmd/placement

binaries/sha256.json: $(PROGRAMS) scripts/digests
	@scripts/digests

# What library/ points to.
binaries/host:
	@mkdir -p binaries
	@ln -sfn $(HOST) $@

.PHONY: generate
generate: licenses ## write documentation, schemas and stubs from the code
	go run ./cmd/gendocs

.PHONY: licenses
licenses: ## write THIRD_PARTY_LICENSES from what the programs contain
	go run ./cmd/release licenses $(PLATFORMS)

.PHONY: collection
collection: $(TARBALL) ## build the tarball that ansible-galaxy installs

binaries/%/placement.xz: binaries/%/placement scripts/squeeze
	@python=$$(scripts/python 3.10) || { scripts/setup collection && python=$$(scripts/python 3.10); } && "$$python" scripts/squeeze $< $@

$(TARBALL): binaries/sha256.json $(SQUEEZED) $(PACKED) scripts/collection
	@scripts/collection $@ $(EPOCH)

.PHONY: lint
lint: ## run all linters
	@scripts/setup lint
	@scripts/lint

.PHONY: package
package: build collection ## check the tarball: ansible-test sanity, galaxy-importer, antsibull-docs
	@scripts/setup package
	@scripts/package

.PHONY: docs
docs: ## build the site of the documentation into site/
	@scripts/setup docs
	@scripts/docs

.PHONY: release-check
release-check: ## do all of a release but the upload: two builds compared, the tarball checked and installed; says what keeps the commit from being released
	@scripts/setup release
	@scripts/release-check

.PHONY: unit
unit: ## run the tests that need nothing but Go; with -race where there is a C compiler
	@test -n '$(RACE)' || echo 'make unit: cgo has no C compiler, so -race is left out'
	go test $(RACE) -parallel=16 -timeout=60m ./...

.PHONY: test
test: ## run everything: unit, generated files, lint, tarball, lab, Ansible; what was installed or started for it is said
	@scripts/test

.PHONY: test-trixie
test-trixie: build collection ## run it with what needs a newer Python than Debian 12 has, in a Debian 13 which debootstrap puts into .cache (root or sudo)
	@scripts/trixie

.PHONY: soak
soak: ## 500 random states beside Placement, 30 minutes of audits and 30 of repair while servers come and go, 100 broken states, killed repairs (RELEASE=zed or current)
	@scripts/soak $(RELEASE)

.PHONY: test-ansible
test-ansible: build collection ## run the collection with each ansible-core that this machine has a Python for
	@scripts/setup ansible
	go test -count=1 -timeout=90m -tags=ansible ./tests/ansible/

.PHONY: host
host: ## build the program for this machine only
	@$(MAKE) --no-print-directory binaries/$(HOST)/placement binaries/host
	@scripts/digests

.PHONY: program
program: ## build the program for this machine into the file OUT, as tests want it
	@$(GOBUILD) -o $(or $(OUT),$(error OUT is not given: make program OUT=FILE)) ./cmd/placement

.PHONY: demo
demo: ## audit a recorded and a live cloud (LAB=nova: a whole control plane)
	@scripts/setup demo
	@$(MAKE) --no-print-directory --silent host
	@scripts/demo $(LAB)

# Its own first line names Debian's Python, which is the one that Debian's services take.
LAB_COMMAND = $$(scripts/python 3.11) tests/lab/lab

.PHONY: lab-up
lab-up: ## start a real control plane (PROFILE=placement, or nova, which takes Debian; RELEASE=zed or current)
	$(LAB_COMMAND) up --profile $(PROFILE) --release $(RELEASE)

.PHONY: lab-down
lab-down: ## stop it
	$(LAB_COMMAND) down --profile $(PROFILE) --release $(RELEASE)

.PHONY: lab-seed
lab-seed: ## make a fault in it (FAULT=name; without one: list them)
	$(LAB_COMMAND) seed --profile $(PROFILE) --release $(RELEASE) $(or $(FAULT),--list)

.PHONY: bench
bench: ## measure the audit on large clouds, beside a raw client and nova-manage (BENCH_SIZES="1000 10000", BENCH_ONLY=candidates; an hour)
	@RELEASE=$(RELEASE) scripts/bench

.PHONY: bench-logs
bench-logs: host ## measure placement_conflicts on a log of 2 GiB beside zgrep (MIB=2048; 5 GiB below TMPDIR, two minutes)
	@go run ./tests/logbench -program binaries/$(HOST)/placement -mib $(or $(MIB),2048) -docs docs/performance.md

.PHONY: pictures
pictures: ## make docs/pictures again, of the recorded snapshot
	@scripts/pictures

.PHONY: record
record: ## make tests/recorded again, on a lab with every fault in it (RELEASE=zed or current)
	@scripts/record $(RELEASE)

.PHONY: clean
clean: ## remove what was built; tools, virtual environments and labs stay
	rm -rf binaries dist site openstack_ops-placement-*.tar.gz
