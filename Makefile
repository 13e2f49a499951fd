# The commands of the house. `make run` starts the hospital, `make test` proves it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

TESTS ?=
# Whose tests ask a database: they pass on both engines. Each line is a process of its own: Foundation starts no program among very many
# open files.
STORAGE_ON_POSTGRES := StorageTests
TOOLS_ON_POSTGRES := PlanTests HospitalCheckTests ExportTests EndToEndTests.CopyEndToEndTests
SERVICES_ON_POSTGRES := ServiceKitTests PatientServiceTests DoctorServiceTests AppointmentServiceTests BillingServiceTests \
  PaymentServiceTests PrescriptionServiceTests NotificationServiceTests WholeHospitalTests
on_postgres = deploy/postgres/test.sh env HMS_TESTS="$(TESTS)" SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8 \
  swift test $(HMS_BUILD_FLAGS) --skip-build $(1:%=--filter '^%[./]')
# How the tests and the tools beside them are built: .ci/run takes the release for all of it, so that it compiles once.
HMS_BUILD_FLAGS ?=
export HMS_BUILD_FLAGS
RELEASE := .build/release

.PHONY: help run hospital build dist release weigh test test-postgres chaos crashes prove-backups prove-full-disk lint-kubernetes rehearse failover fuzz bench bench-postgres bench-cache generate plans plans-postgres format lint dependencies clean

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

# One test target on its own, with what it is asked for in its environment.
long_run = deploy/install-dependencies.sh --test && HMS_TESTS=$(1) swift build --build-tests && $(2) HMS_TESTS=$(1) swift test --skip-build --filter $(1)

run: hospital ## Install what is missing, build, and start the whole hospital on embedded SQLite; DATA=folder HTTP=host:port
	exec $(RELEASE)/hms up $(if $(DATA),--data $(DATA)) $(if $(HTTP),--http $(HTTP))

hospital: dependencies
	swift build -c release $(HMS_BUILD_FLAGS) --product hms

build: hospital ## Build the release executables
	swift build -c release $(HMS_BUILD_FLAGS) --product hms-rest

dist: build ## Put the executables into dist/, without their debug information, which lies beside them
	deploy/strip.sh dist $(RELEASE)/hms $(RELEASE)/hms-rest

release: dist ## Make a release in dist/release: image, Debian package, SBOM, notes and sums; as root where no Docker runs: PREVIOUS=tag
	deploy/release $(PREVIOUS)

prove-backups: build ## Back a hospital up under load, restore and check each archive: N=50
	deploy/prove-backups $(RELEASE)/hms $(or $(N),50)

prove-full-disk: build ## Fill a small disk under a hospital, and look whether what was acknowledged is there; as root
	deploy/prove-full-disk $(RELEASE)/hms

weigh: hospital ## Say what a new hospital holds at rest: memory, by process and by mapping, and threads; DATA=folder takes another
	deploy/weigh.sh $(RELEASE)/hms $(DATA)

test: ## Build in debug and pass every test; TESTS="RPCTests StorageTests" builds and passes only these targets
	@deploy/install-dependencies.sh --test
	HMS_TESTS="$(TESTS)" swift build $(HMS_BUILD_FLAGS) --build-tests
	HMS_TESTS="$(TESTS)" SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8 swift test $(HMS_BUILD_FLAGS) --skip-build

test-postgres: ## Pass the tests of storage, services and the whole hospital on a PostgreSQL server that is started for them and thrown away
	@deploy/install-dependencies.sh --test
	@deploy/install-dependencies.sh --postgres
	HMS_TESTS="$(TESTS)" swift build $(HMS_BUILD_FLAGS) --build-tests
	$(call on_postgres,$(STORAGE_ON_POSTGRES))
	$(call on_postgres,$(TOOLS_ON_POSTGRES))
	$(call on_postgres,$(SERVICES_ON_POSTGRES))

