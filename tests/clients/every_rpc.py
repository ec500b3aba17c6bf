#!/usr/bin/env python3
"""Calls every RPC of groeikern.v1 as a stranger would: with grpcio, over reflection, without generated code.

Usage: every_rpc.py HOST:PORT

Reads requests.json beside this file: one request in proto3 JSON per RPC, and refusals.json: those that need values, which
the report does not print, and how they are refused. Fails when the server has an RPC without a request, or a file an RPC
that the server has not, and when an answer is not what the New Towns report says.
"""

import json
import pathlib
import re
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2
from grpc_status import rpc_status

PACKAGE = "groeikern.v1."
REQUESTS = pathlib.Path(__file__).with_name("requests.json")
REFUSALS = pathlib.Path(__file__).with_name("refusals.json")
TIMEOUT = 10


class Reflection:
    """Server reflection of one version. Both versions have the same messages."""

    def __init__(self, channel, version):
        self._ask = channel.stream_stream(
            f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
            request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
            response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
        )

    def _one(self, **request):
        answers = self._ask(iter([reflection_pb2.ServerReflectionRequest(**request)]), timeout=TIMEOUT)
        answer = next(iter(answers))
        if answer.HasField("error_response"):
            raise AssertionError(f"reflection of {request}: {answer.error_response.error_message}")
        return answer

    def services(self):
        """Every service but reflection itself, which lists its own version only."""
        answer = self._one(list_services="")
        names = (service.name for service in answer.list_services_response.service)
        return sorted(name for name in names if not name.startswith("grpc.reflection."))

    def files_of(self, symbol):
        """The file that defines a symbol and everything it imports, imports first."""
        found, order = {}, []

        def take(answer):
            for encoded in answer.file_descriptor_response.file_descriptor_proto:
                file = descriptor_pb2.FileDescriptorProto.FromString(encoded)
                found.setdefault(file.name, file)

        def visit(name):
            if name in order:
                return
            if name not in found:
                take(self._one(file_by_filename=name))
            for dependency in found[name].dependency:
                visit(dependency)
            order.append(name)

        take(self._one(file_containing_symbol=symbol))
        for name in list(found):
            visit(name)
        return [found[name] for name in order]


class Contract:
    """The RPCs of the package, as the server describes them."""

    def __init__(self, reflection):
        self.pool = descriptor_pool.DescriptorPool()
        self.methods = {}
        added = set()
        for service in reflection.services():
            if not service.startswith(PACKAGE):
                continue
            for file in reflection.files_of(service):
                if file.name not in added:
                    self.pool.Add(file)
                    added.add(file.name)
            for method in self.pool.FindServiceByName(service).methods:
                self.methods[f"{service}/{method.name}"] = method

    def call(self, channel, rpc, request):
        """All messages that the server answers: one, or those of a stream."""
        method = self.methods[rpc]
        kinds = {
            (False, False): channel.unary_unary,
            (False, True): channel.unary_stream,
            (True, False): channel.stream_unary,
            (True, True): channel.stream_stream,
        }
        ask = kinds[method.client_streaming, method.server_streaming](
            f"/{rpc}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=message_factory.GetMessageClass(method.output_type).FromString,
        )
        make = message_factory.GetMessageClass(method.input_type)
        if method.client_streaming:
            messages = [json_format.ParseDict(part, make(), descriptor_pool=self.pool) for part in request]
            answer = ask(iter(messages), timeout=TIMEOUT)
        else:
            answer = ask(json_format.ParseDict(request, make(), descriptor_pool=self.pool), timeout=TIMEOUT)
        return list(answer) if method.server_streaming else [answer]


def name(message, field):
    """The name of an enum field's value."""
    return message.DESCRIPTOR.fields_by_name[field].enum_type.values_by_number[getattr(message, field)].name


def equal(what, found, expected):
    assert found == expected, f"{what} is {found!r}, expected {expected!r}"


# What the report says. One function per RPC that has something to check beyond an answer with metadata.


def list_themes(answer):
    equal("number of themes", len(answer.themes), 6)


def get_indicator(answer):
    equal("indicator", answer.indicator.id, "low_theft")
    equal("kind", name(answer.indicator, "kind"), "INDICATOR_KIND_JUDGEMENT")


def list_regions(answer):
    equal("rows on the page", len(answer.regions), 5)
    assert answer.next_page_token, "seven members at five a page need a second page"


def get_region(answer):
    equal("region", answer.region.name, "Beemster")
    equal("successors", [step.region.code for step in answer.region.successors], ["GM0439"])


