// Generated from deploy/slo by `npm run generate`; never edited by hand.
/** The objectives. `where` and `bad` are matchers of PromQL, `target` is percent, `allowed` the share of events that may be bad in 30 days. */
export const OBJECTIVES = [
  {"name":"availability","title":"The HTTP API answers","metric":"granary_http_requests_total","where":"service=\"gateway\",route=~\"/v1/.*|closed\",route!=\"/v1/health\"","bad":"status=\"5xx\"","target":99.9,"allowed":0.001},
  {"name":"event-delivery","title":"Events reach their consumers","metric":"granary_event_deliveries_total","where":"","bad":"outcome!=\"in_time\"","target":99.5,"allowed":0.005},
  {"name":"freshness","title":"Repositories are fresh within five minutes","metric":"granary_freshness_total","where":"","bad":"outcome=\"late\"","target":95,"allowed":0.05},
  {"name":"polling","title":"Repositories are polled","metric":"granary_polls_total","where":"","bad":"outcome=\"failed\"","target":99,"allowed":0.01},
] as const;
