#!/usr/bin/env python3
"""Calls every RPC of the AdminService as a stranger would: with grpcio over the Unix socket, by reflection.

Usage: administration.py SOCKET HOST:PORT

Imports a table, defines a group, publishes both and goes back; asks everything twice under the same request id; and sees on the
port of the questions what is served. Fails when an answer is another than it should be, or when the port knows the AdminService.
Changes what the server serves, and ends with the edition that was current at the beginning.
"""

import base64
import hashlib
import re
import sys
import uuid

import grpc

from every_rpc import PACKAGE, Contract, Reflection, check_refusal, equal, name

ADMIN = PACKAGE + "AdminService/"
RECIPE = """
id = "of_administration"
title_nl = "Diefstal"
title_en = "Theft"
publisher = "Wij"
licence = "CC0-1.0"
attribution_nl = "Bron: wij."
attribution_en = "Source: us."
retrieved = "2026-11-29"
source_version = "1"
period = "2024"

[table]
shape = "wide"
region_column = "code"

[[indicator]]
id = "low_theft"
column = "thefts"
kind = "judgement"
polarity = "lower_is_favourable"
polarity_reason_nl = "Minder diefstal is beter."
polarity_reason_en = "Less theft is better."
unit_nl = "per 1.000 inwoners"
unit_en = "per 1,000 inhabitants"
decimals = 1
"""
TABLE = b"code,thefts\nGM0034,1.5\nGM0637,2\nGM0794,\n"


def parts(request_id, sha256):
    header = {
        "requestId": request_id,
        "recipeToml": RECIPE,
        "files": [{"name": "table.csv", "sizeBytes": len(TABLE), "sha256": sha256}],
    }
    chunks = [{"chunk": {"fileIndex": 0, "data": base64.b64encode(TABLE[at : at + 16]).decode()}} for at in range(0, len(TABLE), 16)]
    return [{"header": header}, *chunks]


def main(socket, address):
    # The path of a socket, which grpcio would send, is no authority of HTTP/2.
    options = [("grpc.default_authority", "localhost")]
    with grpc.insecure_channel(f"unix:{socket}", options) as changes, grpc.insecure_channel(address) as questions:
        reflection = Reflection(changes, "v1")
        equal("services on the socket", reflection.services(), [PACKAGE + "AdminService", "grpc.health.v1.Health"])
        assert PACKAGE + "AdminService" not in Reflection(questions, "v1").services(), "the port lists the AdminService"
        contract, asked = Contract(reflection), Contract(Reflection(questions, "v1"))
        called = set()

        def call(rpc, request):
            called.add(ADMIN + rpc)
            (answer,) = contract.call(changes, ADMIN + rpc, request)
            (again,) = contract.call(changes, ADMIN + rpc, request)
            equal(f"{rpc} asked again", again.SerializeToString(deterministic=True), answer.SerializeToString(deterministic=True))
            assert re.fullmatch("[0-9a-f]{16}", answer.metadata.edition_id), f"edition id is {answer.metadata.edition_id!r}"
            print(f"ok      {ADMIN}{rpc}")
            return answer

        def served():
            (answer,) = asked.call(questions, PACKAGE + "EditionService/GetEdition", {})
            return answer.edition.summary

        def refused(rpc, request, code, reason):
            check_refusal(contract, changes, ADMIN + rpc, request, code, reason)
            print(f"ok      {ADMIN}{rpc} (refused with {reason})")

        before = served()
        ids = {what: f"{what}-{uuid.uuid4()}" for what in ("import", "group", "publish", "back")}
        sha256 = hashlib.sha256(TABLE).hexdigest()
        imported = getattr(call("ImportSource", parts(ids["import"], sha256)), "import")
        found = (name(imported, "state"), imported.report.rows_used, imported.report.values, imported.report.without_value)
        equal("state, rows, values, missing", found, ("IMPORT_STATE_PENDING", 3, 2, 1))
        group = {
            "requestId": ids["group"],
            "groupId": "two_towns",
            "name": {"nl": "Twee steden", "en": "Two towns"},
            "members": [{"regionCode": "GM0034"}, {"regionCode": "GM0637", "validFrom": "2000-01-01"}],
            "source": "us",
            "defined": "2026-11-29",
        }
        defined = getattr(call("DefineGroup", group), "import")
        equal("members", [(count.key, count.count) for count in defined.report.counts], [("members", 2)])
        waiting = call("ListImports", {"state": "IMPORT_STATE_PENDING"})
        equal("waiting, latest first", [found.id for found in waiting.imports], [ids["group"], ids["import"]])

        publication = call("PublishEdition", {"requestId": ids["publish"], "expectedSequence": before.sequence}).publication
        equal("number, imports", (publication.sequence, list(publication.import_ids)), (before.sequence + 1, [ids["import"], ids["group"]]))
        equal("edition that is served", served().id, publication.edition_id)
        (two,) = asked.call(questions, PACKAGE + "CatalogueService/GetGroup", {"groupId": "two_towns"})
        equal("members of the group", [member.region.name for member in two.group.members], ["Almere", "Zoetermeer"])
        kept = getattr(call("GetImport", {"importId": ids["import"]}), "import")
        equal("state, number", (name(kept, "state"), kept.sequence), ("IMPORT_STATE_PUBLISHED", publication.sequence))

        refused("PublishEdition", {"requestId": str(uuid.uuid4()), "expectedSequence": before.sequence}, "ABORTED", "PUBLISH_CONFLICT")
        refused("PublishEdition", {"requestId": ids["publish"], "name": "another"}, "ALREADY_EXISTS", "REQUEST_ID_REUSED")
        refused("GetImport", {"importId": "none"}, "NOT_FOUND", "UNKNOWN_IMPORT")
        refused("ImportSource", parts(str(uuid.uuid4()), "0" * 64), "INVALID_ARGUMENT", "UPLOAD_REFUSED")
        refused("ImportSource", parts("../../etc", sha256), "INVALID_ARGUMENT", "INVALID_REQUEST")

        back = call("RollbackEdition", {"requestId": ids["back"], "edition": before.id}).publication
        equal("edition that is served again", (served().id, back.sequence), (before.id, publication.sequence + 1))
        without = sorted(set(contract.methods) - called)
        assert not without, f"RPCs that were not called: {', '.join(without)}"
    print(f"{len(called)} RPCs of the AdminService called by grpcio")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except (AssertionError, grpc.RpcError, KeyError) as error:
        sys.exit(f"FAILED  {error!r}")