def resolve_region(answer):
    equal("region", (answer.region.code, answer.region.name), ("GM0502", "Capelle aan den IJssel"))


def get_group(answer):
    equal("members", len(answer.group.members), 7)
    equal("membership", name(answer.group, "membership_basis"), "MEMBERSHIP_BASIS_UNVERIFIED")


def search_catalogue(answer):
    assert "low_theft" in [hit.id for hit in answer.hits], "a search for theft does not find low_theft"


def list_universes(answer):
    assert [(one.id, one.size) for one in answer.universes] == [("municipalities_337", 337)]


def get_universe(answer):
    assert answer.universe.size == 337
    assert not answer.units, "the report does not list its units"


def get_coverage(answer):
    (row,) = answer.rows
    (ranking,) = row.rankings
    found = (name(ranking, "basis"), ranking.n, ranking.known, name(ranking, "region_status"))
    equal("coverage", found, ("BASIS_PUBLISHED", 337, 7, "ITEM_STATUS_OK"))


def get_method(answer):
    (section,) = answer.sections
    (example,) = section.examples
    found = [(check.function, list(check.results)) for check in example.checks]
    equal("example of the place share", found, [("place_share", [0.3]), ("place_share", [0.0125])])
    assert "0,3000" in example.result.nl and "0.3000" in example.result.en, "the example does not say its result"


def get_trend(answer):
    found = [(point.period, point.standing.position, point.n) for point in answer.points]
    equal("trend", found, [("2024", 314, 337)])
    assert not answer.HasField("statistics") and not answer.points[0].breaks, "one printed position is no series"


def get_edition(answer):
    equal("edition", answer.edition.summary.name, "new-towns-2024")


def diff_editions(answer):
    assert answer.difference.same_content, "an edition differs from itself"
    equal("changes", (len(answer.changes), answer.total_changes), (0, 0))
    assert answer.difference.positions_compared > 0, "no position was compared"


def watch_editions(answer):
    equal("edition", answer.edition.name, "new-towns-2024")
    equal("comparison", name(answer, "comparison"), "EDITION_COMPARISON_NONE")
    assert not answer.continued and not answer.changes, "the first event has nothing to tell"


def query_observations(answer):
    found = [(item.indicator_id, item.region_code, name(item, "status")) for item in answer.items]
    equal(
        "items",
        found,
        [
            ("low_theft", "GM0034", "ITEM_STATUS_OK"),
            ("low_theft", "GM0370", "ITEM_STATUS_RETIRED"),
            ("no_such_indicator", "GM0034", "ITEM_STATUS_UNKNOWN"),
            ("no_such_indicator", "GM0370", "ITEM_STATUS_UNKNOWN"),
        ],
    )
    equal("successor", answer.items[1].successor_code, "GM0439")


def get_profile(answer):
    rows = {row.ranking.indicator.id: row for row in answer.rows}
    row = rows["low_other_domestic_violence"]
    equal("position, n of other domestic violence in Helmond", (row.standing.position, row.ranking.n), (337, 337))


def export_observations(answer):
    equal("figures of the seven towns", answer.summary.figures, 7)
    equal("edition", answer.summary.edition.summary.id, answer.metadata.edition_id)


def rank_regions(answer):
    equal("n, known of low_theft", (answer.ranking.n, answer.ranking.known), (337, 7))
    equal("rows", len(answer.rows), 7)
    positions = [row.standing.position for row in answer.rows]
    equal("order", positions, sorted(positions))


def get_position(answer):
    equal("position of Almere on low_theft", answer.region.standing.position, 277)


def compare_groups(answer):
    built, theft = answer.comparisons
    group, _ = built.groups
    equal("position, n of the built environment", (group.standing.position, built.ranking.n), (311, 337))
    _, chosen = theft.groups
    found = (chosen.ad_hoc_label, name(chosen, "status"), chosen.mean_of_positions, chosen.HasField("mean"))
    equal("a list of printed positions", found, ("two", "ITEM_STATUS_NO_DATA", 295.5, False))


def rank_composite(answer):
    equal("n of the known towns, nodes", (answer.summary.n, len(answer.nodes)), (7, 6))
    (almere,) = answer.breakdowns
    equal("scores at every node", len(almere.scores), 6)
    equal("score of the whole", [row.score for row in answer.rows if row.region.code == "GM0034"], [almere.scores[0].score])


