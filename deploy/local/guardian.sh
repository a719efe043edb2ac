#!/bin/sh
# Ends the stack's processes when the process that started them is gone, however it went (SIGKILL too).
# Reads lines on stdin: "watch SIGNAL PID" and "forget PID". End of input means that the starter has died:
# each watched process gets its signal, and whatever is still there ten seconds later is killed.
trap '' INT TERM HUP
watched=''
while read -r verb first second; do
  case $verb in
    watch) watched="$watched $first:$second" ;;
    forget)
      kept=''
      for entry in $watched; do
        [ "${entry#*:}" = "$first" ] || kept="$kept $entry"
      done
      watched=$kept
      ;;
  esac
done
for entry in $watched; do
  kill -"${entry%%:*}" "${entry#*:}" 2>/dev/null
done
tries=0
while [ "$tries" -lt 100 ]; do
  left=''
  for entry in $watched; do
    kill -0 "${entry#*:}" 2>/dev/null && left="$left ${entry#*:}"
  done
  [ -n "$left" ] || exit 0
  tries=$((tries + 1))
  sleep 0.1
done
for pid in $left; do
  kill -KILL "$pid" 2>/dev/null
done
