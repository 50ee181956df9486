"""Runs the verifier over a folder of files with known verdicts: DIR/vectors.json, see README.md."""
import collections
import json
import pathlib


def run(folder, verify, refused, formats):
    """Prints where verdicts differ; 0 if all agree, 1 if not, 2 if there is nothing to check."""
    folder = pathlib.Path(folder)
    listed = json.loads((folder / "vectors.json").read_text("utf-8"))
    policies = {name: (folder / file).read_bytes().decode() for name, file in listed["policies"].items()}
    verdicts, wrong = collections.Counter(), []
    for vector in listed["vectors"]:
        kind = vector["kind"].replace("_", "-")
        if kind not in formats:
            wrong.append((vector["file"], f"a kind that nobody knows: {kind}"))
            continue
        try:
            verify((folder / vector["file"]).read_bytes(), vector["chain"], policies[vector["policy"]], kind=kind,
                   table=vector.get("table"), ordinal=vector.get("ordinal"))
            verdict, why = "valid", ""
        except refused as refusal:
            verdict, why = refusal.code, refusal.why
        verdicts[verdict] += 1
        if verdict != vector["verdict"]:
            wrong.append((vector["file"], f"{vector['verdict']} expected, {verdict} found: {why}; "
                          f"{vector.get('reason', '')}"))
    for file, difference in wrong:
        print(f"{file}: {difference}")
    print(", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())), f"- {len(wrong)} differ")
    return 1 if wrong else 0 if verdicts else 2