chaos: ## Kill every service again and again under many clients: SECONDS=600 CLIENTS=64 KILLS=10 SEED=1 DATABASE=postgres://… REPLICAS=1, CACHE=1 with a cache that is killed and flushed
	$(call long_run,ChaosTests,CHAOS_SECONDS=$(or $(SECONDS),600) CHAOS_CLIENTS=$(or $(CLIENTS),64) CHAOS_KILLS=$(or $(KILLS),10) CHAOS_SEED=$(or $(SEED),1) CHAOS_DATABASE='$(DATABASE)' CHAOS_REPLICAS=$(or $(REPLICAS),1) CHAOS_CACHE=$(CACHE))

crashes: ## Kill every process of a hospital on PostgreSQL, and its server, again and again under many clients: SECONDS=600 CLIENTS=64 KILLS=10
	deploy/postgres/prove-crashes $(or $(SECONDS),600) $(or $(CLIENTS),64) $(or $(KILLS),10) $(or $(KILLS),10)

lint-kubernetes: ## Let Checkov look at the files for Kubernetes
	deploy/kubernetes/lint

rehearse: dist ## Run the pods of deploy/kubernetes on this machine, and roll, kill, drain and scale them under load; as root: ROLLS=50 CLIENTS=4
	ROLLS=$(or $(ROLLS),50) CLIENTS=$(or $(CLIENTS),4) deploy/kubernetes/rehearse dist/hms

failover: ## Kill the leader of three PostgreSQL servers again and again under many clients: SECONDS=600 CLIENTS=64 KILLS=10
	deploy/postgres/prove-failover $(or $(SECONDS),600) $(or $(CLIENTS),64) $(or $(KILLS),10)

fuzz: ## Send wrong inputs to every port of a hospital: INPUTS=500000 SEED=1
	$(call long_run,FuzzTests,FUZZ_INPUTS=$(or $(INPUTS),500000) FUZZ_SEED=$(or $(SEED),1))

bench: build ## Measure codec, RPC and storage against their floors, and the whole hospital over REST
	@deploy/install-dependencies.sh --bench
	swift build -c release $(HMS_BUILD_FLAGS) --product hms-bench
	deploy/bench.sh $(RELEASE)/hms-bench

bench-postgres: ## Measure bookings on a PostgreSQL server that is started for it, beside pgbench with the same statements and beside SQLite; CONNECTIONS="4 8 16"
	@deploy/install-dependencies.sh --postgres
	swift build -c release $(HMS_BUILD_FLAGS) --product hms-bench
	deploy/postgres/bench.sh $(RELEASE)/hms-bench $(CONNECTIONS:%=--connections %)

bench-cache: ## Measure bookings and free slots of two replicas of everything, without and with the cache that they share
	@deploy/install-dependencies.sh --test
	@deploy/install-dependencies.sh --bench
	@deploy/install-dependencies.sh --postgres
	swift build -c release $(HMS_BUILD_FLAGS) --product hms
	swift build -c release $(HMS_BUILD_FLAGS) --product hms-bench
	deploy/postgres/bench-cache.sh $(RELEASE)/hms-bench

generate: ## Rewrite Generated/ from Protos/
	deploy/install-dependencies.sh --generate
	Protos/generate.sh

plans: ## Rewrite the query plans in Tests/PlanTests/Golden
	HMS_TESTS=PlanTests swift build --build-tests
	HMS_TESTS=PlanTests HMS_WRITE_PLANS=1 swift test --skip-build --filter PlanTests

plans-postgres: ## Rewrite those of PostgreSQL
	HMS_TESTS=PlanTests swift build --build-tests
	deploy/postgres/test.sh env HMS_TESTS=PlanTests HMS_WRITE_PLANS=1 swift test --skip-build --filter PostgresPlanTests

format: ## Lay out the code
	swift format --in-place --recursive --parallel --configuration .swift-format Package.swift Sources Tests

lint: ## Check the layout of the code
	swift format lint --strict --recursive --parallel --configuration .swift-format Package.swift Sources Tests

dependencies: ## Install the system libraries where they are missing
	@deploy/install-dependencies.sh

clean: ## Remove what was built
	rm -rf .build
