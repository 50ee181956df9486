# Every way to build, run and check Tongzhou. `make` alone prints this list of goals.
#
# There is one build configuration (docs/adr/0001-one-build-configuration.md): the demo and the tests
# run the same optimised code, and one build serves both.

SWIFT ?= swift
PYTHON ?= python3
SWIFT_FLAGS ?= -c release -Xswiftc -enable-testing
TONGZHOU := .build/release/tongzhou
BENCH := $(TONGZHOU) bench settlement

# Further options of `tongzhou demo`, for example DEMO_FLAGS="--members 20000 --years 1 --seed 7".
DEMO_FLAGS ?=

# How long `make demo` serves its pages in the end: `yes` until Ctrl-C, `no` not at all, or a number of seconds.
# Without it: until Ctrl-C in a terminal, ten minutes where there is none, so that no script hangs for ever.
SERVE ?=

# The generator that belongs to the resolved version of swift-protobuf, in a folder of its own so that
# it never disturbs the main build.
PROTOBUF := .build/checkouts/swift-protobuf
GENERATOR := .build-proto/release/protoc-gen-swift
GENERATOR_OPTIONS := Visibility=Public,UseAccessLevelOnImports=true

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Goals build on each other in the order written, also under `make -j`; SwiftPM runs in parallel itself.
.NOTPARALLEL:
.PHONY: help setup build demo test soak fuzz sanitize check bench vectors docs proto setup-tests setup-proto

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what this machine lacks for building and testing
	@Scripts/setup

# What the build says goes to standard error, so that the output of `demo` and `bench` stays their own.
build: setup ## build the command line, .build/release/tongzhou
	@$(SWIFT) build $(SWIFT_FLAGS) --product tongzhou >&2

demo: build ## run the demonstration in data/demo, serve it (DEMO_FLAGS="--members 20000" SERVE=no)
	@case '$(SERVE)' in \
	  yes) serving= ;; \
	  no) serving=--no-serve ;; \
	  '') if [ -t 0 ] || [ -t 1 ]; then serving=; else serving='--serve-seconds 600'; fi ;; \
	  *) serving='--serve-seconds $(SERVE)' ;; \
	esac; exec $(TONGZHOU) demo --data data/demo --replace $$serving $(DEMO_FLAGS)

# Whatever waits for the network begins first: the packages while the style is checked, and what only tests need (a
# browser, Python's programs) while the compiler works as well. What a fetch says when it fails, the build says again.
test: setup ## check the style, build everything, run all tests
	Scripts/setup --tests & tools=$$!; \
	  $(SWIFT) package resolve & packages=$$!; \
	  { $(CHECK); }; failed=$$?; wait $$packages; \
	  if [ $$failed = 0 ]; then $(SWIFT) build $(SWIFT_FLAGS) --build-tests; failed=$$?; fi; \
	  wait $$tools && exit $$failed
	$(SWIFT) test $(SWIFT_FLAGS) --skip-build --skip '$(LIVE_TESTS)'
	$(SWIFT) test $(SWIFT_FLAGS) --skip-build $(LIVE_WIDTH) --filter '$(LIVE_TESTS)' --skip '$(HEAVY_TESTS)'
	$(SWIFT) test $(SWIFT_FLAGS) --skip-build $(LIVE_WIDTH) --filter '$(HEAVY_TESTS)'

# Tests with servers, programs and time limits run after those that only compute, which would starve them; and of them
# those that keep all cores busy themselves come last.
LIVE_TESTS := CommandTests|NodeTests|ServerTests|ClamdTests
HEAVY_TESTS := MemberLedgerTests|TwoProcessesTests|ForecastCommandTests|BrowserTests|SchemathesisTests|CrawlTests
# Many of them wait for a program, each on a thread; with more at once than there are threads the others would starve.
LIVE_WIDTH := --experimental-maximum-parallelization-width $(shell nproc)

setup-tests:
	@Scripts/setup --tests

# Rounds of `make soak`, each with one kill -9 of a node under load; SOAK_SEED makes another run of it.
SOAK_ROUNDS ?= 300
SOAK_SEED ?= 1

# Requests that schemathesis makes up for each operation in `make soak`, in each of its ways.
SOAK_EXAMPLES ?= 1000

soak: setup-tests ## kill a node hundreds of times, ask it everything (SOAK_ROUNDS=1000 SOAK_SEED=2)
	$(SWIFT) build $(SWIFT_FLAGS) --build-tests
	TONGZHOU_KILL_ROUNDS=$(SOAK_ROUNDS) TONGZHOU_KILL_SEED=$(SOAK_SEED) \
	  TONGZHOU_EXAMPLES=$(SOAK_EXAMPLES) TONGZHOU_SEED=$(SOAK_SEED) \
	  $(SWIFT) test $(SWIFT_FLAGS) --skip-build --filter 'KillTests|SchemathesisTests'

