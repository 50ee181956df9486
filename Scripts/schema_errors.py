#!/usr/bin/env python3
"""What a JSON Schema says of YAML files: one line for each, "FILE: ok" or "FILE: what is wrong".

Used by the tests to hold Conventions/convention.schema.json against the program's own reader, from outside.
"""

import json
import sys

import jsonschema_rs
import yaml


def main(schema, *files):
    with open(schema, encoding="utf-8") as source:
        validator = jsonschema_rs.validator_for(json.load(source))
    for file in files:
        with open(file, encoding="utf-8") as source:
            content = yaml.safe_load(source)
        errors = [error.message for error in validator.iter_errors(content)]
        print(f"{file}: {errors[0].splitlines()[0] if errors else 'ok'}")


if __name__ == "__main__":
    main(*sys.argv[1:])
