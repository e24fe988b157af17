# Everything a contributor runs. `make test` is all of it, from a fresh clone; `make` lists the targets.
# tools/steps runs and sums up, tools/with brings what a step needs, tools/absent says what could not run.

CARGO = cargo
MSRV = 1.89.0
# What is tested together, so that the crate is compiled once, with everything that one of them needs.
SUITES = -p mixdsp -p mix_and_master -p mixdsp-c -p generate --features mixdsp/session,mixdsp/opus,mixdsp/fft
FREE_THREADED = python3.14t
PYTHON_PROFILE = $(if $(filter long,$(MIXDSP_DEPTH)),release,python-tests)
BARE_METAL = thumbv7em-none-eabihf
PLATFORMS = x86_64-pc-windows-msvc aarch64-apple-darwin aarch64-unknown-linux-gnu wasm32-unknown-unknown

# What every change needs, and the wide sweeps. What is joined by + runs side by side: Rust tests seldom keep two cores.
STEPS = format lint test-floors test-generated test-rust+python-package+test-c+test-msrv+test-bare-metal test-docs \
	test-python+test-gates test-readme test-validation test-dependencies test-unsafe
LONG_STEPS = lint-features test-rust test-c test-python test-floors-guards test-free-threaded test-embedded test-platforms test-miri \
	test-realtime

.DEFAULT_GOAL = help
.PHONY: help test test-long $(subst +, ,$(STEPS)) $(LONG_STEPS) test-aarch64 docs generate validation bench oracles install

help: ## lists the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

test: oracles ## runs what every change needs, and sums up
	@MAKE="$(MAKE)" tools/steps $(STEPS)

test-long: oracles ## sweeps wide: all pairs and rates, hours of audio, sanitizers, other platforms
	@MAKE="$(MAKE)" MIXDSP_DEPTH=long tools/steps $(LONG_STEPS)

oracles: ## installs what results are compared with, where that is possible
	@tools/oracles

format: ## is the code formatted?
	tools/with component=rustfmt -- tools/format --check

lint: ## clippy with all features and with none, warnings are errors
	tools/with component=clippy -- $(CARGO) clippy --workspace --all-targets --features mixdsp/avx512 -- -D warnings
	$(CARGO) clippy -p mixdsp --lib --no-default-features -- -D warnings

lint-features: ## clippy with features in between
	tools/with component=clippy -- $(CARGO) clippy --workspace --all-targets -- -D warnings
	$(CARGO) clippy -p mixdsp --all-targets --all-features -- -D warnings
	$(CARGO) clippy -p mixdsp --lib --no-default-features --features alloc -- -D warnings

test-generated: ## is what make generate writes up to date?
	$(CARGO) test -q $(SUITES) --bin generate

test-floors: ## does every file use only what lies below it?
	tools/floors

test-floors-guards: ## does that check see what it is for?
	tools/floors --self

test-rust: ## the units' own tests, the contract suite, sessions, the C border, examples of the documentation
	rm -rf target/validation$(if $(filter long,$(MIXDSP_DEPTH)),-long)
	$(CARGO) test $(SUITES) --no-fail-fast $(if $(filter long,$(MIXDSP_DEPTH)),-- --include-ignored)

test-docs: ## documentation without warnings
	RUSTDOCFLAGS=-Dwarnings $(CARGO) doc -p mixdsp --no-deps --all-features

test-c: ## the C library as it is shipped: headers, symbols, programs under the sanitizers
	$(if $(filter long,$(MIXDSP_DEPTH)),$(CARGO) test -p mixdsp-c)
	mixdsp-c/check.sh

python-package: ## builds the Python package and installs it in an environment of its own
	MIXDSP_PROFILE=$(PYTHON_PROFILE) tools/python -c 'import mixdsp'

test-python: ## the Python package, in an environment of its own
	MIXDSP_PROFILE=$(PYTHON_PROFILE) \
		tools/python -m pytest mixdsp-py/tests -q -rs -m "not alone" -n 2 --dist loadfile
	.venv/bin/python -m pytest mixdsp-py/tests -q -rs -m alone

test-free-threaded: ## the Python package without Python's lock, where there is such a Python
	tools/with program=$(FREE_THREADED) -- tools/free-threaded $(FREE_THREADED)

test-readme: ## the README's Python and C examples
	tools/readme

test-validation: ## does docs/VALIDATION.md have everything that was measured, with its bound?
	tools/validation --check

test-dependencies: ## what the crate depends on
	tools/dependencies

test-unsafe: ## where unsafe code stands
	tools/unsafe-code

test-gates: ## what a user pays: size of a static program, lines and seconds of a build
	tools/gates

test-msrv: ## the oldest compiler that must do
	tools/with toolchain=$(MSRV) -- $(CARGO) +$(MSRV) check -p mixdsp

test-bare-metal: ## a microcontroller, without std: does it compile?
	tools/with target=$(BARE_METAL) -- $(CARGO) check -p mixdsp --no-default-features --target $(BARE_METAL)

test-embedded: ## four processors in static memory, run under qemu
	cd examples/embedded && ../../tools/with target=$(BARE_METAL) program=qemu-system-arm -- $(CARGO) run --release

test-platforms: $(PLATFORMS:%=check-%) ## the other platforms compile

check-%:
	tools/with target=$* -- $(CARGO) check -p mixdsp --target $*

test-miri: ## the unsafe code under Miri: the words of memory, the C border
	tools/with toolchain=nightly component=miri component=rust-src -- \
		$(CARGO) +nightly miri test -p mixdsp --lib memory
	tools/with toolchain=nightly component=miri component=rust-src -- \
		$(CARGO) +nightly miri test -p mixdsp-c --test border --test threads

test-realtime: ## no call that may block, under RealtimeSanitizer
	tools/realtime-sanitizer

test-aarch64: ## the crate's tests with NEON, under qemu
	tools/with target=aarch64-unknown-linux-gnu program=qemu-aarch64 program=aarch64-linux-gnu-gcc -- \
		env CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc \
		CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64 -L /usr/aarch64-linux-gnu" \
		$(CARGO) test -p mixdsp --target aarch64-unknown-linux-gnu --lib

validation: ## writes docs/VALIDATION.md from what the tests measured
	tools/validation

generate: ## writes the C ids and accessors, the Python classes and the tables of the docs
	$(CARGO) run -q -p generate

bench: ## speed, as ratios to peers in the same run
	$(CARGO) bench -p mixdsp-benches
	benches/worst_block
	tools/python benches/limiter.py
	tools/python benches/call.py
	tools/python benches/compare.py

install: ## the C library, to PREFIX
	mixdsp-c/install.sh $(PREFIX)

docs: ## the documentation, under target/doc
	$(CARGO) doc -p mixdsp --no-deps
