"""ranked.csv as pandas reads it: columns as documented, numbers as numbers, missing as missing.

Compares results/reference/*/ranked.csv with results/COLUMNS.md.  Run by `make test-peers`.
"""
import glob
import re

import pandas

documented = re.findall(r"^\| `([a-z0-9_]+)` \| ([^|]*)\|", open("results/COLUMNS.md").read(), re.M)
texts = {"candidate", "family", "facet", "state", "pareto", "li_binding_site", "migration_barrier_origin",
         "solubility_origin", "solubility_confidence", "li_rich_phases", "compliance_basis",
         "operating_state", "converged", "missing_terms", "next_calculation", "notes", "reason"}

for path in sorted(glob.glob("results/reference/*/ranked.csv")):
    table = pandas.read_csv(path, dtype={"facet": str})
    assert list(table.columns) == [name for name, unit in documented], path
    for name in table.columns:
        column = table[name]
        if name not in texts:
            assert column.isna().all() or pandas.api.types.is_numeric_dtype(column), (path, name)
    ranked = table[table["rank"].notna()]
    assert list(ranked["rank"]) == list(range(1, len(ranked) + 1)), path
    assert ranked["score"].is_monotonic_decreasing, path
    assert (ranked["rank_low"] <= ranked["rank_high"]).all(), path
    assert ranked[["lithiophilicity", "robustness"]].stack().between(0, 1).all(), path
    assert table["reason"].notna().all(), path
    assert not table.astype(str).apply(lambda c: c.str.contains("\n")).any().any(), path
    print(f"{path}: {len(table)} rows, {len(table.columns)} columns as documented")
