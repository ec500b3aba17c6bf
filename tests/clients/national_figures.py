#!/usr/bin/env python3
"""Calculates national figures a second time, from the tables of the sources, and holds the server's answers against them.

Usage: national_figures.py GROEIKERN-SERVER

Nothing the server says is taken for true: tables are read here with csv, recipes with tomllib, formulas calculated in
fractions, and positions, grades, composites and group means follow section 4 of the design. The server imports the same tables
and is asked for every indicator and period of every recipe: all municipalities, and all groups. Positions, ties, counts and loaded
values have to be the same; derived values to 1e-12; grades, means and place shares to 1e-9. A second server, to which the
tables came in the opposite order, has to be of the same edition. Exits with 1 when anything differs.

The tables are in ../shared, beside the repository; says "skipped" where that is absent.
"""

import ast
import collections
import contextlib
import csv
import fractions
import gzip
import json
import math
import operator
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

import grpc

sys.dont_write_bytecode = True  # what is imported from this folder leaves nothing in it
from every_rpc import PACKAGE, Contract, Reflection, name

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
TABLES = SHARED / "data"
SOURCES = {
    "cbs_population": "odata_v4_fixtures/03759ned",
    "cbs_sale_prices": "odata_v4_fixtures/83625NED",
    "cbs_regional_key_figures_2025": "original/cbs_70072ned_regionale_kerncijfers_2025.csv.gz",
    "cbs_household_income_2024": "original/cbs_inkomen_huishoudens_regio_2024_malformed_quotes.csv.gz",
    "cbs_regional_key_figures_2020_2023": "original/cbs_70072ned_bevolking_dichtheid_2020_2023.csv.gz",
    "cbs_regional_key_figures_1995_2021": "original/cbs_70072ned_regionale_kerncijfers_1995_2021.csv.gz",
    "cbs_kwb_municipality_2020": "csv/kwb_gemeente_2020.csv.gz",
    "cbs_kwb_municipality_2018": "csv/kwb_gemeente_2018.csv.gz",
    "cbs_kwb_municipality_2017": "csv/kwb_gemeente_2017.csv.gz",
    "cbs_kwb_municipality_2015": "csv/kwb_gemeente_2015.csv.gz",
    "cbs_kwb_population_2019": "original/cbs_kwb_2019_gemeenten_english_header.csv.gz",
    "cbs_kwb_population_2024": "original/cbs_kwb_2024_gemeente_wijk_buurt_bevolking.csv.gz",
    "cbs_kwb_population_amsterdam_2019": "original/cbs_kwb_2019_amsterdam_wijk_buurt_r_export.csv.gz",
    "cbs_ses_woa_amsterdam_2019": "original/cbs_85163NED_ses_woa_amsterdam_2019.csv.gz",
    "leefbaarometer_amstelveen": "original/leefbaarometer3_amstelveen_wijken_2014_2022.csv.gz",
    "rivm_health_2020": "csv/rivm_50090NED_untyped_18plus_2020.csv.gz",
    "rivm_health_2016": "csv/rivm_50090NED_untyped_18plus_2016.csv.gz",
    "rivm_health_2012": "csv/rivm_50090NED_untyped_18plus_2012.csv.gz",
}
# Tables without municipalities. national_masking.py reads the inhabitants and the SES-WOA scores of Amsterdam.
AREAS_ONLY = {"cbs_kwb_population_amsterdam_2019", "cbs_ses_woa_amsterdam_2019", "leefbaarometer_amstelveen"}
REGION_NAMES = "odata_v4_fixtures/03759ned"
REGISTER = "csv/gemeenten_1988_2026_cbs_regios.csv.gz"
DIRECTION = {"higher_is_favourable": 1, "lower_is_favourable": -1, None: 1}
JUDGED = ("VERY_FAVOURABLE", "FAVOURABLE", "MIDDLE", "UNFAVOURABLE", "VERY_UNFAVOURABLE")
NEUTRAL = ("VERY_HIGH", "HIGH", "AVERAGE", "LOW", "VERY_LOW")
TABLE_KEYS = {
    *("format", "shape", "level", "levels", "region_column", "region_name_column", "area_name_column", "region_names"),
    *("missing", "filter", "delimiter", "decimal", "quotes", "leave_out_empty"),
}
AT_ONCE = 50  # indicators in one question about groups
COMPOSED = {"polarity": "higher_is_favourable", "unit_nl": "rapportcijfer", "unit_en": "grade", "decimals": 2}
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


