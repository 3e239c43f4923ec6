# Addresses and process ids of the platform in the data folder GRANARY_DATA, for the commands of the runbooks:
#   export GRANARY_DATA=.granary; . docs/runbooks/platform.sh
# Elsewhere (containers, other machines) set the variables by hand: AUDIT, AUTH, CACHE_JANITOR, GATEWAY, HARVESTER, NORMALIZER,
# REGISTRY (base addresses of the services), BROKER_MONITOR, DATABASE (an administrator's address), PROMETHEUS, ALERTMANAGER.
export GRANARY_DATA="${GRANARY_DATA:-.granary}"
eval "$(node docs/runbooks/platform.mjs variables)"
export PROMETHEUS ALERTMANAGER

# pid_of <service|nats|postgres|platform>
pid_of() { node docs/runbooks/platform.mjs pid "$1"; }

# url_of <service>: where it answers, /health and /metrics below it
url_of() { node docs/runbooks/platform.mjs url "$1"; }

# log_of <service|nats|postgres|platform>: the path of its log
log_of() { printf '%s/logs/%s.log\n' "$GRANARY_DATA" "$1"; }

# ask <PromQL>: what Prometheus answers, a line for each series
ask() { node docs/runbooks/platform.mjs ask "$1"; }

# sessions: who has a transaction open in the database, the longest first, and whom each waits for
sessions() { psql "$DATABASE" -c "select pid, application_name, state, date_trunc('milliseconds', now() - xact_start) as open, pg_blocking_pids(pid) as waits_for, left(regexp_replace(query, '\s+', ' ', 'g'), 60) as query from pg_stat_activity where xact_start is not null and pid <> pg_backend_pid() order by xact_start limit 20"; }

# is_over <alert>: ends with 0 when Alertmanager has no such alert
is_over() { node docs/runbooks/platform.mjs over "$1"; }
