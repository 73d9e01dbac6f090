#!/bin/sh
# Keeps a server for a test: keep.sh DIRECTORY COMMAND… Each word on standard input is done and answered with a line:
# start, stop (it may tidy up), kill (it may not). At the end of the input the server and the directory go.
# A signal to the whole group ends the input too: tidy up all the same.
trap : TERM INT HUP
dir=$1
shift
pid=
while read -r word; do
    case $word in
    start) "$@" >>"$dir/server.log" 2>&1 </dev/null & pid=$! ;;
    stop) kill -TERM "$pid"; wait "$pid"; pid= ;;
    kill) kill -KILL "$pid"; wait "$pid"; pid= ;;
    esac 2>/dev/null
    echo "$word"
done
if [ -n "$pid" ]; then
    kill -KILL "$pid"
    wait "$pid"
fi 2>/dev/null
rm -rf "$dir"