# --- What the tables say.


def rows_of(path, table):
    """The rows of a gzipped table of this form, their cells trimmed."""
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        lines = (line.replace('""', '"') for line in file) if table.get("quotes") == "doubled" else file
        for row in csv.DictReader(lines, delimiter=table.get("delimiter", ",")):
            yield {column: cell.strip() for column, cell in row.items() if column is not None and cell is not None}


def observations_of(folder):
    """The observations of a table over OData v4, each a row with its measure as a column: the value, or why there is none."""
    for page in sorted(folder.glob("observations-page-*.json.gz")):
        with gzip.open(page, "rt", encoding="utf-8") as file:
            for found in json.load(file)["value"]:
                measure, value, why = found.pop("Measure"), found.pop("Value"), found.pop("ValueAttribute")
                row = {column: cell.strip() for column, cell in found.items() if isinstance(cell, str)}
                yield row | {measure: str(value) if why == "None" else why}


def recipe_of(recipe_id):
    return tomllib.loads((ROOT / "data" / "recipes" / f"{recipe_id}.toml").read_text(encoding="utf-8"))


def lives():
    """The first day of every municipality there has been since 1988, and the first without it, by code; and the codes by name."""

    def day(text):
        return "-".join(reversed(re.findall(r"\d+", text)))  # "01-01-2015" and "voor 1830"

    rows = list(rows_of(TABLES / REGISTER, {}))
    names = {row["title"]: row["gm_code"] for row in rows}
    assert len(names) == len(rows), "two municipalities have one name"
    return {row["gm_code"]: (day(row["begin"]), day(row["opgeheven_per"]) or "9999") for row in rows}, names


def is_wanted(rule, row):
    """Whether a row passes one filter of a recipe."""
    cell = row[rule["column"]]
    return ("equals" not in rule or cell in rule["equals"]) and ("at_least" not in rule or cell >= rule["at_least"])


def periods_of(recipe, path, level=r"GM\d{4}"):
    """The rows that a recipe takes from its table of the regions whose codes are of this form, by period and code."""
    table = recipe["table"]
    unread = table.keys() - TABLE_KEYS
    over_odata = table.get("format") == "odata"
    assert over_odata or table["shape"] == "wide", f"{recipe['id']} is not read here"
    assert not unread, f"{recipe['id']} asks for what is not read here: {unread}"
    _, names = lives() if "region_names" in table else (None, None)
    measured = {column for rule in recipe["indicator"] if "children" not in rule for column in columns_of(rule).values()}
    taken = {}
    for row in observations_of(path) if over_odata else rows_of(path, table):
        if not measured & row.keys():
            continue  # an observation of another measure
        if not all(is_wanted(rule, row) for rule in table.get("filter", [])):
            continue
        code = row[table["region_column"]]
        code = names.get(code, "") if names else code
        empty = all(row[column] in markers_of(recipe) for column in measured & row.keys())
        if not re.fullmatch(level, code) or (table.get("leave_out_empty") and empty):
            continue
        period = recipe.get("period") or row[recipe["period_column"]].removesuffix("JJ00").rstrip("*")
        of_period = taken.setdefault(period, {})
        assert over_odata or code not in of_period, f"{code} is twice in {path.name}"
        of_period[code] = of_period.get(code, {}) | row
    return taken


def taken_by(recipe, path, level):
    """The same of a table of one period, by code."""
    ((_, rows),) = periods_of(recipe, path, level).items()
    return rows


