#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Does Spin count what it should? Every configuration depth first, those whose depth is known breadth first too, and the shortest
# stories of three mistakes. "counts.sh large" adds the one of seven million states. Exit code 1: a count is not what it should be.
set -euo pipefail
export LC_ALL=C
source "$(dirname "${BASH_SOURCE[0]}")/pan.sh"
need spin gcc

DEPTH=${DEPTH:-1000000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

# report WHAT FOUND EXPECTED
report() {
  if [ "$2" = "$3" ]; then echo "ok     $1: $2"; else echo "WRONG  $1: $2 instead of $3"; status=1; fi
}

# count "P S R K T B C" STATES [TRANSITIONS DEPTH]
count() {
  local -a found
  build_pan "$work/pan" "$1"
  run_pan "$work/pan" "-m$DEPTH" -w22
  must_be_complete "$work/pan"
  read -ra found <<< "$(pan_figures "$work/pan")"
  report "$1, states depth first" "${found[0]}" "$2"
  [ $# -eq 4 ] || return 0

  report "$1, transitions depth first" "${found[1]}" "$3"
  build_pan "$work/pan" "$1" -DBFS
  run_pan "$work/pan" -w22
  must_be_complete "$work/pan"
  read -ra found <<< "$(pan_figures "$work/pan")"
  report "$1, states, transitions, depth breadth first" "${found[*]:0:3}" "$2 $3 $4"
}

# story STEPS -DMISTAKE...: what is left of the trail without its header is one line for each step.
story() {
  local steps=$1
  shift
  build_pan "$work/story" "2 2 2 2 5 4 0" -DBFS "$@"
  rm -f "$work/story/dqo_core.pml.trail"
  run_pan "$work/story" -w16
  report "steps to the harm of $*" "$(awk -F: '$1 > 0' "$work/story/dqo_core.pml.trail" | wc -l)" "$steps"
  (cd "$work/story" && ./pan -r -S dqo_core.pml.trail | sed '/^pan:1:/q; s/^/         /')
}

count "1 2 1 2 5 3 0" 45 102 16
count "2 2 2 2 5 3 0" 1520 4840 32
count "2 2 2 2 5 4 0" 4068
count "3 2 3 3 5 3 0" 103229 425495 53
count "3 2 3 3 1 3 0" 103229 425567 53
count "4 1 4 4 5 3 0" 156269 597039 38
count "2 3 2 4 5 5 1" 391663
count "3 2 3 3 5 4 1" 837047 3694289 62
if [ "${1:-}" = large ]; then
  DEPTH=10000000
  count "4 2 4 4 5 3 0" 6969673 33447317 69
fi

story 6 -DUsedListAcceptsOneReference
story 5 -DNeverWaits
story 11 -DReplenishesOneTooMany -DNoAccounting
story 10 -DReplenishesOneTooMany

exit "$status"
