#!/usr/bin/env python3
"""Reads exports as their users would: CSV and NDJSON with Python's own readers, JSON-stat with pyjstat, the record with rdflib.

Usage: exports.py FOLDER_OF_THE_TOOL HOST:PORT

What is read has to be what QueryObservations answers, for every figure of municipalities that the server's edition has. Exits
with 1 when anything differs.
"""

import csv
import hashlib
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import grpc
import rdflib
from pyjstat import pyjstat
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD

sys.dont_write_bytecode = True
from every_rpc import PACKAGE, Contract, Reflection, equal, name

VCARD = rdflib.Namespace("http://www.w3.org/2006/vcard/ns#")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
PUBLISHER = "https://identifier.overheid.nl/tooi/id/gemeente/gm0034"
AUTHORITY = "http://publications.europa.eu/resource/authority/"
# DCAT-AP-NL 3.0: what has to be there, and how often at most.
MANDATORY = {
    DCAT.Dataset: {
        DCTERMS.title: None,
        DCTERMS.description: None,
        DCTERMS.identifier: 1,
        DCTERMS.publisher: 1,
        DCTERMS.creator: None,
        DCAT.contactPoint: 1,
        DCTERMS.accessRights: 1,
        DCAT.theme: None,
    },
    DCAT.Distribution: {DCAT.accessURL: 1, DCTERMS.license: 1},
    FOAF.Agent: {FOAF.name: None},
    SPDX.Checksum: {SPDX.algorithm: 1, SPDX.checksumValue: 1},
}


def word(message, field, prefix):
    """The word of an enum field, as exports write it."""
    return name(message, field).removeprefix(prefix).lower().removeprefix("unspecified")


def batches(items, size):
    return [items[start : start + size] for start in range(0, len(items), size)]


def answered(contract, channel, figures):
    """By basis, indicator, region and period: what QueryObservations says of all that an export names."""
    found = {}
    ids = sorted({figure["indicator_id"] for figure in figures})
    codes = sorted({figure["region_code"] for figure in figures})
    for basis, period in sorted({(figure["basis"], figure["period"]) for figure in figures}):
        for some_ids, some_codes in itertools.product(batches(ids, 10), batches(codes, 500)):
            request = {
                "indicatorIds": some_ids,
                "regionCodes": some_codes,
                "basis": f"BASIS_{basis.upper()}",
                "period": period,
            }
            (answer,) = contract.call(channel, PACKAGE + "IndicatorService/QueryObservations", request)
            for item in answer.items:
                if item.period:
                    found[basis, item.indicator_id, item.region_code, item.period] = (
                        item.value if item.HasField("value") else None,
                        item.position if item.HasField("position") else None,
                        word(item, "observation_status", "OBSERVATION_STATUS_"),
                    )
    return found


def key(figure):
    return figure["basis"], figure["indicator_id"], figure["region_code"], figure["period"]


def check_csv(file, expected):
    with open(file, newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, strict=True))
    number = lambda cell, kind: kind(cell) if cell else None
    read = {key(row): (number(row["value"], float), number(row["position"], int), row["status"]) for row in rows}
    equal("figures of CSV, each once", len(read), len(rows))
    assert read == expected, "CSV differs from QueryObservations"


def check_ndjson(file, expected):
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    read = {key(row): (row["value"], row["position"], row["status"] or "") for row in rows}
    assert read == expected, "NDJSON differs from QueryObservations"


def check_json_stat(file, expected):
    dataset = pyjstat.Dataset.read(file.read_text(encoding="utf-8"))
    equal("class, version", (dataset["class"], dataset["version"]), ("dataset", "2.0"))
    equal("roles", dataset["role"], {"time": ["period"], "geo": ["region"], "metric": ["indicator"]})
    frame = dataset.write("dataframe", naming="id").dropna(subset="value")
    cells = zip(frame["figure"], frame["indicator"], frame["region"], frame["period"], frame["value"])
    read = {
        ("computed" if figure == "value" else "published", indicator, region, period): value
        for figure, indicator, region, period, value in cells
    }
    figures = {of: value if of[0] == "computed" else position for of, (value, position, _) in expected.items()}
    figures = {of: figure for of, figure in figures.items() if figure is not None}
    assert read == figures, "JSON-stat differs from QueryObservations"
    with_status = sum(bool(status) for *_, status in expected.values())
    equal("cells with a status", len(dataset.get("status", {})), with_status)


