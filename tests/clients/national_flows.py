#!/usr/bin/env python3
"""Calculates flows a second time, from the matrices of the sources, and holds the server's answers against them.

Usage: national_flows.py GROEIKERN-SERVER

For every matrix (migration 2015 and 2018, commuting 2016): every pair in its order, over all pages; and for every
municipality in and out, net, what stays, the Herfindahl index of destinations, every partner with its shares, the parts where
the source divides its people, and the relevant region at three shares with its dominant municipality. All of it follows here from
the tables alone, by section 4 of the design. Whole numbers have to be the same, others to 1e-9. Exits with 1 when anything
differs; says "skipped" where ../shared is absent.
"""

import collections
import csv
import math
import sys
import tempfile

sys.dont_write_bytecode = True
from every_rpc import PACKAGE
from national_figures import ROOT, SHARED, TABLES, Check, Tally, optional, recipe_of, rows_of, serving

FLOWS = {
    "cbs_commuting_2016": "csv/pendel_gemeente_mode_2016.csv.gz",
    "cbs_migration_2015": "csv/verhuisstromen_gemeente_2015.csv.gz",
    "cbs_migration_2018": "csv/verhuisstromen_gemeente_2018.csv.gz",
}
SHARES = (0.5, 0.8, 1.0)
NEW_TOWNS = "nta_new_towns"
DOMINANT = "dominant_municipalities"
# As CBS publishes them: who works in Almere and lives there, who lives in Almere and works in Amsterdam, who came and left.
PUBLISHED = {"stays": 24_175, "workers": 67_558, "to Amsterdam": 13_484, "came": 9_095, "left": 7_489}


def members(group):
    with open(ROOT / "data" / "group_members.csv", encoding="utf-8") as file:
        return [row["region"] for row in csv.DictReader(file) if row["group"] == group]


class Matrix:
    """What one table says."""

    def __init__(self, recipe_id):
        recipe = recipe_of(recipe_id)
        columns = recipe["flows"]
        self.kind, self.period = f"FLOW_KIND_{columns['kind'].upper()}", recipe["period"]
        self.breakdown = columns.get("breakdown")
        self.categories = [category["id"] for category in columns.get("category", [])]
        meant = {category["cell"]: category["id"] for category in columns.get("category", [])}
        self.parts = collections.defaultdict(dict)
        for row in rows_of(TABLES / FLOWS[recipe_id], recipe["table"]):
            pair = row[columns["origin_column"]], row[columns["destination_column"]]
            part = meant[row[columns["breakdown_column"]]] if self.breakdown else ""
            assert part not in self.parts[pair], f"{pair} is twice in {recipe_id}"
            self.parts[pair][part] = float(row[columns["persons_column"]])
        whole = columns.get("whole_totals", False)
        sums = {pair: math.fsum(parts.values()) for pair, parts in self.parts.items()}
        self.persons = {pair: round(total) if whole else total for pair, total in sums.items()}
        self.towns = sorted({town for pair in self.persons for town in pair})
        self.by_town = collections.defaultdict(list)
        for pair in self.persons:
            for town in set(pair):
                self.by_town[town].append(pair)

    def balance(self, town, persons):
        """In and out of a town, by the partners that are listed."""
        partners = collections.defaultdict(lambda: [None, None])
        within = None
        for origin, destination in self.by_town[town]:
            people = persons(origin, destination)
            if people is None:
                continue
            if origin == destination:
                within = people
            elif destination == town:
                partners[origin][0] = people
            else:
                partners[destination][1] = people
        return dict(partners), within


def volume(partner):
    return (partner[0] or 0) + (partner[1] or 0)


def compare_balance(tally, asked, found, partners, within):
    incoming = math.fsum(partner[0] or 0 for partner in partners.values())
    outgoing = math.fsum(partner[1] or 0 for partner in partners.values())
    tally.near("in", asked, found.incoming, incoming)
    tally.near("out", asked, found.outgoing, outgoing)
    tally.near("net", asked, found.net, incoming - outgoing)
    tally.near("within", asked, optional(found, "within"), within)
    tally.same("partners", asked, found.partners, sum(volume(partner) > 0 for partner in partners.values()))
    squares = [(partner[1] or 0) ** 2 for partner in partners.values()]
    index = math.fsum(squares) / outgoing**2 if outgoing else None
    tally.near("Herfindahl index", asked, optional(found, "herfindahl_of_destinations"), index)
    return incoming, outgoing


def compare_partners(tally, asked, found, partners, totals):
    order = sorted(partners, key=lambda code: (-volume(partners[code]), code))
    tally.same("order of partners", asked, [partner.region.code for partner in found], order)
    everything, reached = sum(totals), 0.0
    for partner in found:
        came, left = partners[partner.region.code]
        where = f"{asked} {partner.region.code}"
        tally.near("in from a partner", where, optional(partner, "incoming"), came)
        tally.near("out to a partner", where, optional(partner, "outgoing"), left)
        reached += volume((came, left))
        tally.near("share together", where, partner.cumulative_share, reached / everything if everything else 0.0)
    return order


