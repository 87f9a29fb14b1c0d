#!/bin/sh
# Becomes a command, and writes first which process that is: the file names the process itself, anew each time
# it is started.
#
#     run.sh PID_FILE COMMAND [ARGUMENT...]
set -eu
pid_file=$1
shift
echo "$$" >"$pid_file.new"
# A reader finds the old number or the new one, never half of one.
mv "$pid_file.new" "$pid_file"
exec "$@"
