#!/usr/bin/env bash
# Calls every RPC of groeikern.v1 with `buf curl` over reflection: a second client, in another language.
# Usage: every_rpc_buf_curl.sh HOST:PORT [BUF]
# Reads requests.json and refusals.json beside this file. Fails on any error that the latter does not name, on an RPC without a
# request and on a request without an RPC.
set -euo pipefail

if [[ $# -lt 1 ]]; then
    sed -n '2,5s/^# //p' "$0" >&2
    exit 64
fi
url="http://$1"
buf="${2:-buf}"
requests="$(dirname "$0")/requests.json"
call=("$buf" curl --http2-prior-knowledge --protocol grpc --connect-timeout 10 --timeout 10s)

# The keys of requests.json, or the request of one key on one line.
keys() { python3 -c 'import json, sys; print("\n".join(sorted(json.load(open(sys.argv[1])))))' "$requests"; }
request() { python3 -c 'import json, sys; print(json.dumps(json.load(open(sys.argv[1]))[sys.argv[2]]))' "$requests" "$1"; }

# The code that a request is refused with, as buf writes it; empty for those that are answered.
refusal() {
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1])).get(sys.argv[2], {}).get("code", "").lower())' \
        "$(dirname "$0")/refusals.json" "$1"
}

listed="$("${call[@]}" --list-methods "$url")"
methods="$(grep '^groeikern\.v1\.' <<<"$listed" | sort)"
if ! difference="$(diff <(keys | LC_ALL=C sort) <(LC_ALL=C sort <<<"$methods"))"; then
    printf 'FAILED  requests.json (<) and reflection (>) name different RPCs:\n%s\n' "$difference" >&2
    exit 1
fi

called=0
failed=0
while read -r method; do
    code="$(refusal "$method")"
    if answer="$("${call[@]}" --data "$(request "$method")" "$url/$method" 2>&1 </dev/null)"; then
        expected="editionId"
        [[ -z $code ]] || expected="a refusal with $code"
    else
        expected="\"code\": \"${code:-ok}\""
    fi
    if [[ $answer == *"$expected"* ]]; then
        printf 'ok      %s\n' "$method"
    else
        printf 'FAILED  %s: %s\n' "$method" "$answer"
        failed=$((failed + 1))
    fi
    called=$((called + 1))
done <<<"$methods"

printf '%d RPCs called by buf curl\n' "$called"
printf '%d passed, %d failed\n' "$((called - failed))" "$failed"
[[ $failed -eq 0 ]]