def analyse_sensitivity(answer):
    equal("draws, towns, parts left out", (answer.draws, len(answer.regions), len(answer.variants)), (200, 2, 8))
    almere, zoetermeer = answer.regions
    for town in (almere, zoetermeer):
        within = 1 <= town.position_p05 <= town.position_p50 <= town.position_p95 <= answer.summary.n
        equal(f"positions of {town.region.name} in order", within, True)


def recommend(answer):
    equal("municipality", answer.region.name, "Nissewaard")
    equal("recommendations", len({advice.recommendation.id for advice in answer.advice}), 11)
    assert answer.advice[0].evidence, "the first recommendation has no evidence"


def explain_recommendation(answer):
    leaves, nodes = [], [answer.derivation]
    while nodes:
        node = nodes.pop()
        nodes.extend(node.children)
        if node.HasField("published_position"):
            leaves.append(node)
    assert len(leaves) > 5, "an explanation without figures"
    assert all(leaf.citation.nl for leaf in leaves), "a figure that cannot be quoted"
    equal("class", answer.derivation.recommendation_class, answer.advice.recommendation_class)
    assert "Helmond staat op plaats" in " ".join(part.text.nl for part in answer.plain_language)


def list_recommendations(answer):
    equal("recommendations to municipalities", len(answer.recommendations), 7)


def get_recommendation(answer):
    equal("recommendation", answer.recommendation.id, "youth_facilities")


def list_factors(answer):
    programmes = {factor.id: len(factor.programmes) for factor in answer.factors}
    equal("programmes that presume self-reliance", programmes["self_reliance_policy_mismatch"], 5)


def get_factor(answer):
    steps = {other.factor.id: other.steps for other in answer.downstream}
    found = (steps["low_liveability"], steps["low_safety"])
    equal("steps from selective migration to liveability and safety", found, (1, 3))


def list_mechanisms(answer):
    found = [(mechanism.effect.id, len(mechanism.citations)) for mechanism in answer.mechanisms]
    equal("what literature says of selective migration", found, [("low_liveability", 0), ("poverty_and_debt", 3)])


def find_mechanism_paths(answer):
    assert all(path.circle for path in answer.paths), "not every circle is called one"
    causes = [step.cause.id for step in answer.paths[1].steps]
    circle = ["low_property_values", "mediocre_new_building", "low_residential_attractiveness", "weak_image"]
    equal("the vicious circle of image and building", causes, circle)
    equal("its weakest step", name(answer.paths[1], "weakest_certainty"), "MECHANISM_CERTAINTY_RISK")


def list_findings(answer):
    finding = answer.findings[0]
    assert "23.8%" in finding.statement.en, "the teacher shortage of Almere is not 23.8%"
    equal("cited", [citation.author for citation in finding.citations], ["Flevowijs"])


def list_phases(answer):
    found = [(phase.from_year, phase.to_year if phase.HasField("to_year") else None) for phase in answer.phases]
    equal("phases", found, [(1960, 1979), (1979, 1990), (1990, None)])


def list_citations(answer):
    equal("works that section 5.2 cites", len(answer.works), 6)


def analyse_coherence(answer):
    first = answer.factors[0]
    equal("the factor that most paths run through", first.factor.id, "low_residential_attractiveness")
    assert not answer.pairs[0].HasField("together"), "printed positions are no sample of the country"


FACTS = {
    "CatalogueService/ListThemes": list_themes,
    "CatalogueService/GetIndicator": get_indicator,
    "CatalogueService/ListRegions": list_regions,
    "CatalogueService/GetRegion": get_region,
    "CatalogueService/ResolveRegion": resolve_region,
    "CatalogueService/GetGroup": get_group,
    "CatalogueService/SearchCatalogue": search_catalogue,
    "CatalogueService/GetCoverage": get_coverage,
    "CatalogueService/ListUniverses": list_universes,
    "CatalogueService/GetUniverse": get_universe,
    "CatalogueService/GetMethod": get_method,
    "EditionService/GetEdition": get_edition,
    "EditionService/DiffEditions": diff_editions,
    "EditionService/WatchEditions": watch_editions,
    "IndicatorService/QueryObservations": query_observations,
    "IndicatorService/GetProfile": get_profile,
    "IndicatorService/GetTrend": get_trend,
    "IndicatorService/ExportObservations": export_observations,
    "RankingService/RankRegions": rank_regions,
    "RankingService/GetPosition": get_position,
    "RankingService/CompareGroups": compare_groups,
    "RankingService/RankComposite": rank_composite,
    "RankingService/AnalyseSensitivity": analyse_sensitivity,
    "RecommendationService/Recommend": recommend,
    "RecommendationService/ExplainRecommendation": explain_recommendation,
    "RecommendationService/ListRecommendations": list_recommendations,
    "RecommendationService/GetRecommendation": get_recommendation,
    "RecommendationService/ListFactors": list_factors,
    "RecommendationService/GetFactor": get_factor,
    "RecommendationService/ListMechanisms": list_mechanisms,
    "RecommendationService/FindMechanismPaths": find_mechanism_paths,
    "RecommendationService/ListFindings": list_findings,
    "RecommendationService/ListPhases": list_phases,
    "RecommendationService/ListCitations": list_citations,
    "RecommendationService/AnalyseCoherence": analyse_coherence,
}