def columns_of(rule):
    """The columns that an indicator rests on, by the name that its formula gives them."""
    return rule["columns"] if "formula" in rule else {"value": rule.get("column") or rule["measure"]}


def markers_of(recipe, rule=None):
    """The cells that stand for no figure."""
    over_odata = {"NotAvailable", "Confidential", "Impossible"}
    default = over_odata if recipe["table"].get("format") == "odata" else {"", "."}
    return {*recipe["table"].get("missing", default), *(rule or {}).get("missing", [])}


def calculate(node, numbers):
    """The value of a formula, a fraction; None where a number is missing or something is divided by zero."""
    match node:
        case ast.Constant(value=int() | float()):
            return fractions.Fraction(str(node.value))
        case ast.Name():
            return numbers[node.id]
        case ast.BinOp():
            left, right = calculate(node.left, numbers), calculate(node.right, numbers)
            if left is None or right is None or (isinstance(node.op, ast.Div) and right == 0):
                return None
            return OPERATORS[type(node.op)](left, right)
    raise AssertionError(f"a formula holds {ast.dump(node)}")


def figures(recipe, rule, rows):
    """The values of one indicator by code, without those that are missing, and whether a formula made them."""
    markers, columns = markers_of(recipe, rule), columns_of(rule)
    point = recipe["table"].get("decimal", ".")
    tree = ast.parse(rule.get("formula", "value"), mode="eval").body
    found = {}
    for code, row in rows.items():
        cells = {word: row[column] for word, column in columns.items()}
        numbers = {word: None if cell in markers else fractions.Fraction(cell.replace(point, ".")) for word, cell in cells.items()}
        value = calculate(tree, numbers)
        if value is not None:
            found[code] = float(value)
    return found, "formula" in rule


