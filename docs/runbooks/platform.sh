# Addresses and process ids of the platform in the data folder GRANARY_DATA, for the commands of the runbooks:
#   export GRANARY_DATA=.granary; . docs/runbooks/platform.sh
# Elsewhere (containers, other machines) set the variables by hand: AUDIT, AUTH, CACHE_JANITOR, GATEWAY, HARVESTER, NORMALIZER,
# REGISTRY (base addresses of the services), BROKER_MONITOR, DATABASE (an administrator's address), PROMETHEUS, ALERTMANAGER.
GRANARY_DATA="${GRANARY_DATA:-.granary}"

# of_platform <jq expression>: something out of platform.json, as it is now
of_platform() { jq -r "$1 // empty" "$GRANARY_DATA/platform.json"; }

# pid_of <service|nats|postgres|platform>
pid_of() {
  case "$1" in
    nats) of_platform .nats.pid ;;
    postgres) of_platform .database.pid ;;
    platform) of_platform .pid ;;
    *) of_platform ".services[\"$1\"].pid" ;;
  esac
}

# url_of <service>: where it answers, /health and /metrics below it
url_of() { of_platform ".services[\"$1\"].url"; }

# log_of <service|nats|postgres|platform>: the path of its log
log_of() { printf '%s/logs/%s.log\n' "$GRANARY_DATA" "$1"; }

AUDIT="$(of_platform .services.audit.url)"
AUTH="$(of_platform .services.auth.url)"
CACHE_JANITOR="$(of_platform '.services["cache-janitor"].url')"
GATEWAY="$(of_platform .services.gateway.url)"
HARVESTER="$(of_platform .services.harvester.url)"
NORMALIZER="$(of_platform .services.normalizer.url)"
REGISTRY="$(of_platform .services.registry.url)"
BROKER_MONITOR="$(of_platform .nats.monitorUrl)"
DATABASE="$(of_platform .database.url | sed "s#//#//granary_admin:$(jq -r .postgres.granary_admin "$GRANARY_DATA/credentials.json")@#")"
MONITORING="$GRANARY_DATA/monitoring/monitoring.json"
if [ -f "$MONITORING" ]; then
  PROMETHEUS="${PROMETHEUS:-$(jq -r .prometheus.url "$MONITORING")}"
  ALERTMANAGER="${ALERTMANAGER:-$(jq -r .alertmanager.url "$MONITORING")}"
fi
PROMETHEUS="${PROMETHEUS:-http://127.0.0.1:9090}"
ALERTMANAGER="${ALERTMANAGER:-http://127.0.0.1:9093}"

# ask <PromQL>: what Prometheus answers, a line for each series
ask() { curl -fsS --get "$PROMETHEUS/api/v1/query" --data-urlencode "query=$1" | jq -r '.data.result[] | "\(.value[1])  \(.metric | del(.__name__, .job) | to_entries | map("\(.key)=\(.value)") | join(" "))"'; }

# sessions: who has a transaction open in the database, the longest first, and whom each waits for
sessions() { psql "$DATABASE" -c "select pid, application_name, state, date_trunc('milliseconds', now() - xact_start) as open, pg_blocking_pids(pid) as waits_for, left(regexp_replace(query, '\s+', ' ', 'g'), 60) as query from pg_stat_activity where xact_start is not null and pid <> pg_backend_pid() order by xact_start limit 20"; }

# is_over <alert>: ends with 0 when Alertmanager has no such alert
is_over() { [ "$(curl -fsS --get "$ALERTMANAGER/api/v2/alerts" --data-urlencode "filter=alertname=$1" | jq length)" = 0 ]; }
