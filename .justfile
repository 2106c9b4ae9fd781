# Shows what can be done.
default:
    @just --list --unsorted

# A sandbox that stays up and keeps its state.
dev:
    cargo run -- sandbox --data target/sandbox

# A vendor's first day, over HTTP.
tour:
    cargo run -- sandbox --tour

# Form, lints and documentation.
check:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items

# The tests, or those whose name contains WORDS, on SQLite.
test *WORDS:
    env -u PASSERELLE_TEST_POSTGRES_URL cargo test {{ WORDS }}

# The same on PostgreSQL as well.
test-pg *WORDS:
    PASSERELLE_TEST_POSTGRES_URL="${PASSERELLE_TEST_POSTGRES_URL:-postgres://postgres@127.0.0.1:5432/postgres}" PASSERELLE_TEST_REQUIRE=postgres cargo test {{ WORDS }}

# What a request costs, next to the least it could cost.
bench:
    cargo bench --bench statements

# 1 600 crèches deposit a quarter at once; memory and start.
rush:
    cargo bench --bench rush

# Fuzz TARGET (workbook, json, key, xls) for so many SECONDS.
fuzz TARGET SECONDS="60":
    mkdir -p fuzz/corpus/{{ TARGET }}
    {{ if TARGET == "xls" { "cargo build --release" } else { "" } }}
    PASSERELLE="${CARGO_TARGET_DIR:-$PWD/target}/release/passerelle" RUSTC_BOOTSTRAP=1 cargo fuzz run -s none {{ TARGET }} fuzz/corpus/{{ TARGET }} sandbox/samples sandbox/tour schemas/examples/attendance-statement/valid -- -max_total_time={{ SECONDS }}

# Everything that a change must pass.
ci:
    .ci/run
