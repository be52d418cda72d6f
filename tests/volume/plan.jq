# A plan of any size: $federal and $kurdistan institutions, each asked for $indicators counts of 41 cells (a total and 8 x 5).
# jq -n --argjson federal 330 --argjson kurdistan 0 --argjson indicators 1 -f tests/volume/plan.jq

def names($text): {en: $text, ar: $text, ckb: $text};
def categories($prefix; $count): [range(1; $count + 1) | {code: "\($prefix)\(.)", names: names("\($prefix) \(.)")}];
def padded: tostring | "000"[length:] + .;
def entities($prefix; $jurisdiction; $count): [range(1; $count + 1) | {code: "\($prefix)-B\(padded)", names: names("Institution \($prefix)-B\(padded)"),
  $jurisdiction, kind: "ministry", parent: null, participation: "likely", reporting: true, source: "made up"}];
(entities("FED"; "federal"; $federal) + entities("KRG"; "kurdistan"; $kurdistan)) as $entities
| {
    format: 1, code: "VOLUME", names: names("A plan to measure on"), starts_on: "2021-01-01", ends_on: "2029-12-31",
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
    indicators: [range(1; $indicators + 1) | {
      code: "PA-1.\(.)", names: names("Count \(.)"), output: "PA-O1.1", level: "output", unit: "count", unit_label: null,
      direction: "up", rule: "sum", across_entities: "sum", across_periods: "sum", frequency: "quarterly",
      value_kind: "in_period", combine: "parts", protection: {kind: "none"}, may_withhold: false, may_overlap: true,
      tables: [{dimensions: ["band", "group"], exclusive: true}],
      reporters: [$entities[] | {entity: .code, part: "whole", from: "2021Q1"}], consulted: [], lead: $entities[0].code,
      means_of_verification: null, baseline: null, target: null, reference_values: [], note: null, source: "made up",
      responsible_in_source: []
    }],
    entities: ($entities + [("FED", "KRG") | {code: "\(.)-REVIEW", names: names("Reviewers, \(.)"),
      jurisdiction: {FED: "federal", KRG: "kurdistan"}[.], kind: "ministry", parent: null, participation: "likely", reporting: false, source: "made up"}]),
    bodies: []
  }
