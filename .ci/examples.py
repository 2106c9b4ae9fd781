"""Holds every example of the schemas to its schema with a validator that is not the gateway's."""

import json
import pathlib
import sys

from jsonschema import Draft202012Validator, FormatChecker

SCHEMAS = pathlib.Path(__file__).parent.parent / "schemas"
faults, seen = [], 0
for folder in sorted((SCHEMAS / "examples").iterdir()):
    schema = json.loads((SCHEMAS / f"{folder.name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    for example in sorted(folder.glob("*/*.json")):
        seen += 1
        # A fault of the text itself (a property given twice, a broken bracket) is none that a schema sees.
        if example.name.startswith("json."):
            continue
        valid = validator.is_valid(json.loads(example.read_text()))
        if valid != (example.parent.name == "valid"):
            faults.append(f"{example.relative_to(SCHEMAS)}: {'valid' if valid else 'not valid'}")
print(f"{seen} examples held to their schemas, {len(faults)} misjudged")
sys.exit("\n".join(faults) or None)