def check_coverage(contract, requests, refusals):
    assert contract.methods, f"reflection lists no service of {PACKAGE}"
    without = sorted(set(contract.methods) - set(requests))
    beyond = sorted(set(requests) - set(contract.methods))
    unchecked = sorted((set(refusals) | {PACKAGE + rpc for rpc in FACTS}) - set(contract.methods))
    assert not without, f"RPCs without an entry in {REQUESTS.name}: {', '.join(without)}"
    assert not beyond, f"entries of {REQUESTS.name} for RPCs that do not exist: {', '.join(beyond)}"
    assert not unchecked, f"facts about RPCs that do not exist: {', '.join(unchecked)}"


def check_refusal(contract, channel, rpc, request, code, reason):
    try:
        contract.call(channel, rpc, request)
    except grpc.RpcError as error:
        equal("code", error.code().name, code)
        info = error_details_pb2.ErrorInfo()
        details = rpc_status.from_call(error).details
        assert any(detail.Unpack(info) for detail in details), "no ErrorInfo"
        equal("reason, domain", (info.reason, info.domain), (reason, "groeikern"))
    else:
        raise AssertionError(f"was answered and not refused with {reason}")


def check_unknown_id(contract, channel):
    request = {"indicatorId": "no_such_indicator"}
    rpc = PACKAGE + "CatalogueService/GetIndicator"
    check_refusal(contract, channel, rpc, request, "NOT_FOUND", "UNKNOWN_INDICATOR")


def check_health(channel):
    answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=TIMEOUT)
    equal("health", health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status), "SERVING")


def main(address):
    requests, refusals = (json.loads(file.read_text(encoding="utf-8")) for file in (REQUESTS, REFUSALS))
    with grpc.insecure_channel(address) as channel:
        try:
            grpc.channel_ready_future(channel).result(timeout=TIMEOUT)
        except grpc.FutureTimeoutError:
            sys.exit(f"FAILED  no server at {address} after {TIMEOUT} seconds")
        reflection = Reflection(channel, "v1")
        services = reflection.services()
        equal("services by reflection v1alpha", Reflection(channel, "v1alpha").services(), services)
        contract = Contract(reflection)
        check_coverage(contract, requests, refusals)
        editions, failed = set(), 0
        for rpc in sorted(contract.methods):
            try:
                if rpc in refusals:
                    check_refusal(contract, channel, rpc, requests[rpc], **refusals[rpc])
                    print(f"ok      {rpc} (refused with {refusals[rpc]['reason']})")
                    continue
                answers = contract.call(channel, rpc, requests[rpc])
                edition = answers[0].metadata.edition_id
                assert re.fullmatch("[0-9a-f]{16}", edition), f"edition id is {edition!r}"
                editions.add(edition)
                FACTS.get(rpc.removeprefix(PACKAGE), lambda answer: None)(answers[0])
                print(f"ok      {rpc} ({sum(answer.ByteSize() for answer in answers)} bytes)")
            except (AssertionError, grpc.RpcError, KeyError, ValueError) as error:
                failed += 1
                reason = f"{error.code().name}: {error.details()}" if isinstance(error, grpc.RpcError) else repr(error)
                print(f"FAILED  {rpc}: {reason}")
        others = {
            "an unknown id": lambda: check_unknown_id(contract, channel),
            "health": lambda: check_health(channel),
            "one edition": lambda: equal("number of editions that answered", len(editions), 1),
        }
        for what, check in others.items():
            try:
                check()
                print(f"ok      {what}")
            except (AssertionError, grpc.RpcError) as error:
                failed += 1
                print(f"FAILED  {what}: {error}")
    total = len(contract.methods) + len(others)
    print(f"{len(contract.methods)} RPCs of {len([s for s in services if s.startswith(PACKAGE)])} services called by grpcio")
    print(f"{total - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        sys.exit(main(sys.argv[1]))
    except (AssertionError, grpc.RpcError) as error:
        sys.exit(f"FAILED  {error!r}")
