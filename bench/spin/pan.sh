# SPDX-License-Identifier: Apache-2.0
# Sourced by compare.sh and counts.sh: builds Spin's verifier of dqo_core.pml for one configuration, runs it, and reads what it prints.

spin_model=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/dqo_core.pml

fail() { echo "${0##*/}: $2" >&2; exit "$1"; }

need() {
  local tool
  for tool in "$@"; do
    command -v "$tool" > /dev/null || fail 2 "$tool is needed and was not found"
  done
}

# build_pan DIRECTORY "P S R K T B C" [-D...]: options of the search (-DBFS) and of the model (a mistake) go to both compilers.
build_pan() {
  local directory=$1 configuration=$2 megabytes
  shift 2
  [[ $configuration =~ ^[0-9]+(\ [0-9]+){6}$ ]] || fail 2 "a configuration is seven numbers, P S R K T B C, not '$configuration'"
  local -a n
  read -ra n <<< "$configuration"
  megabytes=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo 2> /dev/null) || megabytes=16000

  mkdir -p "$directory"
  (
    cd "$directory" &&
      spin -a -DP="${n[0]}" -DS="${n[1]}" -DR="${n[2]}" -DK="${n[3]}" -DT="${n[4]}" -DB="${n[5]}" -DC="${n[6]}" "$@" "$spin_model" > build.log 2>&1 &&
      gcc -O3 -DSAFETY -DNOFAIR -DNOREDUCE -DNOCOMP -DVECTORSZ=64 -DMEMLIM="$megabytes" "$@" -o pan pan.c > build.log 2>&1
  ) || { cat "$directory/build.log" >&2; fail 1 "no verifier could be built for $configuration"; }
}

# run_pan DIRECTORY [-m... -w...]: the verifier's own words are left in DIRECTORY/pan.log. Huge pages, which the explorer asks for too.
run_pan() {
  local directory=$1
  shift
  (cd "$directory" && GLIBC_TUNABLES=glibc.malloc.hugetlb=1 ./pan "$@" > pan.log 2>&1) || true
}

# must_be_complete DIRECTORY: the search saw every state and nothing wrong.
must_be_complete() {
  local log=$1/pan.log
  if grep -q "max search depth too small" "$log"; then
    fail 1 "Spin's depth limit was too small; try DEPTH=$((DEPTH * 4))"
  elif ! grep -q "errors: 0$" "$log" || grep -q "Search not completed" "$log"; then
    cat "$log" >&2
    fail 1 "Spin did not complete its search, or found an error"
  fi
}

# pan_figures DIRECTORY: states, transitions, depth, seconds, megabytes. Spin counts the initial state as a transition.
pan_figures() {
  awk '/ states, stored/        { states = $1 }
       / transitions \(/        { transitions = $1 - 1 }
       /depth reached/          { split($0, part, "depth reached "); depth = part[2] + 0 }
       /elapsed time/           { seconds = $4 }
       /memory usage \(Mbyte\)/ { megabytes += $1 }
       /total .*memory usage$/  { megabytes += $1 }
       END { printf "%d %d %d %s %s\n", states, transitions, depth, (seconds > 0 ? seconds : 0.01), megabytes }' "$1/pan.log"
}