def check_record(file, record):
    graph = rdflib.Graph().parse(record, format="json-ld", publicID=record.as_uri())
    for kind, properties in MANDATORY.items():
        nodes = list(graph.subjects(RDF.type, kind))
        assert nodes, f"no {kind}"
        for node, (one, most) in itertools.product(nodes, properties.items()):
            values = list(graph.objects(node, one))
            assert values and len(values) <= (most or len(values)), f"{len(values)} of {one} in a {kind}"
    dataset, distribution = graph.value(None, RDF.type, DCAT.Dataset), graph.value(None, RDF.type, DCAT.Distribution)
    for text in (DCTERMS.title, DCTERMS.description):
        equal(f"languages of {text}", sorted(value.language for value in graph.objects(dataset, text)), ["en", "nl"])
    equal("publisher", str(graph.value(dataset, DCTERMS.publisher)), PUBLISHER)
    contact = graph.value(dataset, DCAT.contactPoint)
    equal("contact", str(graph.value(contact, VCARD.hasEmail)), "mailto:data@example.nl")
    themes = {str(theme) for theme in graph.objects(dataset, DCAT.theme)}
    assert all(theme.startswith(AUTHORITY + "data-theme/") for theme in themes), themes
    equal("where", str(graph.value(dataset, DCTERMS.spatial)), AUTHORITY + "country/NLD")
    equal("distribution", graph.value(dataset, DCAT.distribution), distribution)
    equal("address", str(graph.value(distribution, DCAT.accessURL)), file.as_uri())
    both = {graph.value(distribution, DCAT.downloadURL) is None, graph.value(distribution, DCAT.mediaType) is None}
    equal("download address and media type, both or neither", len(both), 1)
    content = file.read_bytes()
    equal("size", int(graph.value(distribution, DCAT.byteSize)), len(content))
    checksum = graph.value(graph.value(distribution, SPDX.checksum), SPDX.checksumValue)
    equal("checksum", str(checksum), hashlib.sha256(content).hexdigest())
    equal("type of the checksum", checksum.datatype, XSD.hexBinary)
    modified = graph.value(dataset, DCTERMS.modified)
    assert modified.datatype in (XSD.date, XSD.gYear) and not modified.ill_typed, f"{modified!r}"
    for node in graph.objects(None, DCTERMS.format):
        assert str(node).startswith(AUTHORITY + "file-type/"), node


def main(folder, address):
    forms = {"figures.csv": check_csv, "figures.ndjson": check_ndjson, "figures.json": check_json_stat}
    environment = {**os.environ, "GROEIKERN_ENDPOINT": address, "GROEIKERN_LANG": "en"}
    tool = [str(pathlib.Path(folder, "groeikern")), "export"]
    with tempfile.TemporaryDirectory() as place, grpc.insecure_channel(address) as channel:
        contract = Contract(Reflection(channel, "v1"))
        listed = subprocess.run([*tool, "--format", "ndjson"], env=environment, capture_output=True, text=True, check=True)
        expected = answered(contract, channel, [json.loads(line) for line in listed.stdout.splitlines()])
        for file, check in forms.items():
            file = pathlib.Path(place, file)
            named = ["--publisher", PUBLISHER, "--contact", "data@example.nl"]
            subprocess.run([*tool, file, *named], env=environment, capture_output=True, check=True)
            check(file, expected)
            check_record(file, file.with_name(file.name + ".dcat.jsonld"))
            print(f"ok      {file.name} and its record ({len(expected)} figures, {file.stat().st_size} bytes)")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        sys.exit(main(*sys.argv[1:]))
    except AssertionError as error:
        sys.exit(f"FAILED  {error}")
