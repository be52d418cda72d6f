# The plan that the benchmark runs on: $entities institutions, each asked for one indicator of 41 cells, a total and 8 x 5.
# jq -n --argjson entities 330 -f tests/bench/plan.jq

def names($text): {en: $text, ar: $text, ckb: $text};
def categories($prefix; $count): [range(1; $count + 1) | {code: "\($prefix)\(.)", names: names("\($prefix) \(.)")}];
def padded: tostring | "000"[length:] + .;
[range(1; $entities + 1) | "FED-B" + padded] as $codes
| {
    format: 1, code: "BENCH", names: names("A plan to measure on"), starts_on: "2021-01-01", ends_on: "2024-12-31",
    note: "made up", sources: [], caveats: [],
    dimensions: [
      {code: "band", names: names("Band"), categories: categories("b"; 8)},
      {code: "group", names: names("Group"), categories: categories("g"; 5)}
    ],
    results: [
      {code: "PA", kind: "pillar", names: names("A pillar"), parent: null, source: "made up"},
      {code: "PA-O1", kind: "outcome", names: names("An outcome"), parent: "PA", source: "made up"},
      {code: "PA-O1.1", kind: "output", names: names("An output"), parent: "PA-O1", source: "made up"}
    ],
    indicators: [{
      code: "PA-1.1", names: names("A count"), output: "PA-O1.1", level: "output", unit: "count", unit_label: null,
      direction: "up", rule: "sum", across_entities: "sum", across_periods: "sum", frequency: "quarterly",
      value_kind: "in_period", combine: "parts", protection: {kind: "none"}, may_withhold: false, may_overlap: true,
      tables: [{dimensions: ["band", "group"], exclusive: true}],
      reporters: [$codes[] | {entity: ., part: "whole", from: "2021Q1"}], consulted: [], lead: $codes[0],
      means_of_verification: null, baseline: null, target: null, reference_values: [], note: null, source: "made up",
      responsible_in_source: []
    }],
    entities: [$codes[] | {code: ., names: names("Institution \(.)"), jurisdiction: "federal", kind: "ministry",
      parent: null, participation: "likely", reporting: true, source: "made up"}],
    bodies: []
  }
