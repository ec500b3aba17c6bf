#!/usr/bin/env python3
"""Detects masking a second time, from the tables of the sources, and holds the server's answers against it.

Usage: national_masking.py GROEIKERN-SERVER

For every judged indicator of health in 2020, and of SES-WOA in 2019, of which only Amsterdam is at hand: the threshold, the
means, problem neighbourhoods, masked districts, miss rate and false alarms of all that have figures, and every district,
follow here from the tables alone, by section 4 of the design. Numbers have to be the same, means and rates to 1e-9. Exits
with 1 when anything differs; says "skipped" where ../shared is absent.
"""

import collections
import math
import sys
import tempfile

sys.dont_write_bytecode = True
from every_rpc import PACKAGE
from national_figures import DIRECTION, SHARED, SOURCES, TABLES, Check, Tally, figures, recipe_of, serving, taken_by

MEASURED = ["rivm_health_2020", "cbs_ses_woa_amsterdam_2019"]
# The nearest period first, for both.
INHABITANTS = ["cbs_kwb_population_amsterdam_2019", "cbs_kwb_population_2024"]
NEIGHBOURHOOD = r"BU\d{4}\w{4}"
WORST, MASKED_BELOW, LEAST = 0.1, 0.5, 500.0


def values_of(recipe_id, rule=None):
    """The values of one indicator by neighbourhood, and all neighbourhoods that the table lists."""
    recipe = recipe_of(recipe_id)
    rows = taken_by(recipe, TABLES / SOURCES[recipe_id], NEIGHBOURHOOD)
    found, _ = figures(recipe, rule or next(rule for rule in recipe["indicator"] if rule["id"] == "inhabitants"), rows)
    return found, rows.keys()


def mean(parts):
    return math.fsum(o * weight for _, o, weight in parts) / math.fsum(weight for *_, weight in parts)


def above(value, than):
    return value - than > 1e-9 * max(1.0, abs(than))


def masking(values, weights, direction):
    """What the country hides, by the definitions."""
    parts = sorted((code, direction * value, weights[code]) for code, value in values.items() if weights.get(code, 0) > 0)
    tenth, reached = WORST * math.fsum(weight for *_, weight in parts), []
    for _, o, weight in sorted(parts, key=lambda part: part[1:]):
        reached.append(weight)
        if math.fsum(reached) >= tenth * (1 - 1e-12):
            threshold = o
            break
    problem = {code for code, o, weight in parts if o <= threshold and weight >= LEAST}
    by_district = collections.defaultdict(list)
    for part in parts:
        by_district["WK" + part[0][2:8]].append(part)
    national, districts = mean(parts), {}
    for code, members in by_district.items():
        weight = math.fsum(weight for *_, weight in members)
        hidden = math.fsum(weight for of, _, weight in members if of in problem)
        own = mean(members)
        districts[code] = {
            "mean": direction * own,
            "weight": weight,
            "problem_weight": hidden,
            "above": above(own, threshold),
            "masked": above(own, threshold) and 0 < hidden / weight < MASKED_BELOW,
            "strict": hidden > 0 and not above(national, own),
        }
    missed = math.fsum(district["problem_weight"] for district in districts.values() if district["above"])
    seen = math.fsum(district["weight"] for district in districts.values() if not district["above"])
    alarm = [weight for code, o, weight in parts if o > threshold and not districts["WK" + code[2:8]]["above"]]
    weight_of = {code: weight for code, _, weight in parts}
    hidden = math.fsum(weight_of[code] for code in problem)
    return {
        "threshold": direction * threshold,
        "mean": direction * national,
        "taking part": len(parts),
        "problems": (len(problem), hidden),
        "masked": (sum(d["masked"] for d in districts.values()), sum(d["strict"] for d in districts.values())),
        "miss rate": missed / hidden,
        "false alarm": math.fsum(alarm) / seen,
    }, districts


def compare(tally, asked, answer, expected, districts):
    summary, country = answer[0].summary, answer[0].summary.country
    tally.same("threshold", asked, summary.threshold, expected["threshold"])
    tally.near("mean of the country", asked, summary.national_mean, expected["mean"])
    tally.same("neighbourhoods taking part", asked, country.taking_part, expected["taking part"])
    tally.same("problem neighbourhoods", asked, (country.problem_neighbourhoods, country.problem_weight), expected["problems"])
    tally.same("masked districts", asked, (country.masked_districts, country.strictly_masked_districts), expected["masked"])
    tally.near("miss rate", asked, country.miss_rate, expected["miss rate"])
    tally.near("false alarms", asked, country.false_alarm_rate, expected["false alarm"])
    found = {district.district.code: district for part in answer for district in part.districts if district.weight > 0}
    tally.same("districts", asked, sorted(found), sorted(districts))
    for code in found.keys() & districts.keys():
        one, other = found[code], districts[code]
        tally.near("mean of a district", f"{asked} {code}", one.mean, other["mean"])
        tally.same("masked or not", f"{asked} {code}", (one.masked, one.strictly_masked), (other["masked"], other["strict"]))


def main(program):
    if not SHARED.is_dir():
        print("skipped: there are no tables in ../shared")
        return 0
    weights = {}
    for recipe_id in reversed(INHABITANTS):
        weights.update(values_of(recipe_id)[0])
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, serving(program, folder, [*MEASURED, *INHABITANTS]) as channel:
        check = Check(channel, tally)
        for recipe_id, rule in ((recipe_id, rule) for recipe_id in MEASURED for rule in recipe_of(recipe_id)["indicator"]):
            if "polarity" not in rule:
                continue
            values, _ = values_of(recipe_id, rule)
            expected, districts = masking(values, weights, DIRECTION[rule["polarity"]])
            rpc = f"{PACKAGE}NeighbourhoodService/DetectMasking"
            answer = check.contract.call(channel, rpc, {"indicatorId": rule["id"]})
            compare(tally, rule["id"], answer, expected, districts)
    tally.report()
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