def compare_region(tally, asked, found, partners, order, share, dominant):
    everything, reached, reach = math.fsum(volume(partner) for partner in partners.values()), 0.0, 0
    while reach < len(order) and reached < share * everything * (1 - 1e-12):
        reached += volume(partners[order[reach]])
        reach += 1
    first = next((code for code in order if code in dominant and volume(partners[code]) > 0), None)
    gross = order[:reach] + [code for code in [first] if code and code not in order[:reach]]
    tally.same("gross region", asked, [member.partner.region.code for member in found.members], gross)
    tally.same("dominant municipality", asked, found.dominant.code, first or "")
    marked = [member.partner.region.code for member in found.members if member.is_dominant]
    tally.same("marked as dominant", asked, marked, [first] if first else [])
    tally.near("reached share", asked, found.reached_share, reached / everything)


def every_pair(check, tally, matrix):
    """All pairs, largest first, over all pages."""
    request = {"kind": matrix.kind, "period": matrix.period, "originCodes": matrix.towns, "pageSize": 1000}
    listed = []
    while True:
        [answer] = check.contract.call(check.channel, f"{PACKAGE}FlowService/QueryFlows", request)
        listed += [(flow.origin.code, flow.destination.code, flow.persons) for flow in answer.flows]
        if not answer.next_page_token:
            break
        request["pageToken"] = answer.next_page_token
    between = [(*pair, people) for pair, people in matrix.persons.items() if pair[0] != pair[1]]
    between.sort(key=lambda flow: (-flow[2], flow[0], flow[1]))
    tally.same("all pairs in order", f"{matrix.kind} {matrix.period}", listed, between)


def every_town(check, tally, matrix, dominant):
    for town in matrix.towns:
        asked = f"{matrix.kind} {matrix.period} {town}"
        of = {"kind": matrix.kind, "period": matrix.period, "regionCode": town}
        request = of | {"partners": 500, "breakdownId": matrix.breakdown or ""}
        [answer] = check.contract.call(check.channel, f"{PACKAGE}FlowService/GetFlowBalance", request)
        partners, within = matrix.balance(town, lambda *pair: matrix.persons[pair])
        totals = compare_balance(tally, asked, answer.balance, partners, within)
        order = compare_partners(tally, asked, answer.partners, partners, totals)
        for category, found in zip(matrix.categories, answer.categories, strict=True):
            parts, stays = matrix.balance(town, lambda *pair: matrix.parts[pair].get(category))
            compare_balance(tally, f"{asked} {category}", found.balance, parts, stays)
        if not sum(totals):
            continue
        for share in SHARES:
            request = {"relevantRegion": of | {"share": share}}
            [answer] = check.contract.call(check.channel, f"{PACKAGE}FlowService/GetRelevantRegion", request)
            above = [] if town in dominant else dominant
            compare_region(tally, f"{asked} {share}", answer, partners, order, share, above)


def of_the_new_towns(check, matrix):
    """A line for every New Town: its dominant municipality by these flows, the regions at the default share, and who stays within."""
    leave = collections.Counter()
    for (origin, _), people in matrix.persons.items():
        leave[origin] += people
    stays = {town: matrix.persons[town, town] / leave[town] for town in matrix.towns if (town, town) in matrix.persons}
    for town in members(NEW_TOWNS):
        of = {"kind": matrix.kind, "period": matrix.period, "regionCode": town}
        [answer] = check.contract.call(check.channel, f"{PACKAGE}FlowService/GetRelevantRegion", {"relevantRegion": of})
        share = next((member.partner.share for member in answer.members if member.is_dominant), 0.0)
        within = [member for member in answer.members if not member.beyond_share]
        named = f"{answer.region.name}: {answer.dominant.name} ({share:.1%} of in + out)"
        net = len(answer.members) - bool(answer.dominant.code)
        line = f"  {named}; {len(within)} municipalities reach 80%; gross {len(answer.members)}, net {net}"
        if town in stays:
            place = 1 + sum(other > stays[town] for other in stays.values())
            line += f"; {stays[town]:.1%} stay within, place {place} of {len(stays)}"
        print(line)


def main(program):
    if not SHARED.is_dir():
        print("skipped: there are no tables in ../shared")
        return 0
    tally, dominant = Tally(), members(DOMINANT)
    with tempfile.TemporaryDirectory() as folder, serving(program, folder, FLOWS, FLOWS) as channel:
        check = Check(channel, tally)
        for recipe_id in FLOWS:
            matrix = Matrix(recipe_id)
            every_pair(check, tally, matrix)
            every_town(check, tally, matrix, dominant)
            print(f"{recipe_id}: {len(matrix.persons)} pairs of {len(matrix.towns)} municipalities")
            of_the_new_towns(check, matrix)
            if matrix.kind == "FLOW_KIND_COMMUTING":
                workers = math.fsum(people for pair, people in matrix.persons.items() if pair[0] == "GM0034")
                found = matrix.persons["GM0034", "GM0034"], workers, matrix.persons["GM0034", "GM0363"]
                expected = tuple(PUBLISHED[key] for key in ("stays", "workers", "to Amsterdam"))
                tally.same("Almere as published", recipe_id, found, expected)
            elif matrix.period == "2018":
                partners, _ = matrix.balance("GM0034", lambda *pair: matrix.persons[pair])
                came, left = (math.fsum(partner[side] or 0 for partner in partners.values()) for side in (0, 1))
                tally.same("Almere as published", recipe_id, (came, left), (PUBLISHED["came"], PUBLISHED["left"]))
    tally.report()
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
