handler() {
  echo "{\"echo\":$1,\"started by\":\"${STARTED_BY:-Lambda}\"}"
}
