"""Run every benchmark and print its figures."""

from __future__ import annotations

from . import lint_speed, listing, runtime_requests, startup, upload, warm_start


def main() -> None:
    for benchmark in (startup, listing, lint_speed, upload, runtime_requests, warm_start):
        print(f"\n{benchmark.__doc__}")
        for line in benchmark.measure():
            print(f"  {line}")


if __name__ == "__main__":
    main()