def groups(year):
    """The members of every group, by the codes of a year: a former code where the present one did not exist yet."""
    known, _ = lives()
    members = {}
    with open(SHARED / "report" / "groups.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            codes = [row["region_code"], *re.findall(r"GM\d{4}", row["former_codes"])]
            alive = [code for code in codes if known[code][0] <= f"{year}-01-01" < known[code][1]]
            members.setdefault(row["group"], []).append(alive[0] if alive else None)
    return members


# --- The method.


def tolerance(value, derived):
    """How much better than this another has to be: loaded values compare exactly."""
    return 1e-9 * max(1.0, abs(value)) if derived else 0.0


def quantile(ordered, share):
    """Type 7: on a straight line between the two nearest."""
    at = (len(ordered) - 1) * share
    below = ordered[math.floor(at)]
    return below + (at - math.floor(at)) * (ordered[math.ceil(at)] - below)


class Ranking:
    """One indicator of one period: every municipality, and what a mean would be among them."""

    def __init__(self, rule, period, borders, units, values, derived):
        self.id, self.rule, self.period, self.borders = rule["id"], rule, period, borders
        self.judged, self.direction = "polarity" in rule, DIRECTION[rule.get("polarity")]
        assert self.judged != (rule.get("kind") == "neutral"), self.id
        self.units, self.values, self.derived = units, values, derived
        self.oriented = {code: self.direction * value for code, value in values.items()}
        self.ordered = sorted(self.oriented.values())
        self.positions = {code: self.position(value, derived) for code, value in self.oriented.items()}
        self.sharing = collections.Counter(self.positions.values())
        self.scale = self._scale() if self.judged and len(values) >= 10 else None

    def position(self, oriented, derived):
        return 1 + sum(other - oriented > tolerance(oriented, derived) for other in self.ordered)

    def _scale(self):
        """Mean, deviation and shift of ROBUST_LINEAR."""
        low, high = quantile(self.ordered, 0.025), quantile(self.ordered, 0.975)
        drawn_in = [min(max(value, low), high) for value in self.ordered]
        basis = self.ordered if min(drawn_in) == max(drawn_in) else drawn_in
        if min(basis) == max(basis):
            return None, None, None
        mean = math.fsum(basis) / len(basis)
        deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in basis) / len(basis))
        raw = [6.5 + (value - mean) / deviation for value in self.ordered]

        def mean_grade(shift):
            return math.fsum(min(max(grade + shift, 3.0), 10.0) for grade in raw) / len(raw)

        below, above = -100.0, 100.0
        for _ in range(80):
            middle = (below + above) / 2
            below, above = (middle, above) if mean_grade(middle) < 6.5 else (below, middle)
        return mean, deviation, (below + above) / 2

    def grade(self, oriented):
        if self.scale is None:
            return None
        mean, deviation, shift = self.scale
        return 6.5 if mean is None else min(max(6.5 + (oriented - mean) / deviation + shift, 3.0), 10.0)

    def standing(self, oriented, position, ties):
        """What the server has to say of a place. A mean behind all others has the place share of the last."""
        share = fractions.Fraction(2 * min(position, len(self.values)) + ties - 2, 2 * len(self.values))
        step = (share > fractions.Fraction(1, 10)) + (share > fractions.Fraction(3, 10))
        step += (share >= fractions.Fraction(7, 10)) + (share >= fractions.Fraction(9, 10))
        verdict = "VERDICT_" + (JUDGED if self.judged else NEUTRAL)[step]
        return {"position": position, "ties": ties, "share": float(share), "verdict": verdict, "grade": self.grade(oriented)}

    def unit(self, code):
        return self.standing(self.oriented[code], self.positions[code], self.sharing[self.positions[code]])

    def mean(self, codes):
        """The mean of the members with a value, where it would stand, and the mean of their positions."""
        present = [code for code in codes if code in self.values]
        if not present:
            return None
        mean = math.fsum(self.values[code] for code in present) / len(present)
        oriented = self.direction * mean
        equal = sum(abs(other - oriented) <= tolerance(oriented, True) for other in self.ordered)
        standing = self.standing(oriented, self.position(oriented, True), max(equal, 1))
        places = math.fsum(self.positions[code] for code in present) / len(present)
        return {"contributed": len(present), "mean": mean, "standing": standing, "positions": places}

    def weighted(self, codes, inhabitants):
        """The mean by inhabitants of the members with both, and how many those are; nothing of counts."""
        present = [code for code in codes if code in self.values and inhabitants.get(code, 0) > 0]
        if not present or self.rule.get("aggregation") == "sum":
            return None
        total = math.fsum(inhabitants[code] for code in present)
        return math.fsum(self.values[code] * inhabitants[code] for code in present) / total, len(present)


# --- What the server says.


class Tally:
    """What was compared, how far it was off, and what was not as it should be."""

    def __init__(self):
        self.compared, self.worst, self.wrong = {}, {}, []

    def same(self, what, where, found, expected, good=None):
        self.compared[what] = self.compared.get(what, 0) + 1
        if not (found == expected if good is None else good):
            self.wrong.append(f"{what} of {where} is {found!r}, expected {expected!r}")

    def near(self, what, where, found, expected, allowed=1e-9, relative=False):
        if found is None or expected is None:
            return self.same(what, where, found, expected)
        off = abs(found - expected) / (abs(expected) if relative and expected else 1.0)
        self.worst[what] = max(self.worst.get(what, (0.0, "")), (off, where))
        self.same(what, where, found, expected, good=off <= allowed)

    def report(self):
        for what, count in self.compared.items():
            off, where = self.worst.get(what, (None, ""))
            print(f"{count:8} {what}" + ("" if off is None else f": at most {off:.1e} off {where if off else ''}".rstrip()))
        for wrong in self.wrong[:20]:
            print(f"FAILED  {wrong}")
        print(f"{sum(self.compared.values())} compared, {len(self.wrong)} wrong")


