#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The same states, counted by Spin and by our explorer, in turn on the same machine: are the counts equal, and who is how fast?
#
#   bench/spin/compare.sh ["P S R K T B C"] [rounds]       default "4 2 4 4 5 3 0", 3 rounds
#
# SEARCH=dfs (default), bfs, or bfs-par: Spin's breadth-first search on two cores, which stores fingerprints instead of states.
# DEPTH is the limit of the first depth-first search; the next ones know how deep it was. Exit code 1: the counts differ or a search
# is not complete; 2: something is missing, or the arguments are wrong.
set -euo pipefail
export LC_ALL=C DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
source "$(dirname "${BASH_SOURCE[0]}")/pan.sh"

configuration=${1:-4 2 4 4 5 3 0}
rounds=${2:-3}
search=${SEARCH:-dfs}
DEPTH=${DEPTH:-10000000}

[[ $rounds =~ ^[1-9][0-9]*$ ]] || fail 2 "rounds is a number from 1, not '$rounds'"
case $search in
  dfs) flags=() name="Spin, depth first" ;;
  bfs) flags=(-DBFS) name="Spin, breadth first" ;;
  bfs-par) flags=(-DBFS_PAR) name="Spin, two cores" ;;
  *) fail 2 "SEARCH is dfs, bfs or bfs-par, not '$search'" ;;
esac
need spin gcc dotnet

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

dotnet build Cli -c Release > "$work/build.log" 2>&1 || { cat "$work/build.log" >&2; fail 1 "the explorer does not build"; }
build_pan "$work/pan" "$configuration" "${flags[@]}"

# field NAME: the first value of that name in the explorer's report.
field() { grep -oE "\"$1\": *[^,}]+" "$work/explorer.json" | head -n 1 | sed -E 's/^[^:]*: *//; s/[" ]//g' || true; }

# explorer THREADS [OPTION …]: states, transitions, depth, seconds, megabytes; the same as pan_figures.
explorer() {
  rm -f "$work/explorer.json"
  dotnet run -c Release --no-build --project Cli -- explore dqo --core "$configuration" --threads "$@" \
    --no-refinement --json "$work/explorer.json" > "$work/explorer.log" 2>&1 \
    || { cat "$work/explorer.log" >&2; fail 1 "the explorer failed"; }
  [ "$(field exhaustive)" = true ] || { cat "$work/explorer.json" >&2; fail 1 "the explorer did not see every state"; }
  echo "$(field states) $(field transitions) $(field depth) $(field seconds) $(field peakBytes)" | awk '{ print $1, $2, $3, $4, $5 / 1048576 }'
}

spin_once() {
  run_pan "$work/pan" "$@"
  must_be_complete "$work/pan"
  pan_figures "$work/pan"
}

# must_agree OURS THEIRS: states and transitions; the depth only where both searched breadth first.
must_agree() {
  local -a ours theirs
  read -ra ours <<< "$1"
  read -ra theirs <<< "$2"
  [ "$search" != dfs ] || theirs[2]=${ours[2]}
  [ "${ours[*]:0:3}" = "${theirs[*]:0:3}" ] \
    || fail 1 "the counts differ for $configuration: explorer ${ours[*]:0:3}, Spin ${theirs[*]:0:3} (states, transitions, depth)"
}

# Not measured: it says how large Spin's tables must be, at least two places for each state, and how deep its stack must be.
first=$(spin_once "-m$DEPTH" -w22)
ours=$(explorer 1)
must_agree "$ours" "$first"
limits=$(awk '{ for (w = 16; 2 ^ w < 2 * $1; w++); printf "-m%d -w%d", $3 + 10, w }' <<< "$first")

for ((round = 1; round <= rounds; round++)); do
  # shellcheck disable=SC2086 # two options
  theirs=$(spin_once $limits)
  echo "0 $theirs" >> "$work/figures"
  for threads in 1 2 "1 --every-step"; do
    # shellcheck disable=SC2086 # a number and perhaps an option
    ours=$(explorer $threads)
    must_agree "$ours" "$theirs"
    echo "${threads/ /} $ours" >> "$work/figures"
  done
  echo "symmetry $(explorer 1 --symmetry all)" >> "$work/figures"
done

echo "$configuration: the counts are equal: $(awk '{ print $1 " states, " $2 " transitions" }' <<< "$first"); medians of $rounds interleaved runs"
awk -v spin="$name" '
  { n[$1]++; states[$1] = $2; seconds[$1, n[$1]] = $5; memory[$1, n[$1]] = $6 }
  function median(of, who,    i, j, swap, sorted) {
    for (i = 1; i <= n[who]; i++) sorted[i] = of[who, i]
    for (i = 2; i <= n[who]; i++)
      for (j = i; j > 1 && sorted[j] < sorted[j - 1]; j--) { swap = sorted[j]; sorted[j] = sorted[j - 1]; sorted[j - 1] = swap }
    return (sorted[int((n[who] + 1) / 2)] + sorted[int((n[who] + 2) / 2)]) / 2
  }
  function row(label, who) {
    printf "%-24s %12d %9.2f s %7.2f M/s %8.0f MiB %7.1f x\n", label, states[who], median(seconds, who),
      states[who] / median(seconds, who) / 1e6, median(memory, who), median(seconds, 0) / median(seconds, who)
  }
  END {
    printf "%-24s %12s %11s %11s %12s %9s\n", "", "states", "seconds", "states/s", "memory", "speed"
    row(spin, 0); row("explorer, 1 thread", 1); row("explorer, 2 threads", 2); row("1 thread, --every-step", "1--every-step"); row("1 thread, --symmetry all", "symmetry")
  }' "$work/figures"
