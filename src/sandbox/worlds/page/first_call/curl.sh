curl -sS -X PUT "@API@/creches/@CRECHE@/attendanceStatements/@MONTH@" \
     -H "Authorization: Bearer @KEY@" -H "Content-Type: application/json" --data @- <<'JSON'
@BODY@
JSON