def composed(rule, of_period):
    """A composite over the rankings of a period, by id; None where too little of its weight has one."""
    weights = dict(zip(rule["children"], rule.get("weights", [1] * len(rule["children"]))))
    leaves = {child: of_period[child] for child in weights if child in of_period}
    total, scores = sum(weights.values()), {}
    if 3 * sum(weights[child] for child in leaves) < 2 * total:
        return None
    borders = {leaf.borders for leaf in leaves.values()}
    assert len(borders) == 1, f"{rule['id']} is on the borders of {borders}"
    units = set().union(*(leaf.units for leaf in leaves.values()))
    for code in units:
        grades = {child: leaf.unit(code)["grade"] for child, leaf in leaves.items() if code in leaf.values}
        present = sum(weights[child] for child in grades)
        if 3 * present >= 2 * total:
            scores[code] = math.fsum(weights[child] * grade for child, grade in grades.items()) / present
    as_judged = rule | COMPOSED
    return Ranking(as_judged, leaves[next(iter(leaves))].period, borders.pop(), units, scores, True)


def optional(message, field):
    return getattr(message, field) if message.HasField(field) else None


class Check:
    """Asks one server, and compares its answers."""

    def __init__(self, channel, tally):
        self.channel, self.tally, self.contract = channel, tally, Contract(Reflection(channel, "v1"))

    def ask(self, rpc, request):
        """The answer, or None where there is none, which is counted as wrong."""
        try:
            (answer,) = self.contract.call(self.channel, f"{PACKAGE}{rpc}", request)
            return answer
        except grpc.RpcError as error:
            self.tally.same("answer", f"{rpc} {request}", f"{error.code().name}: {error.details()}", "OK")
            return None

    def edition(self):
        answer = self.ask("CatalogueService/ListThemes", {})
        return answer and answer.metadata.edition_id

    def standing(self, of, where, found, expected):
        self.tally.same(f"position of a {of}", where, found.position, expected["position"])
        self.tally.same(f"ties of a {of}", where, found.ties, expected["ties"])
        self.tally.near(f"place share of a {of}", where, found.place_share, expected["share"])
        self.tally.same(f"verdict on a {of}", where, name(found, "verdict"), expected["verdict"])
        self.tally.near(f"grade of a {of}", where, optional(found, "grade"), expected["grade"])

    def summary(self, where, found, ranking, asked, basis):
        what = (found.indicator.id, name(found, "basis"), found.period)
        self.tally.same("indicator, basis, period", where, what, (asked, basis, ranking.period))
        rule, how = ranking.rule, (found.unit.nl, found.unit.en, found.decimals, name(found, "polarity"))
        expected = (rule["unit_nl"], rule["unit_en"], rule["decimals"], "POLARITY_" + rule.get("polarity", "none").upper())
        self.tally.same("unit, decimals, polarity", where, how, expected)
        n, counts = len(ranking.values), (found.n, found.known, optional(found, "missing"))
        self.tally.same("n, known, missing", where, counts, (n, n, len(ranking.units) - n))

    def ranked(self, ranking, asked, basis):
        """The rows of a ranking, compared one by one."""
        where = f"{asked} {ranking.period} {basis}"
        request = {"indicatorId": asked, "basis": basis, "period": ranking.period, "pageSize": 1000}
        answer = self.ask("RankingService/RankRegions", request)
        if answer is None:
            return None
        self.summary(where, answer.ranking, ranking, asked, basis)
        order = sorted(ranking.positions, key=lambda code: (ranking.positions[code], code))
        self.tally.same("municipalities in order", where, [row.region.code for row in answer.rows], order)
        for row in answer.rows:
            code, here = row.region.code, f"{where} {row.region.code}"
            if code not in ranking.values:
                continue  # counted as wrong by the order
            self.standing("municipality", here, row.standing, ranking.unit(code))
            if ranking.derived:
                allowed = 1e-9 if "children" in ranking.rule else 1e-12
                what = "score" if "children" in ranking.rule else "derived value"
                self.tally.near(what, here, optional(row, "value"), ranking.values[code], allowed, relative=True)
            else:
                self.tally.same("loaded value", here, optional(row, "value"), ranking.values[code])
        if ranking.scale is not None and answer.rows:
            grades = [row.standing.grade for row in answer.rows]
            self.tally.near("mean grade of a ranking", where, math.fsum(grades) / len(grades), 6.5)
        return list(answer.rows)

    def compared(self, rankings, period, basis, borders):
        """All groups on all rankings of a period; `rankings` are by the indicator to ask for."""
        members = groups(borders)
        request = {"groupIds": list(members), "indicatorIds": list(rankings), "basis": basis, "period": period}
        answer = self.ask("RankingService/CompareGroups", request)
        if answer is None:
            return
        found = [comparison.ranking.indicator.id for comparison in answer.comparisons]
        self.tally.same("indicators compared", f"{period} {basis}", found, list(rankings))
        for comparison, (asked, ranking) in zip(answer.comparisons, rankings.items()):
            where = f"{asked} {period} {basis}"
            self.summary(where, comparison.ranking, ranking, asked, basis)
            self.tally.same("groups compared", where, [row.group.id for row in comparison.groups], list(members))
            national = math.fsum(ranking.values.values()) / len(ranking.values)
            self.tally.near("national mean", where, comparison.national_mean.mean, national, relative=True)
            weighted = ranking.weighted(ranking.values, self.inhabitants)
            self.weighted(where, optional(comparison, "national_weighted_mean"), weighted)
            for row, codes in zip(comparison.groups, members.values()):
                of_group = f"{where} {row.group.id}"
                self.group(of_group, row, ranking.mean(codes), len(codes))
                if row.HasField("mean"):
                    self.tally.near("gap", of_group, row.gap.difference, row.mean - national, 1e-9 * max(1, abs(national)))
                self.weighted(of_group, optional(row, "weighted_mean"), ranking.weighted(codes, self.inhabitants))

    def weighted(self, where, found, expected):
        self.tally.same("members of a mean by inhabitants", where, found and found.contributed, expected and expected[1])
        if expected is not None and found is not None:
            self.tally.near("mean by inhabitants", where, found.mean, expected[0], relative=True)

    def group(self, where, row, expected, size):
        status = "ITEM_STATUS_NO_DATA" if expected is None else "ITEM_STATUS_OK"
        self.tally.same("status, members of a group", where, (name(row, "status"), row.members), (status, size))
        if expected is None:
            return
        self.tally.same("contributed", where, row.contributed, expected["contributed"])
        self.tally.near("mean of a group", where, optional(row, "mean"), expected["mean"], relative=True)
        self.tally.near("mean of positions", where, optional(row, "mean_of_positions"), expected["positions"])
        self.standing("mean", where, row.standing, expected["standing"])

    def everything(self, rankings, inhabitants):
        """All rankings of a period on the borders of one year: as themselves, and as stand-ins for what they are proxies of."""
        rows = {ranking.id: self.ranked(ranking, ranking.id, "BASIS_COMPUTED") for ranking in rankings}
        stand_ins = {ranking.rule["proxy_for"]: ranking for ranking in rankings if "proxy_for" in ranking.rule}
        for target, ranking in stand_ins.items():
            same = self.ranked(ranking, target, "BASIS_PROXY") == rows[ranking.id]
            self.tally.same("rows of a proxy", f"{target} {ranking.period}", same, True)
        period, borders = rankings[0].period, rankings[0].borders
        self.inhabitants = inhabitants
        for start in range(0, len(rankings), AT_ONCE):
            asked = {ranking.id: ranking for ranking in rankings[start : start + AT_ONCE]}
            self.compared(asked, period, "BASIS_COMPUTED", borders)
        if stand_ins:
            self.compared(stand_ins, period, "BASIS_PROXY", borders)


