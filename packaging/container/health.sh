#!/bin/bash
# am-health PORT [PATH STATUS]: whether the daemon of this container answers HTTP on that port, and so there.
# Neither image has curl; bash is in every Debian.
trap '' PIPE
port=$1 path=${2:-/} wanted=${3:-'[1-5][0-9][0-9]'}
exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$path" >&3 || exit 1
IFS=' ' read -r -t 4 _ status _ <&3 || exit 1
# shellcheck disable=SC2053
[[ $status == $wanted ]]
