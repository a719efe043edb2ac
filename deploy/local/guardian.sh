#!/bin/sh
# Ends the stack's processes when the process that started them is gone, however it went (SIGKILL too).
# Reads lines on stdin: "watch SIGNAL PID", "forget PID" and "remove DIRECTORY". End of input means that the starter
# is gone: each watched process gets its signal, whatever is still there ten seconds later is killed, and the
# directories, which held nothing worth keeping, are removed.
trap '' INT TERM HUP
watched=''
directories=''
while read -r verb first second; do
  case $verb in
    # Paths of temporary directories: without white space.
    remove) directories="$directories $first" ;;
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
left=$watched
while [ -n "$left" ] && [ "$tries" -lt 100 ]; do
  left=''
  for entry in $watched; do
    kill -0 "${entry#*:}" 2>/dev/null && left="$left ${entry#*:}"
  done
  [ -z "$left" ] || sleep 0.1
  tries=$((tries + 1))
done
for pid in $left; do
  kill -KILL "$pid" 2>/dev/null
done
for directory in $directories; do
  rm -rf "$directory"
done
exit 0