@contextlib.contextmanager
def serving(program, folder, order, sources=SOURCES):
    """A channel to a server over what was imported in this order."""
    shelf = ["--log", "warn", "--data-dir", folder]
    for recipe in order:
        command = [program, "import", *shelf, "--recipe", recipe, TABLES / sources[recipe]]
        if "region_names" in recipe_of(recipe)["table"]:
            command += ["--region-names", TABLES / REGION_NAMES]
        subprocess.run(command, env={}, check=True, stdout=subprocess.DEVNULL)
    command = [program, "serve", *shelf, "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, env={}, stdout=subprocess.PIPE, text=True) as server:
        try:
            address = server.stdout.readline().strip()
            assert address, "the server ended without an address"
            with grpc.insecure_channel(address) as channel:
                yield channel
            server.terminate()
            assert server.wait(timeout=30) == 0, "the server did not end well"
        finally:
            server.kill()


def winners(recipes):
    """For every recipe those that win over it where both fill the same figure, through others too."""
    over = {one: {other for other in recipes if one in recipes[other].get("supersedes", [])} for one in recipes}
    while True:
        further = {one: found.union(*(over[other] for other in found)) for one, found in over.items()}
        if further == over:
            return over
        over = further


def expected_rankings():
    """Every ranking that the tables give, by period and borders."""
    recipes = {recipe_id: recipe_of(recipe_id) for recipe_id in SOURCES if recipe_id not in AREAS_ONLY}
    over, units, filled, rules = winners(recipes), {}, {}, {}
    for recipe_id, recipe in recipes.items():
        for period, rows in periods_of(recipe, TABLES / SOURCES[recipe_id]).items():
            borders = recipe.get("borders", period)
            units.setdefault(borders, set()).update(rows)
            for rule in recipe["indicator"]:
                rules.setdefault(rule["id"], rule)
                if "children" in rule:
                    continue
                found, derived = figures(recipe, rule, rows)
                column = filled.setdefault((period, borders, rule["id"]), {})
                for code in rows:
                    holder = column.get(code, (recipe_id,))[0]
                    if holder == recipe_id or recipe_id in over[holder]:
                        column[code] = recipe_id, found.get(code), derived
                    else:
                        assert holder in over[recipe_id], f"{holder} and {recipe_id} both fill {rule['id']} {period} {code}"
    rankings = {}
    for (period, borders, indicator), column in filled.items():
        values = {code: value for code, (_, value, _) in column.items() if value is not None}
        if values:
            derived = any(made for _, _, made in column.values())
            of_period = rankings.setdefault((period, borders), {})
            of_period[indicator] = Ranking(rules[indicator], period, borders, units[borders], values, derived)
    for of_period in rankings.values():
        for rule in rules.values():
            if "children" in rule and (ranking := composed(rule, of_period)) is not None:
                of_period[rule["id"]] = ranking
    return rankings


def main(program):
    if not SHARED.is_dir():
        print("skipped: there are no tables in ../shared")
        return 0
    shipped = {path.stem for path in (ROOT / "data" / "recipes").glob("*.toml")}
    shipped = {recipe for recipe in shipped if recipe_of(recipe).get("holds", "figures") == "figures"}
    assert shipped == set(SOURCES), f"recipes without a table here, or tables without a recipe: {shipped ^ set(SOURCES)}"
    tally, rankings = Tally(), expected_rankings()
    with tempfile.TemporaryDirectory() as folder, serving(program, folder, SOURCES) as channel:
        check = Check(channel, tally)
        edition = check.edition()
        inhabitants = {period: of["inhabitants"].values for (period, _), of in rankings.items() if "inhabitants" in of}
        for (period, _), of_period in rankings.items():
            check.everything(list(of_period.values()), inhabitants.get(period, {}))
    with tempfile.TemporaryDirectory() as folder, serving(program, folder, reversed(SOURCES)) as channel:
        tally.same("edition", "an import in the opposite order", Check(channel, tally).edition(), edition)
    columns = sum(len(of_period) for of_period in rankings.values())
    units = {code for of_period in rankings.values() for ranking in of_period.values() for code in ranking.units}
    print(f"{len(SOURCES)} recipes with {columns} rankings of {len(units)} municipalities; {len(groups('2020'))} groups")
    tally.report()
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
