#!/usr/bin/env bash
# Installs a built Granary for systemd on this machine, brings it up to date, or removes it. Safe to repeat: what is as it
# should be stays untouched. Run it from a folder in which the project was built and pruned, as the image is (deploy/Dockerfile).
#   deploy/install.sh [--dry-run] [--uninstall [--purge]] [--name granary] [--root /]
set -euo pipefail

NAME=granary
ROOT=/
DRY_RUN=false
UNINSTALL=false
PURGE=false
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

usage() {
  cat <<TEXT
deploy/install.sh [--dry-run] [--uninstall [--purge]] [--name <name>] [--root <folder>]
  --dry-run    say what would be done, and do nothing
  --uninstall  stop and remove units and program; settings and data stay
  --purge      with --uninstall: settings and data go, too
  --name       of the set of services; another one beside it is what blue-green needs (default: granary)
  --root       install below this folder, for packages and tests; nothing is started, no user is made (default: /)
TEXT
}

while [ $# -gt 0 ]; do
  case "$1" in
    --dry-run) DRY_RUN=true ;;
    --uninstall) UNINSTALL=true ;;
    --purge) PURGE=true ;;
    --name) NAME="${2:?--name needs a name}"; shift ;;
    --root) ROOT="${2:?--root needs a folder}"; shift ;;
    --help | -h) usage; exit 0 ;;
    *) echo "unknown argument: $1" >&2; usage >&2; exit 64 ;;
  esac
  shift
done
if [[ ! "$NAME" =~ ^[a-z][a-z0-9-]{0,30}$ ]]; then
  echo "--name is '$NAME': it must be lower-case letters, digits and dashes" >&2
  exit 64
fi

PREFIX="/opt/$NAME"
CONFIG="/etc/$NAME"
UNITS=/etc/systemd/system
SERVICES=(auth registry audit harvester normalizer cache-janitor gateway)
CHANGED=false

at() { printf '%s' "${ROOT%/}$1"; }

# Says what is done; does it, unless it is a rehearsal.
act() {
  local what="$1"
  shift
  CHANGED=true
  echo "$what"
  if [ "$DRY_RUN" = false ]; then "$@"; fi
}

write() {
  local target mode text
  target="$(at "$1")" mode="$2" text="$3"
  if [ -f "$target" ] && [ "$(cat "$target")" = "$text" ]; then return 0; fi
  act "write $1" write_now "$target" "$mode" "$text"
}

write_now() {
  install -d -m 0755 "$(dirname "$1")"
  printf '%s\n' "$3" >"$1.new"
  chmod "$2" "$1.new"
  mv "$1.new" "$1"
}

on_this_machine() { [ "${ROOT%/}" = "" ]; }

fill() { sed -e "s#@NAME@#$NAME#g" -e "s#@PREFIX@#$PREFIX#g" -e "s#@CONFIG@#$CONFIG#g" -e "s#@NODE@#$1#g" "$2"; }

copy_program() {
  install -d -m 0755 "$(at "$PREFIX.new")"
  local part
  for part in contracts libs services tools deploy node_modules package.json; do
    cp -R "$SOURCE/$part" "$(at "$PREFIX.new")/"
  done
  rm -rf "$(at "$PREFIX.old")"
  if [ -d "$(at "$PREFIX")" ]; then mv "$(at "$PREFIX")" "$(at "$PREFIX.old")"; fi
  mv "$(at "$PREFIX.new")" "$(at "$PREFIX")"
  stamp >"$(at "$PREFIX")/.installed"
}

# What was built, by the content of what is started.
stamp() { (cd "$SOURCE" && find . -path ./node_modules -prune -o -type f \( -path '*/dist/*' -o -name package-lock.json \) -print | sort | xargs cksum | cksum); }

install_all() {
  if [ ! -f "$SOURCE/services/gateway/dist/main.js" ]; then
    echo "there is nothing built in $SOURCE: run npm ci and npm run build there first" >&2
    exit 66
  fi
  local node
  node="${GRANARY_NODE:-$(command -v node || true)}"
  if [ -z "$node" ]; then
    echo "there is no node here: install Node 24, or name it with GRANARY_NODE" >&2
    exit 69
  fi
  if on_this_machine && ! id granary >/dev/null 2>&1; then
    act "make the user granary" useradd --system --home-dir /var/lib/granary --shell /usr/sbin/nologin granary
  fi
  rm -rf "$(at "$PREFIX.new")"
  if [ ! -f "$(at "$PREFIX")/.installed" ] || [ "$(stamp)" != "$(cat "$(at "$PREFIX")/.installed")" ]; then
    act "copy the program to $PREFIX" copy_program
  fi
  write "$UNITS/$NAME@.service" 0644 "$(fill "$node" "$SOURCE/deploy/systemd/granary@.service")"
  write "$UNITS/$NAME.target" 0644 "$(fill "$node" "$SOURCE/deploy/systemd/granary.target")"
  local service
  for service in "${SERVICES[@]}"; do
    # Only the first time: from then on they are the operator's.
    if [ ! -f "$(at "$CONFIG/$service.env")" ]; then
      write "$CONFIG/$service.env" 0640 "# Settings of $service: services/$service/README.md. GRANARY_NATS_URL, _USER, _PASSWORD and GRANARY_DATABASE_URL are needed$(if [ "$service" = auth ]; then echo "; without GRANARY_AUTH_FIRST_ADMIN_PASSWORD nobody can log in"; fi)."
      if on_this_machine; then act "give $CONFIG/$service.env to the group granary" chgrp granary "$CONFIG/$service.env"; fi
    fi
  done
  if on_this_machine && [ "$CHANGED" = true ]; then
    act "tell systemd" systemctl daemon-reload
    act "let the services start with the machine" systemctl enable "$NAME.target" "${SERVICES[@]/#/$NAME@}"
  fi
  if [ "$CHANGED" = false ]; then echo "everything is as it should be"; return 0; fi
  echo "next: fill in $CONFIG/*.env, then systemctl start $NAME.target"
}

remove() {
  if [ -e "$(at "$1")" ]; then act "remove $1" rm -rf "$(at "$1")"; fi
}

uninstall_all() {
  if on_this_machine && [ -f "$(at "$UNITS/$NAME.target")" ]; then
    act "stop the services" systemctl disable --now "$NAME.target" "${SERVICES[@]/#/$NAME@}"
  fi
  local path
  for path in "$UNITS/$NAME@.service" "$UNITS/$NAME.target" "$PREFIX" "$PREFIX.old"; do remove "$path"; done
  if on_this_machine && [ "$CHANGED" = true ]; then act "tell systemd" systemctl daemon-reload; fi
  if [ "$PURGE" = true ]; then
    remove "$CONFIG"
    # Other sets of services share the data.
    if [ "$NAME" = granary ]; then remove /var/lib/granary; fi
  elif [ -e "$(at "$CONFIG")" ]; then
    echo "kept: $CONFIG and /var/lib/granary (--purge removes them)"
  fi
  if [ "$CHANGED" = false ]; then echo "there is nothing to remove"; fi
}

if on_this_machine && [ "$DRY_RUN" = false ] && [ "$(id -u)" != 0 ]; then
  echo "this changes /opt, /etc and systemd: run it as root, or with --dry-run to see what it would do" >&2
  exit 77
fi
if [ "$UNINSTALL" = true ]; then uninstall_all; else install_all; fi
