#!/bin/bash
# Is the service of this container ready: do its dependencies answer, and does its work move on?
# In bash, since a node process for each look would cost more than the idle service itself.
case $SERVICE in
  web) port=8080 ;;
  api) port=8081 ;;
  collector) port=8082 ;;
  agent) port=8083 ;;
  alerts) port=8084 ;;
  connectors) port=8085 ;;
  *) echo "SERVICE must be web, api, collector, agent, alerts or connectors (it is \"$SERVICE\")" && exit 1 ;;
esac
# A plain line says nothing to a port that speaks HTTPS; only then it costs a process.
if { [ "$SERVICE" = web ] && [ -n "$TLS_CERT$TLS_CERT_FILE" ]; } || { [ "$SERVICE" = api ] && [ -n "$API_TLS_CERT$API_TLS_CERT_FILE" ]; }; then
  exec node -e "require('node:https').get({ port: ${PORT:-$port}, path: '/ready', rejectUnauthorized: false, headers: { host: 'localhost' }, timeout: 2500 }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"
fi
exec 3<>"/dev/tcp/127.0.0.1/${PORT:-$port}" || exit 1
printf 'GET /ready HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
read -r -t 3 _ status _ <&3
[ "$status" = 200 ] && exit 0
echo "/ready answered ${status:-nothing}"
# What is wrong, for "docker inspect".
timeout 1 cat <&3
exit 1