# How long each fuzz target runs, and which: all of them where FUZZ is empty (.build-fuzz/release/fuzz lists them).
FUZZ_SECONDS ?= 60
FUZZ ?=

fuzz: setup ## try every decoder with bytes that libFuzzer makes up (FUZZ_SECONDS=600 FUZZ=envelope)
	@SWIFT=$(SWIFT) FUZZ_SECONDS=$(FUZZ_SECONDS) Scripts/fuzz $(FUZZ)

# Each sanitizer builds everything anew in a folder of its own. Threads: the rooms in which threads meet, and those that
# they share. Addresses: the rooms with unsafe pointers; leaks are not looked for, since the runtime keeps what lives as
# long as the program. CommandTests are left out: the time limits of its programs are not made for code that runs many
# times slower. Pure rooms that neither share nor point are left out too.
SANITIZE_THREAD ?= ^(LedgerTests|ConsortiumTests|StorageTests|NodeTests|ServerTests|FuzzTests)\.
SANITIZE_ADDRESS ?= ^(TransparencyLogTests|LedgerTests|StorageTests|VaultTests|FuzzTests)\.
THREAD_FLAGS := $(SWIFT_FLAGS) --sanitize=thread --scratch-path .build-thread
ADDRESS_FLAGS := $(SWIFT_FLAGS) --sanitize=address --scratch-path .build-address

sanitize: export SWIFT_BACKTRACE = enable=no
sanitize: export TSAN_OPTIONS = suppressions=$(CURDIR)/Scripts/thread-sanitizer-suppressions
sanitize: export ASAN_OPTIONS = detect_leaks=0
sanitize: setup-tests ## run tests with the thread sanitizer, then others with the address sanitizer
	TONGZHOU_SANITIZER=thread $(SWIFT) build $(THREAD_FLAGS) --build-tests
	TONGZHOU_SANITIZER=thread $(SWIFT) test $(THREAD_FLAGS) --skip-build --filter '$(SANITIZE_THREAD)'
	$(SWIFT) build $(ADDRESS_FLAGS) --build-tests
	$(SWIFT) test $(ADDRESS_FLAGS) --skip-build --filter '$(SANITIZE_ADDRESS)'

# Generated code is left alone: its generator's style is not ours.
define CHECK
find Package.swift Sources Tests Examples -name '*.swift' -not -path '*/Generated/*' -print0 \
  | xargs -0 $(SWIFT) format lint --strict --parallel \
  && $(PYTHON) Scripts/check_rooms_test.py --quiet && $(PYTHON) Scripts/check_rooms.py
endef

check: ## check the formatting and the rules of the rooms; compiles nothing
	@$(CHECK)

# One JSON object per run on standard output: the share of one large case, many cases one by one,
# everybody lapsing at once, and the size the tables are made for (16 GiB of memory).
bench: build ## measure settlement; prints JSON, needs 16 GiB of memory
	@$(BENCH) --members 5000000 --cases 1 --json
	@$(BENCH) --members 7000000 --cases 1000 --json
	@$(BENCH) --members 7000000 --cases 1 --balances distinct --payout 1000000000 --json
	@$(BENCH) --members 75000000 --cases 1000 --json

# What every verifier has to judge alike; VectorTests holds the folder against what it makes.
vectors: setup-tests ## write TestVectors anew
	$(SWIFT) build $(SWIFT_FLAGS) --build-tests
	TONGZHOU_WRITE_VECTORS=$(CURDIR)/TestVectors $(SWIFT) test $(SWIFT_FLAGS) --skip-build --filter 'VectorTests/made'

docs: setup ## write the documentation of the library to .build/docs
	@$(SWIFT) build $(SWIFT_FLAGS) --target TongzhouClient >&2
	@SWIFT=$(SWIFT) Scripts/docs

proto: $(GENERATOR) ## generate Sources/<Room>/Generated from Protos/<Room>
	@set -e; for folder in Protos/*/; do \
	  room=$$(basename "$$folder"); out="Sources/$$room/Generated"; \
	  mkdir -p "$$out"; rm -f "$$out"/*.pb.swift; \
	  protoc --plugin=protoc-gen-swift=$(GENERATOR) --proto_path="$$folder" \
	    --swift_opt=$(GENERATOR_OPTIONS) --swift_out="$$out" "$$folder"*.proto; \
	  echo "proto: $$out" $$(cd "$$out" && echo *.pb.swift); \
	done

$(GENERATOR): Package.swift | setup-proto
	$(SWIFT) package resolve
	$(SWIFT) build -c release --package-path $(PROTOBUF) --product protoc-gen-swift --scratch-path .build-proto
	@touch $@

setup-proto:
	@Scripts/setup --proto
